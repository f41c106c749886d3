"""spaCy's JSON, against spaCy; what is annotated in part is not read as empty."""

import json

import pytest
import spacy
from spacy.tokens import Doc
from spacy.training import docs_to_json

from suffice.corpus import read, write
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.errors import CorpusError


def put(tmp_path, value):
    path = tmp_path / "s.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value, indent=1))
    return path


def notes(corpus):
    return [note.split(": ", 1)[1] for note in corpus.notes]


def spacy_docs():
    nlp = spacy.blank("en")
    first = nlp("Ann Lee met Bo.  Acme pays.")
    first.ents = [first.char_span(0, 7, "PER"), first.char_span(17, 21, "ORG")]
    second = nlp("Nobody came.")
    second.ents = []
    return [first, second, nlp("Not looked at.")]


WANTED = [
    ("Ann Lee met Bo.  Acme pays.", (Span(0, 7, "PER"), Span(17, 21, "ORG"))),
    ("Nobody came.", ()),
]


def test_to_json_of_spacy(tmp_path):
    corpus = read(put(tmp_path, [doc.to_json() for doc in spacy_docs()]))
    assert [(d.text, d.spans) for d in corpus] == WANTED
    assert notes(corpus) == ["documents that nobody annotated, left out: 1"]


def test_training_files_of_version_2(tmp_path):
    docs = spacy_docs()
    for doc in docs:
        for i, token in enumerate(doc):
            token.is_sent_start = not i
    records = [docs_to_json([doc], doc_id=i) for i, doc in enumerate(docs[:2])]
    tokens = [{"orth": "Cy", "ner": "U-PER"}, {"orth": "left"}]
    records.append({"id": 8, "paragraphs": [{"sentences": [{"tokens": tokens}]}]})
    raw = {
        "raw": "Di  went.",
        "sentences": [
            {
                "tokens": [
                    {"orth": "Di", "ner": "U-PER"},
                    {"orth": "went", "ner": "O"},
                    {"orth": ".", "ner": "O"},
                ]
            }
        ],
    }
    bare = {"sentences": [{"tokens": [{"orth": "Ed", "ner": "-"}]}]}
    records.append({"id": 9, "paragraphs": [raw, raw, bare]})
    corpus = read(put(tmp_path, records))
    assert [(d.text, d.spans) for d in corpus][:2] == WANTED
    assert [(d.id, d.text, d.group, d.spans) for d in corpus][2:] == [
        ("9-1", "Di  went.", "9", (Span(0, 2, "PER"),)),
        ("9-2", "Di  went.", "9", (Span(0, 2, "PER"),)),
    ]
    assert notes(corpus) == [
        "documents annotated only in part, left out: 1",
        "documents that nobody annotated, left out: 1",
    ]


@pytest.mark.parametrize("lines", [False, True])
def test_training_lists(tmp_path, lines):
    given = [
        ["Ann met Bo.", {"entities": [[0, 3, "P"], [8, 10, "P"]]}],
        ["No one.", {"entities": []}],
        ["Good.", {"cats": {"POS": 1}}],
    ]
    corpus = read(put(tmp_path, "\n".join(map(json.dumps, given)) if lines else json.dumps(given)))
    assert [(d.text, len(d.spans)) for d in corpus] == [("Ann met Bo.", 2), ("No one.", 0)]
    assert notes(corpus) == ["documents that nobody annotated, left out: 1"]
    wrapped = {"classes": ["P"], "annotations": [*given[:2], None]}
    assert [d.spans for d in read(put(tmp_path, wrapped))] == [d.spans for d in corpus]


def test_spacy_reads_what_is_written(tmp_path):
    corpus = Corpus((
        Document("a", "Ann  met Bo-Ek.\n\nFine.", (Span(0, 3, "P"), Span(9, 11, "P")),
                 ((0, 15), (17, 22)), group="g", split="dev"),
        Document("b", "Nobody."),
    ))  # fmt: skip
    path = tmp_path / "out.json"
    assert write(corpus, path, "spacyjson") == []
    nlp = spacy.blank("en")
    docs = [Doc(nlp.vocab).from_json(record) for record in json.loads(path.read_text())]
    assert [doc.text for doc in docs] == [d.text for d in corpus]
    assert [(e.start_char, e.end_char, e.label_) for e in docs[0].ents] == [
        (0, 3, "P"),
        (9, 11, "P"),
    ]
    assert read(path).documents == corpus.documents


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([["x", {"entities": [[0, 1]]}]], "record 1: an entity is not [start, end, label]"),
        ([["x", {"entities": [[0, 7, "P"]]}]], "record 1: span 1: end 7 lies beyond the text"),
        ([{"paragraphs": [{"sentences": [{"tokens": [{"orth": "a", "ner": "what"}]}]}]}],
         'the "ner" of a token is no tag'),
        ([{"paragraphs": [{"raw": "b", "sentences": [{"tokens": [{"orth": "a", "ner": "O"}]}]}]}],
         'the words are not those of "raw"'),
        ([{"paragraphs": [{"sentences": [{"tokens": [{"ner": "O"}]}]}]}],
         'word 1 is missing ("orth")'),
        ([{"paragraphs": [{"sentences": [{"tokens": [{"orth": "", "ner": "O"}]}]}]}],
         'word 1 is empty ("orth")'),
        ([{"paragraphs": []}], "the record has no paragraphs"),
        ([7], "the record is not [text, "),
    ],
)  # fmt: skip
def test_bad_records(tmp_path, value, message):
    with pytest.raises(CorpusError) as caught:
        read(put(tmp_path, value), format="spacyjson")
    assert message in str(caught.value)


def test_groups_of_spans_are_chosen_as_in_docbin(tmp_path):
    span = {"start": 0, "end": 3, "label": "P"}
    records = [
        {"text": "Ann left.", "ents": [], "tokens": [], "spans": {"mine": [span]}},
        {"text": "No one.", "ents": [], "tokens": [], "spans": {"mine": []}},
    ]
    corpus = read(put(tmp_path, records))
    assert [d.spans for d in corpus] == [(Span(0, 3, "P"),), ()]
    assert notes(corpus) == ["documents whose entities come from doc.spans['mine']: 2"]
    records[1]["spans"]["other"] = [span]
    with pytest.raises(CorpusError, match="several span groups may hold the entities: 'mine'"):
        read(put(tmp_path, records))
    assert notes(read(put(tmp_path, records), layer="mine")) == [
        "spans in doc.spans['other'], not read (--layer other reads them): 1"
    ]


def test_groups_of_spans_in_training_lists(tmp_path):
    given = [
        ["Ann met Bo.", {"entities": [], "spans": {"sc": [[0, 3, "P"], [0, 11, "Q"]]}}],
        ["No one.", {"spans": {"sc": []}}],
    ]
    corpus = read(put(tmp_path, given), format="spacyjson")
    assert [d.spans for d in corpus] == [(Span(0, 3, "P"), Span(0, 11, "Q")), ()]
