"""A disk that loses power: what is on it after each step of a writer.

The recorder wraps the calls by which limner makes things last, ``fsync`` and ``rename``, and keeps what every
file held at the time. A file system promises only this (POSIX, as ext4, XFS and APFS keep it): what a file
held when it was last synced is on the disk, and anything between that and nothing of what was written since;
a name is on the disk when its folder was synced, and may or may not be there before.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from limner.drafts import is_draft

Contents = dict[str, bytes | None]
"""Contents of files by their paths below a folder; None for one that is gone."""


@dataclass
class Recorder:
    """The calls of a writer below a folder."""

    root: Path
    synced: dict[int, bytes] = field(default_factory=dict)
    """Contents of files at their last sync, by inode."""
    pending: list[tuple[str, list[bytes]]] = field(default_factory=list)
    """Renames whose folder is not synced: the name, and what it may hold after a power cut."""
    states: list[Contents] = field(default_factory=list)
    """Possible contents after a power cut, of the names that were written, at any time."""
    settled: Contents = field(default_factory=dict)
    """What names hold for certain."""

    def sync(self, descriptor: int) -> None:
        """Note what a file holds, or that names in a folder last."""
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        if path.is_file():
            self.synced[path.stat().st_ino] = path.read_bytes()
        elif path.is_dir():
            self._settle(path)

    def rename(self, source: Path, target: Path) -> None:
        """Note that a file, or those in a folder, get a new name; in a draft it is of no use to anybody."""
        if any(map(is_draft, target.parts)):
            return
        files = [source] if source.is_file() else [p for p in source.rglob("*") if p.is_file()]
        for file in files:
            name = target if file == source else target / file.relative_to(source)
            self.pending.append((self._name(name), list(self._after_a_cut(file))))
        self._cut()

    def _after_a_cut(self, file: Path) -> Iterator[bytes]:
        """Yield what a file may hold."""
        now, safe = file.read_bytes(), self.synced.get(file.stat().st_ino)
        if safe == now:
            yield now
        else:
            yield from (safe or b"", now[: len(now) // 2], now)

    def _settle(self, folder: Path) -> None:
        last = [(name, held) for name, held in self.pending if (self.root / name).is_relative_to(folder)]
        self.pending = [entry for entry in self.pending if entry not in last]
        self.settled |= {name: held[-1] for name, held in last}

    def _cut(self) -> None:
        """Note what the disk may hold if the power fails now: every pending rename may be there or not."""
        for name, held in self.pending:
            self.states += [{name: content} for content in held]

    def _name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()


@contextmanager
def recording(root: Path) -> Iterator[Recorder]:
    """Record what is synced and renamed below a folder."""
    recorder = Recorder(root.resolve())
    fsync, replace, rename = os.fsync, os.replace, os.rename

    def syncing(descriptor: int) -> None:
        fsync(descriptor)
        recorder.sync(descriptor)

    def renaming(source: Path | str, target: Path | str) -> None:
        if Path(target).resolve().is_relative_to(recorder.root):
            recorder.rename(Path(source).resolve(), Path(target).resolve())
        replace(source, target)

    assert (replace, rename) == (os.replace, os.rename)
    with (
        mock.patch("os.fsync", syncing),
        mock.patch("os.replace", renaming),
        mock.patch("os.rename", renaming),
    ):
        yield recorder
