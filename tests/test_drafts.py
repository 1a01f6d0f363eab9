"""Drafts die with their process and are swept; those of the living stay."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from limner.drafts import draft_file, draft_folder, is_draft, sweep
from limner.files import whole_file

WRITER = """
import sys
from pathlib import Path
from limner.drafts import draft_file, draft_folder
target = Path(sys.argv[1])
with draft_file(target) as file, draft_folder(target) as folder:
    (folder / "a").write_text("half")
    print("ready", flush=True)
    sys.stdin.read()
"""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_drafts_lie_beside_what_they_become(tmp_path: Path) -> None:
    target = tmp_path / "a.b.svg"
    with draft_file(target) as file, draft_folder(target) as folder:
        assert file.parent == folder.parent == tmp_path
        assert file.suffix == ".svg"
        assert is_draft(file.name)
        assert is_draft(folder.name)
    assert names(tmp_path) == []


def test_what_became_a_file_stays(tmp_path: Path) -> None:
    with draft_file(tmp_path / "a.txt") as draft:
        draft.replace(tmp_path / "a.txt")
    assert names(tmp_path) == ["a.txt"]


@pytest.mark.parametrize(
    "name",
    [
        "a.txt",
        ".a.txt",
        ".limner-draft-01234567",
        "a.limner-draft-01234567",
        ".a.limner-draft-0123456",
        ".git",
    ],
)
def test_other_files_are_no_drafts(name: str, tmp_path: Path) -> None:
    (tmp_path / name).touch()
    sweep(tmp_path)
    assert names(tmp_path) == [name]


def test_drafts_of_the_living_stay_and_those_of_the_dead_go(tmp_path: Path) -> None:
    """Killed, so that nothing of the writer's own runs any more."""
    command = [sys.executable, "-c", WRITER, str(tmp_path / "out.npz")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        before = names(tmp_path)
        sweep(tmp_path)
        assert names(tmp_path) == before
        assert len(before) == 2
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    sweep(tmp_path)
    assert names(tmp_path) == []


def test_a_folder_is_swept_when_it_is_written_into(tmp_path: Path) -> None:
    (tmp_path / ".old.limner-draft-0123abcd.svg").write_text("half")
    (tmp_path / ".old.limner-draft-0123abcd").mkdir()
    with whole_file(tmp_path / "new.svg") as draft:
        draft.write_text("whole")
    assert names(tmp_path) == ["new.svg"]


def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("kept")
    (tmp_path / ".x.limner-draft-0123abcd").symlink_to(tmp_path / "kept")
    os.mkfifo(tmp_path / ".y.limner-draft-0123abcd")
    sweep(tmp_path)
    assert (tmp_path / "kept").read_text() == "kept"


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    sweep(tmp_path / "nowhere")
