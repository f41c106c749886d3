"""What nobody annotated, or only in part, and words at whose edges there is nothing, by format.

Every sample of the first kind holds the text "Ned ran", in which "Ned" is a PERSON, as well.
"""

from __future__ import annotations

import io
import json
import shutil

import pyarrow as pa
import pyarrow.parquet as pq
import spacy
from spacy.tokens import Doc, DocBin, Span

from suffice.corpus import Corpus, Document, write
from suffice.corpus import Span as Marked
from tests.unit.corpus.inception import document

NED = {"start": 0, "end": 3, "label": "PERSON"}
NONE = "#FORMAT=WebAnno TSV 3.3\n\n\n#Text=Ada left\n1-1\t0-3\tAda\t\n1-2\t4-8\tleft\t\n"


def lines(*records):
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def parquet(words, tags):
    out = io.BytesIO()
    pq.write_table(pa.table({"tokens": words, "ner_tags": tags}), out)
    return out.getvalue()


def docbin(*ents):
    """Return a DocBin of the text "Ned ran" and of others with these tags of their words."""
    vocab = spacy.vocab.Vocab()
    docs = [Doc(vocab, ["Ned", "ran"], [True, False], ents=["B-PERSON", "O"])]
    for tags in ents:
        made = Doc(vocab, ["Ada", "left"])
        spans = [Span(made, i, i + 1, tag[2:]) for i, tag in enumerate(tags) if tag[0] == "B"]
        missing = [made[i : i + 1] for i, tag in enumerate(tags) if tag == "?"]
        made.set_ents(spans, missing=missing, default="outside")
        docs.append(made)
    return DocBin(docs=docs).to_bytes()


def old_spacy(*texts):
    """Return a training file of spaCy 2 with these words and their tags."""
    given = [[{"orth": word, "ner": tag} for word, tag in words] for words in texts]
    return json.dumps([
        {"id": i, "paragraphs": [{"sentences": [{"tokens": tokens}]}]}
        for i, tokens in enumerate(given)
    ]).encode()  # fmt: skip


def whole(form, tmp_path):
    """Return the files of the annotated text alone, as we write them."""
    tmp_path.mkdir(exist_ok=True)
    shutil.rmtree(tmp_path / form, ignore_errors=True)
    corpus = Corpus((Document("ned", "Ned ran", (Marked(0, 3, "PERSON"),)),))
    write(corpus, tmp_path / form, form)
    return {path.name: path.read_bytes() for path in (tmp_path / form).iterdir()}


def left_out(tmp_path):
    """Return, by format, files with texts that are not to be read."""
    task = {"id": 1, "data": {"text": "Ned ran"}, "annotations": [{"result": [
        {"type": "labels", "value": {"start": 0, "end": 3, "labels": ["PERSON"]}},
    ]}]}  # fmt: skip
    ran = [("Ned", "U-PERSON"), ("ran", "O")]
    marked = {"text": "Ned ran", "spans": [NED]}
    bare = document("x", text="Ada left")
    return {
        "jsonl": [{"a.jsonl": lines(marked, {"text": "Ada left"})}],
        "prodigy": [
            {"a.jsonl": lines({**marked, "answer": "accept"}, {"text": "Ada", "answer": answer})}
            for answer in ("ignore", "reject")
        ],
        "doccano": [{"a.jsonl": lines({"text": "Ned ran", "label": [[0, 3, "PERSON"]]},
                                      {"text": "Ada left", "label": None})}],
        "labelstudio": [{"a.json": json.dumps([task, {**task, "annotations": []}]).encode()}],
        "brat": [{**whole("brat", tmp_path), "ada.txt": b"Ada left"}],
        "conll": [
            {"a.conll": f"Ned\tB-PERSON\nran\tO\n\nAda\t{tag}\nleft\t{unknown}\n".encode()}
            for unknown in "-_"
            for tag in ("B-PERSON", unknown)
        ],
        "hf": [
            {"a.parquet": parquet([["Ned", "ran"], ["Ada", "left"]], [["B-PERSON", "O"], tags])}
            for tags in (["B-PERSON", None], ["", ""], None)
        ],
        "docbin": [{"a.spacy": docbin(tags)} for tags in (["?", "O"], ["?", "?"], ["B-X", "?"])],
        "spacyjson": [
            {"a.json": old_spacy(ran, [("Ada", "-"), ("left", "O")])},
            {"a.json": old_spacy(ran, [("Ada", "-"), ("left", "-")])},
            {"a.json": json.dumps([["Ned ran", {"entities": [[0, 3, "PERSON"]]}],
                                   ["Ada left", {}]]).encode()},
        ],
        "webanno": [{**whole("webanno", tmp_path), "ada.tsv": NONE.encode()}],
        "xmi": [{"ned.xmi": whole("xmi", tmp_path)["ned.xmi"],
                 "ada.xmi": bare.to_xmi().encode()}],
        "casjson": [],  # every file has its types, and so says which layers its project has
        "bioc": [],  # these three have no word for a text that nobody annotated
        "biocjson": [],
        "pubtator": [],
    }  # fmt: skip


def words():
    """Return, by format, files whose words are empty or have white space at their edges."""
    given = [
        (["Ada", "", "ran"], ["B-P", "I-P", "O"]),
        (["", "Ned"], ["B-P", "I-P"]),
        (["\xa0", "Ned", "\n"], ["B-P", "I-P", "I-P"]),
        (["Ned\xa0", "\u3000"], ["B-P", "I-P"]),
        (["\u2003", "ran"], ["B-P", "O"]),
    ]
    return {
        "hf": [{"a.parquet": parquet([w], [t])} for w, t in given],
        "conll": [
            {"a.conll": "".join(f"{w}\t{t}\n" for w, t in zip(*one, strict=True)).encode()}
            for one in given
            if "\n" not in one[0]
        ],
        "spacyjson": [
            {"a.json": old_spacy([
                (word, tag.replace("-P", "-PERSON")) for word, tag in zip(*one, strict=True)
            ])}
            for one in given
        ],
    }  # fmt: skip
