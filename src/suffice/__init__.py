"""Sample-size studies for named-entity recognition: how many annotated sentences suffice.

The public names are imported when they are first used, so that ``import suffice`` takes no time and
never needs torch.

Examples
--------
>>> import suffice
>>> corpus = suffice.load_example("disclosures", n=30)
>>> len(corpus), corpus.labels
(30, ('ORG', 'PERSON'))
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from suffice.advice.advise import advise
    from suffice.advice.result import Advice
    from suffice.analysis.analyse import analyse
    from suffice.analysis.result import Analysis
    from suffice.api.make import create_study, load_study
    from suffice.api.study import Study
    from suffice.corpus.check import inspect
    from suffice.corpus.corpus import Corpus
    from suffice.corpus.document import Document, Span
    from suffice.corpus.examples import load as load_example
    from suffice.corpus.read import read
    from suffice.corpus.write import write
    from suffice.errors import CorpusError, InputError, StudyError, TooSmallError
    from suffice.quality.agreement import agreement
    from suffice.quality.reconcile import reconcile
    from suffice.study.finished import FinishedRun
    from suffice.study.runner import run
    from suffice.study.spec import StudySpec

__version__ = "0.1.0"

_PLACES = {
    "Advice": ("suffice.advice.result", "Advice"),
    "Analysis": ("suffice.analysis.result", "Analysis"),
    "Corpus": ("suffice.corpus.corpus", "Corpus"),
    "CorpusError": ("suffice.errors", "CorpusError"),
    "Document": ("suffice.corpus.document", "Document"),
    "FinishedRun": ("suffice.study.finished", "FinishedRun"),
    "InputError": ("suffice.errors", "InputError"),
    "Span": ("suffice.corpus.document", "Span"),
    "Study": ("suffice.api.study", "Study"),
    "StudyError": ("suffice.errors", "StudyError"),
    "StudySpec": ("suffice.study.spec", "StudySpec"),
    "TooSmallError": ("suffice.errors", "TooSmallError"),
    "advise": ("suffice.advice.advise", "advise"),
    "agreement": ("suffice.quality.agreement", "agreement"),
    "analyse": ("suffice.analysis.analyse", "analyse"),
    "create_study": ("suffice.api.make", "create_study"),
    "inspect": ("suffice.corpus.check", "inspect"),
    "load_example": ("suffice.corpus.examples", "load"),
    "load_study": ("suffice.api.make", "load_study"),
    "read": ("suffice.corpus.read", "read"),
    "reconcile": ("suffice.quality.reconcile", "reconcile"),
    "run": ("suffice.study.runner", "run"),
    "write": ("suffice.corpus.write", "write"),
}

__all__ = [
    "Advice",
    "Analysis",
    "Corpus",
    "CorpusError",
    "Document",
    "FinishedRun",
    "InputError",
    "Span",
    "Study",
    "StudyError",
    "StudySpec",
    "TooSmallError",
    "advise",
    "agreement",
    "analyse",
    "create_study",
    "inspect",
    "load_example",
    "load_study",
    "read",
    "reconcile",
    "run",
    "write",
]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module 'suffice' has no attribute {name!r}")
    module, attribute = _PLACES[name]
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
