"""Tag schemes against seqeval and spaCy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from seqeval.metrics.sequence_labeling import get_entities
from seqeval.scheme import IOB1, IOB2, IOBES, Entities

from suffice.corpus.formats.tagging import decode, detect, encode, is_tag, parts

LABEL = st.sampled_from(["PER", "ORG", "B-cell", "creative-work"])


@st.composite
def spans(draw, length=12):
    found, place = [], 0
    while place < length:
        start = place + draw(st.integers(0, 3))
        end = start + draw(st.integers(1, 3))
        if end > length:
            break
        found.append((start, end, draw(LABEL)))
        place = end
    return found


@given(spans())
def test_encoding_is_undone_by_decoding_in_every_scheme(found):
    for scheme in ("BIO", "IOB1", "BILOU", "IOBES"):
        decoded = decode(encode(12, found, scheme), scheme)
        assert list(decoded.spans) == found
        assert decoded.violations == 0


@given(spans())
def test_seqeval_reads_what_we_write(found):
    for scheme, strict in (("BIO", IOB2), ("IOB1", IOB1), ("IOBES", IOBES)):
        tags = encode(12, found, scheme)
        read = [(e.start, e.end, e.tag) for e in Entities([tags], strict).entities[0]]
        assert sorted(read) == found


@given(spans())
def test_spacy_reads_what_we_write(found):
    from spacy.tokens import Doc
    from spacy.training import biluo_tags_to_offsets, iob_to_biluo
    from spacy.vocab import Vocab

    doc = Doc(Vocab(), words=["ab"] * 12)
    expected = [(3 * start, 3 * end - 1, label) for start, end, label in found]
    assert biluo_tags_to_offsets(doc, encode(12, found, "BILOU")) == expected
    assert iob_to_biluo(encode(12, found, "BIO")) == encode(12, found, "BILOU")


@given(st.lists(st.sampled_from(["O", "B-X", "I-X", "B-Y", "I-Y"]), max_size=10))
def test_broken_bio_is_repaired_as_conlleval_does(tags):
    expected = [(start, end + 1, label) for label, start, end in get_entities(tags)]
    decoded = decode(tags, "BIO")
    assert list(decoded.spans) == expected
    broken = sum(
        tag[0] == "I" and (i == 0 or tags[i - 1][1:] != tag[1:]) for i, tag in enumerate(tags)
    )
    assert decoded.violations == broken


@pytest.mark.parametrize(
    ("tags", "scheme"),
    [
        (["O", "B-X", "I-X", "B-X"], "BIO"),
        (["I-X", "I-X", "B-X", "O", "I-Y"], "IOB1"),
        (["I-X", "O", "I-Y"], "IOB1"),
        (["B-X", "O", "I-X"], "BIO"),
        (["U-X", "O"], "BILOU"),
        (["B-X", "L-X"], "BILOU"),
        (["S-X", "B-X", "E-X"], "IOBES"),
        (["O", "O"], "BIO"),
    ],
)
def test_scheme_is_told_from_the_tags(tags, scheme):
    assert detect([tags]) == scheme


def test_unclosed_and_unopened_entities_are_counted():
    decoded = decode(["B-X", "O", "L-Y", "B-X", "I-X", "U-Z"], "BILOU")
    assert decoded.spans == ((0, 1, "X"), (2, 3, "Y"), (3, 5, "X"), (5, 6, "Z"))
    assert decoded.violations == 3


def test_shapes_of_tags():
    assert [is_tag(t) for t in ("O", "B-X", "U_X", "B", "b-X", "B-", "OO", "", "X-B", "_")] == [
        True, True, True, True, False, False, False, False, False, False,
    ]  # fmt: skip
    assert parts("B-creative-work") == ("B", "creative-work")
    assert parts("M-X") == ("I", "X")
    assert parts("W") == ("U", "ENTITY")
