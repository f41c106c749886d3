"""The page of findings in a real browser: nothing beside the page, at two widths."""

from __future__ import annotations

import subprocess
from pathlib import Path

from suffice.corpus import Corpus, Document, Span, compare_splitters, inspect
from suffice.report.findings import render


def test_long_names_do_not_widen_the_page(chromium: str, tmp_path: Path) -> None:
    name = "a-very-long-name-of-a-document-" * 5
    text = "Donaudampfschifffahrtsgesellschaftskapitän" * 6
    spans = (Span(0, len(text), "LABEL_" * 20), Span(0, 9, "X"))
    documents = tuple(Document(f"{name}{i}", f"{text} {i}", spans) for i in range(30))
    corpus = Corpus(documents, "corpus" * 30)
    texts = {d.id: d.text for d in corpus}
    found = inspect(corpus, examples=True)
    page = tmp_path / "odd.html"
    page.write_text(render(found, compare_splitters(corpus), "1", texts=texts), encoding="utf-8")
    frames = "".join(
        f'<iframe src="{page.name}" style="border:0;width:{w}px;height:900px"></iframe>'
        for w in (1280, 400)
    )
    script = (
        "onload = () => { document.getElementById('out').textContent = "
        "[...document.querySelectorAll('iframe')].map(f => "
        "f.contentDocument.documentElement.scrollWidth - f.clientWidth).join(' ') }"
    )
    wrapper = tmp_path / "wrapper.html"
    wrapper.write_text(f'<script>{script}</script>{frames}<p id="out"></p>')
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files"]
    done = subprocess.run(
        [chromium, *flags, "--hide-scrollbars", "--window-size=1400,1000", "--dump-dom",
         "--virtual-time-budget=4000", f"--user-data-dir={tmp_path / 'p'}", wrapper.as_uri()],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert '<p id="out">0 0</p>' in done.stdout
