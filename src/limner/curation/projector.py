"""Files for TensorBoard's projector: tensors, metadata and a sprite.

Letters: ``n`` items, ``d`` numbers of a row.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from limner.errors import LimnerError
from limner.files import whole_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from limner.curation.clusters import Clusters
    from limner.curation.features import Features
    from limner.curation.items import Items, Progress

TILE_PX = 100
WIDEST_PX = 8192
"""Side of a picture that browsers and graphics cards take."""

SMALLEST_PX = 16


def write_projector(
    items: Items,
    features: Features,
    folder: Path,
    clusters: Clusters | None = None,
    progress: Progress | None = None,
) -> dict[str, int]:
    """Write ``tensors.tsv``, ``metadata.tsv``, ``sprite.png`` and ``projector_config.pbtxt``.

    ``tensorboard --logdir FOLDER`` shows them. The tiles of the sprite stand in a square of ceil(sqrt(n)) a
    side, row by row, 100 pixels each, or less where the sprite would be wider than 8192.

    Returns
    -------
    dict of str to int
        ``n``, ``d``, ``tile_px`` and ``sprite_px``.

    Raises
    ------
    LimnerError
        If there are so many items that nothing would be seen, or the folder cannot be written.
    """
    side, tile = sprite_size(len(items.ids))
    sprite = Image.new("RGB", (side * tile, side * tile), "white")
    for i in range(len(items.ids)):
        picture = items.picture(i, tile)
        left = i % side * tile + (tile - picture.width) // 2
        sprite.paste(picture, (left, i // side * tile + (tile - picture.height) // 2))
        if progress:
            progress(i + 1, len(items.ids))
    with whole_folder(folder) as draft:
        np.savetxt(draft / "tensors.tsv", features.matrix, fmt="%.6g", delimiter="\t")
        (draft / "metadata.tsv").write_text(
            _metadata(items, clusters), encoding="utf-8", errors="backslashreplace"
        )
        sprite.save(draft / "sprite.png", optimize=True)
        (draft / "projector_config.pbtxt").write_text(_config(features, tile), encoding="utf-8")
    return {"n": len(items.ids), "d": features.matrix.shape[1], "tile_px": tile, "sprite_px": side * tile}


def sprite_size(n: int) -> tuple[int, int]:
    """Return the number of tiles along a side of the sprite, and the pixels along a side of a tile.

    Raises
    ------
    LimnerError
        If the tiles would be too small to see anything.
    """
    side = max(1, math.ceil(math.sqrt(n)))
    tile = min(TILE_PX, WIDEST_PX // side)
    if tile < SMALLEST_PX:
        most = (WIDEST_PX // SMALLEST_PX) ** 2
        raise LimnerError(f"The projector shows {most:,} drawings at most, not {n:,}; filter them first.")
    return side, tile


def _metadata(items: Items, clusters: Clusters | None) -> str:
    columns: dict[str, Sequence[str]] = {
        "source": items.ids,
        "label": [label or "" for label in items.labels],
        "split": [split or "" for split in items.splits],
    }
    if clusters is not None:
        columns["cluster"] = [clusters.name(number) for number in clusters.numbers.tolist()]
    rows = [tuple(columns), *zip(*columns.values(), strict=True)]
    return "".join("\t".join(" ".join(cell.split()) for cell in row) + "\n" for row in rows)


def _config(features: Features, tile: int) -> str:
    n, d = features.matrix.shape
    return (
        "embeddings {\n"
        f'  tensor_name: "{features.facts["name"]}"\n'
        '  tensor_path: "tensors.tsv"\n'
        f"  tensor_shape: {n}\n  tensor_shape: {d}\n"
        '  metadata_path: "metadata.tsv"\n'
        "  sprite {\n"
        '    image_path: "sprite.png"\n'
        f"    single_image_dim: {tile}\n    single_image_dim: {tile}\n"
        "  }\n}\n"
    )
