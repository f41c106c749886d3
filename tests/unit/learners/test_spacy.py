"""spaCy's loop: what it learns, what decides, what is lost, and that models are kept whole."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from suffice.corpus.document import Document, Span
from suffice.errors import InputError
from suffice.learners import kept, saved
from suffice.learners.base import Tagger
from suffice.learners.spacy.pipeline import Spacy
from suffice.learners.spacy.training import divide, laid
from suffice.scoring import count

FAST = {"max_steps": 60, "eval_frequency": 30, "batch_words": 100}


@pytest.fixture(scope="module")
def tagger(toy: list[Document]) -> Tagger:
    return Spacy(FAST).train(toy, ["ORG"], seed=1)


def test_it_learns_and_its_offsets_are_right(tagger: Tagger, toy_odd: list[Document]) -> None:
    bare = [replace(document, spans=()) for document in toy_odd]
    assert count(toy_odd, tagger.tag(bare), ["ORG"]).f1() >= 0.9


def test_the_same_seed_gives_the_same_tagger_and_random_states_stay(
    toy: list[Document],
) -> None:
    random.seed(5)
    np.random.seed(5)  # noqa: NPY002
    ours, numpys = random.getstate(), np.random.get_state()[1].tolist()  # noqa: NPY002
    short = Spacy({**FAST, "max_steps": 3})
    one, two, other = (
        short.train(toy, ["ORG"], seed=seed).nlp.get_pipe("ner").model.to_bytes()
        for seed in (1, 1, 2)
    )
    assert random.getstate() == ours
    assert np.random.get_state()[1].tolist() == numpys  # noqa: NPY002
    assert one == two != other


def test_a_kept_model_is_a_pipeline_of_spacy(
    tagger: Tagger, toy_odd: list[Document], tmp_path: Path
) -> None:
    import spacy

    tagger.save(tmp_path)
    found = tagger.tag(toy_odd)
    assert kept.load(tmp_path).tag(toy_odd) == found
    docs = list(spacy.load(tmp_path).pipe(d.text for d in toy_odd))
    assert [[(e.start_char, e.end_char) for e in doc.ents] for doc in docs] == [
        [(s.start, s.end) for s in spans] for spans in found
    ]
    (tmp_path / saved.FILE).unlink()
    assert kept.load(tmp_path).tag(toy_odd) == found
    content = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert b"ORG" in content
    assert b"Orlex" not in content, "words of the training set are written beside the weights"


def test_a_pipeline_without_entities_is_no_tagger(tmp_path: Path) -> None:
    import spacy

    spacy.blank("en").to_disk(tmp_path)
    with pytest.raises(InputError, match="finds no entities"):
        kept.load(tmp_path)
    (tmp_path / "config.cfg").write_text("[nlp")
    with pytest.raises(InputError, match="not a spaCy pipeline"):
        kept.load(tmp_path)


class _Deciding(Spacy):
    """Remembers what it was told to learn from and to decide by."""

    def _train(self, learnt, deciding, labels, seed):
        self.seen = [d.id for d in learnt], [d.id for d in deciding]


def test_which_documents_decide(toy: list[Document], toy_odd: list[Document]) -> None:
    ids = [d.id for d in toy]
    learner = _Deciding()
    assert not learner.looks_at_evaluation
    learner.train(toy, ["ORG"], 3)
    learnt, deciding = learner.seen
    assert sorted(learnt + deciding) == sorted(ids)
    assert len(deciding) == int(0.2 * len(ids))
    learner.train(toy, ["ORG"], 4)
    assert learner.seen[1] != deciding

    selecting = _Deciding({"selection": "evaluation"})
    assert selecting.looks_at_evaluation
    selecting.train_selecting(toy, ["ORG"], 3, toy_odd)
    assert selecting.seen == (ids, [d.id for d in toy_odd])
    assert "too good" in selecting.caveats(toy)[0]
    with pytest.raises(InputError, match="needs the evaluation set"):
        selecting.train(toy, ["ORG"], 3)


def test_the_evaluation_set_chooses_the_checkpoint(toy: list[Document]) -> None:
    # Everything is learnt within some steps; documents labelled otherwise are best told by none.
    wrong = [replace(d, spans=tuple(Span(s.start, s.end, "PER") for s in d.spans)) for d in toy]
    settings = {**FAST, "selection": "evaluation"}
    right = Spacy(settings).train_selecting(toy, ["ORG", "PER"], 1, toy)
    assert count(toy, right.tag(toy), ["ORG", "PER"]).f1() > 0.9
    least = Spacy({**settings, "patience": 30}).train_selecting(toy, ["ORG", "PER"], 1, wrong)
    assert least.status == "ok"
    assert count(wrong, least.tag(wrong), ["ORG", "PER"]).f1() < 0.1


DOCUMENTS = st.lists(
    st.tuples(st.booleans(), st.none() | st.sampled_from("abc")), min_size=1, max_size=12
).map(
    lambda drawn: [
        Document(str(i), "Bo", (Span(0, 2, "PER"),) if spans else (), group=group)
        for i, (spans, group) in enumerate(drawn)
    ]
)


@given(DOCUMENTS, st.floats(0.01, 0.99), st.integers(0, 10**6))
def test_whole_groups_are_held_out(documents: list[Document], share: float, seed: int) -> None:
    learnt, held = divide(documents, share, np.random.default_rng(seed))

    def units(part: Sequence[Document]) -> set[str]:
        return {d.group or d.id for d in part}

    if len(units(documents)) == 1:
        assert learnt == held == documents
        return
    assert learnt
    assert held
    assert {d.id for d in learnt} | {d.id for d in held} == {d.id for d in documents}
    assert not units(learnt) & units(held)
    largest = max(sum(d.group == x.group for x in documents) if d.group else 1 for d in documents)
    assert len(held) <= max(largest, share * len(documents))
    entities = units([d for d in documents if d.spans])
    if entities:
        assert any(d.spans for d in learnt)
    if len(entities) > 1:
        assert any(d.spans for d in held)


def test_how_spans_are_laid_on_tokens() -> None:
    import spacy

    text = "Dr. \ud800 Orlex-Bio  Ltd\n paid 5mg."
    whole, inner = Span(6, 20, "ORG"), Span(6, 11, "ORG")
    space, cut, other = Span(19, 21, "ORG"), Span(27, 28, "DOSE"), Span(22, 26, "VERB")
    document = Document("x", text, tuple(sorted((whole, inner, space, cut, other))))
    doc, lost = laid(spacy.blank("en"), document, {"ORG", "DOSE"})
    assert len(doc.text) == len(text)
    found = [(e.start_char, e.end_char, e.label_) for e in doc.ents]
    assert found[0] == (6, 20, "ORG")
    assert {label for _, _, label in found} == {"ORG", "DOSE"}
    assert lost.spans == 4
    assert lost.overlapping + lost.wordless == 2
    assert all(not doc[e.end - 1].is_space and not doc[e.start].is_space for e in doc.ents)


def test_what_is_lost_is_said() -> None:
    nested = Document("x", "Bank of Orlex", (Span(0, 13, "ORG"), Span(8, 13, "LOC")))
    joined = Document("y", "xOrlexx", (Span(1, 6, "ORG"),))
    said = " ".join(Spacy().caveats([nested, joined]))
    assert "1 of 3 spans overlap a longer one" in said
    assert "1 of 3 spans begin or end inside a word" in said
    assert Spacy().caveats([replace(nested, spans=nested.spans[:1])]) == ()


@pytest.mark.parametrize(
    "document",
    [Document("none", "Nothing here."), Document("empty", ""), Document("spaces", " \n\t ")],
    ids=lambda d: d.id,
)
def test_training_sets_with_nothing_to_learn(document: Document) -> None:
    tagger = Spacy({"max_steps": 2}).train([document], ["ORG"], 1)
    assert tagger.status == "ok"
    assert len(tagger.tag([document, Document("e", "")])) == 2


def test_options_are_filled_in_by_architecture_and_checked() -> None:
    assert Spacy().config["options"]["learning_rate"] == 1e-3
    transformer = Spacy({"architecture": "transformer", "batch_words": 9})
    assert transformer.options.learning_rate == 5e-5
    assert transformer.options.batch_words == 9
    assert Spacy(transformer.config["options"]).config == transformer.config
    assert Spacy({"backbone": transformer.options.backbone}).options.architecture == "transformer"
    assert "backbone" not in Spacy().config["options"]
    with pytest.raises(InputError, match="tok2vec has no backbone"):
        Spacy({"architecture": "tok2vec", "backbone": "x"})
    with pytest.raises(InputError, match=r"no option 'learning_rat'; it has: .*learning_rate"):
        Spacy({"learning_rat": 1})
    with pytest.raises(InputError, match="'architecture' of the learner 'spacy' is wrong"):
        Spacy({"architecture": "lstm"})
    with pytest.raises(InputError, match="cannot cut words of the language 'qqq'"):
        Spacy({"language": "qqq"}).train([Document("x", "a")], ["ORG"], 1)


def test_a_diverged_run_is_a_result(toy: list[Document]) -> None:
    tagger = Spacy({**FAST, "learning_rate": 1e30}).train(toy, ["ORG"], 1)
    assert tagger.status == "diverged"
    assert tagger.tag(toy) == [[] for _ in toy]


def test_it_is_to_be_had_without_spacy() -> None:
    code = (
        "import sys; from suffice.learners import registry;"
        "registry.get('spacy').config; registry.kind('command'); registry.kind('pretrained');"
        "sys.exit(bool({'spacy', 'thinc', 'torch'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
