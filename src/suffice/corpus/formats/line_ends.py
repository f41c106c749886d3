"""Lines of text files, whatever system wrote them."""

from __future__ import annotations

import re

_LINE_END = re.compile(r"\r*\n|\r")


def split_lines(text: str, *, mixed: bool = False) -> list[str]:
    r"""Return the lines of a file without their ends.

    Parameters
    ----------
    text : str
        With line ends of Unix (``\n``), Windows (``\r\n``) or old Macs (``\r``).
    mixed : bool
        Whether ``\r`` ends a line in a file with ``\n`` as well. Otherwise it does so only where
        there is no ``\n`` at all: formats that quote text may hold one inside a line.

    Examples
    --------
    >>> split_lines("a\rb\r"), split_lines("a\rb\r\n"), split_lines("a\rb\r\n", mixed=True)
    (['a', 'b', ''], ['a\rb', ''], ['a', 'b', ''])
    """
    if mixed or "\n" not in text:
        return _LINE_END.split(text)
    return [line.rstrip("\r") for line in text.split("\n")]
