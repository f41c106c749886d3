"""JSON and JSON Lines, parsed so that no input gives anything but a record or a `CorpusError`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice
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
    except (ValueError, RecursionError) as error:
        raise _without_text(error, "column {0.colno}") from None


def _without_text(error: ValueError | RecursionError, place: str) -> ValueError:
    """Return an error of parsing that says why, and where, but holds nothing of the text."""
    if isinstance(error, RecursionError):
        return ValueError("brackets are nested too deeply")
    if isinstance(error, json.JSONDecodeError):
        return ValueError(f"{error.msg} at {place.format(error)}")
    return ValueError("a number has too many digits") if "digits" in str(error) else error


_LINE = re.compile(rb'\{\s*[^\s{]|\[\s*"')
_BLANK = re.compile(r"[ \t\n\r]*")
# What a list or object takes in memory, and what a file may grow to before it is parsed.
_LIST, _OBJECT = 90, 250
_TIMES, _FLOOR = 14, 48 << 20


def json_values(source: Source) -> Iterator[tuple[str, Any]]:
    """Yield the records of a file that is a JSON array, a JSON value, or JSON Lines.

    Parameters
    ----------
    source : Source
        The file. Of an array one record is parsed at a time.

    Yields
    ------
    where : str
        The file and the record's number, or its line.
    value : Any
        Any JSON value; a `CorpusError` instead of a line that is no JSON.

    Raises
    ------
    CorpusError
        The array is damaged, or the file cannot be decoded.
    """
    check_brackets(source)
    if _is_lines(source.head):
        for number, line in source.lines():
            if isinstance(line, CorpusError):
                yield source.line(number), line
            elif line.strip():
                try:
                    yield source.line(number), parse(line)
                except ValueError as error:
                    yield (
                        source.line(number),
                        source.error(
                            f"this is no JSON: {error}", "copy or export the file again", number
                        ),
                    )
    elif source.head.lstrip()[:1] == b"[":
        for number, value in enumerate(_elements(source, source.text), start=1):
            yield source.record(number), value
    else:
        try:
            yield source.name, parse(source.text)
        except ValueError as error:
            raise _damaged(source, error) from None


def check_brackets(source: Source) -> None:
    """Refuse a file of so many brackets that parsing it would take memory out of proportion.

    Raises
    ------
    CorpusError
        It would take more than 14 times its size and 48 MiB.
    """
    data = source.data
    if _OBJECT * len(data) < _FLOOR:
        return
    if _LIST * data.count(b"[") + _OBJECT * data.count(b"{") > _TIMES * len(data) + _FLOOR:
        raise source.error(
            "holds far more brackets than annotated text does", "check where the file comes from"
        )


def _is_lines(head: bytes) -> bool:
    """Return whether a file has one record a line: an object, or a list that begins with text."""
    return _LINE.match(head.lstrip().split(b"\n", 1)[0]) is not None


def _elements(source: Source, text: str) -> Iterator[Any]:
    decoder = json.JSONDecoder(parse_constant=_no_constant)
    place = _after_blank(text, _after_blank(text, 0) + 1)
    if text[place : place + 1] == "]":
        place += 1
    else:
        while True:
            try:
                value, place = _decoded(decoder, text, place)
            except ValueError as error:
                raise _damaged(source, error) from None
            yield value
            place = _after_blank(text, place)
            mark = text[place : place + 1]
            place = _after_blank(text, place + 1)
            if mark == "]":
                break
            if mark != ",":
                raise _damaged(source, ValueError("an array that is not closed, or lacks a comma"))
    if _after_blank(text, place) < len(text):
        raise _damaged(source, ValueError("something follows the array"))


def _after_blank(text: str, place: int) -> int:
    found = _BLANK.match(text, place)
    return place if found is None else found.end()


def _decoded(decoder: json.JSONDecoder, text: str, place: int) -> tuple[Any, int]:
    try:
        return decoder.raw_decode(text, place)
    except (ValueError, RecursionError) as error:
        raise _without_text(error, "line {0.lineno}, column {0.colno}") from None


def _damaged(source: Source, error: ValueError) -> CorpusError:
    return source.error(f"this is no JSON: {error}", "copy or export the file again")


def first_values(head: bytes, most: int = 5) -> list[Any]:
    """Return the first few records of a JSON array or of JSON Lines, for sniffing.

    Parameters
    ----------
    head : bytes
        The beginning of a file.
    most : int
        The greatest number allowed.
    """
    text = head.decode("utf-8", errors="replace")
    if _is_lines(head):
        return list(islice(_whole_lines(text), most))
    if head.lstrip()[:1] == b"[":
        return list(islice(_whole_elements(text), most))
    try:
        return [parse(text)]
    except ValueError:
        return []


def _whole_lines(text: str) -> Iterator[Any]:
    for line in text.split("\n")[:50]:
        try:
            yield parse(line)
        except ValueError:
            continue


def _whole_elements(text: str) -> Iterator[Any]:
    """Yield the elements of an array that may be cut off."""
    decoder = json.JSONDecoder(parse_constant=_no_constant)
    place = _after_blank(text, 0)
    while text[place : place + 1] in ("[", ","):
        try:
            value, place = _decoded(decoder, text, _after_blank(text, place + 1))
        except ValueError:
            return
        yield value
        place = _after_blank(text, place)


def json_lines(source: Source) -> Iterator[tuple[int, dict[str, Any] | CorpusError]]:
    """Yield the objects of a JSON Lines file with their line numbers; blank lines are passed over.

    Raises
    ------
    CorpusError
        The file is one JSON array, or one object over several lines, or cannot be decoded.
    """
    check_brackets(source)
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
    lines = _whole_lines(head.decode("utf-8", errors="replace"))
    return list(islice((value for value in lines if isinstance(value, dict)), most))
