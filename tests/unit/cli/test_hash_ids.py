"""`--hash-ids`: what a command shows and writes has hashes instead of ids."""

from __future__ import annotations

import json

from suffice.corpus import read


def test_commands_show_and_write_hashes(call, tmp_path):
    span = {"start": 0, "end": 2, "label": "PERSON"}
    odd = {"id": "MRN-1", "group": "MRN", "text": "Bo  works at Acme.", "spans": [span]}
    for name, end in (("a", 3), ("b", 2)):
        records = [{**odd, "spans": [{**span, "end": end}]}, {**odd, "id": "MRN-2"}]
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(r) + "\n" for r in records))

    def told_and_written(*arguments: str) -> str:
        told = call(*arguments)
        for path in tmp_path.glob("out.*"):
            told += path.read_text()
            path.unlink()
        return told

    hashed = read("a.jsonl", hash_ids=True).documents[0].id
    for arguments in (
        ("inspect", "a.jsonl", "--html", "out.html"),
        ("convert", "a.jsonl", "out.jsonl", "--to", "jsonl"),
        ("agreement", "a.jsonl", "b.jsonl", "--html", "out.html", "--with-examples"),
        ("reconcile", "a.jsonl", "b.jsonl", "--worklist", "out.todo"),
    ):
        told = told_and_written(*arguments, "--hash-ids")
        assert "MRN" not in told and hashed in told, arguments
        assert "MRN" in told_and_written(*arguments), arguments
