"""One sentence as several people annotated it."""

import json

TEXT = "Ann Roe met Dee Low in Vess."
PLACES = ((0, 7), (12, 19), (23, 27))


def write(path, labels, ids=("1", "2"), **more):
    lines = [
        json.dumps({
            "id": name,
            "text": TEXT,
            "spans": [
                {"start": a, "end": b, "label": label}
                for (a, b), label in zip(PLACES, labels, strict=False)
            ],
            **more,
        })
        for name in ids
    ]  # fmt: skip
    path.write_text("\n".join(lines))
    return path
