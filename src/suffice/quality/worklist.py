"""Disagreements as a list to be worked through, in a text editor or an annotation tool.

Suffice's own work list is JSON Lines, one disagreement a line::

    {"document": "a1", "start": 0, "end": 9, "text": "...", "kinds": ["boundary"],
     "annotators": {"A": [{"start": 0, "end": 2, "label": "PERSON", "text": "Bo"}],
                    "B": [{"start": 0, "end": 9, "label": "PERSON", "text": "Bo Lindén"}]},
     "decision": null}

``decision`` becomes an annotator's name, ``[]`` for no span there, or a list of spans. For a tool,
each document with a disagreement is written in the tool's format with what is agreed and one
suggestion for the rest; whoever decides corrects it, and the export is read back.
"""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from suffice.atomic import replace as write_whole
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.corpus.formats.base import Draft, FileFormat, Source
from suffice.corpus.formats.jsontext import json_lines, parse
from suffice.corpus.formats.registry import sniff
from suffice.corpus.read import read
from suffice.corpus.verify import verified
from suffice.corpus.write import write
from suffice.errors import CorpusError
from suffice.quality.disputes import Dispute, Spans, divide
from suffice.quality.reconcile import Decisions, Key, Reconciled

OWN = "worklist"
"""The name of suffice's own work list among the formats that one can be written in."""


def write_worklist(found: Reconciled, path: Path, format: str = OWN) -> list[str]:
    """Write what is undecided. The file holds text, and is readable by its owner only.

    Parameters
    ----------
    found : Reconciled
        With `Reconciled.undecided`.
    path : Path
        Replaced where it exists.
    format : str
        "worklist", or the name of a format that an annotation tool imports.

    Returns
    -------
    list of str
        What the format cannot express.
    """
    notes: list[str] = []
    if format == OWN:
        texts = {d.id: d.text for d in found.joined}
        lines = [
            json.dumps(_record(d, texts[d.document]), ensure_ascii=False) for d in found.undecided
        ]
        write_whole(path, "".join(f"{line}\n" for line in lines).encode(), mode=0o600)
    else:
        notes = write(suggested(found), path, format)
        path.chmod(0o700 if path.is_dir() else 0o600)
    return notes


def _record(dispute: Dispute, text: str) -> dict[str, Any]:
    return {
        "document": dispute.document,
        "start": dispute.start,
        "end": dispute.end,
        **({} if dispute.label is None else {"label": dispute.label}),
        "text": text,
        "kinds": list(dispute.kinds),
        "annotators": {a: _spans(spans, text) for a, spans in dispute.spans.items()},
        "decision": None,
    }


def _spans(spans: Spans, text: str) -> list[dict[str, Any]]:
    return [
        {"start": s.start, "end": s.end, "label": s.label, "text": text[s.start : s.end]}
        for s in spans
    ]


def suggested(found: Reconciled) -> Corpus:
    """Return the documents with something undecided, each with a suggestion to be corrected."""
    open_: dict[str, list[Dispute]] = {}
    for dispute in found.undecided:
        open_.setdefault(dispute.document, []).append(dispute)
    documents = []
    for document in found.joined:
        if document.id in open_:
            spans = list(divide(document).agreed)
            for dispute in divide(document).disputes:
                spans.extend(dispute.suggestion())
            documents.append(
                replace(
                    document,
                    spans=tuple(sorted(set(spans))),
                    annotators={},
                    annotator_labels={},
                )
            )
    return replace(found.joined, documents=tuple(documents))


def is_worklist(path: Path) -> bool:
    """Return whether a file is suffice's own work list."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        first = file.readline(1 << 24)
    try:
        record = parse(first.decode())
    except ValueError:
        return False
    return isinstance(record, dict) and {"decision", "annotators"} <= record.keys()


def read_decisions(path: Path, found: Reconciled, *, private: bool = False) -> Decisions:
    """Read suffice's own work list back.

    Parameters
    ----------
    path : Path
        The work list.
    found : Reconciled
        What `reconcile` says of the same files without decisions.
    private : bool
        Show no text in messages.

    Returns
    -------
    mapping
        For `suffice.reconcile`; lines whose decision is still null are not in it.

    Raises
    ------
    CorpusError
        A line is no decision on a disagreement of these files.
    """
    documents = {d.id: d for d in found.joined}
    known = {d.key: d for d in found.undecided}
    decided: dict[Key, Spans] = {}
    source = Source(path, path.read_bytes(), private=private)
    for number, record in json_lines(source):
        if isinstance(record, CorpusError):
            raise record
        key = _key(record)
        if "decision" not in record or key is None or key not in known:
            raise source.error(
                "this is not a disagreement between these files",
                "keep document, start, end and decision of each line, and name the same files; "
                "or write a new work list with `worklist`",
                number,
            )
        dispute = known[key]
        if key in decided:
            raise source.error("this disagreement is decided twice", "keep one line", number)
        if record["decision"] is not None:
            decided[key] = _decision(
                record["decision"], dispute, documents[dispute.document], source, number
            )
    return decided


def _key(record: dict[str, Any]) -> Key | None:
    document, start, end = (record.get(name) for name in ("document", "start", "end"))
    label = record.get("label", "")
    if isinstance(document, str) and isinstance(start, int) and isinstance(end, int):
        return (document, start, end, label) if isinstance(label, str) else None
    return None


def _decision(
    given: Any, dispute: Dispute, document: Document, source: Source, number: int
) -> tuple[Span, ...]:
    if isinstance(given, str):
        if given not in dispute.spans:
            raise source.error(
                f"the decision {given[:40]!r} is not the name of an annotator",
                f"write one of {', '.join(dispute.spans)}, a list of spans, or [] for none",
                number,
            )
        return dispute.spans[given]
    draft = Draft(source.line(number), document.text, given)
    if given is not None and not isinstance(given, list):
        raise source.error(
            "the decision is neither a name nor a list of spans",
            f"write one of {', '.join(dispute.spans)}, a list of spans, or [] for none",
            number,
        )
    spans = verified(draft, lambda text: document.id, private=source.private).spans
    for span in spans:
        if span.end <= dispute.start or span.start >= dispute.end:
            raise source.error(
                f"the span at {span.start} to {span.end} is outside of the disagreement at "
                f"{dispute.start} to {dispute.end}",
                "decide on this disagreement only",
                number,
            )
    return spans


def read_judge(path: Path, found: Reconciled, **reading: Any) -> Corpus:
    """Read the export of a tool in which a work list was decided.

    Parameters
    ----------
    path : Path
        The path of any format that suffice reads.
    found : Reconciled
        What `reconcile` says of the same files without decisions.
    **reading
        For `suffice.read`.

    Returns
    -------
    Corpus
        To be the judge.

    Raises
    ------
    CorpusError
        It is the work list as it was written: nobody has decided anything.
    """
    if path.is_file() and _untouched(path, found):
        raise CorpusError(
            "this is the work list as it was written, without any decision",
            remedy="decide the disagreements in the tool, and name its export",
            where=path.as_posix(),
        )
    return read(path, **reading)


def _untouched(path: Path, found: Reconciled) -> bool:
    data = path.read_bytes()
    form = sniff(Source(path, data)) if data else None
    if not isinstance(form, FileFormat):
        return False
    out = io.BytesIO()
    form.write(suggested(found).documents, out)
    return out.getvalue() == data
