"""Where batches lie between the two passes over them: in memory, or as files in a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from limner.recipes.batch import Batch

if TYPE_CHECKING:
    from collections.abc import Sequence

Place = Path | Batch
"""Where a batch lies: a file, or itself."""


def put(batch: Batch, folder: Path | None, name: str) -> Place:
    """Lay a batch into a folder as an arrow file; give it back where there is no folder."""
    if folder is None or not len(batch):
        return batch
    import pyarrow as pa

    path = folder / f"{name}.arrow"
    table = batch.to_table()
    with path.open("wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)
    return path


def get(place: Place) -> Batch:
    """Fetch a batch."""
    if isinstance(place, Batch):
        return place
    import pyarrow as pa

    with place.open("rb") as file:
        return Batch.from_table(pa.ipc.open_file(file).read_all())


def forget(places: Sequence[Place]) -> None:
    """Remove batches that are not needed any more."""
    for place in places:
        if isinstance(place, Path):
            place.unlink(missing_ok=True)
