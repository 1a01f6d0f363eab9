"""Contact sheets: small pictures in rows that show what a cluster holds.

Letters: ``k`` pictures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

from limner.render.lettering import font, plain_letters, shortened
from limner.render.sheet import good_columns
from limner.render.style import DEFAULT_STYLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from limner.curation.items import Items

TILE_PX = 132
GAP_PX = 10
MARGIN_PX = 24
TITLE_PX = 22
LETTERS_PX = 11
SHOWN = 48
"""Items on a sheet."""


def contact_sheet(
    items: Items, indices: Sequence[int], title: str, captions: Sequence[str] | None = None
) -> Image.Image:
    """Draw items in rows under a title.

    Parameters
    ----------
    items : Items
    indices : sequence of int
        Which ones, one at least, in this order.
    title : str
    captions : sequence of str, optional
        One for each.
    """
    columns = max(4, good_columns(len(indices)))
    rows = -(-len(indices) // columns)
    below = LETTERS_PX + 8 if captions else 0
    top = MARGIN_PX + TITLE_PX + MARGIN_PX
    step = TILE_PX + GAP_PX
    size = (2 * MARGIN_PX + columns * step - GAP_PX, top + rows * (step + below) - GAP_PX + MARGIN_PX)
    style = DEFAULT_STYLE
    paper = Image.new("RGB", size, style.paper_colour)
    pen = ImageDraw.Draw(paper)
    words = plain_letters(shortened(title, size[0] - 2 * MARGIN_PX, TITLE_PX))
    pen.text((MARGIN_PX, MARGIN_PX + TITLE_PX), words, style.ink_colour, font(TITLE_PX), anchor="ls")
    for turn, place in enumerate(indices):
        row, column = divmod(turn, columns)
        corner = (MARGIN_PX + column * step, top + row * (step + below))
        paper.paste(card(items.picture(place, TILE_PX)), corner)
        if captions:
            words = plain_letters(shortened(captions[turn], TILE_PX, LETTERS_PX))
            at = (corner[0] + TILE_PX / 2, corner[1] + TILE_PX + LETTERS_PX + 3)
            pen.text(at, words, style.muted_colour, font(LETTERS_PX), anchor="ms")
    return paper


def card(picture: Image.Image) -> Image.Image:
    """Centre a picture, ``TILE_PX`` at its longest side, on a white square."""
    white = Image.new("RGB", (TILE_PX, TILE_PX), "white")
    white.paste(picture, ((TILE_PX - picture.width) // 2, (TILE_PX - picture.height) // 2))
    return white


def representatives(distances: NDArray[np.float32], members: NDArray[np.bool_]) -> list[int]:
    """Select items that represent a cluster: most from its centre, some from its edge.

    Parameters
    ----------
    distances : float32 array of shape ``(n,)``
        From the middle.
    members : bool array of shape ``(n,)``

    Returns
    -------
    list of int
        :data:`SHOWN` places at most, the middle first.
    """
    inside = np.flatnonzero(members)
    order = inside[np.argsort(distances[inside], kind="stable")]
    near = order[: SHOWN // 2]
    rest = order[len(near) :]
    steps = np.linspace(0, max(0, len(rest) - 1), SHOWN - len(near))
    some = np.unique(steps.round().astype(np.int64))[: len(rest)]
    return [*near.tolist(), *rest[some].tolist()]
