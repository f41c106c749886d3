"""spaCy's DocBin (``.spacy``), with entities in ``doc.ents`` or ``doc.spans["sc"]``.

Needs the extra ``spacy``. Of a document that spaCy has parsed and tagged only the words, entities
and sentence starts are read. A document whose words all lack an entity tag (not even "outside") is
not annotated: it is left out and counted, as spaCy's training leaves it out.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO

from suffice.corpus.document import Document, Span
from suffice.corpus.formats.base import Draft, FileFormat, Item, Note, Source, not_written
from suffice.corpus.sentences import sentences
from suffice.corpus.tokens import tokens_between
from suffice.errors import CorpusError, InputError

_KEY = "sc"
_FLOOR = 64 << 20
_RATIO = 200
_OWN = ("id", "group", "split")
# A mark on documents without sentences: spaCy takes those of one word to have them in any case.
_BY_RULE = "suffice_sentences_by_rule"


class DocBinFormat(FileFormat):
    """spaCy's DocBin."""

    name = "docbin"
    extensions = (".spacy",)
    title = "spaCy's DocBin"
    binary = True

    def sniff(self, head: bytes, path: Path) -> float:
        """Return how much the beginning of a file looks like a DocBin."""
        if head[:1] != b"\x78":
            return 0.0
        try:
            start = zlib.decompressobj().decompress(head, 64)
        except zlib.error:
            return 0.0
        return 1.0 if b"version" in start and b"attrs" in start else 0.0

    def read(self, source: Source) -> Iterator[Item]:
        """Yield the documents of a file, unverified."""
        _check_size(source)
        spacy = _spacy()
        try:
            docs = _docs(spacy, source.data)
        except Exception as error:  # whatever spaCy says of damaged bytes
            raise source.error(
                f"this is no whole DocBin ({type(error).__name__})",
                "write it again with DocBin.to_disk",
            ) from error
        for number, make in enumerate(docs, start=1):
            where = f"{source.name}, record {number}"
            try:
                items = _whole(make, where)
            except CorpusError as error:
                yield error
            else:
                yield from items

    def write(self, documents: Sequence[Document], out: BinaryIO) -> list[str]:
        """Write documents as words cut at the edges of spans; all text and spans are kept.

        Where any two spans of the corpus overlap, all are written to ``doc.spans["sc"]``.
        """
        spacy = _spacy()
        vocab = spacy.vocab.Vocab()
        overlapping = any(_overlap(d.spans) for d in documents)
        attributes = ["ENT_IOB", "ENT_TYPE", "SENT_START"]
        made = spacy.tokens.DocBin(attrs=attributes, store_user_data=True)
        for document in documents:
            made.add(_doc(spacy, vocab, document, overlapping))
        out.write(made.to_bytes())
        notes = []
        if overlapping:
            notes.append(
                "spans overlap, so all are in doc.spans['sc'] (train spancat, not ner): "
                f"{sum(len(d.spans) for d in documents)}"
            )
        if count := sum(not _kept_sentences(d) for d in documents):
            what = "documents whose sentences do not begin where words do, or leave words out"
            notes.append(f"{what}: {count}")
        return notes + not_written(documents, "annotators")


def _spacy() -> Any:
    try:
        import spacy.tokens
        import spacy.vocab
    except ImportError:
        raise InputError(
            "reading and writing spaCy's DocBin needs spaCy",
            remedy='run: pip install "suffice[spacy]"',
        ) from None
    return spacy


def _check_size(source: Source) -> None:
    """Refuse what is not compressed, or expands beyond reason, before spaCy unpacks it."""
    most = max(_FLOOR, _RATIO * len(source.data))
    unpacker = zlib.decompressobj()
    size = 0
    data = source.data
    try:
        while data and not unpacker.eof:
            size += len(unpacker.decompress(data, 1 << 20))
            data = unpacker.unconsumed_tail
            if size > most:
                raise source.error(f"the DocBin expands to more than {most >> 20} MiB")
    except zlib.error:
        raise source.error("this is no DocBin, or a damaged one") from None
    if not unpacker.eof:
        raise source.error("the DocBin is cut short", "copy it again")


def _docs(spacy: Any, data: bytes) -> list[Any]:
    """Return a function for each document that makes it, from words and the columns we use.

    The other columns are cut off first: heads of a damaged parse would lead spaCy astray.
    """
    stored = spacy.tokens.DocBin().from_bytes(data)
    ids = {name: spacy.attrs.IDS[name] for name in ("ORTH", "ENT_IOB", "ENT_TYPE", "SENT_START")}
    columns = [i for i, a in enumerate(stored.attrs) if a in ids.values()]
    attributes = [stored.attrs[i] for i in columns]
    if ids["ORTH"] not in attributes:
        raise ValueError("no words")
    parts = (stored.tokens, stored.spaces, stored.cats, stored.flags, stored.span_groups)
    if len({len(part) for part in parts}) > 1:
        raise ValueError("parts of different lengths")

    def maker(i: int) -> Any:
        def make() -> Any:
            one = spacy.tokens.DocBin(attrs=[])
            one.attrs = attributes
            one.strings = stored.strings
            one.tokens = [stored.tokens[i][:, columns].copy()]
            one.spaces, one.flags = [stored.spaces[i]], [stored.flags[i]]
            one.cats, one.span_groups = [{}], [stored.span_groups[i]]
            one.user_data = stored.user_data[i : i + 1]
            return next(iter(one.get_docs(vocab)))

        return make

    vocab = spacy.vocab.Vocab()
    for text in stored.strings:
        vocab.strings.add(text)
    return [maker(i) for i in range(len(stored.tokens))]


def _whole(make: Any, where: str) -> list[Item]:
    try:
        return list(_items(make(), where))
    except Exception as error:  # as above
        raise CorpusError(
            f"the document is damaged ({type(error).__name__})", where=where
        ) from error


def _items(doc: Any, where: str) -> Iterator[Item]:
    text = doc.text
    groups = doc.spans
    entities = [_given(span) for span in doc.ents]
    if _KEY in groups and not entities:
        spans = [_given(span) for span in groups[_KEY]]
    elif _KEY not in groups and len(doc) and not doc.has_annotation("ENT_IOB"):
        yield Note("documents without any entity annotation, left out")
        return
    else:
        spans = entities
        if _KEY in groups and len(groups[_KEY]):
            yield Note("documents with both doc.ents and doc.spans['sc'], the first read")
    own = {key: doc.user_data.get(f"suffice_{key}") for key in _OWN}
    yield Draft(
        where=where,
        text=text,
        spans=spans,
        id=own["id"],
        sentences=_sentences(doc, text),
        group=own["group"],
        split=own["split"],
        fields={k: v for k, v in doc.user_data.items() if isinstance(k, str)},
    )


def _given(span: Any) -> dict[str, Any]:
    return {"start": span.start_char, "end": span.end_char, "label": span.label_}


def _sentences(doc: Any, text: str) -> list[tuple[int, int]] | None:
    if _BY_RULE in doc.user_data or not doc.has_annotation("SENT_START"):
        return None
    found = []
    for sentence in doc.sents:
        start, end = sentence.start_char, sentence.end_char
        piece = text[start:end]
        start += len(piece) - len(piece.lstrip())
        end -= len(piece) - len(piece.rstrip())
        if start < end:
            found.append((start, end))
    return found


def _overlap(spans: Sequence[Span]) -> bool:
    reached = 0
    for span in spans:
        if span.start < reached:
            return True
        reached = max(reached, span.end)
    return False


def _pieces(document: Document) -> list[tuple[int, int]]:
    """Return stretches that cover the text: words, cut at spans' edges, and what is between."""
    edges = {edge for span in document.spans for edge in (span.start, span.end)}
    cuts = {0, len(document.text)} | edges
    for start, end in tokens_between(document.text, edges):
        cuts |= {start, end}
    ordered = sorted(cuts)
    return list(pairwise(ordered))


def _doc(spacy: Any, vocab: Any, document: Document, overlapping: bool) -> Any:
    """Return spaCy's document: a single space after a word is the word's, other gaps are words."""
    text = document.text
    first = {span.start for span in document.spans}
    last = {span.end for span in document.spans}
    words: list[str] = []
    spaces: list[bool] = []
    starts: list[int] = []
    for start, end in _pieces(document):
        piece = text[start:end]
        # spaCy's own rule, but a space that begins or ends a span stays a word of its own.
        follows = piece[0] == " " and words and not spaces[-1]
        if follows and start not in first and start + 1 not in last:
            spaces[-1] = True
            start, piece = start + 1, piece[1:]
        if piece:
            words.append(piece)
            spaces.append(False)
            starts.append(start)
    begins = {start for start, _ in document.sentences or ()}
    doc = spacy.tokens.Doc(
        vocab,
        words=words,
        spaces=spaces,
        sent_starts=[s in begins for s in starts] if begins else None,
    )
    made = [doc.char_span(s.start, s.end, label=s.label) for s in document.spans]
    if overlapping:
        doc.spans[_KEY] = made
    else:
        doc.set_ents(made)
    doc.user_data.update(
        {f"suffice_{key}": v for key in _OWN if (v := getattr(document, key)) is not None}
    )
    if document.sentences is None:
        doc.user_data[_BY_RULE] = True
    return doc


def _kept_sentences(document: Document) -> bool:
    """Return whether the sentences are told by the words they begin with."""
    if document.sentences is None:
        return True
    starts = {start for start, _ in _pieces(document)}
    covered = sentences(document)
    text = document.text
    gaps = zip((0, *(e for _, e in covered)), (*(s for s, _ in covered), len(text)), strict=True)
    return (
        all(start in starts for start, _ in covered)
        and not any(text[a:b].strip() for a, b in gaps)
        and all(text[a:b] == text[a:b].strip() for a, b in covered)
        and bool(covered)
    )
