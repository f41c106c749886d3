"""What the learners on a pretrained backbone share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from suffice.corpus.document import Document
from suffice.learners.backbone import Backbone, find
from suffice.learners.base import Learner
from suffice.learners.caveats import word_tagger_caveats
from suffice.learners.options import Options, versions


class BackboneLearner(Learner):
    """A word tagger on a backbone.

    Parameters
    ----------
    options : mapping, optional
        See the class named by `settings`.

    Attributes
    ----------
    settings : type
        The class of its options.
    code_version : int
        Part of every run's id: raised when the same settings would train another tagger.
    packages : tuple of str
        Whose versions are part of every run's id.
    """

    settings: ClassVar[type[Options]]
    code_version: ClassVar[int]
    packages: ClassVar[tuple[str, ...]]

    def __init__(self, options: Mapping[str, Any] | None = None) -> None:
        self.options = self.settings.parse(self.name, options)
        self._backbone: Backbone | None = None

    @property
    def backbone(self) -> Backbone:
        """Return the backbone's files, found and verified once."""
        if self._backbone is None:
            self._backbone = find(self.options.backbone)
        return self._backbone

    @property
    def config(self) -> Mapping[str, Any]:
        """Return all that determines what `train` learns."""
        return {
            "learner": self.name,
            "code": self.code_version,
            "options": self.options.model_dump(mode="json"),
            "backbone": self.backbone.digest,
            "number_format": self.options.number_format,
            "versions": versions(*self.packages),
        }

    @property
    def device(self) -> str:
        """Return the kind of device that it trains on."""
        return str(getattr(self.options, "device", "cpu"))

    def caveats(self, documents: Sequence[Document]) -> tuple[str, ...]:
        """Say which spans are lost, and whether the backbone knows the language."""
        return word_tagger_caveats(documents, self.options.backbone)
