"""From drawings to a hand, with trainings of a few steps."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from tests.demo.conftest import draw_page, drawing
from tests.demo.test_gallery import Page

import limner
from limner.corpus.load import load_corpus
from limner.demo import learn as learning
from limner.demo.learn import learn
from limner.demo.learn_page import ORDER
from limner.demo.learn_record import LearnOutcome
from limner.errors import LimnerError
from limner.sampling.model import load_model
from limner.training.api import train

OUT = ("corpus.parquet", "drawing.gif", "index.html", "learn.json", "run", "samples.png", "samples.svg")


def read(out: Path) -> Page:
    return Page((out / "index.html").read_text(encoding="utf-8"))


@pytest.mark.slow
@pytest.mark.usefixtures("with_base")
def test_a_sketchbook(pages: Path, tmp_path: Path, tiny_preset: str) -> None:
    """Two pages are learnt from, and the blank one is reported."""
    out = tmp_path / "new" / "mine"
    said: list[str] = []
    outcome = learn(pages, out, preset=tiny_preset, minutes=5, seed=3, say=said.append)
    assert {*OUT, "strokes", "corpus.report.html"} <= {path.name for path in out.iterdir()}
    assert (outcome.pages, outcome.drawings, outcome.step, outcome.interrupted) == (2, 2, 6, False)
    assert list(outcome.unread) == [str(pages / "page-9-blank.png")]
    assert len(load_corpus(outcome.corpus).drawing("train", 0)) == 1  # one line stays one line
    assert load_model(outcome.run).conditional
    assert said[0].startswith(f"From 3 pictures in {pages}: read as strokes and made ready by the recipe")
    assert [line.split()[0] for line in said] == ["From", "Learning", "Drawing"]
    with Image.open(out / "drawing.gif") as film:
        assert getattr(film, "n_frames", 1) > 5
    check_page(out)


def check_page(out: Path) -> None:
    """Check the page of a sketchbook."""
    page = read(out)
    assert page.all("script") == []
    heads = ("What", "Your pages", "How it", "The hand")
    assert [line for line in page.text.splitlines() if line.startswith(heads)] == list(ORDER)
    assert [item.get("class") for item in page.all("li")][:4] == ["done"] * 4
    assert len([image for image in page.all("img") if str(image["src"]).startswith("data:image/jpeg")]) == 2
    assert "page-9-blank.png" in page.text  # could not be read
    assert all((out / str(link["href"])).is_file() for link in page.all("a"))
    assert f"limner sample {out / 'run'} -n 16" in page.text


@pytest.mark.slow
@pytest.mark.usefixtures("with_base")
def test_svg_files_and_pages_and_an_interruption(
    svgs: Path, tmp_path: Path, tiny_preset: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Work that was interrupted goes on, what was made ready is not made ready again, and done is done."""
    out = tmp_path / "mine"
    draw_page(svgs / "page-7.png")

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(learning, "train", interrupt)
    with pytest.raises(KeyboardInterrupt):
        limner.learn(str(svgs), str(out), preset=tiny_preset)
    assert "Interrupted; the same command goes on." in read(out).text
    assert read(out).all("script") == []

    def cut_short(*args: Any, **options: Any) -> Any:
        run = train(*args, **options)
        assert run.outcome is not None
        return replace(run, outcome=replace(run.outcome, interrupted=True))

    monkeypatch.setattr(learning, "train", cut_short)
    monkeypatch.setattr("limner.demo.learn.make_ready", lambda *_, **__: pytest.fail("that is done already"))
    outcome = learn(svgs, out, preset=tiny_preset, minutes=5)
    assert (outcome.step, outcome.pages, outcome.drawings, outcome.interrupted) == (
        6,
        1,
        11,
        True,
    )  # the figures of a drawing are taken apart
    assert "Interrupted after 6 steps" in read(out).text
    again = learn(svgs, out, preset=tiny_preset, minutes=5)  # its training has ended: it is drawn again
    assert (again.step, again.interrupted) == (6, False)
    assert all(title in read(out).text for title in ("What it drew before", "How it learned"))
    with pytest.raises(LimnerError, match="is done: open"):
        learn(svgs, out, preset=tiny_preset)


def test_nothing_is_left_of_what_comes_to_nothing(tmp_path: Path) -> None:
    """Blank pages, and one drawing."""
    blank, one = tmp_path / "blank", tmp_path / "one"
    for folder in (blank, one):
        folder.mkdir()
    Image.new("L", (160, 200), 250).save(blank / "page.png")
    (one / "only.svg").write_text(drawing(0).to_svg())
    with pytest.raises(LimnerError, match=r"None of 1 picture could be read\. page\.png"):
        learn(blank, tmp_path / "new" / "mine")
    with pytest.raises(LimnerError, match="one gives one drawing, and of one there is nothing to learn"):
        learn(one, tmp_path / "new" / "mine")
    assert {path.name for path in tmp_path.iterdir()} == {"blank", "one"}


def test_a_folder_within_the_drawings(svgs: Path) -> None:
    with pytest.raises(LimnerError, match="lies within"):
        learn(svgs, svgs / "mine")
    with pytest.raises(LimnerError, match="There is no preset"):
        learn(svgs, svgs.parent / "mine", preset="fasst")
    assert len(list(svgs.parent.rglob("*"))) == 6


def test_figures_are_plain() -> None:
    outcome = LearnOutcome("p", "r", "c", 1, {"a": "b"}, 2, "svg", "fast", 0.5, 6, 4, interrupted=False)
    assert json.loads(json.dumps(outcome.figures()))["drawings"] == 2
