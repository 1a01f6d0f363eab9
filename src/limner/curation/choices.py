"""Choices of a person: the CSV that the map writes, with ``source``, ``choice`` and ``label``.

Letters: ``n`` items.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from limner.curation.tables import read_table
from limner.errors import DataError, cause_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

HEADER = ("source", "choice", "label")
CHOICES = ("keep", "drop", "")


@dataclass(frozen=True)
class Choices:
    """What a person decided about items.

    Parameters
    ----------
    choice : dict of str to {"keep", "drop", ""}
        By id.
    label : dict of str to str
        New labels, by id.
    """

    choice: dict[str, str]
    label: dict[str, str]

    def kept(self, ids: Sequence[str]) -> NDArray[np.bool_]:
        """Return the mask of the items that stay; ``(n,)``.

        What is dropped goes. If anything is kept, all that is not goes too.
        """
        kept = np.array([self.choice.get(name) == "keep" for name in ids], np.bool_)
        dropped = np.array([self.choice.get(name) == "drop" for name in ids], np.bool_)
        return kept if "keep" in self.choice.values() else ~dropped


def read_choices(path: Path) -> Choices:
    """Read a CSV file of choices.

    Raises
    ------
    DataError
        If it cannot be read, a column is missing, or a choice is neither keep nor drop nor empty.
    """
    rows = read_table(path, HEADER)
    for number, row in enumerate(rows, start=2):
        if row["choice"].strip() not in CHOICES:
            raise DataError(f"{path}, line {number}: a choice is keep, drop or empty, not {row['choice']!r}.")
    choice = {row["source"]: row["choice"].strip() for row in rows}
    label = {row["source"]: row["label"].strip() for row in rows if row["label"].strip()}
    return Choices(choice, label)


def read_ids(path: Path) -> list[str]:
    """Read ids: one a line, or the column ``source`` of a .csv or .tsv table.

    Raises
    ------
    DataError
        If the file cannot be read or holds none.
    """
    if path.suffix.lower() in (".csv", ".tsv"):
        return [row["source"] for row in read_table(path, ("source",))]
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path} cannot be read as a list of ids: {cause_of(error)}.") from error
    ids = [line.strip() for line in lines if line.strip()]
    if not ids:
        raise DataError(f"{path} holds no ids; write one a line.")
    return ids


def mask_of_ids(ids: Sequence[str], wanted: Sequence[str], where: Path) -> NDArray[np.bool_]:
    """Return the mask of the wanted items; ``(n,)``.

    Raises
    ------
    DataError
        If one that is wanted is not there; ``where`` is named.
    """
    known = set(ids)
    if missing := [name for name in wanted if name not in known]:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise DataError(f"{where} names {missing[0]}{more}, which the corpus does not hold.")
    asked = set(wanted)
    return np.array([name in asked for name in ids], np.bool_)
