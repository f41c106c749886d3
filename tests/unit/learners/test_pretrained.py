"""Models that are used as they are: which they are, and what becomes of their labels."""

from __future__ import annotations

from pathlib import Path

import pytest

from suffice.corpus.document import Document, Span
from suffice.errors import InputError
from suffice.learners.pretrained import Pretrained
from suffice.learners.spacy.pipeline import SpacyTagger
from suffice.testing import check_learner

DOCUMENTS = [
    Document("a", "Bo met Orlex in May.", (Span(0, 2, "PER"), Span(7, 12, "ORG"))),
    Document("b", "Orlex grew.", (Span(0, 5, "ORG"),)),
]


@pytest.fixture(scope="module")
def nlp():
    """Return a pipeline that knows three strings by labels of its own."""
    import spacy

    nlp = spacy.blank("en")
    patterns = {"Bo": "PERSON", "Orlex": "ORG", "May": "DATE"}
    nlp.add_pipe("entity_ruler").add_patterns(
        [{"label": label, "pattern": string} for string, label in patterns.items()]
    )
    return nlp


@pytest.fixture(params=["a folder", "installed", "kept"])
def model(request, nlp, tmp_path, monkeypatch) -> str:
    folder = tmp_path / "some_pipeline"
    folder.mkdir()
    if request.param == "kept":
        SpacyTagger(nlp).save(folder)
    else:
        nlp.to_disk(folder)
    if request.param == "installed":
        (folder / "__init__.py").write_text(
            "from pathlib import Path\nfrom spacy.util import load_model_from_path\n"
            "def load(**settings):\n"
            "    return load_model_from_path(Path(__file__).parent, **settings)\n"
        )
        about = tmp_path / "some_pipeline-1.0.dist-info"
        about.mkdir()
        (about / "METADATA").write_text("Name: some_pipeline\nVersion: 1.0\n")
        monkeypatch.syspath_prepend(str(tmp_path))
        return "some_pipeline"
    return str(folder)


def test_what_it_finds_bears_the_labels_of_the_corpus(model):
    learner = Pretrained({"model": model, "labels": {"PERSON": "PER"}})
    tagger = learner.train(DOCUMENTS[1:], ("ORG", "PER"), 1)
    assert tagger.tag(DOCUMENTS) == [list(d.spans) for d in DOCUMENTS]
    assert learner.train([], ("PER",), 2).tag(DOCUMENTS) == [[Span(0, 2, "PER")], []]
    as_it_is, dropped = learner.caveats(DOCUMENTS)
    assert "no annotated sentences" in as_it_is
    assert "1 of 4 spans" in dropped
    assert dropped.endswith("DATE")


def test_it_is_a_learner(nlp, tmp_path):
    nlp.to_disk(tmp_path / "model")
    (tmp_path / "cache").mkdir()
    options = {"model": str(tmp_path / "model"), "labels": {"DATE": "ORG"}}
    check_learner(Pretrained, tmp_path / "cache", options=options)


def test_labels_without_a_counterpart_are_counted(model):
    said = Pretrained({"model": model}).caveats(DOCUMENTS)
    assert "2 of 4 spans" in said[1]
    assert said[1].endswith("DATE, PERSON")
    assert said[2] == "the model found none of: PER"


def test_another_model_is_another_learner(nlp, tmp_path):
    nlp.to_disk(tmp_path / "one")
    learner = Pretrained({"model": str(tmp_path / "one")})
    config = learner.config
    assert config["options"]["kind"] == "spacy"
    assert Pretrained(config["options"]).config == config
    meta = tmp_path / "one" / "meta.json"
    meta.write_text(meta.read_text() + " ")
    assert Pretrained(config["options"]).config["model"] != config["model"]


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({}, "the option 'model'"),
        ({"model": "no_such_pipeline"}, "neither a folder nor an installed spaCy pipeline"),
        ({"model": "no_such_pipeline", "kind": "spacy"}, "no installed spaCy pipeline"),
        ({"model": "json"}, "not a spaCy pipeline that can be loaded here"),
    ],
)
def test_models_that_are_not_there(options, line):
    with pytest.raises(InputError) as raised:
        learner = Pretrained(options)
        assert learner.config
        learner.train(DOCUMENTS, ("ORG",), 1)
    assert line in str(raised.value)


def test_pickled_weights_of_gliner_are_refused(tmp_path: Path):
    (tmp_path / "gliner_config.json").write_text("{}")
    (tmp_path / "pytorch_model.bin").touch()
    with pytest.raises(InputError, match=r"not installed|pickled weights are never loaded"):
        Pretrained({"model": str(tmp_path)}).train(DOCUMENTS, ("ORG",), 1)
