"""The step that labels drawings by a table."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from limner.errors import DataError
from limner.recipes.steps.base import EachStep
from limner.recipes.steps.table import read_column

if TYPE_CHECKING:
    from pathlib import Path

    from limner.recipes.recipe_state import RecipeState


@dataclass(frozen=True)
class RelabelStep(EachStep):
    """Label drawings by the row of a table for their source.

    The table has a column ``source``; the choices that are made on a map are such a table. A row that names
    a page or a file is about all drawings of it that have no row of their own. Drawings that are not in the
    table, or have nothing in the column, keep the label that they have.
    """

    name = "relabel"

    table: str = ""
    """A .csv or .tsv file, found from the recipe's folder."""
    column: str = "label"
    """The column with the labels."""
    sha256: str = ""
    """Of the table; a table that has changed is refused. Noted when a corpus is built."""

    def opened(self, folder: Path) -> RelabelStepWithTable:
        """Read the table.

        Raises
        ------
        DataError
            If it cannot be read, lacks the column, has no label, or is not the one that was noted.
        """
        path = folder / self.table
        said, digest = read_column(path, self.column, self.sha256, self.name)
        found = {source: label for source, label in said.items() if label}
        if not found:
            raise DataError(f"{path} has no label in its column {self.column!r}.")
        return RelabelStepWithTable(str(path.resolve()), self.column, digest, found)


@dataclass(frozen=True)
class RelabelStepWithTable(RelabelStep):
    """The step with its table."""

    found: dict[str, str] = field(default_factory=dict, repr=False)
    """By source."""

    def closed(self) -> RelabelStep:
        """Return the step without its table."""
        return RelabelStep(self.table, self.column, self.sha256)

    def apply(self, state: RecipeState) -> RecipeState:
        """Label each drawing by its source, else by its page, else by its file."""
        before = (*state.label_names, None)  # -1 is the last one
        rows = zip(state.sources, state.pages, state.labels.tolist(), strict=True)
        return state.called([self._said(source, page) or before[label] for source, page, label in rows])

    def _said(self, source: str, page: str) -> str | None:
        names = (source, page, page.rpartition("#")[0])
        return next((self.found[name] for name in names if name in self.found), None)
