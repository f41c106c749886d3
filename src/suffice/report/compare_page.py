"""The page of two taggings side by side; it shows text, which is its purpose."""

from __future__ import annotations

from collections.abc import Sequence

from suffice.models.compare import Pair
from suffice.report.page import environment


def render(pairs: Sequence[Pair], before: str, after: str) -> str:
    """Render the page.

    Parameters
    ----------
    pairs : sequence of Pair
        The documents to show.
    before, after : str
        What to call the two.

    Returns
    -------
    str
        An HTML page that loads nothing and holds no script.
    """
    template = environment().get_template("compare.html")
    return template.render(pairs=pairs, before=before, after=after)
