"""spaCy's DocBin (``.spacy``), with entities in ``doc.ents`` or a group of ``doc.spans``.

Needs the extra ``spacy``. Of a document that spaCy has parsed and tagged only the words, entities
and sentence starts are read. A document whose words all lack an entity tag (not even "outside") is
not annotated; one some of whose words lack it (as spaCy marks what does not fit its tokens) is
annotated in part. Both are left out and counted.
"""

from __future__ import annotations

import gc
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from suffice.corpus.document import Document
from suffice.corpus.formats.base import Draft, FileFormat, Item, Likeness, Note, Source
from suffice.corpus.formats.spacydocs import BY_RULE, OWN, load_spacy, lost, spacy_docs
from suffice.corpus.formats.spangroups import Choice, Places
from suffice.corpus.formats.words import not_annotated, trimmed
from suffice.errors import CorpusError

_FLOOR = 64 << 20
_RATIO = 200


class DocBinFormat(FileFormat):
    """spaCy's DocBin."""

    name = "docbin"
    extensions = (".spacy",)
    title = "spaCy's DocBin"
    binary = True
    choices = ("layer",)

    def sniff(self, head: bytes, path: Path) -> Likeness:
        """Return how much the beginning of a file looks like a DocBin."""
        if head[:1] != b"\x78":
            return Likeness.NONE
        try:
            start = zlib.decompressobj().decompress(head, 64)
        except zlib.error:
            return Likeness.NONE
        return Likeness.CERTAIN if b"version" in start and b"attrs" in start else Likeness.NONE

    def read(self, source: Source) -> Iterator[Item]:
        """Yield the documents of a file, unverified."""
        _check_size(source)
        spacy = load_spacy()
        try:
            docs = _docs(spacy, source.data)
        except Exception as error:  # whatever spaCy says of damaged bytes
            raise source.error(
                f"this is no whole DocBin ({type(error).__name__})",
                "write it again with DocBin.to_disk",
            ) from error
        found: list[_Read | CorpusError] = []
        places = Places()
        for number, make in enumerate(docs, start=1):
            try:
                one = _whole(make, source.record(number))
            except CorpusError as error:
                found.append(error)
            else:
                places.add(one.ents, one.groups)
                found.append(one)
        choice = places.choose(source)
        for item in found:
            if isinstance(item, _Read):
                yield from _items(item, choice)
            else:
                yield item
        yield from places.passed_over(choice)

    def write(self, documents: Sequence[Document], out: BinaryIO) -> list[str]:
        """Write documents as words cut at the edges of spans; all text and spans are kept.

        Where any two spans of the corpus overlap, all are written to ``doc.spans["sc"]``.
        """
        attributes = ["ENT_IOB", "ENT_TYPE", "SENT_START"]
        made = load_spacy().tokens.DocBin(attrs=attributes, store_user_data=True)
        for doc in spacy_docs(documents):
            made.add(doc)
        out.write(made.to_bytes())
        return lost(documents)


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
    collecting = gc.isenabled()
    try:
        stored = spacy.tokens.DocBin().from_bytes(data)
    finally:
        if collecting:  # srsly stops the garbage collector, and leaves it so on damaged bytes
            gc.enable()
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


@dataclass(frozen=True)
class _Read:
    """What is read of a document.

    Parameters
    ----------
    draft : Draft
        All but its spans.
    ents : list of dict
        The entities of ``doc.ents``.
    state : Note, optional
        Why ``doc.ents`` cannot be used: not set, or for some words only.
    groups : dict of str to list of dict
        The groups of ``doc.spans``.
    """

    draft: Draft
    ents: list[dict[str, Any]]
    state: Note | None
    groups: dict[str, list[dict[str, Any]]]


def _whole(make: Any, where: str) -> _Read:
    """Return what is read of a document; raises where it is damaged."""
    try:
        return _parts(make(), where)
    except Exception as error:  # whatever spaCy says of damaged bytes
        raise CorpusError(
            f"the document is damaged ({type(error).__name__})", where=where
        ) from error


def _parts(doc: Any, where: str) -> _Read:
    text = doc.text
    own = {key: doc.user_data.get(f"suffice_{key}") for key in OWN}
    draft = Draft(
        where=where,
        text=text,
        spans=None,
        id=own["id"],
        sentences=_sentences(doc, text),
        group=own["group"],
        split=own["split"],
        fields={k: v for k, v in doc.user_data.items() if isinstance(k, str)},
    )
    return _Read(
        draft,
        [_given(span) for span in doc.ents],
        not_annotated(token.ent_iob != 0 for token in doc),
        {key: [_given(span) for span in group] for key, group in doc.spans.items()},
    )


def _items(read: _Read, choice: Choice) -> Iterator[Item]:
    chosen = choice.spans(read.ents, read.state, read.groups)
    if isinstance(chosen, Note):
        yield chosen
        return
    if (note := choice.note(chosen, read.groups)) is not None:
        yield note
    yield replace(read.draft, spans=chosen)


def _given(span: Any) -> dict[str, Any]:
    return {"start": span.start_char, "end": span.end_char, "label": span.label_}


def _sentences(doc: Any, text: str) -> list[tuple[int, int]] | None:
    if BY_RULE in doc.user_data or not doc.has_annotation("SENT_START"):
        return None
    given = (trimmed(text, s.start_char, s.end_char) for s in doc.sents)
    return [offsets for offsets in given if offsets is not None]
