"""The example programs run, with trainings cut short."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.docs import ROOT

from limner.corpus.doodles.make import make_doodles
from limner.render.png import draw_image

EXAMPLES = ROOT / "examples"


def _main(name: str) -> Callable[..., None]:
    found: Callable[..., None] = runpy.run_path(str(EXAMPLES / f"{name}.py"))["main"]
    return found


def test_every_example_is_run() -> None:
    tested = {"learn_and_draw", "own_network", "finish_a_drawing", "curate_a_corpus", "from_paper"}
    assert {path.stem for path in EXAMPLES.glob("*.py")} == tested


@pytest.mark.slow
def test_learn_and_draw(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _main("learn_and_draw")(tmp_path, 2)
    assert {"samples.svg", "drawing.gif", "page.svg", "run"} == {path.name for path in tmp_path.iterdir()}
    assert "nats a point" in capsys.readouterr().out


@pytest.mark.slow
def test_own_network(tmp_path: Path) -> None:
    _main("own_network")(tmp_path, 2)
    assert (tmp_path / "samples.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_finish_a_drawing(tmp_path: Path) -> None:
    _main("finish_a_drawing")(tmp_path, "doodles")
    assert {path.name for path in tmp_path.iterdir()} == {"completions.svg", "morph.gif"}


@pytest.mark.slow
def test_curate_a_corpus(tmp_path: Path) -> None:
    _main("curate_a_corpus")(tmp_path, "doodles")
    assert (tmp_path / "map" / "index.html").stat().st_size > 100_000
    assert "<path" in (tmp_path / "kept.svg").read_text()


def test_from_paper(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pictures = [tmp_path / f"page-{k}.png" for k in range(2)]
    for picture, drawing in zip(pictures, make_doodles(2, seed=3), strict=True):
        draw_image(drawing, 300).save(picture)
    _main("from_paper")(pictures, tmp_path / "out")
    assert "2 drawings in" in capsys.readouterr().out
    assert (tmp_path / "out" / "corpus.npz").is_file()
