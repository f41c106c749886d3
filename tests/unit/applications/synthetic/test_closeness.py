"""Closeness: halves of one corpus are alike, and what was changed is found."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

import suffice
from suffice.applications.synthetic.closeness import closeness
from suffice.applications.synthetic.corpora import pair_corpora
from suffice.applications.synthetic.counts import compare_counts
from suffice.applications.synthetic.entity_overlap import copies, entity_strings, overlaps
from suffice.applications.synthetic.separability import bag, classify_source, weighted
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.corpus.sentences import count_sentences
from suffice.corpus.tokens import tokens


@pytest.fixture(scope="module")
def halves():
    example = suffice.load_example(n=240)
    order = np.random.default_rng(1).permutation(240)
    first, second = (
        Corpus(tuple(example.documents[i] for i in part), name)
        for part, name in ((order[:120], "first"), (order[120:], "second"))
    )
    return first, second


@pytest.fixture(scope="module")
def null(halves):
    return closeness(*halves)


def test_halves_of_one_corpus_are_not_told_apart(null):
    for told in null.told:
        assert told.synthetic.low <= 0.5 <= told.synthetic.high
        assert told.reference.low <= 0.5 <= told.reference.high
    assert "distinguishes synthetic from real documents: AUC 1" not in null.sentence


def test_halves_of_one_corpus_share_as_many_strings_as_its_samples(null):
    for o in null.overlaps:
        half = (o.difference_high - o.difference_low) / 2
        assert abs(o.difference) <= 1.5 * half  # four at once
    assert null.overlaps[0].reference > 0.01


def test_most_ratios_of_halves_lie_in_the_reference_range(null):
    inside = [c.reference[0] <= c.ratio[0] <= c.reference[1] for c in null.compared]
    assert np.mean(inside) >= 0.75
    assert all(d.value <= 1.5 * d.reference[1] for d in null.distances)


def test_counts_are_those_of_the_corpus(halves, null):
    found = {c.what: c for c in null.compared}
    for column, corpus in enumerate(halves):
        entities = sum(len(d.spans) for d in corpus)
        words = sum(len(tokens(d.text)) for d in corpus)
        lengths = count_sentences(corpus.documents)
        orgs = sum(s.label == "ORG" for d in corpus for s in d.spans)

        def value(name, column=column):
            return (found[name].real, found[name].synthetic)[column][0]

        assert value("entities per sentence") == pytest.approx(entities / lengths)
        assert value("tokens per sentence") == pytest.approx(words / lengths)
        assert value("tokens per document") == pytest.approx(words / 120)
        assert value("share of ORG") == pytest.approx(orgs / entities)
        inside = sum(len(tokens(d.text[s.start : s.end])) for d in corpus for s in d.spans)
        assert value("tokens per entity") == pytest.approx(inside / entities, rel=0.01)


def test_no_document_text_in_the_result(halves, null):
    told = null.to_json()
    strings = {s for c in halves for d in c for _, s in entity_strings(d) if len(s) > 6}
    assert not [s for s in strings if s in told.casefold()]


def test_words_are_weighted_as_scikit_learn_does(halves):
    documents = halves[0].documents[:30]
    bags = [bag(d, "whole text") for d in documents]
    ours, words = weighted(bags)
    counted = CountVectorizer(analyzer=lambda b: b.elements(), vocabulary=words).transform(bags)
    theirs = TfidfTransformer(sublinear_tf=True).fit_transform(counted)
    np.testing.assert_allclose(ours.toarray(), theirs.toarray(), atol=1e-12)


def test_what_the_classifier_reads():
    text = "Dr Ann Lee and Orlex Ltd met."
    d = Document("1", text, (Span(3, 10, "PERSON"), Span(3, 6, "PERSON"), Span(15, 24, "ORG")))
    d = replace(d, spans=tuple(sorted(d.spans)))
    masked = {w for w in bag(d, "entities masked") if " " not in w}
    assert masked == {"dr", "<PERSON>", "and", "<ORG>", "met", "."}
    alone = {w for w in bag(d, "entities alone") if " " not in w}
    assert alone == {"ann", "lee", "<>", "orlex", "ltd"}


def test_names_alone_give_away_what_only_differs_in_names(halves):
    real, other = halves

    def renamed(d):
        text, spans, shift = d.text, [], 0
        for s in d.spans:  # the example's spans do not overlap
            new = f"Zyx {text[s.start + shift : s.end + shift]}"
            text = text[: s.start + shift] + new + text[s.end + shift :]
            spans.append(Span(s.start + shift, s.start + shift + len(new), s.label))
            shift += 4
        return replace(d, text=text, spans=tuple(spans), sentences=None)

    changed = Corpus(tuple(renamed(d) for d in other.documents), "renamed")
    whole, masked, alone = (t.synthetic for t in classify_source(pair_corpora(real, changed)))
    assert alone.low > 0.9
    assert whole.low > 0.8
    assert masked.low <= 0.5 <= masked.high


def test_copies_are_counted(halves):
    real, other = halves
    copied = tuple(replace(d, id=f"copy {d.id}", text=d.text + " ") for d in real.documents[:30])
    made = Corpus((*copied, *other.documents[:90]), "with copies")
    near, said, _ = copies(pair_corpora(real, made))
    assert near.synthetic.estimate == pytest.approx(0.25, abs=0.03)
    assert near.synthetic.low < 0.25 < near.synthetic.high
    assert near.real.estimate < 0.1
    assert said.synthetic.estimate > said.real.estimate + 0.1
    assert said.synthetic.low > said.real.high


def test_overlap_of_a_corpus_without_common_names(halves):
    real, other = halves
    spelt = Corpus(
        tuple(replace(d, text=d.text.translate(str.maketrans("aeiou", "uaeio"))) for d in other),
        "spelt",
    )
    mentions = overlaps(pair_corpora(real, spelt))[0]
    assert mentions.value < 0.05
    assert mentions.difference_high < 0


def test_nothing_in_common_has_an_upper_end(halves):
    real, other = halves
    spelt = Corpus(
        tuple(
            replace(d, text=d.text.translate({i: i + 256 for i in range(65, 123)})) for d in other
        ),
        "spelt",
    )
    mentions = overlaps(pair_corpora(real, spelt))[0]
    assert mentions.value == mentions.low == 0
    assert mentions.high == pytest.approx(1 - 0.025 ** (1 / 120))
    assert mentions.difference_high >= mentions.difference + mentions.high


def test_density_that_differs(halves):
    real, other = halves
    fewer = Corpus(tuple(replace(d, spans=d.spans[::2]) for d in other), "fewer")
    compared, _ = compare_counts(pair_corpora(real, fewer))
    eps = compared[0]
    assert eps.verdict == "lower"
    assert eps.ratio[2] < 0.8 and eps.ratio[2] < eps.reference[0]
