"""UIMA CAS XMI and JSON, with dkpro-cassis as the judge."""

import json

import cassis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suffice.corpus import read, write
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.errors import CorpusError

ENTITY = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
SENTENCE = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Sentence"
DKPRO = "http:///de/tudarmstadt/ukp/dkpro/core/api"
DOCUMENTS = (
    Document(
        "r 1", "😀 Ann\r\n<Lee> & 😀\tBo.", (Span(2, 5, "PER"), Span(15, 16, 'a"<')), ((0, 5),)
    ),
    Document("r2", "None here."),
)


def xmi(*elements, text="Ann Lee sang.", sofa='sofaID="_InitialView"', members=None):
    shown = members or " ".join(str(i + 2) for i in range(len(elements)))
    body = "".join(e.format(id=f'xmi:id="{i + 2}" sofa="1"') for i, e in enumerate(elements))
    return (
        '<?xml version="1.1"?><xmi:XMI xmlns:xmi="http://www.omg.org/XMI" '
        f'xmlns:cas="http:///uima/cas.ecore" xmlns:n="{DKPRO}/ner/type.ecore" '
        f'xmlns:s="{DKPRO}/segmentation/type.ecore" xmlns:c="http:///webanno/custom.ecore">'
        f'{body}<cas:Sofa xmi:id="1" {sofa} sofaString="{text}"/>'
        f'<cas:View sofa="1" members="{shown}"/></xmi:XMI>'
    ).encode()


def saved(path, data, name="a.xmi"):
    (path / name).write_bytes(data)
    return path / name


def by_cassis(cas):
    spans = {(e.begin, e.end, e.value) for e in cas.select(ENTITY) if e.value is not None}
    return cas.sofa_string, sorted(spans), [(s.begin, s.end) for s in cas.select(SENTENCE)]


def ours(document):
    spans = [(s.start, s.end, s.label) for s in document.spans]
    return document.text, spans, list(document.sentences or ())


def loaded(folder, document):
    """Return what cassis finds in the files of a document that we wrote, in XMI and JSON."""
    with (folder / "x" / "TypeSystem.xml").open("rb") as file:
        types = cassis.load_typesystem(file)
    with (folder / "x" / f"{document.id}.xmi").open("rb") as file:
        yield by_cassis(cassis.load_cas_from_xmi(file, typesystem=types))
    with (folder / "j" / f"{document.id}.json").open("rb") as file:
        yield by_cassis(cassis.load_cas_from_json(file))


def test_cassis_reads_what_we_wrote(tmp_path):
    assert write(Corpus(DOCUMENTS), tmp_path / "x", "xmi") == []
    assert write(Corpus(DOCUMENTS), tmp_path / "j", "casjson") == []
    assert read(tmp_path / "x").documents == read(tmp_path / "j").documents == DOCUMENTS
    for document in DOCUMENTS:
        for found in loaded(tmp_path, document):
            assert found == ours(document)


@given(st.text("a😀\n\t<&é\u2028 ", min_size=1), st.data())
@settings(max_examples=30)
def test_cassis_reads_any_text_we_wrote(tmp_path_factory, text, data):
    edges = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=2)))
    if edges[0] == edges[1] or text.isspace():
        return
    document = Document("d", text, (Span(*edges, "L"),))
    folder = tmp_path_factory.mktemp("cas")
    for form, name in (("xmi", "x"), ("casjson", "j")):
        assert write(Corpus((document,)), folder / name, form) == []
    for found in loaded(folder, document):
        assert found == ours(document)


@pytest.mark.shared
def test_real_files_are_read_as_cassis_reads_them(shared):
    raw = shared / "corpora" / "raw"
    with (raw / "xmi" / "inception_typesystem.xml").open("rb") as file:
        types = cassis.load_typesystem(file)
    for name in ("smileys", "empty_array_reference"):
        path = raw / "xmi" / f"cas_with_{name}.xmi"
        with path.open("rb") as file:
            found = by_cassis(cassis.load_cas_from_xmi(file, typesystem=types))
        corpus = read(path)
        assert ours(corpus.documents[0]) == found
        assert bool(corpus.notes) == (not found[1])
    for path in sorted((raw / "uima_cas_json").iterdir()):
        with path.open("rb") as file:
            found = by_cassis(cassis.load_cas_from_json(file))
        (document,) = read(path)
        assert ours(document) == found and len(found[1]) >= 17
    for name in ("small_cas", "cas_with_two_sofas"):
        with pytest.raises(CorpusError, match="without any layer that can hold entities"):
            read(raw / "xmi" / f"{name}.xmi")


def test_without_a_type_system_and_what_is_indexed(tmp_path):
    data = xmi(
        '<n:NamedEntity {id} begin="0" end="3" value="PER"/>',
        '<n:Location {id} begin="4" end="7"/>',
        '<n:NamedEntity {id} begin="8" end="12" value="GONE"/>',
        '<n:NamedEntity {id} begin="8" end="12"/>',
        '<s:Sentence {id} begin="0" end="13"/>',
        members="2 3 5 6",
    )
    corpus = read(saved(tmp_path, data))
    (document,) = corpus
    assert document.spans == (Span(0, 3, "PER"), Span(4, 7, "Location"))
    assert (document.id, document.sentences) == ("a", ((0, 13),))
    assert corpus.notes[0].endswith("annotations without a type, left out: 1")


def test_which_layer(tmp_path):
    drug = '<c:Drug {id} begin="0" end="3" kind="X" ref="3"/>'
    corpus = read(saved(tmp_path, xmi(drug)))
    assert corpus.documents[0].spans == (Span(0, 3, "X"),)
    assert "whose entities come from the layer Drug (kind): 1" in corpus.notes[0]
    with pytest.raises(CorpusError, match=r"several layers may hold the entities \(Dose, Drug\)"):
        read(saved(tmp_path, xmi(drug, '<c:Dose {id} begin="0" end="3" kind="X"/>')))
    two = '<c:Drug {id} begin="0" end="3" form="X" use="Y"/>'
    with pytest.raises(CorpusError, match=r"several features of Drug may hold .* \(form, use\)"):
        read(saved(tmp_path, xmi(two)))
    with pytest.raises(CorpusError, match="without any layer that can hold entities, left out: 1"):
        read(saved(tmp_path, xmi('<s:Sentence {id} begin="0" end="13"/>')))
    with pytest.raises(CorpusError, match="none of its 1 annotations has a type"):
        read(saved(tmp_path, xmi('<n:NamedEntity {id} begin="0" end="3"/>')))


def test_the_type_system_beside_a_file_names_features_and_kinds(tmp_path):
    feature = "<featureDescription><name>{}</name><rangeTypeName>{}</rangeTypeName>"
    feature += "</featureDescription>"
    types = "".join(
        f"<typeDescription><name>webanno.custom.{name}</name><supertypeName>{kind}</supertypeName>"
        f"<features>{own}</features></typeDescription>"
        for name, kind, own in (
            ("Drug", "uima.tcas.Annotation", feature.format("n", "uima.cas.Integer")
             + feature.format("use", "webanno.custom.Use")),
            ("Use", "uima.cas.String", ""),
            ("Mine", ENTITY, ""),
        )
    )  # fmt: skip
    space = "http://uima.apache.org/resourceSpecifier"
    system = f'<typeSystemDescription xmlns="{space}"><types>{types}</types>'
    saved(tmp_path, f"{system}</typeSystemDescription>".encode(), "typesystem.xml")
    saved(tmp_path, xmi('<c:Drug {id} begin="0" end="3" n="7" use="1"/>'))
    saved(tmp_path, xmi('<c:Mine {id} begin="4" end="7"/>', text="Ann Lee ran."), "b.xmi")
    with pytest.raises(
        CorpusError, match=r"come from the layer Drug, those of .* NamedEntity; choose"
    ):
        read(tmp_path)
    (first,), (second,) = read(tmp_path / "a.xmi"), read(tmp_path / "b.xmi")
    assert (first.spans, second.spans) == ((Span(0, 3, "1"),), (Span(4, 7, "Mine"),))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            xmi('<n:NamedEntity {id} begin="x" end="3" value="A"/>'),
            "has an offset that is not a number",
        ),
        (xmi('<n:NamedEntity {id} begin="1" end="3" value="A"/>', text="😀 x"), "offset that is n"),
        (xmi('<n:NamedEntity {id} begin="1" end="99" value="A"/>'), "end 99 lies beyond the text"),
        (xmi().replace(b"sofaString", b"sofaURI"), "the file holds no text (no sofaString)"),
        (xmi()[:-5], "this is no whole XML (unclosed token)"),
        (b'{"%TYPES": {}, "%FEATURE_STRUCTURES": 3}', "a part of the CAS is no JSON object"),
        (b'{"%FEATURE_STRUCTURES": [], "%VIEWS": {"a": {}}}', "a view has no list of its members"),
        (b'{"%TYPES": {}}', "this JSON is no UIMA CAS"),
        (b'{"%TYPES": [', "this is no JSON: "),
    ],
)
def test_damage_is_named(tmp_path, data, message):
    with pytest.raises(CorpusError) as caught:
        read(saved(tmp_path, data, "a.dat"))
    assert message in str(caught.value)


def test_json_as_early_versions_kept_it(tmp_path):
    write(Corpus(DOCUMENTS), tmp_path / "j", "casjson")
    path = tmp_path / "j" / "r 1.json"
    value = json.loads(path.read_bytes())
    value["%FEATURE_STRUCTURES"] = {s.pop("%ID"): s for s in value["%FEATURE_STRUCTURES"]}
    path.write_text(json.dumps(value), "utf-8")
    assert read(path).documents == DOCUMENTS[:1]


def test_an_encoding_whose_name_holds_a_nul_is_one_line(tmp_path):
    """Found by bench/fuzz.py."""
    path = tmp_path / "a.xmi"
    path.write_bytes(b'<?xml version="1.0" encoding="UTF\0-8"?><xmi:XMI/>')
    with pytest.raises(CorpusError):
        read(path, format="xmi")
