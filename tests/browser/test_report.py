"""The report in a real browser: no sideways scrolling, no text cut off, at two widths."""

from __future__ import annotations

import dataclasses
import json
import re
import subprocess
from html import escape, unescape
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from suffice.advice.advise import advise
from suffice.analysis.result import LabelScore
from suffice.report.page import render

WIDTHS = (1280, 400)

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--window-size=1400,1000",
    "--virtual-time-budget=4000",
)

MEASURE = """
function measure(frame) {
  const doc = frame.contentDocument, root = doc.documentElement, out = {};
  out.width = frame.clientWidth;
  out.scroll = Math.max(root.scrollWidth, doc.body.scrollWidth);
  out.outside = [];
  for (const node of doc.querySelectorAll("body *")) {
    if (node.closest(".scroll, svg")) continue;
    const box = node.getBoundingClientRect();
    if (box.width && (box.right > out.width + 1 || box.left < -1)) out.outside.push(node.tagName);
  }
  out.cut = []; out.small = []; out.figures = 0;
  for (const svg of doc.querySelectorAll("svg")) {
    const box = svg.getBoundingClientRect();
    if (!box.width) continue;
    out.figures += 1;
    for (const text of svg.querySelectorAll("text")) {
      const own = text.getBoundingClientRect();
      if (own.left < box.left - 2 || own.right > box.right + 2 || own.top < box.top - 2
          || own.bottom > box.bottom + 2) out.cut.push(text.textContent);
      const size = parseFloat(getComputedStyle(text).fontSize) * box.width
        / svg.viewBox.baseVal.width;
      if (size < 10.5) out.small.push(text.textContent);
    }
  }
  out.headings = doc.querySelectorAll("h2").length;
  return out;
}
window.onload = () => {
  const found = [...document.querySelectorAll("iframe")].map(measure);
  document.getElementById("found").textContent = JSON.stringify(found);
};
"""


def measured(chromium: str, folder: Path, html: str) -> list[dict[str, Any]]:
    """Lay the page out at every width, and return what the browser measured."""
    frames = "".join(
        f'<iframe style="border:0;width:{w}px;height:900px" srcdoc="{escape(html)}"></iframe>'
        for w in WIDTHS
    )
    wrapper = folder / "wrapper.html"
    wrapper.write_text(
        f'<!doctype html><meta charset="utf-8"><script>{MEASURE}</script>{frames}'
        '<pre id="found"></pre>',
        encoding="utf-8",
    )
    profile = f"--user-data-dir={folder / 'profile'}"
    done = subprocess.run(
        [chromium, *FLAGS, profile, "--dump-dom", wrapper.as_uri()],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    # the page itself stands escaped in the srcdoc before it
    found = re.findall(r'<pre id="found">(.*?)</pre>', done.stdout, re.DOTALL)
    return json.loads(unescape(found[-1]))


def check(found: list[dict[str, Any]]) -> None:
    assert [f["width"] for f in found] == list(WIDTHS)
    for f in found:
        assert f["headings"] >= 9
        assert f["scroll"] <= f["width"], f
        assert not f["outside"], f
        assert f["figures"] >= 3
        assert not f["cut"], f
        assert not f["small"], f


def test_a_usual_report(chromium: str, sample: ModuleType, tmp_path: Path) -> None:
    table = sample.table()
    check(measured(chromium, tmp_path, render(sample.advice(table), table, "0.1.0")))


def test_long_names_and_many_labels(chromium: str, sample: ModuleType, tmp_path: Path) -> None:
    table = sample.table()
    a = sample.analysis(table, synthetic=True)
    long = "an_unusually_long_corpus_name_without_any_blank_" * 3
    labels = tuple(
        LabelScore(
            label=f"{long}{i}" if i % 2 else f"L{i}",
            entities=1000 * i,
            value=0.1 * i,
            low=0.05 * i,
            high=0.11 * i,
        )
        for i in range(1, 9)
    )
    crowded = dataclasses.replace(
        a,
        studied=dataclasses.replace(
            a.studied, name=long, labels={s.label: s.entities for s in labels}, backbone=long
        ),
        labels=labels,
        gap_learner="a-learner-by-entry-point-with-a-long-name",
    )
    html = render(advise(crowded, target_f1=0.99, hourly_rate=40.0), table, "0.1.0")
    check(measured(chromium, tmp_path, html))


@pytest.mark.parametrize("width", WIDTHS)
def test_one_figure_of_each_pair_is_shown(width: int, sample: ModuleType) -> None:
    html = render(sample.advice(sample.table()), None, "0.1.0")
    style = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)[0]
    assert "figure .narrow { display: none" in style
    limit = re.findall(r"@media screen and \(max-width: (\d+)px\)", style)
    assert limit
    assert (width <= int(limit[0])) == (width == 400)
    assert html.count('<div class="wide">') == html.count('<div class="narrow">')
