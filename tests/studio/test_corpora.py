"""Corpora that grow in the folder of what is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from limner.corpus.load import load_corpus
from limner.errors import LimnerError
from limner.strokes.drawing import Drawing
from limner.studio.corpora import add_drawings, growing_corpora, remove_drawings, trainable_corpora

LINE = Drawing.from_polylines(([[0, 0], [10, 5], [20, 0]],)).to_svg()


def test_a_corpus_grows_and_can_be_loaded(tmp_path: Path) -> None:
    assert growing_corpora(tmp_path) == {}
    add_drawings(tmp_path, "birds", [("a", LINE), ("b", LINE)], 10)
    add_drawings(tmp_path, "birds", [("b", LINE), ("c", LINE)], 10)
    assert list(growing_corpora(tmp_path)) == ["birds"]
    corpus = load_corpus(growing_corpora(tmp_path)["birds"])
    assert sum(map(len, corpus.splits.values())) == 3


def test_a_full_corpus_takes_nothing_of_what_is_too_much(tmp_path: Path) -> None:
    add_drawings(tmp_path, "birds", [("a", LINE)], 2)
    with pytest.raises(LimnerError, match="more than 2 drawings"):
        add_drawings(tmp_path, "birds", [("b", LINE), ("c", LINE)], 2)
    add_drawings(tmp_path, "birds", [("a", LINE), ("b", LINE)], 2)
    assert len(list((tmp_path / "corpora/birds").iterdir())) == 2


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "/etc", "-rf", ".x", "a" * 49, "birds\n"])
def test_names_are_plain(tmp_path: Path, name: str) -> None:
    with pytest.raises(LimnerError):
        add_drawings(tmp_path, name, [("a", LINE)], 10)
    assert list(tmp_path.iterdir()) == []


def test_links_are_not_followed(tmp_path: Path) -> None:
    kept, elsewhere = tmp_path / "kept", tmp_path / "elsewhere"
    elsewhere.mkdir()
    (kept / "corpora").mkdir(parents=True)
    (kept / "corpora/birds").symlink_to(elsewhere)
    (kept / "corpora/fish.npz").symlink_to(tmp_path / "fish.npz")
    assert growing_corpora(kept) == trainable_corpora(kept) == {}
    with pytest.raises(LimnerError, match="is a link"):
        add_drawings(kept, "birds", [("a", LINE)], 10)
    assert list(elsewhere.iterdir()) == []


def test_what_can_be_learnt_from(tmp_path: Path) -> None:
    """Folders with drawings, and files that others have laid there."""
    add_drawings(tmp_path, "birds", [("a", LINE)], 10)
    (tmp_path / "corpora/empty").mkdir()
    (tmp_path / "corpora/fish.npz").write_bytes(b"PK")
    (tmp_path / "corpora/note.txt").write_text("x")
    assert list(trainable_corpora(tmp_path)) == ["birds", "fish.npz"]


def test_taking_back(tmp_path: Path) -> None:
    add_drawings(tmp_path, "birds", [("a", LINE), ("b", LINE)], 10)
    assert remove_drawings(tmp_path, "birds", ["a", "a", "../b", "nosuch"]) == 1
    assert remove_drawings(tmp_path, "birds", ["b"]) == 0
    assert not (tmp_path / "corpora/birds").exists()
    with pytest.raises(LimnerError, match="no corpus"):
        remove_drawings(tmp_path, "birds", ["b"])
