"""JSON Lines, parsed so that no input gives anything but a record or a `CorpusError`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NoReturn

from suffice.corpus.formats.base import Source
from suffice.errors import CorpusError


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON value")


def parse(line: str) -> Any:
    """Return the value of one JSON text.

    Raises
    ------
    ValueError
        It is no JSON, or holds NaN or an infinity, or a number of thousands of digits, or is
        nested too deeply; the message holds nothing of the text.
    """
    try:
        return json.loads(line, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise ValueError(f"{error.msg} at column {error.colno}") from None
    except RecursionError:
        raise ValueError("brackets are nested too deeply") from None
    except ValueError as error:
        if "digits" in str(error):
            raise ValueError("a number has too many digits") from None
        raise


def json_lines(source: Source) -> Iterator[tuple[int, dict[str, Any] | CorpusError]]:
    """Yield the objects of a JSON Lines file with their line numbers; blank lines are passed over.

    Raises
    ------
    CorpusError
        The file is one JSON array, or one object over several lines, or cannot be decoded.
    """
    head = source.head.lstrip()
    if head.startswith(b"["):
        raise source.error(
            "the file is one JSON array, not JSON Lines",
            f"write one object per line, as jq -c '.[]' {source.path.name} does",
        )
    if head[:1] == b"{" and head.split(b"\n", 1)[0].strip() == b"{":
        raise source.error(
            "a JSON object stretches over several lines",
            f"write one object per line, as jq -c . {source.path.name} does",
        )
    for number, line in source.lines():
        if isinstance(line, CorpusError):
            yield number, line
        elif line.strip():
            yield number, _object(source, number, line)


def _object(source: Source, number: int, line: str) -> dict[str, Any] | CorpusError:
    if "\0" in line:
        return source.error("the line holds a NUL byte; this is no text file", "", number)
    try:
        value = parse(line)
    except ValueError as error:
        return source.error(
            f"not a JSON object: {error}",
            "every line has to be one whole JSON object",
            number,
        )
    if not isinstance(value, dict):
        return source.error(
            f"a JSON {_kind(value)}, where an object is wanted",
            'every line has to be an object with "text" and "spans"',
            number,
        )
    return value


def _kind(value: object) -> str:
    if isinstance(value, list):
        return "array"
    if isinstance(value, str):
        return "string"
    if value is None:
        return "null"
    return "boolean" if isinstance(value, bool) else "number"


def first_objects(head: bytes, most: int = 5) -> list[dict[str, Any]]:
    """Return the first few lines of a file that parse as JSON objects, for sniffing."""
    found: list[dict[str, Any]] = []
    for line in head.decode("utf-8", errors="replace").split("\n")[:50]:
        try:
            value = parse(line)
        except ValueError:
            continue
        if isinstance(value, dict):
            found.append(value)
            if len(found) == most:
                break
    return found
