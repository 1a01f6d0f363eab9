"""Every command and every Python example of the README runs, with trainings cut short."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from limner.cli.main import main
from limner.corpus.doodles.make import make_doodles

README = Path(__file__).parents[1] / "README.md"
SHORT = {
    "train": "--max-steps 3 --train.validate-every 2 --train.validate-drawings 8 --train.batch-size 8 "
    "--model.encoder.size 8 --model.decoder.size 16",
    "bench": "--drawings 2 --points 5",
}


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README.read_text(encoding="utf-8"), flags=re.DOTALL)


def _commands() -> list[list[str]]:
    lines = [
        line.split("#")[0] if " #" in line else line for block in _blocks("") for line in block.splitlines()
    ]
    found = [shlex.split(line) for line in lines if line.startswith("limner ")]
    return [[*words[1:], *SHORT.get(words[1], "").split()] for words in found]


@pytest.fixture
def workplace(tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with what the README takes for granted: drawings, a beginning and a fetched corpus."""
    folder = tmp_path / "drawings"
    folder.mkdir()
    for index, drawing in enumerate(make_doodles(40, seed=1)):
        (folder / f"{index:02d}.svg").write_text(drawing.to_svg(), encoding="utf-8")
    shutil.copy(folder / "00.svg", tmp_path / "begun.svg")
    shutil.copy(data_dir / "stroke3" / "aaron_sheep.npz", tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.slow
def test_commands_run(workplace: Path) -> None:
    commands = _commands()
    assert len(commands) > 10
    for words in commands:
        assert main(words) == 0, f"limner {' '.join(words)}"
    for name in ("sheet.svg", "ways.svg", "mine.npz", "drawing.gif", "pairs.png", "morph.gif"):
        assert (workplace / name).stat().st_size > 100


@pytest.mark.slow
def test_examples_run() -> None:
    examples = _blocks("python")
    assert len(examples) == 2
    for code in examples:
        exec(compile(code, "README.md", "exec"), {})
