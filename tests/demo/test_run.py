"""The demo, with a training of a few steps."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from limner.cli.main import main
from limner.demo.base_drawings import FUTURES
from limner.demo.exhibition import COLUMNS
from limner.demo.run import run_demo
from limner.errors import LimnerError
from limner.sampling.model import Model, load_model

STEPS = 30

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, base: Model) -> tuple[Path, list[str]]:
    """Return the folder of a short demo and what it said."""
    folder = tmp_path_factory.mktemp("demo") / "new" / "demo"
    said: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("limner.demo.base_drawings.load_base", lambda: base)
        outcome = run_demo(folder, seconds=60, max_steps=STEPS, say=said.append)
    assert (outcome.step, outcome.interrupted) == (STEPS, False)
    return folder, said


def test_files(demo: tuple[Path, list[str]]) -> None:
    folder, _ = demo
    names = {path.name for path in folder.iterdir()}
    assert names == {"index.html", "samples.svg", "samples.png", "drawing.gif", "morph.gif", "run"}
    assert load_model(folder / "run").conditional
    assert {"config.toml", "last.ckpt", "metrics.csv"} <= {path.name for path in (folder / "run").iterdir()}


def test_it_says_what_it_does(demo: tuple[Path, list[str]]) -> None:
    assert [line.split()[0] for line in demo[1]] == ["Open", "Making", "Learning", "Drawing"]


def test_pictures_and_films(demo: tuple[Path, list[str]]) -> None:
    folder, _ = demo
    assert ElementTree.parse(folder / "samples.svg").getroot().tag.endswith("svg")
    for name, frames in (("samples.png", 1), ("drawing.gif", 10), ("morph.gif", 10)):
        with Image.open(folder / name) as image:
            assert getattr(image, "n_frames", 1) >= frames
            assert image.size[0] > 300
            image.load()


def test_page(demo: tuple[Path, list[str]]) -> None:
    folder, _ = demo
    page = (folder / "index.html").read_text(encoding="utf-8")
    # samples, one of each of sixteen kinds, pairs, completions, the morph, and the curve; and of the base
    own = 6 * COLUMNS + 16 + 2 * COLUMNS + COLUMNS + 2 * COLUMNS + 1
    assert page.count("<svg ") == own + 2 + 6 * FUTURES
    assert "<script" not in page
    for name in ("drawing.gif", "morph.gif"):
        assert f'src="{name}"' in page
    for kind in ("star", "cat", "house", "flower"):
        assert f"<figcaption>{kind}</figcaption>" in page
    assert f"limner sample {folder / 'run'} -n 16" in page


def test_it_does_not_write_over_an_earlier_run(
    demo: tuple[Path, list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, _ = demo
    before = (folder / "index.html").read_bytes()
    assert main(["demo", "--out", str(folder)]) == 1
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "remove it first" in err
    assert (folder / "index.html").read_bytes() == before


def test_folders_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for out in (tmp_path / "file", tmp_path / "file" / "demo"):
        with pytest.raises(LimnerError, match="file"):
            run_demo(out, say=lambda _: None)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_nothing_is_left_of_a_demo_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise LimnerError("no doodles today")

    monkeypatch.setattr("limner.demo.run.load_corpus", fail)
    with pytest.raises(LimnerError, match="no doodles today"):
        run_demo(tmp_path / "new" / "demo", say=lambda _: None)
    assert list(tmp_path.iterdir()) == []


def test_the_page_stands_before_the_training(
    tmp_path: Path, base: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what the base draws; it stays when the training is interrupted, and looks again no more."""
    pages: list[str] = []

    def interrupt(*_: object, **__: object) -> None:
        pages.append((tmp_path / "index.html").read_text())
        raise KeyboardInterrupt

    monkeypatch.setattr("limner.demo.base_drawings.load_base", lambda: base)
    monkeypatch.setattr("limner.demo.run.train", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run_demo(tmp_path, say=lambda _: None)
    assert "<figcaption>two dots</figcaption>" in pages[0]
    assert "location.reload()" in pages[0]
    end = (tmp_path / "index.html").read_text()
    assert "Interrupted." in end
    assert "location.reload()" not in end
