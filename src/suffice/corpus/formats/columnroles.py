"""Which column of a file holds what: by ``--columns``, by a header row, or by what stands in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from suffice.corpus.formats.tagging import UNKNOWN, UNNAMED, is_tag, parts
from suffice.errors import InputError

ROLES = ("word", "tag", "sentence", "document", "_")
"""What ``--columns`` can call a column; a sentence or document begins where its column changes."""

CHUNKS = frozenset(("ADJP", "ADVP", "CONJP", "INTJ", "LST", "NP", "PP", "PRT", "SBAR", "UCP", "VP"))
"""The labels of phrases (CoNLL-2000), which are not entities."""

_SHARE = 0.95
_VARIETY = 0.5
_MOST_LABELS = 60
_NUMBER = re.compile(r"[0-9]{1,18}")
_RANGE = re.compile(r"[0-9]{1,18}[-.][0-9]{1,18}")
_DIGITS = re.compile(r"\d+")
_LONG_CODE = 6
_LABEL = re.compile(r"[^\W\d_][\w.\-/]*")

_NAMES = {
    "word": ("word", "words", "token", "tokens", "form", "text", "surface"),
    "tag": (
        "tag", "tags", "label", "labels", "ner", "ner_tag", "ner_tags", "ner_label", "ne", "ne_tag",
        "entity", "entities", "entity_tag", "named_entity", "bio", "iob", "bio_tag", "iob_tag",
        "iob_ner", "ne_coarse_lit", "ne_coarse",
    ),
    "sentence": ("sentence", "sentences", "sentence_id", "sent", "sent_id", "sentence_idx"),
    "document": ("document", "document_id", "doc", "doc_id", "docid", "article", "article_id"),
}  # fmt: skip


def parse_columns(text: str) -> tuple[str, ...]:
    """Return the roles that ``--columns`` names.

    Parameters
    ----------
    text : str
        A role for each column, with commas between them; ``_`` for one that is not read.

    Raises
    ------
    InputError
        A role is unknown, there is not one column of words and one of tags, or two of another.

    Examples
    --------
    >>> parse_columns("word, _, _, tag")
    ('word', '_', '_', 'tag')
    """
    roles = tuple(part.strip().lower() for part in text.split(","))
    remedy = "name every column, as word,_,_,tag; sentence and document may be named, too"
    for role in roles:
        if role not in ROLES:
            raise InputError(f"`columns`: {role!r} is not one of {', '.join(ROLES)}", remedy=remedy)
    for role in ROLES[:-1]:
        count = roles.count(role)
        if count > 1 or (role in ("word", "tag") and not count):
            raise InputError(f"`columns` names {count} columns as {role!r}", remedy=remedy)
    return roles


def header_role(name: str) -> str | None:
    """Return the role that a header's name for a column stands for, or None."""
    plain = re.sub(r"[^a-z]+", "_", name.lower()).strip("_")
    return next((role for role, names in _NAMES.items() if plain in names), None)


def tag_columns(columns: Sequence[Sequence[str]]) -> list[int]:
    """Return the columns that hold tags, the likeliest first.

    One with entities comes before one with phrases (NP, VP), that before one without labels; then
    the first one comes first, but the last where none has labels: words may look like bare tags (an
    S, an O), and tags stand last.
    """
    tagged = [c for c, values in enumerate(columns) if _share_of_tags(values) >= _SHARE]
    ranks = {c: tag_rank(columns[c]) for c in tagged}
    return sorted(tagged, key=lambda c: (ranks[c], -c if ranks[c] == 2 else c))


def tag_rank(values: Iterable[str]) -> int:
    """Return 0 for a column with entities, 1 for one with phrases, 2 for one without labels."""
    labels = {parts(value)[1] for value in set(values)} - {"", UNNAMED}
    if not labels:
        return 2
    return 1 if labels <= CHUNKS else 0


def bare_column(columns: Sequence[Sequence[str]]) -> int | None:
    """Return the column with labels alone, as Stanford NER writes them (O, PERSON), or None.

    It is one in which O is the most frequent value, and all others are few and look like labels.
    """
    for c, values in enumerate(columns):
        counts = Counter(values)
        others = set(counts) - {"O", *UNKNOWN}
        if (
            counts.most_common(1)[0][0] == "O"
            and len(others) <= _MOST_LABELS
            and not all(map(is_tag, others))
            and all(map(is_label, others))
        ):
            return c
    return None


def is_label(value: str) -> bool:
    """Return whether a value may be a label without a letter for its place in the entity."""
    return _LABEL.fullmatch(value) is not None and (not is_tag(value) or len(value) == 1)


def number_columns(columns: Sequence[Sequence[str]]) -> list[int]:
    """Return the columns of nothing but numbers, as those of words, or of ranges of them."""
    return [c for c, values in enumerate(columns) if all(map(_is_number, values))]


def counts_words(values: Sequence[str]) -> bool:
    """Return whether numbers may be those of words: most are whole, and follow each other."""
    whole = [int(value) for value in values if _NUMBER.fullmatch(value)]
    steps = sum(after == before + 1 for before, after in pairwise(whole))
    return 2 * len(whole) > len(values) and 2 * steps >= len(whole) - 1


def is_range(value: str) -> bool:
    """Return whether a word's number is CoNLL-U's range of words or that of an empty word."""
    return _RANGE.fullmatch(value) is not None


def word_column(
    columns: Sequence[Sequence[str]], candidates: Sequence[int]
) -> tuple[int, list[int]]:
    """Return the column of words, and the others that hold at least as many different values.

    Words are what text is made of: they vary, and not by their digits alone as offsets, numbers of
    words and file names do. The first column with at least half of the greatest variety is taken:
    lemmas, which come after the words, may vary as much. One of capitals alone, as tags of parts of
    speech are, is taken only if none varies more.

    Parameters
    ----------
    columns : sequence of sequence of str
        The values of every column.
    candidates : sequence of int
        Columns to choose from, in order; at least one.
    """
    variety = {c: len({_masked(value) for value in set(columns[c])}) for c in candidates}
    most = max(variety.values())
    word = next(
        c
        for c in candidates
        if variety[c] >= (_VARIETY if any(map(_has_lower, columns[c])) else 1) * most
    )
    different = len(set(columns[word]))
    return word, [c for c in candidates if c != word and len(set(columns[c])) >= different > 1]


def _has_lower(value: str) -> bool:
    return any(c.islower() for c in value)


def _masked(value: str) -> str:
    """Return a value without its digits; a longer one with digits may be any code, as a hash."""
    if not any(c.isdigit() for c in value):
        return value
    return "0" if len(value) >= _LONG_CODE else _DIGITS.sub("0", value)


def _share_of_tags(values: Sequence[str]) -> float:
    """Return the share of tags among the values that say anything."""
    said = [value for value in values if value not in UNKNOWN]
    return sum(map(is_tag, said)) / len(said) if said else 0.0


def _is_number(value: str) -> bool:
    return _NUMBER.fullmatch(value) is not None or is_range(value)
