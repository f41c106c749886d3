"""Files that were annotated for some labels each are told from files that share a few texts."""

import pytest

from suffice.corpus.document import Document, Span
from suffice.corpus.passes import count_passes


def file(**labels):
    """Return a document for each text; its label marks the first character."""
    return [
        Document(text, text, (Span(0, 1, label),) if label else ())
        for text, label in labels.items()
    ]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ([file(a="PER", b="PER", c=None), file(a="LOC", b="LOC", c="LOC")], 2),
        ([file(yes="A", b="PER", c="PER"), file(yes="B", d="PER", e="PER")], 0),
        ([file(a="PER", b="PER"), file(a="LOC", b="PER")], 0),
        ([file(a="PER"), file(a="LOC", b="LOC", c="LOC", d="LOC")], 1),
        ([file(a="LOC", b="LOC", c="LOC", d="LOC"), file(a="PER")], 1),
        ([file(a="PER", b="PER"), file(a="LOC", b="LOC"), file(a="ORG", b="ORG")], 4),
        ([file(a=None, b=None), file(a="LOC", b="LOC")], 0),
        ([file(a="PER")], 0),
    ],
)
def test_by_hand(files, expected):
    assert count_passes(files) == expected
