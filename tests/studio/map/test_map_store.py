"""The maps that are ready."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from tests.studio.map.maps import lay_toys, write_toys

from limner.corpus.load import load_corpus
from limner.errors import DataError
from limner.studio.context import NotFoundError
from limner.studio.map.make_map import FACTS
from limner.studio.map.map_store import (
    FOLDER,
    facts_of,
    find_map,
    maps_in,
    open_map,
    remove_map,
    remove_oldest,
    sheet_file,
)
from limner.studio.model_library import ModelLibrary


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of what is kept with a map of toys; not to be changed."""
    folder = tmp_path_factory.mktemp("library")
    lay_toys(folder / "kept", write_toys(folder / "toys.parquet"))
    return folder / "kept"


@pytest.mark.slow
def test_what_there_is(kept: Path) -> None:
    ((name, path),) = maps_in(kept).items()
    assert find_map(kept, name) == path
    assert (facts_of(path).n, facts_of(path).title) == (60, "toys.parquet")
    assert sheet_file(path, 0).is_file()
    with pytest.raises(NotFoundError, match="no such sheet"):
        sheet_file(path, 1)
    for strange in ("0" * 16, "..", "../../etc", ""):
        with pytest.raises(NotFoundError, match="no such map"):
            find_map(kept, strange)


@pytest.mark.slow
def test_an_open_map(kept: Path, tmp_path: Path) -> None:
    path = next(iter(maps_in(kept).values()))
    atlas = open_map(path)
    corpus = load_corpus(write_toys(tmp_path / "toys.parquet"))
    np.testing.assert_array_equal(atlas.drawing(55).points, corpus.drawing("test", 5).points)
    with pytest.raises(NotFoundError, match="60 drawings"):
        atlas.drawing(60)
    near = atlas.neighbours(0, 5)
    assert len(near) == 5
    assert 0 not in dict(near)
    assert [away for _, away in near] == sorted(away for _, away in near)
    same = [atlas.items.labels[i] == atlas.items.labels[0] for i, _ in near]
    assert sum(same) >= 3
    x, y = atlas.positions[7].tolist()
    first, away = atlas.nearest_to(x, y, 3)[0]
    assert first == 7
    assert away == pytest.approx(0, abs=1e-6)


def test_latents_are_kept(kept: Path, library: ModelLibrary) -> None:
    atlas = open_map(next(iter(maps_in(kept).values())))
    z = atlas.latents_of(library["doodles"], [3, 9])
    assert z.shape == (2, library["doodles"].model.card.config.latent_size)
    again = atlas.latents_of(library["doodles"], [9, 4])
    assert torch.equal(again[0], z[1])
    assert {i for _, i in atlas.latents} >= {3, 4, 9}


def test_the_oldest_make_room(kept: Path, tmp_path: Path) -> None:
    (path,) = maps_in(kept).values()
    for k in range(4):
        copy = tmp_path / FOLDER / f"{k:016x}"
        shutil.copytree(path, copy)
        os.utime(copy / FACTS, (1000 + k, 1000 + k))
    (tmp_path / FOLDER / f"{9:016x}").symlink_to(path)
    assert list(maps_in(tmp_path)) == [f"{k:016x}" for k in (3, 2, 1, 0)]
    remove_oldest(tmp_path, 3)
    assert list(maps_in(tmp_path)) == [f"{k:016x}" for k in (3, 2)]
    remove_map(find_map(tmp_path, f"{3:016x}"))
    assert list(maps_in(tmp_path)) == [f"{2:016x}"]


def test_a_damaged_map_says_so(kept: Path, tmp_path: Path) -> None:
    path = tmp_path / FOLDER / f"{1:016x}"
    shutil.copytree(next(iter(maps_in(kept).values())), path)
    (path / FACTS).write_text("{}")
    with pytest.raises(DataError, match=r"map\.json"):
        facts_of(path)
