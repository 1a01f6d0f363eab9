"""Outputs are written whole or not at all."""

from __future__ import annotations

import errno
import os
import resource
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from limner.errors import LimnerError
from limner.files import append, make_folder, remove_empty, whole_file, whole_folder, write_text

Writer = Callable[[Path], AbstractContextManager[Path]]
BOTH = pytest.mark.parametrize("writer", [whole_file, whole_folder])


class MishapError(Exception):
    """Something that goes wrong in the middle."""


@pytest.fixture(params=[0o022, 0o077, 0o002])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    mask: int = request.param
    former = os.umask(mask)
    yield mask
    os.umask(former)


def _all(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


# One file ----------------------------------------------------------------------------------------


def test_file_appears_when_it_is_complete(tmp_path: Path) -> None:
    target = tmp_path / "new" / "deep" / "a.svg"
    with whole_file(target) as draft:
        draft.write_text("half")
        assert not target.exists()
        assert draft.suffix == ".svg"
        assert draft.parent == target.parent
        draft.write_text("whole")
    assert target.read_text() == "whole"
    assert _all(tmp_path) == ["new", "new/deep", "new/deep/a.svg"]


@BOTH
@pytest.mark.parametrize("error", [MishapError, KeyboardInterrupt, SystemExit])
def test_nothing_is_left_after_an_error(writer: Writer, error: type[BaseException], tmp_path: Path) -> None:
    """No draft, no folder that was made for it."""

    def write() -> None:
        with writer(tmp_path / "new" / "deep" / "out") as draft:
            (draft / "a" if draft.is_dir() else draft).write_text("half")
            raise error

    with pytest.raises(error):
        write()
    assert _all(tmp_path) == []


def test_old_file_stays_after_an_error(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_text("old")

    def write() -> None:
        with whole_file(target) as draft:
            draft.write_text("half")
            raise MishapError

    with pytest.raises(MishapError):
        write()
    assert target.read_text() == "old"
    assert _all(tmp_path) == ["a.txt"]


def test_folder_that_was_there_stays_after_an_error(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()

    def write() -> None:
        with whole_file(tmp_path / "kept" / "made" / "a.txt"):
            raise MishapError

    with pytest.raises(MishapError):
        write()
    assert _all(tmp_path) == ["kept"]


def test_old_file_is_replaced(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_text("old")
    write_text(target, "new: ä")
    assert target.read_bytes() == "new: ä".encode()


def test_file_gets_the_usual_rights(umask: int, tmp_path: Path) -> None:
    """Not those of a temporary file, which nobody else may read."""
    write_text(tmp_path / "a.txt", "")
    assert (tmp_path / "a.txt").stat().st_mode & 0o777 == 0o666 & ~umask
    assert os.umask(umask) == umask


def test_draft_that_vanishes_is_explained(tmp_path: Path) -> None:
    def write() -> None:
        with whole_file(tmp_path / "a.txt") as draft:
            draft.unlink()

    with pytest.raises(LimnerError, match=r"Cannot write .*a\.txt: no such file"):
        write()
    assert _all(tmp_path) == []


# What cannot be written --------------------------------------------------------------------------


def _refused(writer: Writer, target: Path, words: str) -> None:
    with pytest.raises(LimnerError, match=words) as refusal, writer(target):
        pytest.fail("the block must not run")
    assert str(target) in str(refusal.value)
    assert "\n" not in str(refusal.value)


@BOTH
def test_place_below_a_file(writer: Writer, tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("dear")
    _refused(writer, tmp_path / "letter" / "out", "Cannot write")
    _refused(writer, tmp_path / "letter" / "deep" / "out", "Cannot write")
    assert _all(tmp_path) == ["letter"]


@BOTH
@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_folder_without_leave_to_write(writer: Writer, tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    _refused(writer, tmp_path / "closed" / "out", "Cannot write .* permission denied")
    _refused(writer, tmp_path / "closed" / "deep" / "out", "Cannot write .* permission denied")


@BOTH
def test_name_that_is_too_long(writer: Writer, tmp_path: Path) -> None:
    _refused(writer, tmp_path / ("x" * 300), "Cannot write .* name too long")
    _refused(writer, tmp_path / "new" / ("x" * 300) / "out", "Cannot write .* name too long")
    assert _all(tmp_path) == []


def test_name_that_is_just_short_enough(tmp_path: Path) -> None:
    name = "ä" * 125 + ".txt"  # 254 bytes
    write_text(tmp_path / name, "whole")
    assert _all(tmp_path) == [name]


def test_folder_in_place_of_a_file(tmp_path: Path) -> None:
    _refused(whole_file, tmp_path, "is a folder; give the name of a file")


def test_file_in_place_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "letter").touch()
    _refused(whole_folder, tmp_path / "letter", "is a file; give the name of a folder")


def _limited(writer: Writer, target: Path) -> str:
    """Write more than the system lets a process write; give what is said."""
    former = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, former[1]))
    try:
        with pytest.raises(LimnerError) as refusal, writer(target) as draft:
            (draft / "a" if draft.is_dir() else draft).write_bytes(bytes(5000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, former)
    return str(refusal.value)


@BOTH
def test_a_full_disk_names_the_path(writer: Writer, tmp_path: Path) -> None:
    said = _limited(writer, tmp_path / "new" / "out.bin")
    assert said.startswith(f"Cannot write {tmp_path / 'new' / 'out.bin'}: ")
    assert _all(tmp_path) == []


def test_a_full_disk_inside_of_a_folder_names_what_was_asked_for(tmp_path: Path) -> None:
    def nested() -> None:
        with whole_folder(tmp_path / "out") as draft, whole_file(draft / "a.bin"):
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(LimnerError) as refusal:
        nested()
    assert str(refusal.value) == f"Cannot write {tmp_path / 'out' / 'a.bin'}: no space left on device."


def test_an_error_about_another_file_stays_what_it_is(tmp_path: Path) -> None:
    def read() -> None:
        with whole_file(tmp_path / "out"):
            (tmp_path / "missing").read_bytes()

    with pytest.raises(FileNotFoundError):
        read()
    assert _all(tmp_path) == []


def test_appending_is_all_or_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(bytes(990))
    former = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, former[1]))
    try:
        append(path, b"1234567\n")
        with pytest.raises(LimnerError, match=r"Cannot write .*a\.csv"):
            append(path, b"1234567\n")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, former)
    assert path.read_bytes() == bytes(990) + b"1234567\n"


# A folder ----------------------------------------------------------------------------------------


def test_folder_appears_when_it_is_complete(tmp_path: Path) -> None:
    target = tmp_path / "new" / "out"
    with whole_folder(target) as draft:
        (draft / "sub").mkdir()
        (draft / "sub" / "a.txt").write_text("a")
        (draft / "b.txt").write_text("b")
        assert not target.exists()
    assert _all(target) == ["b.txt", "sub", "sub/a.txt"]
    assert _all(tmp_path) == ["new", "new/out", "new/out/b.txt", "new/out/sub", "new/out/sub/a.txt"]


def test_folder_keeps_what_it_held(tmp_path: Path) -> None:
    """But for files of the same name."""
    (tmp_path / "out" / "sub").mkdir(parents=True)
    (tmp_path / "out" / "sub" / "old.txt").write_text("old")
    (tmp_path / "out" / "same.txt").write_text("old")
    with whole_folder(tmp_path / "out") as draft:
        (draft / "sub").mkdir()
        (draft / "sub" / "new.txt").write_text("new")
        (draft / "same.txt").write_text("new")
    assert _all(tmp_path) == ["out", "out/same.txt", "out/sub", "out/sub/new.txt", "out/sub/old.txt"]
    assert (tmp_path / "out" / "same.txt").read_text() == "new"


def test_folder_is_unchanged_after_an_error(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "same.txt").write_text("old")

    def write() -> None:
        with whole_folder(tmp_path / "out") as draft:
            (draft / "same.txt").write_text("new")
            raise MishapError

    with pytest.raises(MishapError):
        write()
    assert _all(tmp_path) == ["out", "out/same.txt"]
    assert (tmp_path / "out" / "same.txt").read_text() == "old"


def test_folder_gets_the_usual_rights(umask: int, tmp_path: Path) -> None:
    with whole_folder(tmp_path / "out") as draft:
        (draft / "a.txt").touch()
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o777 & ~umask
    assert (tmp_path / "out" / "a.txt").stat().st_mode & 0o777 == 0o666 & ~umask


# Folders on the way ------------------------------------------------------------------------------


def test_new_folders_are_named_the_deepest_first(tmp_path: Path) -> None:
    made = make_folder(tmp_path / "a" / "b" / "c")
    assert made == [tmp_path / "a" / "b" / "c", tmp_path / "a" / "b", tmp_path / "a"]
    assert make_folder(tmp_path / "a" / "b") == []


def test_only_empty_folders_are_removed(tmp_path: Path) -> None:
    made = make_folder(tmp_path / "a" / "b" / "c")
    (tmp_path / "a" / "note").touch()
    remove_empty(made)
    assert _all(tmp_path) == ["a", "a/note"]
    remove_empty([tmp_path / "gone"])
