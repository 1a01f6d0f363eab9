"""What is kept is read apart, once; a file that cannot be read costs no other."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from limner.errors import LimnerError
from limner.studio.keep import kept_cache
from limner.studio.keep.kept_cache import KeptCache, read_files

LINE = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M1 1L9 3"/></svg>'
LONG = f'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0{"l1 1" * 300_000}"/></svg>'


class Asked:
    """Reads files, and notes which; breaks on files of these names."""

    def __init__(self, *breaking: str) -> None:
        self.breaking, self.files = breaking, list[str]()

    def __call__(self, paths: Sequence[Path]) -> bytes:
        """Read."""
        self.files += [path.stem for path in paths]
        if any(path.stem in self.breaking for path in paths):
            raise LimnerError("The worker broke.")
        return read_files(list(map(str, paths)))


@pytest.fixture
def kept(tmp_path: Path) -> list[Path]:
    """Keep three drawings."""
    paths = [tmp_path / f"{name}.svg" for name in "abc"]
    for path in paths:
        path.write_text(LINE)
    return paths


def test_a_file_is_read_once(kept: list[Path]) -> None:
    """And again when it has changed."""
    known, asked = KeptCache(), Asked()
    first = known.read(kept, asked)
    assert [json.loads(text or "")["id"] for text in first] == ["a", "b", "c"]
    assert known.read(kept[:1], asked) == first[:1]
    kept[1].write_text(LINE.replace("9 3", "99 33"))
    assert known.read(kept, asked)[1] != first[1]
    assert asked.files == ["a", "b", "c", "b"]


def test_a_file_that_breaks_the_worker_costs_no_other(kept: list[Path]) -> None:
    found = KeptCache().read(kept, Asked("b"))
    assert [text is None for text in found] == [False, True, False]


@pytest.mark.slow
def test_a_file_that_takes_too_long_costs_no_other(kept: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_cache, "FILE_SECONDS", 0.2)
    kept[1].write_text(LONG)
    found = json.loads(read_files([str(path) for path in kept]))
    assert [one is None for one in found] == [False, True, False]


def test_what_is_gone_is_none(kept: list[Path]) -> None:
    kept[0].unlink()
    assert KeptCache().read(kept, Asked())[0] is None
