"""The suite that every sentence splitter passes."""

from __future__ import annotations

from collections.abc import Iterable

from suffice.corpus.examples import load_example
from suffice.corpus.splitters.edges import stripped
from suffice.corpus.splitters.registry import Splitter

_TEXTS = (
    "",
    " \n\t ",
    "One.",
    "no full stop",
    "One. Two! Three? Four",
    "  Edges of white space.\u00a0 Two.\n\n",
    "Dr. Ito saw B. Roe, M.D., at 10.30 a.m. on 3.4.2019. He takes 12.5 mg b.i.d.",
    "Chief Complaint:\nshort of breath,\nworse on exertion\n\n1. Aspirin\n2. Lasix\r\n- none\r",
    "😀 𝒳-Lab. Zoë e\u0301 went. 👩\u200d⚕️ She left.",
    "他来了。她走了！真的吗？是。",
    "“Quoted.” (In brackets.) [And so on.] … ... Then?",
    "\ufeffMarked. Soft\u00adhyphen.\u200b Invisible.\u2028Line.\u2029Paragraph.\x85Next.\x0bTab.",
    "........ !!! ???",
    "word " * 3000,
)


def check_splitter(split: Splitter, texts: Iterable[str] = ()) -> None:
    """Check what `suffice.corpus.splitters.registry` asks of a splitter.

    Parameters
    ----------
    split : callable
        Takes a text and a language, returns the sentences' offsets.
    texts : iterable of str, optional
        Texts to try besides ours.

    Raises
    ------
    AssertionError
        It is not a splitter; the message says what it lacks.

    Examples
    --------
    >>> check_splitter(lambda text, language: [(0, len(text))])
    """
    for text in (*_TEXTS, *texts, *(d.text for d in load_example(n=20))):
        pieces = list(split(text, "en"))
        last = 0
        for start, end in pieces:
            assert 0 <= start <= end <= len(text), "a sentence lies outside the text"
            assert start >= last, "sentences overlap, or are not in order"
            assert stripped(text, last, start) is None, "text is left out between sentences"
            last = end
        assert stripped(text, last, len(text)) is None, "text is left out at the end"
        assert list(split(text, "en")) == pieces, "the same text gives other sentences"
