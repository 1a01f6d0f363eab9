"""The finished maps: one folder each in ``maps``, in the folder of kept drawings.

Maps can be made again at any time; choices are stored elsewhere.

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
from limner.studio.context import NotFoundError
from limner.studio.faithful_latent import faithful_latent
from limner.studio.map.make_map import DATA, DRAWINGS, FACTS, FEATURES, POSITIONS, SHEET
from limner.studio.map.schemas import MapFacts
from limner.studio.model_library import LoadedModel

if TYPE_CHECKING:
    from numpy.typing import NDArray

FOLDER = "maps"
ID = re.compile(r"[0-9a-f]{16}")


def maps_in(kept: Path) -> dict[str, Path]:
    """Return the folders of maps by id, the newest first, without symbolic links."""
    folder = kept / FOLDER
    if not folder.is_dir() or folder.is_symlink():
        return {}
    maps = [p for p in folder.iterdir() if ID.fullmatch(p.name) and not p.is_symlink() and _is_map(p)]
    return {p.name: p for p in sorted(maps, key=lambda p: (p / FACTS).stat().st_mtime, reverse=True)}


def find_map(kept: Path, id: str) -> Path:  # noqa: A002
    """Return the folder of a map.

    Raises
    ------
    NotFoundError
        If there is no such map.
    """
    maps = maps_in(kept)
    if id not in maps:
        raise NotFoundError("There is no such map here; it can be made again.")
    return maps[id]


def facts_of(path: Path) -> MapFacts:
    """Read the description of a map.

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


def data_file(path: Path) -> Path:
    """Return the file with the data for the page."""
    return path / DATA


def sheet_file(path: Path, number: int) -> Path:
    """Return a file of small pictures.

    Raises
    ------
    NotFoundError
        If there is no such sheet.
    """
    sheet = path / SHEET.format(number)
    if not sheet.is_file():
        raise NotFoundError("The map has no such sheet.")
    return sheet


def remove_map(path: Path) -> None:
    """Remove a map."""
    shutil.rmtree(path, ignore_errors=True)
    open_map.cache_clear()


def remove_oldest(kept: Path, limit: int) -> None:
    """Remove the oldest maps, so that fewer than ``limit`` remain."""
    for path in list(maps_in(kept).values())[max(0, limit - 1) :]:
        remove_map(path)


@dataclass(frozen=True, eq=False)
class OpenMap:
    """A map in memory: its drawings, their positions, and the features by which they are compared."""

    items: DrawingItems
    ids: tuple[str, ...]
    features: Features
    positions: NDArray[np.float32]  # (n, 2)
    latents: dict[tuple[str, int], Tensor] = field(default_factory=dict)
    """Cache of latents, ``(Z,)`` each, by model and drawing."""

    def latents_of(
        self, entry: LoadedModel, items: Sequence[int], callback: Callback | None = None
    ) -> Tensor:
        """Return the latents, ``(k, Z)``, from which a model reconstructs these drawings most faithfully."""
        for i in items:
            if (entry.id, i) not in self.latents:
                self.latents[entry.id, i] = faithful_latent(entry.model, self.drawing(i), callback)
        return torch.stack([self.latents[entry.id, i] for i in items])

    def drawing(self, i: int) -> Drawing:
        """Return a drawing.

        Raises
        ------
        NotFoundError
            If there is none with this number.
        """
        if i >= len(self.ids):
            raise NotFoundError(f"The map has {len(self.ids):,} drawings.")
        return self.items.drawing(i)

    def neighbours(self, i: int, k: int) -> list[tuple[int, float]]:
        """Return the ``k`` nearest drawings by features, with their distances, the nearest first."""
        self.drawing(i)
        return nearest(self.features, self.features.matrix[i], k, without=i)

    def nearest_to(self, x: float, y: float, k: int) -> list[tuple[int, float]]:
        """Return the ``k`` drawings nearest to a position of the map, with their distances."""
        distances = np.hypot(*(self.positions.astype(np.float64) - (x, y)).T)
        order = np.argsort(distances, kind="stable")[:k].tolist()
        return [(i, float(distances[i])) for i in order]


@lru_cache(maxsize=2)
def open_map(path: Path) -> OpenMap:
    """Read a map into memory; the most recently used ones are cached.

    Raises
    ------
    DataError
        If a file is damaged.
    """
    import pyarrow.parquet as pq

    features = read_features(path / FEATURES)
    table = pq.read_table(path / POSITIONS, columns=["x", "y"])
    positions = np.column_stack([table.column(name).to_numpy() for name in ("x", "y")]).astype(np.float32)
    items = DrawingItems.of(load_corpus(path / DRAWINGS))
    if not len(items.ids) == len(features) == len(positions):
        raise DataError(f"{path} does not hold together; remove it.")
    return OpenMap(items, features.ids, features, positions)


def _is_map(path: Path) -> bool:
    return (path / FACTS).is_file() and (path / DATA).is_file()
