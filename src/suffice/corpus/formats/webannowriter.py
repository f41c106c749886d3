"""Write WebAnno TSV 3.3: words cut at the edges of spans and sentences."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence

from suffice.corpus.document import Document, Span
from suffice.corpus.formats.base import not_written
from suffice.corpus.formats.filenames import is_kept, stem_of
from suffice.corpus.formats.layers import NAMED_ENTITY, VALUE
from suffice.corpus.formats.utf16 import Utf16
from suffice.corpus.sentences import sentences
from suffice.corpus.tokens import tokens_between

_HEADER = f"#FORMAT=WebAnno TSV 3.3\n#T_SP={NAMED_ENTITY}|{VALUE}\n\n"
_LABEL = re.compile(r"->|[\\\[\]|_;*\t\n]")
_TEXT = re.compile("[\x00-\x0a\x0c-\x1f\\\\]")
_READABLE = {"\t": "t", "\n": "n", "\f": "f", "\r": "r", "\b": "b"}

_TRIMMED = "spans whose edges are in white space, written without it"
_BLANK = "spans of white space alone, not written"
_SENTENCES = "documents whose sentences had to be changed, as every word needs one"
_BEGINNING = "documents that begin with line breaks or tabs, written as spaces"
_IDS = "documents whose id no file's name can hold"
_RULES = "documents without sentences of their own, written with those of the rules"
_LABELS = "labels with line breaks of another kind, written as spaces"


def write_folder(documents: Sequence[Document], put: Callable[[str, bytes], None]) -> list[str]:
    """Write each document to a file of its own; arguments are those of `FolderFormat.write`."""
    counts = dict.fromkeys((_TRIMMED, _BLANK, _RULES, _SENTENCES, _BEGINNING, _LABELS, _IDS), 0)
    for document in documents:
        counts[_IDS] += not is_kept(document.id)
        put(f"{stem_of(document.id)}.tsv", _TsvLines(document, counts).text().encode())
    notes = [f"{what}: {n}" for what, n in counts.items() if n]
    return notes + not_written(documents, "group", "split", "annotators")


class _TsvLines:
    """The lines of one document."""

    def __init__(self, document: Document, counts: dict[str, int]) -> None:
        self._document = document
        self._counts = counts
        self._units = Utf16(document.text)
        self._stretches = self._sentences()
        edges = {edge for span in document.spans for edge in (span.start, span.end)}
        self._tokens = tokens_between(
            document.text, edges | {edge for pair in self._stretches for edge in pair}
        )
        self._values: list[list[tuple[Span, bool]]] = [[] for _ in self._tokens]
        self._place_spans()

    def text(self) -> str:
        """Return the file's content."""
        lines = [_HEADER]
        ids: dict[Span, int] = {}
        token = 0
        for number, (start, end) in enumerate(self._stretches, start=1):
            lines.append("\n")
            for line in self._document.text[start:end].split("\n"):
                lines.append(f"#Text={_TEXT.sub(_escaped, line)}\n")
            first = token
            while token < len(self._tokens) and self._tokens[token][0] < end:
                left, right = self._tokens[token]
                row = (
                    f"{number}-{token - first + 1}",
                    f"{self._units.units(left)}-{self._units.units(right)}",
                    self._document.text[left:right],
                    self._column(token, ids),
                )
                lines.append("\t".join((*row, "\n")))
                token += 1
        return "".join(lines)

    def _sentences(self) -> list[tuple[int, int]]:
        """Return stretches that begin with a word and cover all words, with the space between.

        A line break between two sentences, with spaces after it, is what a reader puts there
        itself; any other space is made a part of the sentence before it.
        """
        text = self._document.text
        own = self._document.sentences
        given = sentences(self._document)
        found: list[tuple[int, int]] = []
        reached = 0
        for start, end in (*given, (len(text), len(text))):
            for left, right in ((reached, start), (start, end)):
                piece = text[left:right]
                if piece.strip():
                    begin = left + len(piece) - len(piece.lstrip())
                    found.append((begin, left + len(piece.rstrip())))
            reached = max(reached, end)
        if own is None:
            self._counts[_RULES] += 1
        elif tuple(found) != own:
            self._counts[_SENTENCES] += 1
        self._counts[_BEGINNING] += bool(text[: found[0][0]].strip(" "))
        stretches = []
        for i, (start, end) in enumerate(found):
            after = found[i + 1][0] if i + 1 < len(found) else len(text)
            gap = text[end:after]
            own_gap = gap in ("", "\n") or (gap[0] == "\n" and not gap[1:].strip(" "))
            stretches.append((start, end if own_gap and after < len(text) else after))
        return stretches

    def _place_spans(self) -> None:
        starts = [start for start, _ in self._tokens]
        for span in self._document.spans:
            first = bisect_left(starts, span.start)
            after = bisect_left(starts, span.end)
            if first == after:
                self._counts[_BLANK] += 1
                continue
            left, right = self._tokens[first][0], self._tokens[after - 1][1]
            self._counts[_TRIMMED] += (left, right) != (span.start, span.end)
            for token in range(first, after):
                self._values[token].append((span, after - first > 1))

    def _column(self, token: int, ids: dict[Span, int]) -> str:
        values = self._values[token]
        if not values:
            return "_"
        written = []
        for span, several in values:
            label, changed = re.subn(r"\r", " ", span.label)
            self._counts[_LABELS] += changed > 0 and self._tokens[token][0] <= span.start
            value = _LABEL.sub(lambda found: "\\" + _READABLE.get(found[0], found[0]), label)
            if several or len(values) > 1:
                value += f"[{ids.setdefault(span, len(ids) + 1)}]"
            written.append(value)
        return "|".join(written)


def _escaped(found: re.Match[str]) -> str:
    return "\\" + _READABLE.get(found[0], found[0])
