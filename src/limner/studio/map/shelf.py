"""The maps that are ready: a folder each in ``maps``, in the folder of what is kept.

All of it can be made anew; choices lie elsewhere.

Letters: ``n`` drawings of a map, ``k`` of them, ``Z`` latent.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from limner.corpus.load import load_corpus
from limner.curation.features import Features, read_features
from limner.curation.items import DrawingItems
from limner.curation.neighbours import nearest
from limner.errors import DataError
from limner.sampling.generate import Callback
from limner.strokes.drawing import Drawing
from limner.studio.context import AbsentError
from limner.studio.likeness import faithful_latent
from limner.studio.map.shapes import MapFacts
from limner.studio.map.work import DATA, DRAWINGS, FACTS, FEATURES, PLACES, SHEET
from limner.studio.shelf import Loaded

if TYPE_CHECKING:
    from numpy.typing import NDArray

FOLDER = "maps"
ID = re.compile(r"[0-9a-f]{16}")


def maps_in(kept: Path) -> dict[str, Path]:
    """Give the folders of maps by their ids, the newest first; links are left out."""
    place = kept / FOLDER
    if not place.is_dir() or place.is_symlink():
        return {}
    found = [p for p in place.iterdir() if ID.fullmatch(p.name) and not p.is_symlink() and _is_map(p)]
    return {p.name: p for p in sorted(found, key=lambda p: (p / FACTS).stat().st_mtime, reverse=True)}


def find_map(kept: Path, id: str) -> Path:  # noqa: A002
    """Give the folder of a map.

    Raises
    ------
    AbsentError
        If there is no such map.
    """
    found = maps_in(kept)
    if id not in found:
        raise AbsentError("There is no such map here; it can be made anew.")
    return found[id]


def facts_of(path: Path) -> MapFacts:
    """Read what a map shows.

    Raises
    ------
    DataError
        If its file is damaged.
    """
    try:
        facts = json.loads((path / FACTS).read_bytes())
        return MapFacts(id=path.name, **{key: facts[key] for key in ("title", "about", "n", "created")})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path / FACTS} cannot be read; remove its folder.") from error


def data_of(path: Path) -> Path:
    """Give the file of what the page's modules take."""
    return path / DATA


def sheet_of(path: Path, number: int) -> Path:
    """Give a file of small pictures.

    Raises
    ------
    AbsentError
        If there is no such sheet.
    """
    sheet = path / SHEET.format(number)
    if not sheet.is_file():
        raise AbsentError("The map has no such sheet.")
    return sheet


def remove(path: Path) -> None:
    """Remove a map."""
    shutil.rmtree(path, ignore_errors=True)
    open_atlas.cache_clear()


def make_room(kept: Path, most: int) -> None:
    """Remove the oldest maps, so that there are fewer than ``most``."""
    for path in list(maps_in(kept).values())[max(0, most - 1) :]:
        remove(path)


@dataclass(frozen=True, eq=False)
class Atlas:
    """A map that is open: its drawings, where they lie, and what their likeness is judged by."""

    items: DrawingItems
    ids: tuple[str, ...]
    features: Features
    places: NDArray[np.float32]  # (n, 2)
    latents: dict[tuple[str, int], Tensor] = field(default_factory=dict)
    """Those that were needed, by model and drawing: ``(Z,)`` each."""

    def latents_of(self, loaded: Loaded, items: Sequence[int], callback: Callback | None = None) -> Tensor:
        """Give latents, ``(k, Z)``, from which a model draws these drawings faithfully."""
        for i in items:
            if (loaded.id, i) not in self.latents:
                self.latents[loaded.id, i] = faithful_latent(loaded.model, self.drawing(i), callback)
        return torch.stack([self.latents[loaded.id, i] for i in items])

    def drawing(self, i: int) -> Drawing:
        """Give a drawing.

        Raises
        ------
        AbsentError
            If there is none at this place.
        """
        if i >= len(self.ids):
            raise AbsentError(f"The map has {len(self.ids):,} drawings.")
        return self.items.drawing(i)

    def neighbours(self, i: int, k: int) -> list[tuple[int, float]]:
        """Give the ``k`` likest drawings and how far they are, the nearest first."""
        self.drawing(i)
        return nearest(self.features, self.features.matrix[i], k, without=i)

    def near(self, x: float, y: float, k: int) -> list[tuple[int, float]]:
        """Give the ``k`` drawings that lie nearest to a place of the map, and how far they are."""
        away = np.hypot(*(self.places.astype(np.float64) - (x, y)).T)
        order = np.argsort(away, kind="stable")[:k].tolist()
        return [(i, float(away[i])) for i in order]


@lru_cache(maxsize=2)
def open_atlas(path: Path) -> Atlas:
    """Open a map; the last ones stay open.

    Raises
    ------
    DataError
        If a file is damaged.
    """
    import pyarrow.parquet as pq

    features = read_features(path / FEATURES)
    table = pq.read_table(path / PLACES, columns=["x", "y"])
    places = np.column_stack([table.column(name).to_numpy() for name in ("x", "y")]).astype(np.float32)
    items = DrawingItems.of(load_corpus(path / DRAWINGS))
    if not len(items.ids) == len(features) == len(places):
        raise DataError(f"{path} does not hold together; remove it.")
    return Atlas(items, features.ids, features, places)


def _is_map(path: Path) -> bool:
    return (path / FACTS).is_file() and (path / DATA).is_file()
