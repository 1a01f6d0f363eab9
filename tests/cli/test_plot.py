"""``limner plot``: pages from drawings, corpora and models."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from limner.cli.main import main
from limner.sampling.model import load_model
from limner.strokes.drawing import Drawing

HOUSE = Drawing.from_polylines(
    [[(0, 50), (50, 0), (100, 50)], [(10, 50), (10, 100), (90, 100)]], label="house"
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "page"
    place.mkdir()
    monkeypatch.chdir(place)
    (place / "house.svg").write_text(HOUSE.to_svg(), encoding="utf-8")
    return place


def test_a_drawing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plot", "house.svg", "--paper", "a5", "--margin", "1cm"]) == 0
    told = capsys.readouterr().out
    assert "page.svg: " in told
    assert "m drawn" in told
    assert "about 0." in told
    text = (folder / "page.svg").read_text(encoding="utf-8")
    assert 'viewBox="0 0 148 210"' in text or 'viewBox="0 0 210 148"' in text
    assert min(Drawing.from_svg("page.svg").bounds[:2]) >= 10


def test_everything_at_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = (
        "plot house.svg house.svg doodles#0 --out p.svg --paper 200x300mm --landscape --columns 3 "
        "--captions name --letters 2mm --pens fine=#222+S30 red! --pen-by stroke --pen-width 0.3mm "
        "--no-pause --refill-every 10cm "
        "--keep-order --merge 0 --curves 0.1mm --clip --preview p.png --json"
    )
    assert main(words.split()) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["page"] == {"width_mm": 300, "height_mm": 200}
    assert report["layers"][0]["name"] == "1+S30 fine"
    assert {layer["pen"] for layer in report["layers"]} == {"fine", "red"}
    assert max(layer["draw_mm"] for layer in report["layers"]) <= 100.1
    assert report["before"]["draw_mm"] == pytest.approx(report["after"]["draw_mm"], abs=0.1)
    assert {path.name for path in folder.iterdir()} == {"house.svg", "p.svg", "p.png"}


@pytest.mark.slow
def test_a_model_draws_each_of_its_own_seed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``limner sample --seed N`` draws the one whose caption is N again."""
    arguments = (
        "plot doodles -n 3 --seed 5 --out p.json --captions none --json --keep-order --merge 0 --columns 1"
    )
    assert main(arguments.split()) == 0
    capsys.readouterr()
    data = json.loads((folder / "p.json").read_text(encoding="utf-8"))
    plotted = data["layers"][0]["polylines"]
    wanted = [stroke for seed in (5, 6, 7) for stroke in load_model("doodles").sample(1, seed=seed)[0]]
    assert [len(line) for line in plotted] == [len(stroke) for stroke in wanted]
    assert main(["plot", "doodles", "-n", "3", "--seed", "5", "--out", "q.json"]) == 0
    captioned = json.loads((folder / "q.json").read_text(encoding="utf-8"))
    assert len(captioned["layers"][0]["polylines"]) >= len(wanted)


def test_a_corpus_and_its_classes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a", "b"):
        (folder / "book" / name).mkdir(parents=True)
        for k in range(3):
            (folder / "book" / name / f"{k}.svg").write_text(HOUSE.to_svg(), encoding="utf-8")
    assert main(["plot", "book", "-n", "2", "--label", "b", "--out", "p.json", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["after"]["lifts"] == 4
    assert main(["plot", "book", "--label", "c", "--out", "q.svg"]) == 1
    assert "no class 'c'" in capsys.readouterr().err
    assert not (folder / "q.svg").exists()


def test_true_scale(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plot", "house.svg", "--out", "first.svg", "--scale", "0.7"]) == 0
    assert main(["plot", "first.svg", "--out", "second.svg", "--scale", "true", "--paper", "A3"]) == 0
    sizes = [np.ptp(Drawing.from_svg(name).points, axis=0) for name in ("first.svg", "second.svg")]
    assert sizes[0] == pytest.approx([70, 70], abs=0.01)
    assert sizes[1] == pytest.approx(sizes[0], abs=0.01)
    capsys.readouterr()
    assert main(["plot", "house.svg", "--out", "third.svg", "--scale", "9"]) == 1
    assert "at this scale" in capsys.readouterr().err
    assert not (folder / "third.svg").exists()


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        ("", 2, "DRAWING is missing"), ("house.svg --paper A0", 2, "not 'A0'"),
        ("house.svg --margin wide", 2, "is no length"), ("house.svg --margin 200mm", 2, "leaves no room"),
        ("house.svg --landscape --portrait", 2, "landscape and portrait"),
        ("house.svg --pens blak", 2, "blak"), ("house.svg --scale big", 2, "--scale is fit"),
        ("house.svg --out page.pdf", 1, ".svg, .gcode, .hpgl or .json"),
        ("house.svg --profile nobody", 1, "no plotter profile"), ("house.svg --preview p.txt", 1, ".txt"),
        ("house.svg --out page.hpgl --paper A6", 1, "takes no paper"), ("nowhere.svg", 1, "nowhere.svg"),
        ("nowhere.safetensors", 1, "nowhere"), ("house.svg --refill-every 0.1mm", 2, "refill"),
    ],
)  # fmt: skip
def test_what_cannot_be_plotted_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], words: str, code: int, why: str
) -> None:
    assert main(["plot", *words.split()]) == code
    told = capsys.readouterr().err
    assert why in told
    assert len(told) < 310
    assert len(told.splitlines()) == 1
    assert [path.name for path in folder.iterdir()] == ["house.svg"]
