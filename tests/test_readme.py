"""Every command and every Python example of the README runs, with trainings cut short."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
import torch
from tests.interchange.torch_ports import PaddedEncoder, PenLastDecoder

from limner.cli.main import main
from limner.corpus.doodles.make import make_doodles
from limner.render.png import draw_image

README = Path(__file__).parents[1] / "README.md"
SHORT = {
    "train": "--max-steps 3 --train.validate-every 2 --train.validate-drawings 8 --train.batch-size 8 "
    "--model.encoder.size 8 --model.decoder.size 16",
    "learn": "--minutes 0.05 --preset fast",
    "evaluate": "--samples 20",
    "bench sample": "--drawings 2 --points 5",
    "bench train": "--cells lstm --encoder-size 8 --decoder-size 16 --batch-size 4 --points 9 --steps 1 "
    "--rounds 1",
    "bench scan": "--rounds 1 --image sketchbook/page.png",
}
MANY, FEW = "10000", "20"
"""Drawings of a command, and how many are drawn here."""
SERVERS = ("studio",)
"""Verbs that run until they are stopped; tests/studio has them."""


def _blocks(language: str) -> list[str]:
    fenced = re.findall(
        r"^```(\w*)\n(.*?)^```$", README.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    return [text for name, text in fenced if name == language]


def _commands() -> list[list[str]]:
    lines = [line.split(" #")[0] for block in _blocks("") for line in block.splitlines()]
    found = [shlex.split(line) for line in lines if line.startswith("limner ")]
    run = [words for words in found if words[1] not in SERVERS]
    few = [[FEW if word == MANY else word for word in words] for words in run]
    return [[*words[1:], *_shortened(words).split()] for words in few]


def _shortened(words: list[str]) -> str:
    found = SHORT.get(words[1], SHORT.get(" ".join(words[1:3]), ""))
    return found.split(" --model.")[0] if {"--train.init-from", "hand"} & set(words) else found


@pytest.fixture
def workplace(tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with what the README takes for granted: drawings, a beginning and a fetched corpus."""
    folder = tmp_path / "drawings"
    folder.mkdir()
    for index, drawing in enumerate(make_doodles(40, seed=1)):
        (folder / f"{index:02d}.svg").write_text(drawing.to_svg(), encoding="utf-8")
    shutil.copy(folder / "00.svg", tmp_path / "begun.svg")
    shutil.copy(data_dir / "stroke3" / "aaron_sheep.npz", tmp_path)
    shutil.copy(data_dir / "sketch-rnn-js" / "cat.gen.json", tmp_path)
    torch.manual_seed(0)
    for name, half in (("encoder", PaddedEncoder()), ("decoder", PenLastDecoder())):
        torch.save(half.state_dict(), tmp_path / f"{name}.pth")
    (tmp_path / "kept" / "choices").mkdir(parents=True)
    rows = [f"{index:02d}.svg#0,{'drop' if index < 3 else 'keep'}," for index in range(40)]
    (tmp_path / "kept" / "choices" / "mine.csv").write_text("\n".join(["source,choice,label", *rows]))
    (tmp_path / "sketchbook").mkdir()
    for index, drawing in enumerate(make_doodles(3, seed=1)):
        draw_image(drawing, 300).save(tmp_path / "sketchbook" / f"page{index or ''}.png")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.slow
def test_commands_run(workplace: Path) -> None:
    commands = _commands()
    assert len(commands) > 10
    for words in commands:
        assert main(words) == 0, f"limner {' '.join(words)}"
    made = ("sheet.svg", "ways.svg", "mine.npz", "drawing.gif", "pairs.png", "morph.gif")
    for name in (
        *made,
        "cats.svg",
        "cat.json",
        "cat.onnx",
        "page/index.html",
        "strokes/page.svg",
        "hub/doodles/README.md",
    ):
        assert (workplace / name).stat().st_size > 100


@pytest.mark.slow
def test_examples_run() -> None:
    examples = _blocks("python")
    assert len(examples) == 3
    for code in examples:
        exec(compile(code, "README.md", "exec"), {})
