"""Tables about drawings by source, for the steps that read one."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from limner.curation.tables import read_table
from limner.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path


def read_column(path: Path, column: str, noted: str, step: str) -> tuple[dict[str, str], str]:
    """Read a column by source, and the SHA-256 of the table.

    Parameters
    ----------
    path : Path
        A .csv or .tsv file with a column ``source``.
    column : str
    noted : str
        The sha256 that the recipe noted, if it did.
    step : str
        Who asks.

    Raises
    ------
    DataError
        If it cannot be read, lacks the column, or is not the one that was noted.
    """
    rows = read_table(path, ("source", column))
    digest = sha256(path.read_bytes()).hexdigest()
    if noted and noted != digest:
        raise DataError(f"{path} has changed since the recipe noted it; take sha256 out of the step {step}.")
    return {row["source"]: row[column].strip() for row in rows}, digest
