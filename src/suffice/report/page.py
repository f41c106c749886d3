"""The report: one HTML file that holds everything, for reading and for printing."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from pathlib import Path
from typing import TYPE_CHECKING, Any

from suffice import atomic
from suffice.advice import phrases
from suffice.advice.result import Advice
from suffice.report import figures, points, prose, tables
from suffice.report.svg import Draw, P
from suffice.report.table import Table
from suffice.study.spec import CorpusSpec, LearnerSpec, StudySpec
from suffice.study.table import RunTable
from suffice.wording import numbers
from suffice.wording.numbers import counted
from suffice.wording.text import capitalised, sentence
from suffice.wording.verdict import VERDICTS

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_MOST_FILES = 5
_OPTION = re.compile(r"--[a-z][a-z0-9-]*")
_PACKAGES = ("numpy", "scipy", "statsmodels", "matplotlib")

_PARTS = {
    "regression": "The regression",
    "upperhinge": "The threshold (slope, then flat)",
    "hinge": "The threshold in the printed form (flat, then slope)",
    "sensitivity": "The range sensitivity",
    "smooth": "The smooth curve",
    "composition": "The check of EPS given sentences",
}


_STOPPED = {
    "runs": "all runs that were asked for are done",
    "budget": "the budget was spent",
    "enough": "more runs would hardly narrow the interval",
}


@dataclass(frozen=True)
class PageFigure:
    """A figure in both widths, and the part of its caption that depends on the results."""

    name: str
    wide: Markup
    narrow: Markup
    caption: str = ""


class PageFigures(dict[str, PageFigure]):
    """The figures of a page by name, in the order of their numbers."""

    def add(
        self, name: str, label: str, draw: Draw[P], /, *args: P.args, **kwargs: P.kwargs
    ) -> PageFigure:
        """Draw both widths of a figure; `label` says what is seen."""
        from markupsafe import Markup

        wide = Markup(draw("wide", label, *args, **kwargs))
        narrow = Markup(draw("narrow", label, *args, **kwargs))
        self[name] = PageFigure(name, wide, narrow)
        return self[name]


def fill(
    template: str, drawn: PageFigures, version: str, *, package: str | None = None, **values: Any
) -> str:
    """Fill the template of a page with figures.

    Parameters
    ----------
    template : str
        The file's name.
    drawn : PageFigures
        Also given as numbers by name.
    version : str
        The version of suffice.
    package : str, optional
        The application that the template belongs to.
    **values
        What else the template shows.

    Returns
    -------
    str
        An HTML page that loads nothing; the same input gives the same page.
    """
    number = {name: k for k, name in enumerate(drawn, 1)}
    found = environment(package).get_template(template)
    return found.render(figures=drawn, number=number, version=version, **values)


def render(
    advice: Advice,
    runs: RunTable | None,
    version: str,
    *,
    spec: StudySpec | None = None,
) -> str:
    """Render the report.

    Parameters
    ----------
    advice : Advice
        With the analysis that it rests on.
    runs : RunTable, optional
        The runs, for the points of the curve and the summary by size. Without them the means of
        the runs are drawn.
    version : str
        The version of suffice.
    spec : StudySpec, optional
        The study's settings, to be listed.

    Returns
    -------
    str
        An HTML page that loads nothing, holds no script and no text of any document. The same
        input gives the same page.
    """
    return fill(
        "page.html",
        _figures(advice, runs),
        version,
        advice=advice,
        a=advice.analysis,
        s=advice.analysis.studied,
        verdict=VERDICTS[advice.verdict],
        prose=prose,
        t=_tables(advice, runs, spec, version),
        not_fitted=[
            f"{_PARTS.get(name, name)} could not be fitted: {reason}"
            for name, reason in advice.analysis.not_fitted.items()
        ],
        paper_caveats=_paper_caveats(advice),
        stopped=advice.analysis.studied.stopped,
    )


def write(path: Path, html: str, *, mode: int | None = None) -> None:
    """Write the page: under another name first, so that no half a page is ever there.

    Parameters
    ----------
    path : Path
        Replaced where it exists.
    html : str
        The result of `render`.
    mode : int, optional
        The file's permissions, where it holds text.
    """
    atomic.replace(path, html.encode(), mode=mode)


@cache
def environment(package: str | None = None) -> Environment:
    """Return where the templates are, with the filters that they use.

    Parameters
    ----------
    package : str, optional
        An application's package, whose folder ``templates`` comes before that of the reports.
    """
    from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

    packages = [package, "suffice.report"] if package else ["suffice.report"]
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(name, "templates") for name in packages]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["sentence"] = sentence
    environment.filters["head"] = capitalised
    environment.filters["options_whole"] = _keep_options_whole
    environment.filters["duration"] = numbers.duration
    return environment


def _keep_options_whole(text: str) -> Markup:
    """Return text as HTML in which no line breaks inside an option of the command line."""
    from markupsafe import Markup, escape

    return Markup(_OPTION.sub(r'<span class="option">\g<0></span>', str(escape(text))))


def _figures(advice: Advice, runs: RunTable | None) -> PageFigures:
    """Draw every figure that the results allow."""
    a, drawn = advice.analysis, PageFigures()
    own, other = points.studied_points(a, runs), points.confirming_points(a, runs)
    each, said = prose.name_label_score(a.measure), prose.describe_curve(advice)
    curve = drawn.add("curve", said, figures.curve, advice, points=own, confirming=other)
    drawn["curve"] = replace(curve, caption=said)  # which the text does not say
    drawn.add("parts", prose.describe_interval(advice), figures.parts, advice)
    if sum(score.value == score.value for score in a.labels) > 1:
        drawn.add(
            "labels",
            prose.describe_labels(a.labels, "", each),
            figures.labels,
            a.labels,
            measure=each,
        )
    versus, screen = a.versus, a.screening
    if versus is not None:
        said, name = phrases.describe_ranking(versus), versus.measure.name
        if len(versus.ranking.names) > 2:
            drawn.add("learners", said, figures.ranking, versus.ranking, measure=name)
        else:
            found = versus.equivalences
            drawn.add("learners", said, figures.equivalence, found, versus.best, measure=name)
    if screen is not None and len(screen.deviations):
        said, names = prose.describe_screening(advice), (a.studied.learner, a.studied.screen)
        drawn.add("screening", said, figures.screening, screen, *names)
    if a.sensitivity is not None:
        drawn.add("sensitivity", a.sensitivity.sentence, figures.sensitivity, a.sensitivity)
    if a.smooth is not None and a.marginal:
        rate = a.marginal[-1]
        drawn.add("slope", rate.sentence, figures.slope, a.smooth, marginal=rate)
    return drawn


def _tables(
    advice: Advice, runs: RunTable | None, spec: StudySpec | None, version: str
) -> dict[str, Table]:
    """Return every table that the results allow."""
    a = advice.analysis
    found = {"curve": tables.curve(advice), "density": tables.density(a.density)}
    if a.labels:
        found["labels"] = tables.labels(a.labels, prose.name_label_score(a.measure))
    if a.versus is not None:
        found["learners"] = tables.learners(a.versus)
    if advice.required is not None:
        smallest = float(a.curve.grid[0]) * a.studied.sentences_per_document
        found["required"] = tables.required(advice.required, smallest, a.measure)
    if a.regression is not None and a.regression.standardized:
        found["regression"] = tables.regression(a.regression)
    thresholds = [t for t in (a.threshold, a.printed_hinge) if t is not None]
    if thresholds:
        found["thresholds"] = tables.thresholds(thresholds)
    if a.screening is not None:
        found["screening"] = tables.screening(a.screening, a.studied)
    if a.sensitivity is not None:
        found["sensitivity"] = tables.sensitivity(a.sensitivity)
    own = points.studied_points(a, runs)
    if own is not None:
        found["runs"] = tables.runs(own, a.studied.sentences_per_document, a.measure.name)
    found["settings"] = _settings(advice, spec, version)
    return found


def _paper_caveats(advice: Advice) -> tuple[str, ...]:
    """Return what to keep in mind about the thresholds, each once."""
    a = advice.analysis
    results: Iterable[Any] = (a.threshold, a.printed_hinge, a.sensitivity)
    return tuple(dict.fromkeys(c for r in results if r is not None for c in r.caveats))


def _settings(advice: Advice, spec: StudySpec | None, version: str) -> Table:
    """List what would be needed to do the study again."""
    s = advice.analysis.studied
    rows = [("Learner", s.learner), ("Backbone", s.backbone or "n/a")]
    if spec is not None:
        rows[0] = ("Learner", _learner(spec.learner))
        rows.insert(0, ("Corpus", _corpus(spec.corpus)))
        if spec.screen is not None:
            rows.append(("Screened by", _learner(spec.screen)))
        elif spec.confirm is not None:
            rows.append(
                ("Compared with" if s.pairs else "To be compared with", _learner(spec.confirm))
            )
        rows += [
            ("Seed", str(spec.seed)),
            ("Design", spec.design),
            ("Budget", numbers.duration(spec.budget) if spec.budget else "none"),
        ]
        if spec.evaluation:
            rows.append(("Test set", _files(spec.evaluation)))
        elif s.folds:
            rows.append(("Folds", f"{s.folds} that rotate" if s.rotating else str(s.folds)))
        else:
            rows.append(("Evaluation share", f"{100 * spec.evaluation_share:g} %"))
        if spec.runs is not None:
            rows.append(("Runs asked for", f"{spec.runs:,}"))
        if spec.tokens is not None:
            rows.append(("Most tokens studied", f"{spec.tokens:,}"))
    rows += [
        ("Time spent", numbers.duration(s.spent)),
        ("Stopped", _STOPPED.get(s.stopped, s.stopped) if s.stopped else "not yet, or cut off"),
        ("Trainings that failed", s.failures or "none"),
        ("Software", _software(version)),
    ]
    return Table("Settings and software", ("Setting", "Value"), tuple(rows), numeric=False)


def _corpus(corpus: CorpusSpec) -> str:
    """Return which files were read and how."""
    files = _files(corpus.paths)
    given = corpus.model_dump(exclude={"paths"}, exclude_defaults=True)
    options = ", ".join(f"{name} {value}" for name, value in given.items())
    return f"{files}; {options}" if options else files


def _files(paths: Sequence[str]) -> str:
    """Return the names of files; without folders, whose names may identify people."""
    names = [Path(path).name for path in paths]
    files = ", ".join(names[:_MOST_FILES])
    if len(names) > _MOST_FILES:
        files += f" and {counted(len(names) - _MOST_FILES, 'more file')}"
    return files


def _learner(learner: LearnerSpec) -> str:
    options = ", ".join(f"{key} {value}" for key, value in learner.options.items())
    return f"{learner.name}: {options}" if options else learner.name


def _software(version: str) -> str:
    found = [f"suffice {version}", f"Python {platform.python_version()}"]
    for package in _PACKAGES:
        try:
            found.append(f"{package} {installed(package)}")
        except PackageNotFoundError:  # a copy without metadata
            continue
    return ", ".join(found)
