"""Batches between the two passes: in memory, or spilled to files in a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from limner.recipes.batch import RecipeBatch

if TYPE_CHECKING:
    from collections.abc import Sequence

Spilled = Path | RecipeBatch
"""A batch in memory, or the file that it was written to."""


def put(batch: RecipeBatch, folder: Path | None, name: str) -> Spilled:
    """Write a batch to a folder as an arrow file, return the path; without a folder return the batch."""
    if folder is None or not len(batch):
        return batch
    import pyarrow as pa

    path = folder / f"{name}.arrow"
    table = batch.to_table()
    with path.open("wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)
    return path


def get(place: Spilled) -> RecipeBatch:
    """Read a batch."""
    if isinstance(place, RecipeBatch):
        return place
    import pyarrow as pa

    with place.open("rb") as file:
        return RecipeBatch.from_table(pa.ipc.open_file(file).read_all())


def forget(places: Sequence[Spilled]) -> None:
    """Remove the files of batches."""
    for place in places:
        if isinstance(place, Path):
            place.unlink(missing_ok=True)
