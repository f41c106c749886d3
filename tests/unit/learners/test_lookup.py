"""The lookup learner: exact memory, in any script."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suffice.corpus.document import Document, Span
from suffice.corpus.gazetteer import Gazetteer
from suffice.learners.lookup import Lookup, LookupTagger

CORPORA = {
    "Chinese": (
        ["石川基金", "林小溪", "北原大学"],
        ["昨天{}宣布计划。", "据说{}很忙", "后来{}同意了。"],
    ),
    "Japanese": (
        ["ミナミ工房", "花田さん", "南海銀行"],
        ["昨日、{}は契約した。", "また{}が買った。"],
    ),
    "Thai": (["ธนาคารดาวเหนือ", "น้ำผึ้งใจดี"], ["เมื่อวานนี้{}ประกาศแผน", "ข่าวว่า{}ได้รับทุน"]),
    "Lao": (["ທະນາຄານດາວ", "ສີໄພດີ"], ["ມື້ວານນີ້{}ປະກາດແຜນ", "ຂ່າວວ່າ{}ໄດ້ທຶນ"]),
    "Khmer": (["ធនាគារផ្កាយ", "សុភាដារា"], ["ម្សិលមិញ{}ប្រកាសផែនការ។", "ក្រោយមក{}ទៅផ្ទះ។"]),
    "Burmese": (["ကြယ်ဘဏ်", "မောင်မြ"], ["မနေ့က{}ကြေညာသည်။", "နောက်ပိုင်း{}ပြန်သည်။"]),
    "mixed": (
        ["iPhone", "石川AI", "123集团", "X1"],
        ["昨天买了{}很好", "我们用{}和12个。", "{}ですね"],
    ),
    "Korean": (["김민아", "별빛회사"], ["어제 {}가 갔다. ", "또 {}에서 왔다. "]),
    "Hindi": (["राम कुमार", "नीला बैंक"], ["कल {} ने कहा।", "फिर {} गया।"]),
    "English": (["Bo Lee", "Acme"], ["Then {} left.", "We met {}, too."]),
}


def corpus(names, frames):
    """Return each name in each frame, and each pair of them."""
    made = []
    for first in names:
        for second in names:
            for frame in frames:
                text, spans = "", []
                for name in (first, second):
                    before, after = frame.split("{}")
                    start = len(text) + len(before)
                    text += before + name + after
                    spans.append(Span(start, start + len(name), "A" if name == names[0] else "B"))
                made.append(Document(f"d{len(made)}", text, tuple(spans)))
    return made


def f1(documents, found):
    gold = {(d.id, s) for d in documents for s in d.spans}
    said = {(d.id, s) for d, spans in zip(documents, found, strict=True) for s in spans}
    return 2 * len(gold & said) / (len(gold) + len(said))


def by_dictionary(training, documents):
    """Return the F1 of a plain dictionary: `str.startswith` at every place, the longest first."""
    labels = defaultdict(Counter)
    for d in training:
        for s in d.spans:
            labels[d.text[s.start : s.end]][s.label] += 1
    names = sorted(labels, key=len, reverse=True)
    found = []
    for d in documents:
        own, place = [], 0
        while place < len(d.text):
            name = next((n for n in names if d.text.startswith(n, place)), None)
            if name is not None:
                own.append(Span(place, place + len(name), labels[name].most_common(1)[0][0]))
            place += len(name or "x")
        found.append(own)
    return f1(documents, found)


@pytest.mark.parametrize("script", CORPORA)
def test_memory_is_as_good_as_a_dictionary_in_any_script(script):
    documents = corpus(*CORPORA[script])
    training, rest = documents[::2], documents[1::2]
    found = Lookup().train(training, ["A", "B"], 1).tag(rest)
    assert f1(rest, found) == by_dictionary(training, rest) == 1.0


def strings(names, text):
    tagger = LookupTagger(dict.fromkeys(names, "X"))
    ((*spans,),) = tagger.tag([Document("a", text, ())])
    return [(s.start, text[s.start : s.end]) for s in spans]


@pytest.mark.parametrize(
    ("names", "text", "found"),
    [
        (["12", "iPhone"], "买了123个iPhone和12个iPhoneX", [(6, "iPhone"), (13, "12")]),
        (["中国", "中国银行"], "中国银行在中国", [(0, "中国银行"), (5, "中国")]),
        (["น้ำ", "ก"], "น้ำก็", [(0, "น้ำ")]),  # not before a vowel above
        (["राम"], "रामा और राम", [(8, "राम")]),
        (["Acme", "Acme "], "at Acme now, Acme", [(3, "Acme "), (13, "Acme")]),
        ([" Acme"], "at Acme", [(2, " Acme")]),
        (["IL"], "IL-2 and IL2", [(0, "IL")]),
        (["a b", "a b c d", "a"], "a b c a b c d a", [(0, "a b"), (6, "a b c d"), (14, "a")]),
        (["  ", ""], "a  b", []),
    ],
)
def test_strings_by_hand(names, text, found):
    assert strings(names, text) == found


def test_half_the_places_have_to_be_labelled():
    """Of 王 at three places one is labelled, of 石川 two are."""
    training = [
        Document("a", "王来了石川也来", (Span(0, 1, "P"), Span(3, 5, "O"))),
        Document("b", "国王和石川王", (Span(3, 5, "O"),)),
    ]
    tagger = Lookup().train(training, ["P", "O"], 1)
    assert tagger.tag([Document("c", "王和石川", ())]) == [[Span(2, 4, "O")]]


def test_spans_inside_words_are_said():
    """Of the six edges two are inside a word; Korean particles after a name cut none."""
    text = "Bankers met 은행은 in Rome2"
    document = Document("a", text, (Span(0, 4, "O"), Span(12, 14, "L"), Span(19, 23, "X")))
    assert Lookup().caveats([document]) == (
        "2 of 3 spans begin or end inside a word: the learner cannot find them exactly",
    )
    assert Lookup().caveats(corpus(*CORPORA["Thai"])) == ()


def test_a_gazetteer_takes_words_that_are_known_already():
    assert list(Gazetteer(["b c"]).find("a b c", [(0, 1), (2, 3), (4, 5)])) == [(2, 5)]


def test_a_string_that_is_cut_by_the_end_of_the_text_is_not_the_longer_one():
    """The text ends with a short string, of the same two words as a longer one."""
    strings = ["New York", "New York City"]
    assert list(Gazetteer(strings).find("in New York")) == [(3, 11)]


@given(
    st.lists(st.text("ab .,", min_size=1, max_size=7), max_size=6),
    st.text("ab .,", max_size=20),
)
def test_what_is_found_lies_in_the_text_and_is_a_string_looked_for(strings, text):
    for start, end in Gazetteer(strings).find(text):
        assert 0 <= start < end <= len(text)
        assert text[start:end] in strings
