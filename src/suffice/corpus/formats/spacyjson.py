"""spaCy's JSON: what `Doc.to_json` gives, version 2's training files, and training lists.

::

    [{"text": "Bo left.", "ents": [{"start": 0, "end": 2, "label": "PERSON"}], "tokens": ...}]
    [{"id": 1, "paragraphs": [{"raw": ..., "sentences": [{"tokens": [{"orth", "ner"}]}]}]}]
    [["Bo left.", {"entities": [[0, 2, "PERSON"]]}]]

An array, or one record a line. A text without entity annotation, or a word of which has the tag
``-`` (spaCy's word for "not known"), is left out and counted. Groups of spans (``"spans"``) are
chosen as in `suffice.corpus.formats.spangroups`. The first shape is written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from suffice.corpus.document import Document
from suffice.corpus.formats.base import Draft, FileFormat, Item, Likeness, Note, Source
from suffice.corpus.formats.jsontext import first_values, json_values
from suffice.corpus.formats.lookalikes import Unread, is_refused
from suffice.corpus.formats.spacydocs import OWN, lost, spacy_docs
from suffice.corpus.formats.spangroups import Choice, Places
from suffice.corpus.formats.tagging import detect, is_tag
from suffice.corpus.formats.words import NOT, Built, find, not_annotated, problem_of, trimmed
from suffice.errors import CorpusError

_TAGGED = re.compile(r'"ner": "[A-Z]-')
_Record = dict[str, Any]
_READ = (
    "text", "ents", "sents", "tokens", "cats", "spans", "id", "group", "split", "raw",
    "sentences", "links",
)  # fmt: skip


class SpacyJson(FileFormat):
    """spaCy's JSON. Reading needs no spaCy, writing does (the extra ``spacy``)."""

    name = "spacyjson"
    extensions = (".spacy.json",)
    title = "spaCy's JSON"
    choices = ("layer",)

    def sniff(self, head: bytes, path: Path) -> Likeness:
        """Return how much the beginning of a file looks like JSON of spaCy's."""
        values = first_values(head)
        if values:
            return Likeness.FIELDS if any(map(_known, values)) else Likeness.NONE
        # The first record may be longer than the head.
        old = all(key in head for key in (b'"paragraphs"', b'"sentences"', b'"orth"'))
        new = all(key in head for key in (b'"text"', b'"ents"', b'"label"'))
        return Likeness.SHAPE if old or new else Likeness.NONE

    def read(self, source: Source) -> Iterator[Item]:
        """Yield the annotated texts of a file, unverified."""
        unread = Unread(
            "ents",
            _READ,
            _has_entities,
            lambda: (part for _, record in json_values(source) for part in _parts(record)),
            'write the file again with spaCy; or remove "{key}"',
        )
        places = Places()
        for _, record in json_values(source):
            for marked in _marked(record):
                places.add(*marked)
        choice = places.choose(source)
        for where, record in json_values(source):
            beside = [item for part in _parts(record) for item in unread.items(where, part)]
            yield from beside
            if is_refused(beside):
                continue
            if isinstance(record, CorpusError):
                yield record
            elif _is_wrapped(record):
                for number, example in enumerate(record["annotations"], start=1):
                    # The tool that writes this leaves null for texts that nobody came to.
                    place = f"{where}, text {number}"
                    yield from [NOT] if example is None else _example(place, example, choice)
            elif isinstance(record, dict) and isinstance(record.get("paragraphs"), list):
                yield from _old(where, record)
            elif isinstance(record, dict):
                yield from _doc(where, record, choice)
            else:
                yield from _example(where, record, choice)
        yield from places.passed_over(choice)

    def write(self, documents: Sequence[Document], out: BinaryIO) -> list[str]:
        """Write documents as `Doc.to_json` does; ``Doc.from_json`` reads them.

        Where any two spans of the corpus overlap, all are written to ``doc.spans["sc"]``.
        """
        made = spacy_docs(documents)
        out.write(b"[")
        for number, document in enumerate(documents):
            record = next(made).to_json()
            if document.sentences is None:  # spaCy takes texts of one word to have them
                record.pop("sents", None)
            own = {key: v for key in OWN if (v := getattr(document, key)) is not None}
            # What tells the format comes first, however long the text.
            first = {key: record[key] for key in ("ents", "spans") if key in record}
            record = {**own, **first, **record}
            out.write(b",\n" if number else b"\n")
            out.write(json.dumps(record, ensure_ascii=False).encode())
        out.write(b"\n]\n")
        return lost(documents)


def _known(value: Any) -> bool:
    if _is_wrapped(value):
        return True
    if isinstance(value, dict):
        if isinstance(value.get("paragraphs"), list):
            return True
        tokens = value.get("tokens")
        return "text" in value and (
            isinstance(value.get("ents"), list)
            or (isinstance(value.get("spans"), dict) and isinstance(tokens, list))
        )
    return _is_example(value) and isinstance(value[1].get("entities"), list)


def _parts(record: Any) -> Iterator[_Record]:
    """Yield the objects of a record that hold the annotation of a text."""
    if _is_wrapped(record):
        for example in record["annotations"]:
            yield from _parts(example)
    elif isinstance(record, dict) and isinstance(record.get("paragraphs"), list):
        for part in (part for part in record["paragraphs"] if isinstance(part, dict)):
            # spaCy wrote the entities twice: as tags, which are read, and as a list.
            tagged = _TAGGED.search(json.dumps(part.get("sentences"))) is not None
            yield {key: v for key, v in part.items() if not (tagged and key == "entities")} | {
                "ents": tagged
            }
    elif isinstance(record, dict):
        yield record
    elif _is_example(record):
        yield {"ents": record[1].get("entities")} | {
            key: value for key, value in record[1].items() if key != "entities"
        }


def _has_entities(part: Mapping[str, Any]) -> bool:
    return bool(part.get("ents") or part.get("spans"))


def _is_wrapped(value: Any) -> bool:
    """Return whether a value is a training list with its labels beside it."""
    if not isinstance(value, dict) or "classes" not in value:
        return False
    given = value.get("annotations")
    return isinstance(given, list) and all(g is None or _is_example(g) for g in given)


def _is_example(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and isinstance(value[0], str)
        and isinstance(value[1], dict)
    )


def _bad(where: str, problem: str) -> CorpusError:
    return CorpusError(problem, remedy="write the file again with spaCy", where=where)


def _marked(record: Any) -> Iterator[tuple[list[Any], Mapping[str, list[Any]]]]:
    """Yield the entities and the groups of spans of each text of a record."""
    if _is_wrapped(record):
        for example in record["annotations"]:
            if example is not None:
                yield from _marked(example)
    elif _is_example(record):
        yield _list(record[1].get("entities")), _groups(record[1])
    elif isinstance(record, dict) and not isinstance(record.get("paragraphs"), list):
        yield _list(record.get("ents")), _groups(record)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _groups(record: Mapping[str, Any]) -> Mapping[str, list[Any]]:
    given = record.get("spans")
    if not isinstance(given, dict):
        return {}
    return {key: spans for key, spans in given.items() if isinstance(spans, list)}


def _chosen(
    where: str, given: Any, groups: Mapping[str, list[Any]], choice: Choice
) -> Sequence[Any] | Note | CorpusError:
    if given is not None and not isinstance(given, list):
        return _bad(where, "the entities are no list")
    return choice.spans(given or [], NOT if given is None else None, groups)


def _example(where: str, value: Any, choice: Choice) -> Iterator[Item]:
    if not _is_example(value):
        yield _bad(where, 'the record is not [text, {"entities": [[start, end, label]]}]')
        return
    text, marked = value
    groups = _groups(marked)
    chosen = _chosen(where, marked.get("entities"), groups, choice)
    if isinstance(chosen, Note | CorpusError):
        yield chosen
        return
    spans = []
    for entity in chosen:
        if not isinstance(entity, list) or len(entity) not in (3, 4):
            yield _bad(where, "an entity is not [start, end, label]")
            return
        spans.append(dict(zip(("start", "end", "label"), entity, strict=False)))
    if (note := choice.note(chosen, groups)) is not None:
        yield note
    yield Draft(where=where, text=text, spans=spans, fields=marked)


def _doc(where: str, record: _Record, choice: Choice) -> Iterator[Item]:
    if "text" not in record:
        yield _bad(where, 'the record has neither "text" nor "paragraphs"')
        return
    groups = _groups(record)
    chosen = _chosen(where, record.get("ents"), groups, choice)
    if isinstance(chosen, Note | CorpusError):
        yield chosen
        return
    if (note := choice.note(chosen, groups)) is not None:
        yield note
    text = record["text"]
    yield Draft(
        where=where,
        text=text,
        spans=[_plain(span) for span in chosen],
        id=record.get("id"),
        sentences=_sentences(record.get("sents"), text),
        group=record.get("group"),
        split=record.get("split"),
        fields=record,
    )


def _plain(span: Any) -> Any:
    """Return a span without what else spaCy says of it (a text there is not the span's)."""
    if not isinstance(span, dict):
        return span
    return {key: span.get(key) for key in ("start", "end", "label")}


def _sentences(given: Any, text: Any) -> Any:
    """Return the sentences without white space at their edges, as spaCy does not cut it."""
    if not isinstance(given, list) or not isinstance(text, str):
        return given
    found = []
    for sentence in given:
        if not isinstance(sentence, dict):
            return given
        start, end = sentence.get("start"), sentence.get("end")
        if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(text):
            found.append((start, end))
        elif (offsets := trimmed(text, start, end)) is not None:
            found.append(offsets)
    return found


def _old(where: str, record: _Record) -> Iterator[Item]:
    """Yield the paragraphs of a record of version 2, each a document, as spaCy trains on them."""
    paragraphs = record["paragraphs"]
    given = record.get("id")
    if not paragraphs:
        yield _bad(where, "the record has no paragraphs")
    for number, paragraph in enumerate(paragraphs, start=1):
        several = len(paragraphs) > 1
        place = f"{where}, paragraph {number}" if several else where
        item = _paragraph(place, paragraph)
        if isinstance(item, Built):
            yield from item.notes()
            named = given if isinstance(given, str | int) else None
            yield Draft(
                where=place,
                text=item.text,
                spans=item.spans,
                id=f"{named}-{number}" if several and named is not None else named,
                sentences=item.sentences,
                group=named if several else None,
                fields=paragraph,
            )
        else:
            yield item


def _paragraph(where: str, paragraph: Any) -> Item | Built:
    sentences = paragraph.get("sentences") if isinstance(paragraph, dict) else None
    if not isinstance(sentences, list):
        return _bad(where, "the paragraph has no sentences")
    words: list[list[Any]] = []
    tags: list[list[str]] = []
    for sentence in sentences:
        given = sentence.get("tokens") if isinstance(sentence, dict) else None
        if not isinstance(given, list):
            return _bad(where, "a sentence has no tokens")
        words.append([])
        tags.append([])
        for token in given:
            if not isinstance(token, dict):
                return _bad(where, "a token is no object")
            tag = token.get("ner", "-")
            tag = "-" if tag in (None, "") else tag
            if not isinstance(tag, str) or not (tag == "-" or is_tag(tag)):
                return _bad(where, 'the "ner" of a token is no tag')
            words[-1].append(token.get("orth"))
            tags[-1].append(tag)
    if (problem := problem_of(word for own in words for word in own)) is not None:
        return _bad(where, f'{problem} ("orth")')
    if (left_out := not_annotated(tag != "-" for own in tags for tag in own)) is not None:
        return left_out
    return _built(where, paragraph.get("raw"), words, tags)


def _built(where: str, raw: Any, words: list[list[str]], tags: list[list[str]]) -> Item | Built:
    built = Built(detect(tags))
    if not isinstance(raw, str):
        for own, marks in zip(words, tags, strict=True):
            if own:
                built.add(own, marks)
        return built
    places = find([word for own in words for word in own], raw)
    if places is None:
        return _bad(where, 'the words are not those of "raw"')
    built.place(raw, places, tags)
    return built
