"""Caveats: each is a code with parameters, and this is the only place where it is worded."""

from __future__ import annotations

from collections.abc import Iterable
from string import Formatter
from typing import Any

from suffice.wording.numbers import about, counted

SENTENCES = {
    # what the corpus is
    "synthetic": "the corpus is synthetic: the numbers say nothing about real text",
    "synthetic annotators": "the corpus is synthetic: its annotators are simulated",
    "lone sentences": (
        "documents are single sentences: if longer texts were cut into them, sentences of one text "
        "stand on both sides of the split and F1 is too high; name the texts with --group, or keep "
        "each text whole (in column files, -DOCSTART- or one file per text)"
    ),
    "no groups": (
        "no groups are named (--group): documents are treated as independent of each other"
    ),
    "no groups named": (
        "no groups are named: if several documents come from one patient, article or author, name "
        "the field with --group, or results will look too certain"
    ),
    "not reconciled": (
        "the annotators' spans are not reconciled: of {marked:,} that somebody marked {dropped:,} "
        "count as no entity, since no majority marked them (`suffice reconcile` settles them)"
    ),
    "skipped": "records that could not be read, skipped: {records:,}",
    "while reading": "while reading: {note}",
    # how a study divides and uses it
    "budget too small": (
        "the budget allowed for a random {studied:,} of {documents:,} documents; --budget {budget} "
        "covers all of them"
    ),
    "folds of an earlier version": (
        "this study was made by an earlier version: each of its runs trains {folds} models, one "
        "per fold, and intervals tend to be wider than necessary; a new study needs fewer "
        "trainings (--study names another folder)"
    ),
    "few entities": "models are scored on only {entities} entities",
    "rare labels": (
        "few entities of {names}: each model is scored on fewer than {least} of them, so that the "
        "F1 of {which} alone is rough; annotate more documents that contain them"
    ),
    "left out of the split": (
        "left out because they link {sides} (near-duplicates or groups): {documents:n document}"
    ),
    "repeats of the test set": (
        "left out as near-duplicates of test documents, or in a group with one: "
        "{documents:n document} of the corpus"
    ),
    "labels of the test set": (
        "entities with labels that occur only in the test set, which no model can learn: {labels}"
    ),
    "failed trainings": (
        "of {all:n training} {failed} failed and are left out ({how}): F1 is that of the trainings "
        "that worked"
    ),
    # what a learner cannot do
    "many pieces": (
        "the backbone splits a word into {pieces:.1f} pieces on average: it hardly knows this "
        "language or spelling, and a backbone that does would need fewer sentences"
    ),
    "overlapping spans": (
        "{lost:,} of {spans:,} spans overlap a longer one: the learner drops them and can never "
        "find them, which puts a ceiling on F1"
    ),
    "spans inside words": (
        "{lost:,} of {spans:,} spans begin or end inside a word: the learner cannot find them "
        "exactly"
    ),
    # what the analysis rests on
    "extrapolated": (
        "no model was trained on more than {largest:n document}: {measure} with {documents:,} is "
        "extrapolated"
    ),
    "no such entity": "no such entity in the evaluation set",
    "EPS differs": (
        "the difference in entities per sentence between the pool and the evaluation set is larger "
        "than chance explains"
    ),
    "numerical limits": (
        "do not rely on the numbers of this part, since its arithmetic reached its limits: {part} "
        "({warnings})"
    ),
    "no evaluation units": (
        "a table of runs does not say which evaluation documents each model got right: the "
        "intervals between learners do not account for the choice of evaluation documents"
    ),
    "sets and seeds between learners": (
        "the effects of training sets and of seeds on differences between learners could not be "
        "separated: the pool's part of the interval is an upper bound"
    ),
    "no pool": (
        "the size of the pool is not known (--pool): it is assumed to equal the largest training "
        "set, which makes the intervals between learners as wide as they can be"
    ),
    "too few rows": "too few runs to analyse: {learners}",
    "failed rows": "{runs} failed runs are left out",
    "few runs": (
        "only {runs} runs, at {sizes} sizes: resampling so few makes every interval too narrow, "
        "and the luck of single runs can pass for the shape of the curve; use at least {least} "
        "runs, several at each size"
    ),
    "rows independent": (
        "rows are treated as independent; runs that share documents of one pool are not, and then "
        "intervals are too narrow"
    ),
    "EPS constant": "EPS is the same in every row: what depends on it is left out",
    "no EPS": "there is no column eps or entities: what depends on density is left out",
    "column with gaps": "column {column!r} is empty in {empty} of {rows} rows and is left out",
    "overlap unknown": (
        "which documents the training sets share is not known (no in: columns, no --pool): runs "
        "are treated as independent, so intervals are too narrow and P values too small"
    ),
    "several folds": "the runs are of several folds, each scored on its own evaluation documents",
    # what statistics rest on
    "bands too narrow": (
        "The runs share documents, but the bands treat them as independent: they are too narrow."
    ),
    "sets and seeds": (
        "the effects of training sets and of seeds could not be separated: at least {share:.0f} %"
        " of the scatter between runs is attributed to the training sets, so that the pool's part"
        " of the interval is an upper bound"
    ),
    "intervals too narrow": (
        "Runs share documents, but the intervals treat them as independent: they are too narrow."
    ),
    "weighted by AIC": "Too few sizes to test forecasts: families are weighted by AIC.",
    "flat curve": "F1 does not rise over these sizes: plateau and exponent mean nothing.",
    "shape undetermined": (
        "The data do not determine the shape of {curves}: a parameter ran to the end of its range."
    ),
    "curves extrapolated": (
        "Beyond the largest size curves are extrapolations; the plateau is one throughout."
    ),
    "few small sets": (
        "there were hardly any training sets of at most half the pool, and only these show how "
        "much the choice of documents matters: the pool's part of the interval is a guess"
    ),
    "few evaluation units": (
        "models were scored on only {units:n document}, and intervals from so few are more often "
        "too narrow than they should be"
    ),
    "learnt nothing": "{share:.0f} % of the runs learnt nothing ({measure} below .01)",
    "scores fall": (
        "larger training sets scored lower than smaller ones, but the families of curves can only"
        " rise: do not rely on results beyond the sizes studied"
    ),
    "pool upper bound": (
        "the pool's part is an upper bound, so that the interval may turn out narrower"
    ),
    "half-width rough": (
        "the interval of the whole half-width is rough: nominal 95 % intervals covered in 67 to "
        "92 % of simulated studies"
    ),
    "exact fit": (
        "The fit is exact up to rounding: errors, intervals and P values mean nothing, and there "
        "is no AIC. Measured F1 always has noise: check where the table comes from."
    ),
    "ranges not fitted": "{lost} of {ranges} ranges had too few rows to be fitted.",
    "stable threshold": (
        "Stable means that a kink fits better than every power law: an exponential approach to a "
        "plateau would look the same."
    ),
    "threshold at the edge": (
        "The threshold sits at the {edge} candidate: this form ({form}) may not suit the data."
    ),
    "interval too narrow": (
        "The runs share documents, but the interval treats them as independent: it is too narrow."
    ),
    "resamples left out": (
        "{failed} of {resamples} resamples had no usable candidate and were left out."
    ),
    "threshold on a curve": (
        "A threshold model finds a threshold on a smooth curve, too; check its range sensitivity "
        "before using it as a sample size."
    ),
    "overlap-aware errors": (
        "Overlap-aware errors account for shared training documents, but not for the evaluation "
        "documents that runs share."
    ),
    "clustered errors": (
        "Clustered errors treat clusters, not runs, as independent; clusters that share documents"
        " are still correlated, so intervals may be too narrow."
    ),
    "errors of independent runs": (
        "{kind} runs as independent; these share documents of one pool and one evaluation set, so"
        " intervals are too narrow and P values too small."
    ),
    "uneven residuals": (
        "The spread of the residuals is uneven: robust (HC3) errors are up to {ratio:.1f} times "
        "the ordinary ones; use them."
    ),
    "comparison of independent runs": (
        "Runs are treated as independent although they share documents: differences in AIC and "
        "BIC are overstated and P values too small."
    ),
    "F tests of independent runs": (
        "Runs share documents: F tests treat them as independent, so P values are too small."
    ),
    "robust errors of independent runs": (
        "Robust errors treat runs as independent; these share documents, so intervals are too "
        "narrow."
    ),
    "not converged": "The fit did not converge: do not use its numbers.",
    "no evidence of no effect": (
        "That no effect was found does not mean that there is none; see the intervals within "
        "strata."
    ),
    "tests of independent runs": (
        "Runs share documents but are treated as independent: P values are too small."
    ),
    # what an answer holds for
    "this learner": (
        "these results hold for the {learner}; the model that you deploy may differ from it"
    ),
    "few pairs": (
        "these results hold for the {learner}; a fine-tuned model was compared with it on "
        "{pairs:n training set} only"
    ),
    "threshold is an artefact": (
        "do not use the threshold of F1 on sentences as a sample size: it moves with the largest "
        "training set studied (artefact of range)"
    ),
    "threshold undecided": (
        "do not use the threshold of F1 on sentences as a sample size: the study cannot decide "
        "whether it is an artefact of range"
    ),
    # agreement of annotators
    "nothing to agree on": "nothing to agree or disagree on: {why}",
    "no disagreement": (
        "no compared document contains a disagreement, so that resampling gives no interval; with "
        "{compared:,} such documents, up to {most:.0%} of further ones may contain one (95 % "
        "confidence)"
    ),
    "few disagreements": (
        "only {documents} a disagreement: intervals that rest on so few are too narrow"
    ),
    "no bound": (
        "agreement of annotators is no bound on a model: against reconciled annotation a model may "
        "score higher than annotators agree with each other"
    ),
    "outside spans": (
        "{share:.0%} of the tokens lie outside every span: coefficients on tokens mostly measure "
        "agreement on what nobody marks, and depend on how much of that there is"
    ),
    "tokens in several spans": (
        "tokens in several spans of one annotator, counted for the longest: {tokens:,}"
    ),
    "not asked for all labels": (
        "annotators are compared only on labels that both were asked for; documents with "
        "annotators who were not asked for all: {documents:,} (coefficients on tokens leave these "
        "annotators out)"
    ),
    "annotated by one": "documents annotated by fewer than two, not compared: {documents:,}",
    "pairs weighted": (
        "F1 over all pairs weights annotators by how much they annotated; the mean of pairs "
        "weights all pairs equally"
    ),
    "undefined": "undefined, as {why}",
    "mean of many pairs": "the mean of {pairs:,} pairs is given without an interval",
    "annotated in full": "on the {documents:n document} that {raters} annotated in full",
    "not annotated in full": "documents that not all annotated in full are left out: {documents:,}",
    "gamma undefined": (
        "γ is undefined where one annotator marked nothing: {documents:n document} left out"
    ),
    # density and drawing
    "tagged sample": (
        "tagged, drawn at random: {tagged:,} of {documents:n production document}; --at-most "
        "raises that"
    ),
    "unknown words": (
        "production text has {ratio:.1f} times as many words that the tagger never saw: if its "
        "error rates there differ, the correction is wrong"
    ),
    "densities do not add up": (
        "the densities of the labels add up to {sum:.3g}, not to {whole:.3g}: the mixture of "
        "labels differs, and the estimates by label are the safer ones"
    ),
    "densities unknown": "labels whose density in production cannot be estimated: {labels}",
    "repeats tagged apart": (
        "repeats of annotated documents, or of their groups, tagged only by models that have not "
        "seen those: {documents:n production document}"
    ),
    "drawn from some": (
        "{some:,} of {all:n document} were considered, drawn at random first: --at-most raises that"
    ),
    "drawn by density": (
        "documents were drawn by what a tagger found in them: the true density of the sample lies "
        "nearer to the pool's than the estimate"
    ),
}
"""The sentence of each caveat, with its parameters in braces. ``{n:n run}`` counts, ``1 run`` or
``12 runs``; ``{n:about}`` rounds to two digits."""


SHARED_DOCUMENTS = frozenset(
    {
        "bands too narrow",
        "interval too narrow",
        "intervals too narrow",
        "clustered errors",
        "errors of independent runs",
        "comparison of independent runs",
        "F tests of independent runs",
        "robust errors of independent runs",
        "tests of independent runs",
        "rows independent",
    }
)
"""Caveats that say that runs share documents and are treated as independent."""


class _Sentences(Formatter):
    """Formats numbers with their nouns."""

    def format_field(self, value: Any, format_spec: str) -> str:
        """Write one parameter."""
        if format_spec.startswith("n "):
            return counted(value, format_spec.removeprefix("n "))
        return about(value) if format_spec == "about" else str(format(value, format_spec))


_FORMATTER = _Sentences()


class Caveat(str):
    """A sentence to keep in mind, which knows its code and its parameters.

    It is a string, so that results hold it, print it and turn it into JSON as such.

    Parameters
    ----------
    code : str
        A key of `SENTENCES`.
    **parameters
        What the sentence names.

    Examples
    --------
    >>> Caveat("failed rows", runs=3)
    '3 failed runs are left out'
    >>> Caveat("failed rows", runs=3).code
    'failed rows'
    """

    code: str
    parameters: dict[str, Any]

    def __new__(cls, code: str, /, **parameters: Any) -> Caveat:
        """Word the caveat."""
        made = super().__new__(cls, _FORMATTER.vformat(SENTENCES[code], (), parameters))
        made.code, made.parameters = code, parameters
        return made

    def __reduce__(self) -> Any:
        """Pickle code and parameters; the sentence follows from them."""
        return _remade, (self.code, self.parameters)


def _remade(code: str, parameters: dict[str, Any]) -> Caveat:
    return Caveat(code, **parameters)


def code_of(caveat: str) -> str:
    """Return the code of a caveat; "" of a sentence that a plug-in or a file brought."""
    return caveat.code if isinstance(caveat, Caveat) else ""


def unique(caveats: Iterable[str]) -> tuple[str, ...]:
    """Return each caveat once, by code and parameters, in the order of their first places."""
    found: dict[Any, str] = {}
    for caveat in caveats:
        key = (code_of(caveat), str(caveat))
        found.setdefault(key, caveat)
    return tuple(found.values())
