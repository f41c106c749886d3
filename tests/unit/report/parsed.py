"""A page as a reader finds it: its tables, its text, its figures."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from xml.etree import ElementTree

VOID = {"meta", "link", "br", "img", "hr", "input"}


class Page(HTMLParser):
    """Collect tables by caption, all text outside figures, all tags; check the nesting."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self._rows: list[list[str]] = []
        self._cell: list[str] | None = None
        self._caption: list[str] = []
        self.feed(html)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in VOID:
            return
        self._open.append(tag)
        if tag == "table":
            self._rows, self._caption = [], []
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th"):
            self._cell = []

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag
        if tag in ("td", "th"):
            assert self._cell is not None
            self._rows[-1].append("".join(self._cell))
            self._cell = None
        elif tag == "table":
            self.tables["".join(self._caption)] = self._rows

    def handle_data(self, data: str) -> None:
        if "style" in self._open:
            return
        if self._cell is not None:
            self._cell.append(data)
        if "caption" in self._open:
            self._caption.append(data)
        if "svg" not in self._open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))

    def rows(self, caption: str) -> list[list[str]]:
        found = [rows for name, rows in self.tables.items() if name.startswith(caption)]
        assert len(found) == 1, (caption, list(self.tables))
        return found[0]


def svgs(html: str) -> list[ElementTree.Element]:
    return [ElementTree.fromstring(s) for s in re.findall(r"<svg.*?</svg>", html, re.DOTALL)]
