"""The parts of an analysis: what can be fitted is, and the reasons for the rest are kept."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import TypeVar

from suffice.wording.caveats import Caveat

__all__ = ["FitParts"]

T = TypeVar("T")

_FOR_DEVELOPERS = (DeprecationWarning, PendingDeprecationWarning, FutureWarning, ResourceWarning)
"""Warnings about code, not about numbers."""


class FitParts:
    """Fit one part after the other.

    Attributes
    ----------
    not_fitted : dict of str to str
        Why a part could not be fitted, by its name.
    """

    def __init__(self) -> None:
        self.not_fitted: dict[str, str] = {}
        self._warned: dict[str, list[str]] = {}

    def __call__(self, name: str, fit: Callable[[], T]) -> T | None:
        """Return a fit, or None where the data do not allow it.

        What the libraries warn of while they fit becomes a caveat: on a terminal their warnings
        name a line of our source, and nothing that helps.
        """
        with warnings.catch_warnings(record=True) as raised:
            warnings.simplefilter("always")
            try:
                return fit()
            except ValueError as error:
                self.not_fitted[name] = str(error)
                return None
            finally:
                said = [
                    str(w.message).rstrip(".")
                    for w in raised
                    if not issubclass(w.category, _FOR_DEVELOPERS)
                ]
                if said:
                    self._warned[name] = list(dict.fromkeys(said))

    @property
    def caveats(self) -> tuple[str, ...]:
        """Return what the libraries warned of, a sentence for each part."""
        return tuple(
            Caveat("numerical limits", part=name, warnings="; ".join(said))
            for name, said in self._warned.items()
        )
