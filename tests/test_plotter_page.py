"""Every command and every Python example of docs/plotter.md runs."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from tests.docs import ROOT, python_blocks

from limner.cli.main import main

PAGE = "docs/plotter.md"
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.slow
def test_everything_on_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the order of the page: later commands use what earlier ones wrote."""
    monkeypatch.chdir(tmp_path)
    commands = 0
    for language, text in BLOCK.findall((ROOT / PAGE).read_text(encoding="utf-8")):
        if language == "toml":
            Path("mine.toml").write_text(text, encoding="utf-8")
        for line in text.splitlines() if not language else ():
            words = shlex.split(line)
            assert words[0] == "limner"
            assert main(words[1:]) == 0, line
            assert Path(words[words.index("--out") + 1]).stat().st_size > 50
            commands += 1
    assert commands == 8
    for block in python_blocks(PAGE):
        exec(compile(block, PAGE, "exec"), {})
    assert len(python_blocks(PAGE)) == 1
    assert Path("page.png").is_file()


def test_the_picture_lies_there() -> None:
    for picture in re.findall(r"!\[.*?\]\((.*?)\)", (ROOT / PAGE).read_text(encoding="utf-8")):
        assert (ROOT / "docs" / picture).is_file()
