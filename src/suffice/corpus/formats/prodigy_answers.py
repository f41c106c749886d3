"""Several records of one text in a Prodigy data set: annotators, passes over labels, answers again.

Prodigy keeps a record for each answer. The same text comes again where several people annotated it,
where one person annotated it for one label after the other and the data sets were merged, and where
somebody answered again. Only the first is a vote: spans of passes over different labels are joined,
as Prodigy's own training does, and of answers given again the last one counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from suffice.corpus.formats.base import MAJORITY, Draft, Item, Note, Source

_JOINED = "texts annotated in several passes that share no label, their spans joined"
_AGAIN = "records that the same annotator answered again, the last one used"
_AGAIN_UNNAMED = "records of the same input, which name no annotator, the last one used"
_OUTVOTED = (
    "spans lost in a vote because no other annotator of the text ever uses their label; check that "
    "all were asked for it"
)


@dataclass(frozen=True)
class Answer:
    """An accepted record.

    Parameters
    ----------
    number : int
        Its line.
    record : dict
        All of it.
    spans : Any
        Its spans without those that were rejected; should be a list.
    """

    number: int
    record: dict[str, Any]
    spans: Any

    @property
    def annotator(self) -> str | None:
        """Return who answered; None where the record does not say."""
        for key in ("_annotator_id", "_session_id"):
            if isinstance(name := self.record.get(key), str) and name:
                return name
        return None

    @property
    def labels(self) -> frozenset[str]:
        """Return the labels of the spans."""
        return frozenset(label for _, _, label in self.marks() if isinstance(label, str))

    @property
    def places(self) -> frozenset[tuple[Any, Any]]:
        """Return where the spans are."""
        return frozenset((start, end) for start, end, _ in self.marks())

    def marks(self) -> Iterator[tuple[Any, Any, Any]]:
        """Yield start, end and label of each span that has them."""
        for span in self.spans if isinstance(self.spans, list) else ():
            if isinstance(span, dict):
                found = span.get("start"), span.get("end"), span.get("label")
                if all(isinstance(part, int | str) for part in found):
                    yield found


def drafts_of(source: Source, answers: Sequence[Answer]) -> Iterator[Item]:
    """Yield a draft for each input, with notes on what was joined, voted on or answered again."""
    groups: dict[Any, list[Answer]] = defaultdict(list)
    for answer in answers:
        groups[_input(answer)].append(answer)
    in_passes = {name for group in groups.values() for name in _made_passes(group)}
    used: dict[str | None, set[str]] = defaultdict(set)
    for answer in answers:
        used[answer.annotator] |= answer.labels
    for group in groups.values():
        # Without Prodigy's hash equal texts may be two documents, unless they are two passes.
        unknown = group[0].annotator is None and group[0].record.get("_input_hash") is None
        apart = unknown and not any(True for _ in _made_passes(group))
        for answers in [[answer] for answer in group] if apart else [group]:
            yield from _draft(source, answers, in_passes, used)


def _input(answer: Answer) -> Any:
    """Return what the records of one input have in common; of its own where that is not known."""
    text, hash = answer.record.get("text"), answer.record.get("_input_hash")
    if not isinstance(text, str) or not isinstance(hash, int | str | None):
        return answer.number
    if answer.annotator is not None:
        return text, hash
    given = answer.record.get("id")
    return (text, hash) if given is None else (text, hash, repr(given))


def _made_passes(group: Sequence[Answer]) -> Iterator[str | None]:
    """Yield the annotators who marked different labels at different places of one text.

    An entity that was given another label is a correction, not a pass over another label.
    """
    labels: dict[str | None, set[str]] = defaultdict(set)
    places: dict[str | None, set[tuple[Any, Any]]] = defaultdict(set)
    for answer in group:
        name = answer.annotator
        both = bool(answer.labels and labels[name])
        if both and not (answer.labels & labels[name] or answer.places & places[name]):
            yield name
        labels[name] |= answer.labels
        places[name] |= answer.places


def _draft(
    source: Source,
    group: Sequence[Answer],
    in_passes: set[str | None],
    used: dict[str | None, set[str]],
) -> Iterator[Item]:
    """Yield the draft of one input, with notes."""
    by_annotator: dict[str | None, list[Answer]] = defaultdict(list)
    for answer in group:
        name = answer.annotator
        earlier = by_annotator[name]
        passes = name in in_passes
        replaced = [e for e in earlier if not passes or e.labels & answer.labels]
        if replaced:
            yield Note(_AGAIN if name is not None else _AGAIN_UNNAMED, len(replaced))
        kept = [e for e in earlier if passes and e.labels and not e.labels & answer.labels]
        by_annotator[name] = [*kept, answer]
    parts = _sharing_labels(list(by_annotator), used)
    if len(parts) > 1 or any(len(own) > 1 for own in by_annotator.values()):
        yield Note(_JOINED)
    first = group[0] if len(by_annotator) > 1 else by_annotator[group[0].annotator][-1]
    if len(parts) == len(by_annotator):
        yield _draft_of(source, first, _all_spans([a for b in by_annotator.values() for a in b]))
        return
    if count := _outvoted(by_annotator, parts, used):
        yield Note(_OUTVOTED, count)
    yield Note(MAJORITY)
    asked = {
        _called(name): sorted({label for other in part for label in used[other]})
        for part in parts
        for name in part
    }
    yield _draft_of(
        source,
        first,
        None,
        annotators={_called(name): _all_spans(own) for name, own in by_annotator.items()},
        annotator_labels=asked if len(parts) > 1 else None,
    )


def _called(name: str | None) -> str:
    return "(no name)" if name is None else name


def _draft_of(source: Source, answer: Answer, spans: Any, **more: Any) -> Draft:
    record = answer.record
    return Draft(
        where=source.line(answer.number),
        text=record["text"],
        spans=spans,
        id=record.get("id"),
        group=record.get("group"),
        split=record.get("split"),
        fields=record,
        **more,
    )


def _all_spans(answers: Sequence[Answer]) -> Any:
    """Return the spans of all answers; what is not a list stays as it is, to be refused."""
    for answer in answers:
        if not isinstance(answer.spans, list):
            return answer.spans
    return [span for answer in answers for span in answer.spans]


def _sharing_labels(
    names: Sequence[str | None], used: dict[str | None, set[str]]
) -> list[list[str | None]]:
    """Return the annotators in parts that share no label.

    Who never marked anything belongs to the others where these are one part, and is a pass in
    which nothing was found where they are several.
    """
    parts: list[list[str | None]] = []
    for name in (name for name in names if used[name]):
        akin = [part for part in parts if any(used[name] & used[other] for other in part)]
        parts = [part for part in parts if part not in akin]
        parts.append([*(other for part in akin for other in part), name])
    silent = [name for name in names if not used[name]]
    if len(parts) == 1:
        return [[*parts[0], *silent]]
    return parts + [[name] for name in silent] if parts else [silent]


def _outvoted(
    by_annotator: dict[str | None, list[Answer]],
    parts: Sequence[Sequence[str | None]],
    used: dict[str | None, set[str]],
) -> int:
    """Return how many spans cannot win, as nobody else of their part uses their label."""
    count = 0
    for part in (part for part in parts if len(part) > 1):
        for name in part:
            others = {label for other in part if other != name for label in used[other]}
            count += sum(
                label not in others for own in by_annotator[name] for _, _, label in own.marks()
            )
    return count
