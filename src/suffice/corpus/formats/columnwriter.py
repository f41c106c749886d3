"""Documents to words and tags in columns, counting what columns cannot express."""

from __future__ import annotations

from collections import Counter

from suffice.corpus.document import Document, Span
from suffice.corpus.formats.tagging import encode
from suffice.corpus.sentences import sentences
from suffice.corpus.tokens import tokens_between
from suffice.errors import CorpusError

_RESULTS = {
    "overlap": "spans that overlap a longer one, left out",
    "edges": "spans whose edges are in white space, trimmed or left out",
    "layout": "documents whose white space changes",
    "sentences": "documents whose sentences, found by rule, are now the file's own",
    "joined": "documents whose sentences are joined or added to, because of spans or gaps",
    "words": "documents whose words are cut anew, by suffice's own rule and not at spaces alone",
    "other": "documents whose group, split or annotators' own spans are not written",
}


class Writer:
    """Turns documents into lines, and counts what is lost on the way.

    Parameters
    ----------
    scheme : str
        The tag scheme.
    """

    def __init__(self, scheme: str) -> None:
        self.scheme = scheme
        self._lost: Counter[str] = Counter()

    def notes(self) -> list[str]:
        """Return what was lost, with counts."""
        return [f"{text}: {self._lost[key]}" for key, text in _RESULTS.items() if self._lost[key]]

    def lines(self, document: Document) -> str:
        r"""Return a document's lines: comments, words with tags, a blank line a sentence.

        Raises
        ------
        CorpusError
            A label holds a tab or line break.
        """
        text = document.text
        spans = self._flat(document.spans)
        edges = {edge for span in spans for edge in (span.start, span.end)}
        words = tokens_between(text, edges)
        blocks = self._blocks(document, spans)
        self._lost["words"] += [text[a:b] for a, b in words] != text.split()
        self._lost["sentences"] += document.sentences is None
        other = (document.group, document.split, document.annotators)
        self._lost["other"] += any(other)
        rebuilt = []
        out = [f"# newdoc id = {document.id}\n"]
        used = tagged = 0
        for start, end in blocks:
            first = used
            while used < len(words) and words[used][0] < end:
                used += 1
            inside = words[first:used]
            if not inside:
                continue
            held = [s for s in spans if s.start < end and start < s.end]
            own = text[start:end]
            if "\n" not in own and "\r" not in own:
                out.append(f"# text = {own}\n")
                rebuilt.append(own)
            else:
                rebuilt.append(" ".join(text[a:b] for a, b in inside))
            rows, kept = self._rows(text, inside, held)
            tagged += kept
            out.extend((*rows, "\n"))
        self._lost["edges"] += len(spans) - tagged
        self._lost["layout"] += "\n".join(rebuilt) != text
        return "".join(out)

    def _rows(
        self, text: str, words: list[tuple[int, int]], spans: list[Span]
    ) -> tuple[list[str], int]:
        """Return the lines of one sentence, and how many spans are in them unchanged."""
        found = []
        exact = 0
        for span in spans:
            inside = [i for i, (a, b) in enumerate(words) if span.start <= a and b <= span.end]
            if inside:
                found.append((inside[0], inside[-1] + 1, span.label))
                exact += (words[inside[0]][0], words[inside[-1]][1]) == (span.start, span.end)
        tags = encode(len(words), found, self.scheme)
        rows = [f"{text[a:b]}\t{tag}\n" for (a, b), tag in zip(words, tags, strict=True)]
        return rows, exact

    def _flat(self, spans: tuple[Span, ...]) -> list[Span]:
        """Return the spans without overlaps, longer ones first to stay."""
        kept: list[Span] = []
        for span in sorted(spans, key=lambda s: (s.start - s.end, s)):
            if any(c in span.label for c in "\t\n\r") or span.label != span.label.strip(" "):
                raise CorpusError(
                    "a label with a tab, a line break or space at its edge cannot be written",
                    remedy="rename it with `labels`",
                )
            if all(span.end <= other.start or other.end <= span.start for other in kept):
                kept.append(span)
            else:
                self._lost["overlap"] += 1
        return sorted(kept)

    def _blocks(self, document: Document, spans: list[Span]) -> list[tuple[int, int]]:
        """Return sentences that cover all words and cut no span."""
        found: list[tuple[int, int]] = []
        place = 0
        own = sentences(document)
        for start, end in own:
            found.extend(_gap(document.text, place, start))
            found.append((start, end))
            place = end
        found.extend(_gap(document.text, place, len(document.text)))
        merged: list[tuple[int, int]] = []
        for start, end in found:
            if merged and any(s.start < merged[-1][1] and s.end > merged[-1][1] for s in spans):
                merged[-1] = merged[-1][0], end
            else:
                merged.append((start, end))
        self._lost["joined"] += document.sentences is not None and tuple(merged) != own
        return merged


def _gap(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the text between two sentences as one of its own, if it holds anything."""
    gap = text[start:end]
    left = start + len(gap) - len(gap.lstrip())
    right = start + len(gap.rstrip())
    return [(left, right)] if left < right else []
