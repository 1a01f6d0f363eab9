"""``limner completion``: scripts for shells, tried in those that are installed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from limner.cli.help_pages import every_command
from limner.cli.verbs import VERBS

if TYPE_CHECKING:
    from tests.cli.conftest import Limner

pytestmark = pytest.mark.slow
ASK = """
source limner.bash
COMP_WORDS=({words} "{last}"); COMP_CWORD={n}; _limner; echo "${{COMPREPLY[*]}}"
"""


def test_commands_are_those_of_the_help_pages() -> None:
    commands = {command.words: command for command in every_command()}
    assert {words[0] for words in commands} == set(VERBS)
    assert commands[("data",)].actions == ("list", "get", "info", "tokens")
    assert commands[("models", "get")].options[0].names == ("-h", "--help")
    sample = {option.names[-1]: option for option in commands[("sample",)].options}
    assert sample["--number"].names == ("-n", "--number")
    assert sample["--number"].takes_value
    assert not sample["--greedy"].takes_value
    assert "steady" in sample["--convention"].choices
    assert commands[("sample",)].takes_model
    assert not commands[("scan",)].takes_model


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scripts")
    for shell in ("bash", "zsh", "fish"):
        command = [sys.executable, "-m", "limner", "completion", shell]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
        (folder / f"limner.{shell}").write_text(done.stdout)
    return folder


@pytest.mark.parametrize(
    ("words", "last", "wanted"),
    [
        ("limner", "sam", "sample"),
        ("limner models", "", "list get info"),
        ("limner sample", "--conv", "--convention"),
        ("limner sample --convention", "ste", "steady"),
        ("limner sample", "doo", "doodles"),
        ("limner data info", "--pe", "--pen"),
        ("limner scan", "here", "here.png"),
    ],
)
def test_bash(scripts: Path, words: str, last: str, wanted: str) -> None:
    (scripts / "here.png").touch()
    script = ASK.format(words=words, last=last, n=len(words.split()))
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, cwd=scripts, timeout=60)
    assert (done.stdout.strip(), done.stderr) == (wanted, "")


@pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh is not installed")
def test_zsh_reads_its_script(scripts: Path) -> None:
    script = "autoload -Uz compinit; compinit -u -d .zcompdump; source limner.zsh; echo $_comps[limner]"
    done = subprocess.run(["zsh", "-fc", script], capture_output=True, text=True, cwd=scripts, timeout=60)
    assert (done.stdout.strip(), done.stderr) == ("_limner", "")


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed")
def test_fish(scripts: Path) -> None:
    script = 'source limner.fish; complete -C"limner sample --convention ste"; complete -C"limner models g"'
    done = subprocess.run(["fish", "-Nc", script], capture_output=True, text=True, cwd=scripts, timeout=60)
    assert (done.stdout.split(), done.stderr) == (["steady", "get"], "")


def test_an_unknown_shell(limner: Limner) -> None:
    said = limner("completion", "tcsh")
    assert said.code == 2
    assert "must be bash, zsh or fish" in said.err
