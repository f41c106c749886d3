"""Inspection: counts that others counted, intervals that others computed."""

import json
import math

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from suffice.corpus import inspect, read
from suffice.corpus.checks.base import Place
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.corpus.summary import ratio, spread


def test_counts_and_problems():
    documents = (
        Document(
            "a", "Ann Lee of Acme. Bo left.",
            (Span(0, 3, "P"), Span(0, 7, "P"), Span(4, 10, "X"), Span(11, 16, "O"),
             Span(12, 19, "O "), Span(16, 19, "P")),
            ((0, 16), (17, 25)), group="g", split="train",
        ),
        Document("b", "ANN left", (Span(0, 3, "P"), Span(0, 3, "Q")), ((0, 8),), split="dev"),
        Document("c", "ann  LEFT", annotators={"x": (), "y": ()}),
    )  # fmt: skip
    found = inspect(Corpus(documents, "three", notes=("n",)))
    assert (found.documents, found.sentences, found.tokens, found.characters) == (3, 4, 12, 42)
    assert (found.entities, found.distinct, found.without_spans) == (8, 6, 1)
    assert list(found.labels.items()) == [("P", 4), ("O", 1), ("O ", 1), ("Q", 1), ("X", 1)]
    assert found.eps.estimate == 2.0
    assert found.exact_twins == found.near_twins == (("b", "c"),)
    assert (found.grouped, found.groups, found.own_sentences) == (1, 1, 2)
    assert found.splits == {"dev": 1, "train": 1}
    assert (found.annotated_by_several, found.notes, found.skipped) == (1, ("n",), ())
    assert found.spreads["entities per document"].median == 2
    first, second = Place("a", 12, 19, "O "), Place("a", 16, 19, "P")
    cases = {f.check: [c.places for c in f.cases] for f in found.findings}
    assert cases == {
        "edge white space": [(second,)],
        "label white space": [(first,)],
        "label variants": [(first,)],
        "twins annotated differently": [
            (Place("b", 0, 3, "P"), Place("b", 0, 3, "Q"), Place("b"), Place("c"))
        ],
        "nested": [(Place("a", 0, 7, "P"), Place("a", 0, 3, "P")), (second, first)],
        "crossing": [
            (Place("a", 4, 10, "X"), Place("a", 0, 7, "P")),
            (first, Place("a", 11, 16, "O")),
        ],
        "same place": [(Place("b", 0, 3, "Q"), Place("b", 0, 3, "P"))],
        "cuts a word": [(first,)],
        "crosses sentences": [(first,), (second,)],
        "without spans": [(Place("c"),)],
        "exact twins": [(Place("c"), Place("b"))],
    }
    assert found.problem_counts()["crossing"] == 2
    assert "pairs of spans that overlap: 5; most learners drop one of each" in found.caveats
    assert "documents that name no group: 2" in found.caveats


def test_no_text_is_in_the_result():
    document = Document("a", "Zwingli met Xanthippe.", (Span(0, 7, "P"), Span(3, 9, "P")))
    found = inspect(Corpus((document,)))
    for shown in (found.to_json(), str(found), found._repr_html_()):
        assert "Zwingli" not in shown and "Xanthippe" not in shown
    assert json.loads(found.to_json())["eps"]["low"] is None


COUNTS = st.lists(
    st.tuples(st.integers(0, 9), st.integers(1, 9), st.sampled_from("abcdefgh")),
    min_size=3, max_size=30,
).filter(lambda rows: len({c for *_, c in rows}) > 1)  # fmt: skip


@given(COUNTS)
def test_interval_is_that_of_a_weighted_mean_with_clustered_errors(rows):
    """The ratio is the mean of u/l weighted by l; its clustered error is statsmodels'."""
    upper, lower, clusters = zip(*rows, strict=True)
    found = ratio(upper, lower, clusters)
    y = np.array(upper) / np.array(lower)
    codes = np.unique(clusters, return_inverse=True)[1]
    k = codes.max() + 1
    fit = sm.WLS(y, np.ones(len(y)), weights=np.array(lower)).fit(
        cov_type="cluster", cov_kwds={"groups": codes, "use_correction": False}, use_t=True
    )
    assert found.estimate == pytest.approx(fit.params[0], abs=1e-12)
    error = fit.bse[0] * math.sqrt(k / (k - 1))
    from scipy.stats import t

    half = t.ppf(0.975, k - 1) * error
    assert found.high == pytest.approx(found.estimate + half, abs=1e-9)
    assert found.low == pytest.approx(max(0, found.estimate - half), abs=1e-9)
    assert found.clusters == k


def test_ratio_at_the_edges():
    assert math.isnan(ratio([1], [0], ["a"]).estimate)
    lone = ratio([3, 1], [2, 2], ["a", "a"])
    assert lone.estimate == 1 and math.isnan(lone.low)
    assert lone.caveats == ("a single document gives no interval",)
    same = ratio([2, 4], [1, 2], ["a", "b"])
    assert (same.low, same.estimate, same.high) == (2, 2, 2)


def test_spread_is_numpys():
    values = [3, 1, 4, 1, 5, 9, 2, 6]
    s = spread(values)
    five = [s.least, s.lower, s.median, s.upper, s.most]
    assert five == list(np.percentile(values, [0, 25, 50, 75, 100]))
    assert (s.mean, s.documents) == (np.mean(values), 8)
    assert math.isnan(spread([]).mean)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "eps", "overlaps"), [("nubes_es", 1.01, 4927), ("wnut17", 0.68, 0)]
)
def test_numbers_of_the_shared_table(shared, name, eps, overlaps):
    corpus = read(shared / "corpora" / f"{name}.jsonl.gz")
    found = inspect(corpus)
    assert found.eps.estimate == pytest.approx(eps, abs=0.005)
    assert found.eps.low < eps < found.eps.high
    later = [(d.spans[i], d.spans[i + 1]) for d in corpus for i in range(len(d.spans) - 1)]
    assert sum(b.start < a.end for a, b in later) == overlaps
    counts = found.problem_counts()
    pairs = sum(counts.get(k, 0) for k in ("nested", "crossing", "same place"))
    assert pairs >= overlaps and (pairs > 0) == (overlaps > 0)
    assert "edge white space" not in counts and "crosses sentences" not in counts


def app():
    from suffice.cli.app import app

    return app


def test_commands(tmp_path):
    source = tmp_path / "a.jsonl"
    source.write_text(
        '{"id": "1", "text": "Ann [b] left. Bo too.", "spans": ['
        '{"start": 0, "end": 3, "label": "P"}, {"start": 14, "end": 16, "label": "[Q]"}]}\n'
        '{"id": "2", "text": "Secret", "spans": [{"start": 0, "end": 99, "label": "P"}]}\n'
    )
    runner = CliRunner()
    shown = runner.invoke(app(), ["inspect", str(source), "--lenient", "--private"])
    assert shown.exit_code == 0, shown.output
    assert "entities per sentence" in shown.output and "[Q]" in shown.output
    assert "Secret" not in shown.output and "Ann" not in shown.output
    assert max(map(len, shown.output.splitlines())) <= 80
    asked = runner.invoke(app(), ["inspect", str(source), "--lenient", "--json", "--labels", "P=X"])
    assert json.loads(asked.output)["labels"] == {"X": 1}
    target = tmp_path / "b.conll"
    done = runner.invoke(app(), ["convert", str(source), str(target), "--to", "conll", "--lenient"])
    assert done.exit_code == 0, done.output
    assert "1 document, 2 spans, as conll" in done.output.replace("\n", " ")
    assert read(target).documents[0].spans == (Span(0, 3, "P"), Span(14, 16, "[Q]"))
    again = runner.invoke(app(), ["convert", str(source), str(target), "--to", "conll"])
    assert "exists already; choose another name, or add --force" in str(again.exception)
    lone = runner.invoke(app(), ["convert", str(source), "--to", "conll"])
    assert "convert needs files to read and one to write" in str(lone.exception)
