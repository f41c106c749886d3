from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from suffice.corpus.document import Document
from suffice.learners.probing.segments import segments
from suffice.learners.words import word_offsets


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(["Dr.", "A.", "word", "end.", "New", "\n"]), max_size=200),
    st.integers(4, 40),
    st.integers(0, 10),
)
def test_cores_cover_every_word_once(parts: list[str], core: int, halo: int) -> None:
    documents = [Document("a", ""), Document("b", " ".join(parts)), Document("c", "one")]
    cut = segments(documents, core, halo)
    for number, document in enumerate(documents):
        n = len(word_offsets(document.text))
        own = [s for s in cut if s.document == number]
        assert [w for s in own for w in range(s.core_begin, s.core_end)] == list(range(n))
        for s in own:
            assert 0 < s.core_end - s.core_begin <= core + core // 2
            assert s.begin == max(0, s.core_begin - halo)
            assert s.end == min(n, s.core_end + halo)


def test_cores_end_where_sentences_do() -> None:
    text = " ".join(["One two three four five six seven eight nine ten eleven twelve."] * 12)
    cut = segments([Document("a", text)], 32, 8)
    assert len(cut) > 3
    assert all(s.core_begin % 13 == 0 for s in cut)
