"""``sheet``: several drawings side by side, for notebooks and files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from limner.render.sheet_layout import plan_sheet
from limner.render.style import DEFAULT_STYLE
from limner.render.svg import sheet_to_svg
from limner.render.write import write_drawings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from typing import Unpack

    from limner.render.sheet_layout import SheetOptions
    from limner.render.style import Style
    from limner.strokes.drawing import Drawing


@dataclass(frozen=True)
class DrawingSheet:
    """Drawings in rows; a notebook shows it as SVG. Made by :func:`sheet`."""

    drawings: tuple[Drawing, ...]
    style: Style
    options: SheetOptions

    def save(self, path: str | Path) -> None:
        """Write the sheet as the suffix says; see :func:`limner.render.write.write_drawings`."""
        write_drawings(self.drawings, path, style=self.style, **self.options)

    def _repr_svg_(self) -> str:
        """Return the sheet as an SVG document."""
        return sheet_to_svg(self.drawings, style=self.style, **self.options)


def sheet(
    drawings: Iterable[Drawing], *, style: Style = DEFAULT_STYLE, **options: Unpack[SheetOptions]
) -> DrawingSheet:
    """Lay drawings out side by side.

    Parameters
    ----------
    drawings : iterable of Drawing
        At least one.
    style : Style
    **options
        ``columns``, ``captions``, ``title`` and others; see
        :class:`limner.render.sheet_layout.SheetOptions`.

    Raises
    ------
    ValueError
        If there is no drawing, or an option is out of range.

    Examples
    --------
    >>> limner.sheet(model.sample(12), columns=4).save("samples.svg")
    """
    several = tuple(drawings)
    if len(several) == 1:
        options.setdefault("columns", 1)  # one drawing is saved as the sheet that is shown
    plan_sheet(several, style, **options)  # refuses here what would fail when it is shown
    return DrawingSheet(several, style, options)
