"""From what was found to a corpus."""

from __future__ import annotations

from pathlib import Path

import pytest

from limner.corpus.load import load_corpus
from limner.demo.growing_page import GrowingPage
from limner.demo.learn_page import ORDER, READING, STAGES
from limner.demo.make_ready import MadeReady, make_ready
from limner.demo.material import find_material


def made_of(folder: Path, out: Path, seed: int = 0) -> tuple[MadeReady, GrowingPage, list[int]]:
    page = GrowingPage(out / "index.html", "A title", "", stages=STAGES, order=ORDER)
    told: list[int] = []
    made = make_ready(
        find_material([folder]), out / "strokes", out / "corpus.parquet", seed=seed, page=page,
        progress=lambda done, _: told.append(done),
    )  # fmt: skip
    return made, page, told


@pytest.mark.slow
def test_svg_files(svgs: Path, tmp_path: Path) -> None:
    made, page, _ = made_of(svgs, tmp_path / "mine")
    assert made == MadeReady(5)
    assert page.stages[0].text == f"5 .svg files in {svgs}; no picture among them."
    left, top, right, bottom = load_corpus(tmp_path / "mine" / "corpus.parquet").drawing("train", 0).bounds
    assert max(right - left, bottom - top) == 255
    assert not (tmp_path / "mine" / "strokes").exists()


@pytest.mark.slow
def test_pages(pages: Path, tmp_path: Path) -> None:
    """Each is read once, and told of; what cannot be read is named."""
    made, page, told = made_of(pages, tmp_path / "mine")
    assert (made.drawings, made.pages, list(made.unread)) == (2, 2, [str(pages / "page-9-blank.png")])
    assert told[:3] == [1, 2, 3]
    assert page.stages[0].name == READING
    assert page.stages[0].text == "3 of 3 pictures read as strokes."
    names = sorted(path.name for path in (tmp_path / "mine" / "strokes").iterdir())
    assert names == ["contact.png", "page-0.svg", "page-1.svg", "report.json"]
