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
    from suffice.analysis.analyse import analyse
    from suffice.corpus.check import inspect
    from suffice.corpus.corpus import Corpus
    from suffice.corpus.document import Document, Span
    from suffice.corpus.examples import load as load_example
    from suffice.corpus.read import read
    from suffice.corpus.write import write
    from suffice.errors import CorpusError, InputError, StudyError, TooSmallError
    from suffice.quality.agreement import agreement
    from suffice.quality.reconcile import reconcile
    from suffice.study.runner import run
    from suffice.study.spec import StudySpec
    from suffice.study.study import Study

__version__ = "0.1.0"

_PLACES = {
    "Corpus": ("suffice.corpus.corpus", "Corpus"),
    "CorpusError": ("suffice.errors", "CorpusError"),
    "Document": ("suffice.corpus.document", "Document"),
    "InputError": ("suffice.errors", "InputError"),
    "Span": ("suffice.corpus.document", "Span"),
    "Study": ("suffice.study.study", "Study"),
    "StudyError": ("suffice.errors", "StudyError"),
    "StudySpec": ("suffice.study.spec", "StudySpec"),
    "TooSmallError": ("suffice.errors", "TooSmallError"),
    "advise": ("suffice.advice.advise", "advise"),
    "agreement": ("suffice.quality.agreement", "agreement"),
    "analyse": ("suffice.analysis.analyse", "analyse"),
    "inspect": ("suffice.corpus.check", "inspect"),
    "load_example": ("suffice.corpus.examples", "load"),
    "read": ("suffice.corpus.read", "read"),
    "reconcile": ("suffice.quality.reconcile", "reconcile"),
    "run": ("suffice.study.runner", "run"),
    "write": ("suffice.corpus.write", "write"),
}

__all__ = [
    "Corpus",
    "CorpusError",
    "Document",
    "InputError",
    "Span",
    "Study",
    "StudyError",
    "StudySpec",
    "TooSmallError",
    "advise",
    "agreement",
    "analyse",
    "inspect",
    "load_example",
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
    return sorted([*globals(), *_PLACES])
