"""Tag schemes against seqeval and spaCy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from seqeval.metrics.sequence_labeling import get_entities
from seqeval.scheme import IOB1, IOB2, IOBES, Entities

from suffice.corpus.formats.tagging import decode, detect, encode, is_tag, parts, read_names

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


@pytest.mark.parametrize(
    ("names", "tags"),
    [
        ("O B-PER I-PER X", "O B-PER I-PER -"),
        ("[PAD] O B-PER I-PER [CLS] [SEP]", "- O B-PER I-PER - -"),
        ("O B-PER I-PER DATE E", "O B-PER I-PER - -"),
        ("O I-PER I-LOC X <pad>", "O I-PER I-LOC - -"),
        ("O B-N M-N E-N S-N W-N", "O B-N I-N E-N S-N U-N"),
        ("O b-per i-per b_org", "O B-per I-per B-org"),
        ("O PER-B PER-I LOC_B", "O B-PER I-PER B-LOC"),
        ("o per-b per-i", "O B-per I-per"),
        ("O S-B S-I", "O B-S I-S"),  # a label called S
        ("O B-X-I I-X-I", "O B-X-I I-X-I"),  # a label called X-I
        ("O B M E S", "O B-ENTITY I-ENTITY E-ENTITY S-ENTITY"),
        ("NONE B-PER I-PER", "O B-PER I-PER"),
        ("O B-PER U-LOC", "O B-PER U-LOC"),
        # Labels that stand alone, though some look like tags.
        ("O person e-mail", "O I-person I-e-mail"),
        ("O B-cell PER i-phone", "O I-B-cell I-PER I-i-phone"),
        ("O PER LOC [CLS] pad", "O I-PER I-LOC - -"),
        ("O PER NONE", "O I-PER I-NONE"),
    ],
)
def test_names_of_tags_are_read_all_together(names, tags):
    expected = zip(names.split(), tags.split(), strict=True)
    assert read_names(names.split()).tags == {n: t for n, t in expected if t != "-"}


@given(st.sets(LABEL, min_size=1), st.sampled_from(["BI", "BILU", "BIES", "BMES"]))
def test_prefixes_suffixes_and_lower_case_mean_the_same(labels, letters):
    alike = {"M": "I"}
    pairs = [(letter, label) for label in sorted(labels) for letter in letters]
    meant = [f"{alike.get(letter, letter)}-{label}" for letter, label in pairs]
    for names in (
        [f"{letter}-{label}" for letter, label in pairs],
        [f"{letter.lower()}_{label}" for letter, label in pairs],
        [f"{label}-{letter}" for letter, label in pairs],
    ):
        found = read_names(["O", *names])
        assert not found.bare
        assert [found.tags[name] for name in names] == meant
