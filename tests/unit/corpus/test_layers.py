"""Which layer and feature are read, and that what is not read is counted with its name."""

import pytest
from typer.testing import CliRunner

from suffice.cli.app import app
from suffice.corpus import read
from suffice.corpus.document import Span
from suffice.errors import CorpusError
from tests.unit.corpus.inception import CORE, archive, document, files_of

DRUGS = [(9, 16, "med"), (0, 3, "odd")]
TSV = f"""#FORMAT=WebAnno TSV 3.3
#T_SP={CORE}.ner.type.NamedEntity|identifier|value
#T_SP=webanno.custom.Doubt|
#T_SP=webanno.custom.Drug|kind|route
#T_RL=webanno.custom.Causes|sort|BT_webanno.custom.Drug


#Text=Ann took aspirin in Bonn .
1-1\t0-3\tAnn\t*\tPER\t_\todd\toral\t_\t_\t
1-2\t4-8\ttook\t_\t_\t*[1]\t_\t_\t_\t_\t
1-3\t9-16\taspirin\t_\t_\t*[1]|*\tmed\toral\tof\t1-1\t
1-4\t17-19\tin\t_\t_\t_\t_\t_\t_\t_\t
1-5\t20-24\tBonn\t*\tLOC\t_\t_\t_\t_\t_\t
1-6\t25-26\t.\t_\t_\t_\t_\t_\t_\t_\t
"""


@pytest.fixture(params=["xmi", "json", "tsv"])
def path(request, tmp_path):
    """Return a document with two entities, two drugs, two doubts and a relation, in each format."""
    made = document(
        "ann", [(0, 3, "PER"), (20, 24, "LOC")], DRUGS, [(4, 16), (9, 16)], related=True
    )
    path = tmp_path / f"a.{request.param}"
    if request.param == "xmi":
        (tmp_path / "TypeSystem.xml").write_text(made.typesystem.to_xml(), "utf-8")
        path.write_text(made.to_xmi(), "utf-8")
    else:
        path.write_text(TSV if request.param == "tsv" else made.to_json(), "utf-8")
    return path


def said(corpus):
    return sorted(note.split(": ", 1)[1] for note in corpus.notes)


def test_layers_beside_named_entity_are_counted(path):
    corpus = read(path)
    assert corpus.documents[0].spans == (Span(0, 3, "PER"), Span(20, 24, "LOC"))
    assert said(corpus) == [
        "annotations of the layer Doubt, not read (--layer Doubt reads them): 2",
        "annotations of the layer Drug, not read (--layer Drug reads them): 2",
        "relations, passed over: 1",
    ]


@pytest.mark.parametrize("name", ["Drug", "webanno.custom.Drug", "drug"])
def test_a_layer_with_several_features_needs_a_choice(path, name):
    problem = (
        r"features of Drug may hold the type \(kind, route\); choose one, as `layer` Drug `fea"
    )
    with pytest.raises(CorpusError, match=problem):
        read(path, layer=name)
    corpus = read(path, layer=name, feature="kind")
    assert corpus.documents[0].spans == (Span(0, 3, "odd"), Span(9, 16, "med"))
    assert said(corpus)[1] == (
        "annotations of the layer NamedEntity, not read (--layer NamedEntity reads them): 2"
    )
    (document,) = read(path, layer=name, feature="route")
    assert {span.label for span in document.spans} == {"oral"}
    assert read(path, feature="kind").documents == corpus.documents  # only one layer has it


def test_a_layer_without_features_gives_its_name(path):
    (document,) = read(path, layer="Doubt")
    assert document.spans == (Span(4, 16, "Doubt"), Span(9, 16, "Doubt"))


def test_what_is_not_there_is_refused(path):
    with pytest.raises(CorpusError, match="the layer Drug has no feature 'dose' that names"):
        read(path, layer="Drug", feature="dose")
    left = r"without the layer Dose \(it can be .*Drug|there is no layer 'Dose'; `layer` can be"
    with pytest.raises(CorpusError, match=left):
        read(path, layer="Dose")


def test_documents_of_one_corpus_agree_in_their_layer(tmp_path):
    files = files_of({
        "a.txt": {"ann": document("ann", [(0, 3, "PER")])},
        "b.txt": {"ann": document("ann", drugs=DRUGS)},
    })  # fmt: skip
    path = archive(tmp_path / "p.zip", files)
    with pytest.raises(CorpusError, match="choose one, as `layer` Drug `feature` kind"):
        read(path)
    corpus = read(path, layer="NamedEntity")
    assert [len(d.spans) for d in corpus] == [1, 0]
    assert "annotations of the layer Drug, not read (--layer Drug reads them): 2" in said(corpus)
    corpus = read(path, layer="Drug", feature="kind")
    assert [len(d.spans) for d in corpus] == [0, 2]


def test_the_options_of_the_commands(path, tmp_path):
    out = tmp_path / "o.jsonl"
    command = ["convert", str(path), str(out), "--to", "jsonl"]
    result = CliRunner().invoke(app, [*command, "--layer", "Drug", "--feature", "kind"])
    assert result.exit_code == 0, result.output
    assert [len(d.spans) for d in read(out)] == [2]
    corpus = read(out, layer="Drug")
    assert said(corpus) == ["--layer does not apply to suffice's JSON Lines; ignored: 1"]
