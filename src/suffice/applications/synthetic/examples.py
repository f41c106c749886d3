"""Text of the documents that shows what the numbers mean; for those who ask for it."""

from __future__ import annotations

from collections import Counter

from suffice.applications.synthetic.corpora import CorpusPair
from suffice.applications.synthetic.entity_overlap import entity_strings
from suffice.applications.synthetic.result import Examples
from suffice.applications.synthetic.separability import find_distinguishing_words

_MOST = 12


def examples(both: CorpusPair) -> Examples:
    """Return typical words, shared entity strings, and documents that repeat each other."""
    ours = {string for d in both.real for string in entity_strings(d)}
    made = Counter(s for d in both.synthetic for s in entity_strings(d) if s in ours)
    real_words, synthetic_words = find_distinguishing_words(both)
    firsts = {both.family[d.id]: d.id for d in reversed(both.real) if d.id in both.family}
    repeated = [
        (d.id[2:], firsts[both.family[d.id]][2:])
        for d in both.synthetic
        if both.family.get(d.id) in firsts
    ]
    return Examples(
        tuple(real_words),
        tuple(synthetic_words),
        tuple(f"{text} ({label})" for (label, text), _ in made.most_common(_MOST)),
        tuple(repeated[:_MOST]),
    )
