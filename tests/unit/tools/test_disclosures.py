"""The generator of the bundled synthetic corpus: its figures, its guideline, its annotators."""

import gzip
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.corpus.sentences import sentences
from suffice.corpus.write import write
from suffice.errors import InputError
from tools.disclosures import markup, names
from tools.disclosures.__main__ import FILE
from tools.disclosures.annotators import slipped
from tools.disclosures.dice import Dice
from tools.disclosures.generate import SIZE, disclosures

SEEDS = (2024, 1, 2, 3)


@pytest.fixture(scope="module")
def corpora() -> dict[int, Corpus]:
    return {seed: disclosures(seed=seed) for seed in SEEDS}


@pytest.fixture(scope="module")
def counts(corpora: dict[int, Corpus]) -> dict[int, tuple[np.ndarray, np.ndarray]]:
    return {
        seed: (
            np.array([len(sentences(d)) for d in corpus]),
            np.array([len(d.spans) for d in corpus]),
        )
        for seed, corpus in corpora.items()
    }


def shingles(text: str, k: int = 4) -> set[str]:
    words = text.lower().split()
    return {" ".join(words[i : i + k]) for i in range(max(1, len(words) - k + 1))}


def strings(corpus: Corpus, label: str) -> Counter[str]:
    return Counter(d.text[s.start : s.end] for d in corpus for s in d.spans if s.label == label)


# What it is


def test_a_negative_size_is_refused() -> None:
    with pytest.raises(InputError, match="give 0 or more"):
        disclosures(-1)


def test_no_documents_are_a_corpus_too() -> None:
    assert len(disclosures(0)) == 0


# Repeating


def test_same_seed_same_corpus_other_seed_another() -> None:
    assert disclosures(60, seed=5) == disclosures(60, seed=5)
    assert not {d.text for d in disclosures(60, seed=5)} & {d.text for d in disclosures(60, seed=6)}


def test_the_bundled_file_is_what_it_makes(tmp_path: Path) -> None:
    """The bytes before compression, which differs between versions of zlib."""
    write(disclosures(SIZE, twice=SIZE), tmp_path / "made.jsonl")
    assert gzip.decompress(FILE.read_bytes()) == (tmp_path / "made.jsonl").read_bytes()


def test_numpy_global_state_is_left_alone() -> None:
    np.random.seed(1)  # noqa: NPY002
    before = np.random.get_state()[1].tolist()  # noqa: NPY002
    disclosures(20)
    assert np.random.get_state()[1].tolist() == before  # noqa: NPY002


# The paper's figures


@pytest.mark.parametrize("seed", SEEDS)
def test_sentences_entities_and_density(
    counts: dict[int, tuple[np.ndarray, np.ndarray]], seed: int
) -> None:
    """Paper: 525.2 sentences and 712.9 entities in 100 statements, EPS 1.34."""
    s, e = counts[seed]
    assert s.mean() == pytest.approx(5.25, abs=0.35)
    assert e.mean() == pytest.approx(7.1, abs=0.6)
    assert e.sum() / s.sum() == pytest.approx(1.35, abs=0.08)
    assert e.min() >= 1
    assert s.min() == 1
    assert 14 <= s.max() <= 40
    assert np.percentile(s, 95) <= 14


def test_mean_figures_over_seeds(counts: dict[int, tuple[np.ndarray, np.ndarray]]) -> None:
    s = np.concatenate([c[0] for c in counts.values()])
    e = np.concatenate([c[1] for c in counts.values()])
    assert s.mean() == pytest.approx(5.25, abs=0.2)
    assert e.mean() == pytest.approx(7.1, abs=0.3)
    assert e.sum() / s.sum() == pytest.approx(1.35, abs=0.04)


@pytest.mark.parametrize("seed", SEEDS)
def test_density_of_training_sets_as_the_paper_draws_them(
    counts: dict[int, tuple[np.ndarray, np.ndarray]], seed: int
) -> None:
    """Paper: 2,500 sets of 1 to 200 statements, EPS mean 1.34, SD .14, range .771 to 1.72."""
    s, e = counts[seed]
    rng = np.random.default_rng(7)
    pool = rng.permutation(len(s))[:343]
    density = []
    for size in rng.integers(1, 201, 2500):
        chosen = rng.choice(pool, size, replace=False)
        density.append(e[chosen].sum() / s[chosen].sum())
    assert np.mean(density) == pytest.approx(1.36, abs=0.1)
    assert np.std(density) == pytest.approx(0.15, abs=0.06)
    assert np.percentile(density, 1) == pytest.approx(0.95, abs=0.25)
    assert np.percentile(density, 99) == pytest.approx(1.8, abs=0.35)


@pytest.mark.parametrize("seed", SEEDS)
def test_both_labels_are_common(corpora: dict[int, Corpus], seed: int) -> None:
    labels = Counter(s.label for d in corpora[seed] for s in d.spans)
    assert 0.33 < labels["PERSON"] / labels.total() < 0.45


@pytest.mark.parametrize("seed", SEEDS)
def test_new_names_keep_appearing(corpora: dict[int, Corpus], seed: int) -> None:
    """Of the entity strings of 147 statements, most were never seen in the other 343."""
    documents = corpora[seed].documents
    for label in ("PERSON", "ORG"):
        seen = strings(Corpus(documents[147:]), label)
        held = strings(Corpus(documents[:147]), label)
        new = sum(n for s, n in held.items() if s not in seen) / held.total()
        assert 0.35 < new < 0.98


@pytest.mark.parametrize("seed", SEEDS)
def test_no_near_duplicates_beyond_short_formulas(corpora: dict[int, Corpus], seed: int) -> None:
    sets = [shingles(d.text) for d in corpora[seed]]
    close = sum(
        len(a & b) / len(a | b) > 0.6 for i, a in enumerate(sets) for b in sets[i + 1 :] if a & b
    )
    assert len({d.text for d in corpora[seed]}) == 490
    assert close <= 5


# Spans


@pytest.mark.parametrize("seed", SEEDS)
def test_spans_are_sound(corpora: dict[int, Corpus], seed: int) -> None:
    for d in corpora[seed]:
        assert d.text == d.text.strip()
        assert not any("\ue000" <= c <= "\uf8ff" or c in "{}[]" for c in d.text)
        assert d.spans
        for own in (d.spans, *d.annotators.values()):
            assert list(own) == sorted(own)
            assert all(a.end <= b.start for a, b in pairwise(own))
            for s in own:
                inside = d.text[s.start : s.end]
                assert 0 <= s.start < s.end <= len(d.text)
                assert inside == inside.strip()
                assert s.label in {"PERSON", "ORG"}


def test_titles_and_legal_forms_are_inside_nearly_always(corpora: dict[int, Corpus]) -> None:
    people = strings(corpora[2024], "PERSON")
    firms = strings(corpora[2024], "ORG")
    before = sum(
        d.text[: s.start].endswith(("Dr. ", "Dr ", "Prof. ", "Professor ", "Drs. "))
        for d in corpora[2024]
        for s in d.spans
        if s.label == "PERSON"
    )
    assert sum(n for s, n in people.items() if s.startswith(("Dr", "Prof"))) > 200
    assert before <= 8
    assert sum(n for s, n in firms.items() if s.endswith(("Inc.", "Ltd.", "GmbH", "AG"))) > 150


def test_names_of_authors_come_back_as_names_of_companies(corpora: dict[int, Corpus]) -> None:
    surnames = {n.split()[-1] for n in strings(corpora[2024], "PERSON") if n.startswith("Dr")}
    words = {w for n in strings(corpora[2024], "ORG") for w in n.replace("-", " ").split()}
    assert len(surnames & words) > 30


REAL = (
    "Pfizer Novartis Roche Sanofi Merck Bayer AstraZeneca GlaxoSmithKline GSK AbbVie Amgen Gilead "
    "Takeda Astellas Eisai Otsuka Boehringer Lilly Novo Biogen Celgene Genentech Medtronic Abbott "
    "Allergan Teva Shire UCB Servier Ipsen Menarini Chiesi Ono Kowa Santen Zimmer Stryker Siemens "
    "Philips Johnson Janssen Bristol Regeneron Vertex Alexion Daiichi Shionogi Sumitomo Wellcome "
    "Novavax Lundbeck Ferring Grifols Octapharma Illumina Moderna Iridex Palvella NIH DFG MRC"
)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_organisation_is_a_real_one(corpora: dict[int, Corpus], seed: int) -> None:
    words = {w.strip(".,()") for n in strings(corpora[seed], "ORG") for w in n.split()}
    assert not words & {*REAL.split()}


# Names


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("AB", "JMvdB"),
        ("A.B.", "J.M.v.d.B."),
        ("A. Lee", "J. M. van den Berg"),
        ("Lee A", "van den Berg JM"),
        ("Anna Lee", "Joost M. van den Berg"),
        ("Dr. Lee", "Dr. van den Berg"),
        ("Dr Lee", "Dr van den Berg"),
        ("LEE A", "VAN DEN BERG JM"),
    ],
)
def test_forms_of_a_name(style: str, expected: str) -> None:
    someone = names.Author(("Joost", "M"), "van den Berg", "Dr", "PhD", False)
    assert names.form(someone, style) == (expected, "")


def test_a_degree_stands_outside_the_name() -> None:
    someone = names.Author(("Jean-Luc",), "García-López", "Prof", "MD, PhD", False)
    assert names.form(someone, "Anna Lee, MD") == ("Jean-Luc García-López", ", MD, PhD")
    assert names.form(someone, "AB") == ("JLGL", "")
    assert names.form(someone, "A.B.") == ("J-L.G.L.", "")


def test_markup_is_taken_out_and_counted() -> None:
    draft = f"{markup.person('Dr. Lee')} consults for {markup.org('Orlex & Co.')}, twice"
    text, spans = markup.read(draft)
    assert text == "Dr. Lee consults for Orlex & Co., twice"
    assert [(text[s.start : s.end], s.label) for s in spans] == [
        ("Dr. Lee", "PERSON"),
        ("Orlex & Co.", "ORG"),
    ]


# Annotators


def test_200_of_490_are_annotated_twice() -> None:
    assert sum(bool(d.annotators) for d in disclosures()) == 200
    assert sum(bool(d.annotators) for d in disclosures(49)) == 20
    assert sum(bool(d.annotators) for d in disclosures(49, twice=49)) == 49


def agreement(corpora: list[Corpus]) -> tuple[float, float, Counter[str]]:
    """Return the agreement on units, on the type of equal units, and how units differ."""
    same = units = kind = 0
    ways: Counter[str] = Counter()
    for d in (d for corpus in corpora for d in corpus if d.annotators):
        a = {(s.start, s.end): s.label for s in d.annotators["A"]}
        b = {(s.start, s.end): s.label for s in d.annotators["B"]}
        both = a.keys() & b.keys()
        same += len(both)
        units += len(a.keys() | b.keys())
        kind += sum(a[u] == b[u] for u in both)
        for start, end in a.keys() ^ b.keys():
            other = b if (start, end) in a else a
            overlaps = any(start < y and x < end for x, y in other)
            ways["boundary" if overlaps else "missed"] += 1
    return same / units, kind / same, ways


@pytest.mark.parametrize("seed", SEEDS)
def test_annotators_agree_about_as_the_papers_did(corpora: dict[int, Corpus], seed: int) -> None:
    """Paper: 98.3 % on boundaries, 99.6 % on type; here within sampling error of 1,400 units."""
    units, kind, _ = agreement([corpora[seed]])
    assert units == pytest.approx(0.983, abs=0.011)
    assert kind == pytest.approx(0.996, abs=0.0045)


def test_mean_agreement_and_its_kinds() -> None:
    many = [disclosures(200, seed=seed, twice=200) for seed in range(30, 36)]
    units, kind, ways = agreement(many)
    assert units == pytest.approx(0.983, abs=0.004)
    assert kind == pytest.approx(0.996, abs=0.0018)
    assert min(ways["boundary"], ways["missed"]) > 25


def test_the_reconciled_annotation_departs_little_from_each_annotator() -> None:
    corpus = disclosures(200, seed=8, twice=200)
    for name in "AB":
        wrong = sum(len(set(d.spans) ^ set(d.annotators[name])) for d in corpus)
        assert 0 < wrong / sum(len(d.spans) for d in corpus) < 0.03


@pytest.mark.parametrize(
    ("text", "inside", "label", "expected"),
    [
        ("Dr. Lee consults", "Dr. Lee", "PERSON", {"Lee"}),
        ("from Orlex, Inc. and", "Orlex, Inc.", "ORG", {"Orlex", "Orlex, Inc"}),
        (
            "from the Ahlgren Fund (Lund)",
            "Ahlgren Fund",
            "ORG",
            {"the Ahlgren Fund", "Ahlgren Fund (Lund)"},
        ),
        ("by AB. The", "AB", "PERSON", {"AB."}),
        ("by AB and", "AB", "PERSON", {"AB"}),
    ],
)
def test_slips_are_such_as_people_make(
    text: str, inside: str, label: str, expected: set[str]
) -> None:
    span = Span(text.index(inside), text.index(inside) + len(inside), label)
    dice = Dice(np.random.SeedSequence(3))
    found = {slipped(text, span, dice) for _ in range(40)}
    assert {text[s.start : s.end] for s in found} == expected
    assert {s.label for s in found} == {label}


def test_documents_without_annotators_stay_plain() -> None:
    corpus = disclosures(10, twice=0)
    assert all(isinstance(d, Document) and not d.annotators for d in corpus)
