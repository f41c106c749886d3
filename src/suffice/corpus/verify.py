"""From a draft, as a file has it, to a verified document, or one clear error."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from suffice.corpus.annotations import majority
from suffice.corpus.document import Document, Span
from suffice.corpus.formats.base import Draft
from suffice.errors import CorpusError

_SHOWN = 20
_CONTROLS = ("Cc", "Zl", "Zp")


class _BadRecord(Exception):
    """What is wrong with a record; becomes a `CorpusError` with its place."""

    def __init__(self, problem: str, remedy: str = "") -> None:
        self.problem = problem
        self.remedy = remedy
        super().__init__(problem)


def verified(
    draft: Draft,
    name_for: Callable[[str], str],
    *,
    private: bool = False,
    hash_ids: bool = False,
) -> Document:
    """Return the document of a draft.

    Parameters
    ----------
    draft : Draft
        What a format read.
    name_for : callable
        Takes the text, returns the id of a document that has none.
    private : bool
        Whether messages must hold no text.
    hash_ids : bool
        Whether ids of documents and groups are replaced by hashes of them.

    Returns
    -------
    Document
        With spans sorted, and each kept once.

    Raises
    ------
    CorpusError
        Something is not as it has to be; the message names the place and shows at most 40
        characters of the text, none if ``private``.
    """
    try:
        text = _text(draft.text)
        given = _key(draft.id, "id")
        group = _key(draft.group, "group")
        if hash_ids:
            given = None if given is None else _hashed("id", given)
            group = None if group is None else _hashed("group", group)
        annotators = _annotators(draft.annotators, text, private)
        asked = _asked(draft.annotator_labels, annotators)
        spans = _spans(draft.spans, text, private) if draft.spans is not None else None
        return Document(
            id=name_for(text) if given is None else given,
            text=text,
            spans=_majority(annotators, asked) if spans is None else spans,
            sentences=_sentences(draft.sentences, text),
            group=group,
            split=_key(draft.split, "split"),
            annotators=annotators,
            annotator_labels=asked,
            synthetic=draft.fields.get("synthetic") is True,
        )
    except _BadRecord as bad:
        raise CorpusError(bad.problem, remedy=bad.remedy, where=draft.where) from None


def _text(text: Any) -> str:
    if not isinstance(text, str):
        raise _BadRecord(f'"text" is {_kind(text)}, not a string')
    if not text or text.isspace():
        raise _BadRecord("the text is empty", "leave the record out, or read with `lenient`")
    _encodable(text, "the text")
    return text


def _encodable(value: str, what: str) -> None:
    """Refuse what no file could hold again."""
    nul = value.find("\0")
    if nul >= 0:
        raise _BadRecord(f"{what} holds a NUL character at {nul}", "remove it, offsets unchanged")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise _BadRecord(
            f"{what} holds half of a surrogate pair at character {error.start}",
            "write the character whole; the export is damaged",
        ) from None


def _key(value: Any, what: str) -> str | None:
    """Return an id, group or split as a string: a short name on one line."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise _BadRecord(f'"{what}" is {_kind(value)}, not a string or whole number')
    try:
        name = str(value)
    except ValueError:  # Python refuses to write integers of more than 4,300 digits
        raise _BadRecord(f'"{what}" is a number of too many digits') from None
    if not name.strip():
        raise _BadRecord(f'"{what}" is empty')
    _encodable(name, f'"{what}"')
    if not name.isprintable():
        raise _BadRecord(f'"{what}" holds a control character')
    return name


def _hashed(what: str, name: str) -> str:
    return hashlib.blake2b(name.encode(), digest_size=8, person=what.encode()).hexdigest()


def _annotators(given: Any, text: str, private: bool) -> dict[str, tuple[Span, ...]]:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise _BadRecord('"annotators" is not an object of lists of spans')
    found = {}
    for name, spans in given.items():
        key = _key(name, "annotators")
        assert key is not None
        found[key] = _spans(spans, text, private)
    return found


def _asked(given: Any, annotators: Mapping[str, tuple[Span, ...]]) -> dict[str, tuple[str, ...]]:
    """Return the labels that annotators were asked for, which hold all that they marked."""
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise _BadRecord('"annotator_labels" is not an object of lists of labels')
    found = {}
    for name, labels in given.items():
        if name not in annotators:
            raise _BadRecord('"annotator_labels" names an annotator who is not in "annotators"')
        if not isinstance(labels, (list, tuple)) or not all(isinstance(x, str) for x in labels):
            raise _BadRecord('"annotator_labels" is not an object of lists of labels')
        if not {span.label for span in annotators[name]} <= set(labels):
            raise _BadRecord("an annotator marked a label that they were not asked for")
        for label in labels:
            _check_label(label, 'a label in "annotator_labels"')
        found[name] = tuple(sorted(set(labels)))
    return found


def _majority(
    annotators: Mapping[str, tuple[Span, ...]], asked: Mapping[str, tuple[str, ...]]
) -> tuple[Span, ...]:
    if not annotators:
        raise _BadRecord(
            '"spans" is null, not a list', 'write "spans": [] where a text has no entities'
        )
    return majority(annotators, asked)


def _spans(given: Any, text: str, private: bool) -> tuple[Span, ...]:
    if not isinstance(given, (list, tuple)):
        raise _BadRecord(f'"spans" is {_kind(given)}, not a list')
    return tuple(sorted({_span(i, s, text, private) for i, s in enumerate(given, start=1)}))


def _span(number: int, given: Any, text: str, private: bool) -> Span:
    if not isinstance(given, Mapping):
        raise _BadRecord(
            f'span {number} is {_kind(given)}, not an object with "start", "end", "label"'
        )
    for key in ("start", "end", "label"):
        if given.get(key) is None:
            raise _BadRecord(f'span {number} has no "{key}"')
    label = given["label"]
    if not isinstance(label, str):
        raise _BadRecord(f"span {number}: the label is {_kind(label)}, not a string")
    if not label.strip():
        raise _BadRecord(f"span {number}: the label is empty")
    _check_label(label, f"span {number}: the label")
    start, end = _offsets(f"span {number}", given["start"], given["end"], text)
    declared = given.get("text")
    if isinstance(declared, str) and declared != text[start:end]:
        raise _mismatch(number, declared, start, end, text, private)
    return Span(start, end, label)


def _check_label(label: str, what: str) -> None:
    """Refuse a label that cannot stand on one line: a column or line was taken for a part of it."""
    _encodable(label, what)
    if any(unicodedata.category(c) in _CONTROLS for c in label):
        raise _BadRecord(
            f"{what} holds a line break, tab or other control character",
            "write it on one line; if lines or columns ran together, correct the separators",
        )


def _offsets(what: str, start: Any, end: Any, text: str) -> tuple[int, int]:
    for key, value in (("start", start), ("end", end)):
        if isinstance(value, bool) or not isinstance(value, int):
            raise _BadRecord(f"{what}: {key} is {_kind(value)}, not a whole number")
    if start < 0:
        raise _BadRecord(f"{what}: start is negative")
    if end > len(text):
        raise _BadRecord(
            f"{what}: end {_short(end)} lies beyond the text, which has {len(text)} characters",
            _counted(end, text),
        )
    if start >= end:
        raise _BadRecord(f"{what}: start {_short(start)} is not before end {_short(end)}")
    return start, end


def _counted(end: int, text: str) -> str:
    """Return what an offset beyond the text may count."""
    right = "they have to count characters (Unicode code points)"
    units = len(text.encode("utf-16-le")) // 2
    size = len(text.encode())
    if end <= units:
        return f"offsets may count its {units} UTF-16 units, as JavaScript and Java do; {right}"
    if end <= size:
        return f"offsets may count its {size} bytes; {right}"
    return "offsets count characters (Unicode code points), not bytes or UTF-16 units"


def _short(number: int) -> str:
    return str(number) if abs(number) < 10**15 else "(a number of more than 15 digits)"


def _mismatch(
    number: int, declared: str, start: int, end: int, text: str, private: bool
) -> _BadRecord:
    """Return the error for a span whose own text is not what stands at its offsets."""
    shown = ""
    if not private:
        shown = f" ({_excerpt(text[start:end])} against {_excerpt(declared)})"
    return _BadRecord(
        f"span {number}: the text at {start} to {end} is not the span's own text{shown}",
        _explanation(declared, start, end, text),
    )


def _explanation(declared: str, start: int, end: int, text: str) -> str:
    if text.encode()[start:end] == declared.encode("utf-8", "replace"):
        return "the offsets count bytes; they have to count characters"
    if text.encode("utf-16-le")[2 * start : 2 * end] == declared.encode("utf-16-le", "replace"):
        return "the offsets count UTF-16 units (as JavaScript does); they have to count characters"
    if text.replace("\r\n", "\n")[start:end] == declared:
        return r"the offsets count \r\n as one character; it has to count as two"
    window = 50
    near = [
        at - start
        for at in range(max(0, start - window), min(len(text), start + window) + 1)
        if text.startswith(declared, at)
    ]
    if declared and near:
        shift = min(near, key=abs)
        return f"the span's text stands {abs(shift)} {'later' if shift > 0 else 'earlier'}"
    return "check the offsets"


def _excerpt(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")


def _sentences(given: Any, text: str) -> tuple[tuple[int, int], ...] | None:
    if given is None:
        return None
    if not isinstance(given, (list, tuple)):
        raise _BadRecord(f'"sentences" is {_kind(given)}, not a list of pairs of offsets')
    found: list[tuple[int, int]] = []
    for number, pair in enumerate(given, start=1):
        if not isinstance(pair, (list, tuple)) or len(pair) != 2:
            raise _BadRecord(f"sentence {number} is not a pair of offsets")
        start, end = _offsets(f"sentence {number}", pair[0], pair[1], text)
        if found and start < found[-1][1]:
            raise _BadRecord(
                f"sentence {number} begins at {start}, before the end of the one before it",
                "sentences have to be in order and must not overlap",
            )
        found.append((start, end))
    return tuple(found)


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, (int, float)):
        return "a number" if isinstance(value, int) else "a number with a fraction"
    if isinstance(value, str):
        return "a string"
    return "a list" if isinstance(value, (list, tuple)) else "an object"
