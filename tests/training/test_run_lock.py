"""One training a run folder: the lock, who holds it, and what is left of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from limner.errors import LimnerError
from limner.training.run_lock import (
    INHERITED,
    LOCK_NAME,
    check_free,
    is_locked,
    locked,
    read_note,
    training_lock,
    write_note,
)

HOLDER = """
import sys
from pathlib import Path
from limner.training.run_lock import training_lock
with training_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.mark.slow
def test_the_second_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with training_lock(tmp_path):
        assert is_locked(tmp_path)
        assert read_note(tmp_path)["pid"] == os.getpid()
        for take in (training_lock(tmp_path), locked(tmp_path)):
            with pytest.raises(LimnerError, match=rf"goes on there already \(process {os.getpid()}\)"), take:
                pytest.fail("it was taken twice")
        with pytest.raises(LimnerError, match="goes on there already"):
            check_free(tmp_path)
    check_free(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_left_of_a_folder_that_was_made_for_it(tmp_path: Path) -> None:
    def begin() -> None:
        with training_lock(tmp_path / "a" / "b"):
            raise LimnerError("nothing to learn")

    with pytest.raises(LimnerError, match="nothing to learn"):
        begin()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_was_filled_stays(tmp_path: Path) -> None:
    with training_lock(tmp_path / "run"):
        (tmp_path / "run" / "config.toml").touch()
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["config.toml"]


def test_the_lock_dies_with_its_process(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(LimnerError, match=rf"\(process {holder.pid}\)"):
            check_free(tmp_path)
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    assert not is_locked(tmp_path)
    assert read_note(tmp_path)["pid"] == holder.pid  # of whom nothing is believed any more
    with training_lock(tmp_path):
        pass


def test_a_lock_that_was_handed_on_is_taken_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with locked(tmp_path) as descriptor:
        write_note(descriptor, {"pid": 7})
        monkeypatch.setenv(INHERITED, str(descriptor))
        check_free(tmp_path)
        with training_lock(tmp_path):
            assert read_note(tmp_path) == {"pid": 7}
        assert is_locked(tmp_path)
        assert not os.get_inheritable(descriptor)


@pytest.mark.slow
@pytest.mark.parametrize("word", ["", "x", "-1", "99999", "9" * 30, "0"])
def test_a_lock_that_was_not_handed_on(word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(INHERITED, word)
    with locked(tmp_path), pytest.raises(LimnerError, match="already"), training_lock(tmp_path):
        pytest.fail("it was taken twice")


def test_a_look_does_not_keep_a_training_out(tmp_path: Path) -> None:
    """Whoever looks holds the lock for a moment; here, others look all the time."""
    code = (
        "import sys; from pathlib import Path; from limner.training.run_lock import is_locked\n"
        "print('looking', flush=True)\n"
        "while True: is_locked(Path(sys.argv[1]))"
    )
    (tmp_path / LOCK_NAME).touch()
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE) as looker:
        assert looker.stdout is not None
        assert looker.stdout.readline() == b"looking\n"
        try:
            for _ in range(20):
                with locked(tmp_path):
                    pass
        finally:
            looker.kill()


@pytest.mark.parametrize("note", ["", "[]", "{", "[" * 100_000, json.dumps(3)])
def test_damaged_notes(note: str, tmp_path: Path) -> None:
    (tmp_path / LOCK_NAME).write_text(note)
    assert read_note(tmp_path) == {}
    with training_lock(tmp_path), pytest.raises(LimnerError, match="already"):
        check_free(tmp_path)


def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("{}")
    (tmp_path / LOCK_NAME).symlink_to(tmp_path / "secret")
    with pytest.raises(LimnerError, match="Cannot write"), locked(tmp_path):
        pytest.fail("it was taken")
    assert (tmp_path / "secret").read_text() == "{}"
