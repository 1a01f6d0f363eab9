"""Features that are kept on disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.evaluation.protocol.stand_in import Counting

from limner.corpus.doodles.make import make_doodles
from limner.evaluation import feature_cache as module
from limner.evaluation.feature_cache import FeatureCache
from limner.evaluation.lazy_features import LazyFeatures

DRAWINGS = make_doodles(6, seed=4)


def test_features_are_found_again(tmp_path: Path) -> None:
    cache, features = FeatureCache("a/b 1", tmp_path), Counting().features(DRAWINGS[:4])
    cache.add(DRAWINGS[:4], features)
    cache.save()
    assert [path.name for path in tmp_path.iterdir()] == ["features-a-b-1.safetensors"]
    found = FeatureCache("a/b 1", tmp_path).find([drawing.replace(label=None) for drawing in DRAWINGS])
    np.testing.assert_array_equal(np.stack([row for row in found[:4] if row is not None]), features)
    assert found[4:] == [None, None]
    assert FeatureCache("a-b-1", tmp_path).find(DRAWINGS[:1]) == [None]  # another extractor, the same file


def test_only_unknown_drawings_are_computed(tmp_path: Path) -> None:
    extractor = Counting()
    for first, computed in ((2, 4), (0, 6), (0, 6)):
        cache = FeatureCache("counting", tmp_path)
        rows = LazyFeatures(DRAWINGS[first:], extractor, lambda *_: None, cache).all()
        cache.save()
        np.testing.assert_array_equal(rows, Counting().features(DRAWINGS[first:]))
        assert extractor.seen == computed


def test_the_newest_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 3)
    cache = FeatureCache("counting", tmp_path)
    cache.add(DRAWINGS, Counting().features(DRAWINGS))
    cache.save()
    found = FeatureCache("counting", tmp_path).find(DRAWINGS)
    assert [row is not None for row in found] == [False] * 3 + [True] * 3


@pytest.mark.parametrize("content", [b"", b"damaged"])
def test_damaged_files_cost_nothing_but_time(tmp_path: Path, content: bytes) -> None:
    cache = FeatureCache("counting", tmp_path)
    cache.path.write_bytes(content)
    assert cache.find(DRAWINGS[:1]) == [None]


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    cache = FeatureCache("counting", tmp_path / "file")
    cache.add(DRAWINGS, Counting().features(DRAWINGS))
    cache.save()
    assert (tmp_path / "file").is_file()
