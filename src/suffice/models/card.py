"""The card of a kept model: what it was trained on, how good it is, and what to beware of."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from suffice.learners.base import Learner
from suffice.study.study import StoredStudy
from suffice.wording.numbers import counted

UNKNOWN = "unknown: find out before you pass the model on"


@dataclass(frozen=True)
class Scored:
    """What is known of a model.

    Parameters
    ----------
    how : {"all", "best"}
        One on all documents, or the best of several.
    documents, sentences : int
        What it was trained on.
    f1, low, high : float
        Exact micro-F1 with its 95 % interval; NaN where not known.
    basis : str
        Where that is from.
    by_label : tuple of (str, float)
        F1 of each label, where it was measured.
    caveats : tuple of str
        What to keep in mind.
    """

    how: Literal["all", "best"]
    documents: int
    sentences: int
    f1: float
    low: float
    high: float
    basis: str
    by_label: tuple[tuple[str, float], ...]
    caveats: tuple[str, ...]


def card(
    study: StoredStudy,
    learner: Learner,
    scored: Scored,
    *,
    license: str | None = None,
    data_license: str | None = None,
) -> str:
    """Return a model card in the form of the Hugging Face Hub (Mitchell et al. 2019).

    Parameters
    ----------
    study : Study
        Whose corpus trained the model.
    learner : Learner
        What trained it.
    scored : Scored
        What is known of it.
    license, data_license : str, optional
        Licences of the model and of the annotated text.

    Returns
    -------
    str
        Markdown with a YAML head. It names labels and counts, never text of a document.
    """
    from huggingface_hub import ModelCardData

    corpus = study.corpus
    config = dict(learner.config)
    backbone = str(config.get("options", {}).get("backbone") or "none")
    measured = scored.f1 == scored.f1
    head = ModelCardData(
        license=license or "unknown",
        library_name="suffice",
        pipeline_tag="token-classification",
        tags=["token-classification", "named-entity-recognition"],
        base_model=None if backbone == "none" or "/" not in backbone else backbone,
    )
    labels: Counter[str] = Counter(s.label for d in corpus for s in d.spans)
    lines = [
        "---",
        head.to_yaml().strip(),
        "---",
        "",
        f"# Named entities of {corpus.name}: {', '.join(corpus.labels[:8])}"
        + (" …" if len(corpus.labels) > 8 else ""),
        "",
    ]
    if corpus.synthetic:
        lines += ["**Trained on a synthetic corpus: its figures say nothing about real text.**", ""]
    lines += [
        "## What it is",
        "",
        f"- learner: {learner.name}, backbone: {backbone}",
        f"- trained on {counted(scored.documents, 'document')}, "
        f"{counted(scored.sentences, 'sentence')} "
        + (
            "(all there were)"
            if scored.how == "all"
            else "(the training pool, without the selection set)"
        ),
        f"- licence of this model: {license or UNKNOWN}",
        f"- licence of the annotated text: {data_license or UNKNOWN}",
        "- licence of the backbone: see its own card; it binds this model too",
        "",
        "## How good it is",
        "",
        f"Exact micro-F1 {scored.f1:.3f} (95 % interval {scored.low:.3f} to {scored.high:.3f})."
        if measured
        else "F1 is not known.",
        f"Basis: {scored.basis}.",
        "",
    ]
    if scored.by_label:
        lines += ["| label | F1 | entities in the corpus |", "| --- | --- | --- |"]
        lines += [f"| {name} | {_number(f1)} | {labels[name]:,} |" for name, f1 in scored.by_label]
    else:
        lines += ["| label | entities in the corpus |", "| --- | --- |"]
        lines += [f"| {name} | {labels[name]:,} |" for name in corpus.labels]
    lines += [
        "",
        "## Beware",
        "",
        "- These figures hold for text of the same source, annotated by the same rules.",
        "- A model can reveal what it was trained on: if the text was confidential, so is the "
        "model.",
        *(f"- {caveat[0].upper()}{caveat[1:]}." for caveat in scored.caveats),
        "",
        "## How to use it",
        "",
        "    suffice tag MODEL TEXTS",
        "",
        f"The options it was trained with are in `suffice.json`; {_origin(study)}",
        "",
    ]
    return "\n".join(lines)


def _number(value: float) -> str:
    return f"{value:.3f}" if value == value else "none to score"


def _origin(study: StoredStudy) -> str:
    return f"the study's seed was {study.spec.seed}."
