"""Tables of text that people and other programs read and write: CSV, or TSV by its suffix, as text alone."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from limner.errors import DataError, cause_of, quote_list
from limner.files import whole_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path


def read_table(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """Read the rows of a table, at least one; cells that are missing at a row's end are empty.

    Raises
    ------
    DataError
        If it cannot be read, a column is missing, or there are no rows.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            table = csv.DictReader(file, restval="", delimiter=_mark(path))
            rows, there = list(table), list(table.fieldnames or ())
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path} cannot be read as a table: {cause_of(error)}.") from error
    for column in columns:
        if column not in there:
            raise DataError(f"{path} has no column {column!r}; it has {quote_list(there) or 'none'}.")
    if not rows:
        raise DataError(f"{path} holds no rows.")
    return rows


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table in UTF-8, whole or not at all."""
    with whole_file(path) as draft, draft.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, delimiter=_mark(path), lineterminator="\n")
        table.writerow(header)
        table.writerows(rows)


def _mark(path: Path) -> str:
    """Return the delimiter of a table."""
    return "\t" if path.suffix.lower() == ".tsv" else ","
