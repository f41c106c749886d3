"""Sentences: equal to R's, exact in offsets."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suffice.corpus.document import Document
from suffice.corpus.sentences import boundaries, count_sentences, icu, sentences
from suffice.errors import CorpusError, InputError

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.text(
    "aB1.;!? \r\n\t\xa0\u2029\u3000(😀)é\u0301", max_size=60
)
WHITE = re.compile("[\t\n\x0b\x0c\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")


def pieces(text: str) -> list[str]:
    return [text[start:end] for start, end in icu(text)]


@pytest.mark.shared
def test_reference_of_r(shared):
    reference = json.loads((shared / "reference" / "S_sentences.json").read_text("utf-8"))
    assert len(reference["items"]) == 20
    for item in reference["items"]:
        text = item["text"]
        assert [WHITE.sub(" ", p) for p in pieces(text)] == item["tokenize_sentences"], item["id"]
        raw = [text[start:end] for start, end in boundaries(text)]
        assert raw == item["stri_split_boundaries_sentence_raw"], item["id"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ann owns Acme, Inc.; B. Roe none.", ["Ann owns Acme, Inc.", "; B.", "Roe none."]),
        ("He left. 😀 She stayed.\r\nThey met.", ["He left.", "😀 She stayed.", "They met."]),
        ("Heading\nNo stop here\n\nDr. Ito came.", ["Heading No stop here  Dr.", "Ito came."]),
        ("\u3000Yes!\u2029No.\xa0", ["Yes!", "No."]),
        (" \n\t ", []),
    ],
)
def test_by_hand(text, expected):
    found = pieces(text)
    assert [WHITE.sub(" ", piece) for piece in found] == expected


def test_line_breaks_do_not_end_a_sentence_but_raw_boundaries_do():
    text = "One line\nand another."
    assert icu(text) == ((0, 21),)
    assert boundaries(text) == [(0, 9), (9, 21)]


@given(TEXT)
def test_every_character_but_white_space_is_in_one_sentence(text):
    covered = [0] * len(text)
    last = 0
    for start, end in icu(text):
        assert last <= start < end
        assert not WHITE.match(text[start]) and not WHITE.match(text[end - 1])
        last = end
        for place in range(start, end):
            covered[place] += 1
    for place, character in enumerate(text):
        assert covered[place] == 1 or (covered[place] == 0 and WHITE.match(character))


@given(TEXT)
def test_boundaries_cover_the_text(text):
    assert "".join(text[start:end] for start, end in boundaries(text)) == text


def test_splitters_by_name():
    own = Document("a", "One. Two.", sentences=((0, 9),))
    bare = Document("b", "One. Two.")
    assert sentences(own) == ((0, 9),)
    assert sentences(own, "icu") == ((0, 4), (5, 9))
    assert sentences(bare) == sentences(bare, "icu")
    assert count_sentences([own, bare]) == 3
    with pytest.raises(CorpusError, match=r"document 'b' comes without sentences; choose"):
        sentences(bare, "file")
    with pytest.raises(InputError, match=r"no sentence splitter called 'punkt'.*auto, file, icu"):
        sentences(bare, "punkt")
