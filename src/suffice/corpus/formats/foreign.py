"""Exports of other tools that are not read, told by name with what to do about it.

They are known by the keys they begin with, so that the beginning of a file is enough.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from suffice.corpus.formats.base import Source
from suffice.corpus.formats.jsontext import first_values

_WRITE = 'write JSON Lines with "text" and "spans" (start, end, label): '


@dataclass(frozen=True)
class Tool:
    """A kind of export.

    Parameters
    ----------
    name : str
        What it is, after "this is".
    keys : tuple of str
        The JSON keys that all stand in the beginning of such a file.
    remedy : str
        What to do.
    """

    name: str
    keys: tuple[str, ...]
    remedy: str


_TOOLS = (
    Tool(
        "an export of LightTag",
        ("example_id", "content"),
        f'{_WRITE}the text is "content", the spans are "annotations" (start, end, tag)',
    ),
    Tool(
        "an ann.json of tagtog",
        ("annotatable", "anncomplete"),
        "its text is in another file: "
        f"{_WRITE}offsets count within the part that each entity names",
    ),
    Tool(
        "an export of UBIAI",
        ("documentName", "document", "tokens"),
        f'{_WRITE}the text is "document", the spans are "tokens" (start, end, entityLabel)',
    ),
    Tool(
        "a data set of Google Vertex AI",
        ("textSegmentAnnotations",),
        f'{_WRITE}the text is "textContent", the spans are "textSegmentAnnotations" '
        "(startOffset, endOffset, displayName)",
    ),
    Tool(
        "a data set of Google AutoML",
        ("text_snippet", "annotations"),
        f'{_WRITE}the text is "text_snippet.content", the spans are "annotations" '
        "(text_extraction.text_segment, display_name)",
    ),
    Tool(
        "a project of Azure AI Language",
        ("projectFileVersion", "projectKind"),
        f"its texts are in other files: {_WRITE}a label's end is its offset plus its length, "
        'both counted as "stringIndexType" says',
    ),
    Tool(
        "an old export of doccano",
        ("annotations", "start_offset", "text"),
        "its labels may be numbers: export the project as JSONL with text labels",
    ),
    Tool(
        "an export of Dataturks",
        ("content", "annotation", "points"),
        f'{_WRITE}the text is "content", the spans are "annotation" (points, label), and the end '
        "of a point is the last character, not the one after it",
    ),
    Tool(
        "PubAnnotation's JSON",
        ("text", "denotations"),
        f'{_WRITE}the spans are "denotations" (span.begin, span.end, obj)',
    ),
    Tool(
        "a UIMA CAS in the JSON of older versions",
        ("_views", "_referenced_fss"),
        "export it as UIMA CAS XMI, UIMA CAS JSON 0.4 or WebAnno TSV",
    ),
    Tool(
        "an export of Kili",
        ("jsonResponse", "labels"),
        f'{_WRITE}the text is "content", the spans are "jsonResponse.JOB.annotations" '
        "(beginOffset, content, categories)",
    ),
    Tool(
        "an export of Labelbox",
        ("data_row", "projects"),
        f'{_WRITE}the spans are "annotations.objects" (location, name), and the end of a location '
        "is the last character, not the one after it",
    ),
    Tool(
        "training data of Rasa",
        ("rasa_nlu_data",),
        f'{_WRITE}the spans are "entities" (start, end, entity)',
    ),
    Tool(
        "training data of GLiNER",
        ("tokenized_text", "ner"),
        "write CoNLL, a line for each word with its tag; the last number of an entity is its last "
        "word, not the one after it",
    ),
    Tool(
        "JSON of DyGIE++",
        ("doc_key", "sentences", "ner"),
        "write CoNLL, a line for each word with its tag; the numbers of an entity count words of "
        "the document, and the second is its last word",
    ),
    Tool(
        "an annotation as Label Studio writes it to cloud storage",
        ("result", "completed_by", "task"),
        "export the project as JSON, which has all annotations of a task",
    ),
    Tool(
        "a Hugging Face dataset written as JSON",
        ("tokens", "ner_tags"),
        "write it as Parquet, with to_parquet, which keeps the names of its tags",
    ),
    Tool(
        "output of Amazon Comprehend",
        ("Entities", "BeginOffset", "EndOffset"),
        f"its texts are in other files: {_WRITE}the spans are BeginOffset, EndOffset, Type",
    ),
    Tool(
        "a manifest of SageMaker Ground Truth",
        ("source", "startOffset", "endOffset"),
        f'{_WRITE}the text is "source", the spans are "annotations.entities" '
        "(startOffset, endOffset, label)",
    ),
    Tool(
        "JSON of IBM Watson Knowledge Studio",
        ("text", "mentions", "tokens"),
        f'{_WRITE}the spans are "mentions" (begin, end, type)',
    ),
)
_CSV = (
    (
        re.compile(r"File,Line,Begin Offset,End Offset,Type"),
        "an annotation list of Amazon Comprehend",
        f"its texts are in other files: {_WRITE}the offsets count within a line",
    ),
    (
        re.compile(r"(?=.*\bannotation_id\b)(?=.*\bannotator\b)(?=.*\b(?:lead_time|created_at)\b)"),
        "a CSV or TSV export of Label Studio",
        "export the project as JSON, which has all annotations of a task",
    ),
)
# Column files whose tags stand elsewhere than in a column of their own.
_AIDA = re.compile(r"-DOCSTART- \(\d")
_INNER = re.compile(
    r"^(?:[^\t\n]+\t){9}(?:[^\t\n]*\|)?(ne|ner|name|entity)=(?:O|[BIELSU]-[^|\s]+)(?:\||\s*$)",
    re.IGNORECASE | re.MULTILINE,
)
_BRACKETS = re.compile(r"\s\([A-Z][A-Z_]*[*)]")
_PYTHON = re.compile(r"\(\s*[rbuf]*['\"].+['\"]\s*,\s*\{\s*['\"]entities['\"]\s*:", re.DOTALL)


def explain_foreign(source: Source) -> tuple[str, str] | None:
    """Return what an export of another tool is, and what to do; None where it is not known."""
    text = source.head.decode("utf-8", errors="replace").lstrip()
    if text[:1] in ("{", "["):
        return _explain_json(source, text)
    first = text.partition("\n")[0]
    for pattern, name, remedy in _CSV:
        if pattern.match(first):
            return f"this is {name}", remedy
    if (columns := _explain_columns(source, text)) is not None:
        return columns
    if _PYTHON.search(text[:4000]):
        return (
            "this is Python source that holds training data of spaCy 2",
            "write the list itself to a file, with json.dump",
        )
    return None


def _explain_columns(source: Source, text: str) -> tuple[str, str] | None:
    """Return what a column file is whose tags do not stand in a column of their own."""
    name = shlex.quote(source.path.name)
    if _AIDA.match(text):
        return (
            "this is AIDA-CoNLL, where words outside of entities have no tag",
            "write O after them: awk -F'\\t' '{print (NF ? $1 FS (NF > 1 ? $2 : \"O\") : \"\")}' "
            f"{name} > NEW.conll",
        )
    if (inner := _INNER.search(text)) is not None:
        key = inner[1]
        return (
            f"this is CoNLL-U whose tags stand inside column 10, as {key}=...",
            "write them to a column of their own: awk -F'\\t' 'NF == 10 {t = \"|\" $10; "
            f'if (!sub(/.*\\|{key}=/, "", t)) t = "_"; sub(/\\|.*/, "", t); '
            f'print $0 "\\t" t; next}} 1\' {name} > NEW.conllu',
        )
    if "#begin document (" in text and _BRACKETS.search(text):
        return (
            "this is CoNLL-2012, whose entities stand in brackets",
            "write a tag for each word: (PERSON* is B-PERSON, each * up to *) is I-PERSON, "
            "(PERSON) is B-PERSON, any other * is O",
        )
    return None


def _explain_json(source: Source, text: str) -> tuple[str, str] | None:
    keys = frozenset(re.findall(r'(?<!\\)"((?:[^"\\]|\\.){1,80})"\s*:', text))
    values = first_values(source.head)
    first = next((v for v in values if isinstance(v, dict)), {})
    for known in _ARGILLA:
        if (name_and_filter := known(keys, first)) is not None:
            name, taken = name_and_filter
            each = ".[] | " if text[0] == "[" else ""
            return (
                f"this is an export of {name}",
                f"convert it: jq -c '{each}{taken}' {shlex.quote(source.path.name)} > NEW.jsonl",
            )
    for tool in _TOOLS:
        if keys.issuperset(tool.keys):
            return f"this is {tool.name}", tool.remedy
    if {"text", "entities"} <= keys and any(map(_is_brat, _entities(values))):
        return (
            "this is the JSON of a brat server",
            f'{_WRITE}the entities are ["T1", label, [[start, end]]]; or take the .ann files',
        )
    if {"text", "entities", "indices"} <= keys:
        return (
            "this is JSON of GATE, or of Twitter",
            f'{_WRITE}the spans are the "indices" of the "entities", by their kinds',
        )
    return None


def _entities(values: list[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, dict) and isinstance(value.get("entities"), list):
            yield from value["entities"]


def _is_brat(entity: Any) -> bool:
    return (
        isinstance(entity, list)
        and len(entity) == 3
        and [type(part) for part in entity] == [str, str, list]
    )


_Known = tuple[str, str] | None


def _argilla_records(keys: frozenset[str], first: dict[str, Any]) -> _Known:
    if not {"annotation", "annotation_agent", "prediction"} <= keys:
        return None
    given = first.get("annotation")
    pairs = isinstance(given, list) and given and isinstance(given[0], list)
    span = '{"label": .[0], "start": .[1], "end": .[2]}' if pairs else "del(.score)"
    return (
        "Argilla 1 (token classification)",
        f"select(.annotation) | {{id, text, spans: [.annotation[] | {span}]}}",
    )


def _argilla_feedback(keys: frozenset[str], first: dict[str, Any]) -> _Known:
    if not {"fields", "responses", "suggestions"} <= keys:
        return None
    text = _name(first.get("fields"), "text")
    responses = first.get("responses")
    if isinstance(responses, list) or (not responses and "values" in keys):
        values = [r.get("values") for r in responses or () if isinstance(r, dict)]
        question = _name(next(iter(values), None), "QUESTION")
        return (
            "Argilla 1 (feedback)",
            f'{{text: .fields["{text}"], annotators: (.responses | map(select(.status == '
            f'"submitted") | {{key: (.user_id // "annotator"), value: .values["{question}"].value}}'
            ") | from_entries)} | select(.annotators != {})",
        )
    question = _name(responses, "QUESTION")
    return (
        "Argilla 2",
        f'{{id, text: .fields["{text}"], annotators: (.responses["{question}"] // [] | '
        "map({key: .user_id, value}) | from_entries)} | select(.annotators != {})",
    )


def _argilla_flat(keys: frozenset[str], first: dict[str, Any]) -> _Known:
    users = sorted(key for key in keys if key.endswith(".responses.users"))
    if not users:
        return None
    question = _printable(users[0].removesuffix(".responses.users"))
    text = _text_key(first)
    return (
        "Argilla 2",
        f'{{id, text: .["{text}"], annotators: ([.["{question}.responses.users"] // [], '
        f'.["{question}.responses"] // []] | transpose | map({{key: .[0], value: .[1]}}) | '
        "from_entries)} | select(.annotators != {})",
    )


def _argilla_hub(keys: frozenset[str], first: dict[str, Any]) -> _Known:
    named = sorted(key for key in keys if key.endswith("-suggestion-metadata"))
    if not named:
        return None
    question = _printable(named[0].removesuffix("-suggestion-metadata"))
    return (
        "Argilla 1 (feedback)",
        f'{{text: .["{_text_key(first)}"], annotators: (.["{question}"] // [] | map(select('
        '.status == "submitted") | {key: (.user_id // "annotator"), value}) | from_entries)} | '
        "select(.annotators != {})",
    )


_ARGILLA: tuple[Callable[[frozenset[str], dict[str, Any]], _Known], ...] = (
    _argilla_records,
    _argilla_feedback,
    _argilla_flat,
    _argilla_hub,
)


def _name(given: Any, otherwise: str) -> str:
    """Return the first key of a mapping, if it can stand in a command."""
    key = next(iter(given), otherwise) if isinstance(given, dict) else otherwise
    return _printable(key, otherwise)


def _printable(name: str, otherwise: str = "QUESTION") -> str:
    return name if re.fullmatch(r"[\w .-]+", name) else otherwise


def _text_key(record: dict[str, Any]) -> str:
    """Return the field that holds the text: ``text``, else the longest string."""
    strings = {k: v for k, v in record.items() if isinstance(v, str) and re.fullmatch(r"[\w-]+", k)}
    return max(strings, key=lambda k: (k == "text", len(strings[k])), default="text")
