"""``Embedder``: from drawings or pictures to features, and limner's own two embedders.

Letters: ``n`` items, ``D`` numbers of each.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from limner.curation.items import Items, Kind


@dataclass(frozen=True)
class Embedder:
    """Computes features, which lie near each other for what looks alike.

    Parameters
    ----------
    name : str
        As on the command line: ``shape``, ``page``, ``model:runs/mine``, ``torchvision:resnet34``.
    takes : {"drawings", "pictures"}
        Whether ``rows`` is given :class:`Drawing` or RGB images. Drawings can be shown as pictures.
    rows : callable
        Takes a list of n of them and gives a float32 array of shape ``(n, D)``.
    px : int
        Longest side of the pictures.
    version : int
        Another one gives other numbers.
    whitened : bool
        Whether the numbers are many and alike, and principal components shall stand for them.
    settings : dict
        What else decides the numbers, such as the weights.
    """

    name: str
    takes: Kind
    rows: Callable[[Sequence[Any]], NDArray[np.float32]]
    px: int = 0
    version: int = 1
    whitened: bool = False
    settings: dict[str, Any] = field(default_factory=dict)

    def facts(self) -> dict[str, Any]:
        """Return what identifies the features, for files that hold them."""
        return {"name": self.name, "version": self.version, "settings": self.settings}

    def of(self, items: Items, indices: Sequence[int]) -> NDArray[np.float32]:
        """Return features of the items at ``indices``, ``(len(indices), D)``.

        Raises
        ------
        DataError
            If it takes drawings and the items are pictures.
        """
        if self.takes == "drawings":
            return self.rows([items.drawing(i) for i in indices])
        return self.rows([items.picture(i, self.px) for i in indices])


def shape_embedder() -> Embedder:
    """Return the embedder of the shape of drawings; see :func:`limner.curation.shape.rows.shape_rows`."""
    from limner.curation.shape.rows import shape_rows

    return Embedder("shape", "drawings", shape_rows, whitened=True)


def page_embedder() -> Embedder:
    """Return the embedder of the look of pictures; see :func:`limner.curation.page.rows.page_rows`."""
    from limner.curation.page.rows import PAGE_PX, page_rows

    return Embedder("page", "pictures", page_rows, px=PAGE_PX, whitened=True)


OWN: dict[str, Callable[[], Embedder]] = {"shape": shape_embedder, "page": page_embedder}
"""What needs no network and no download."""


def default_embedder(items: Items) -> str:
    """Return the name of the default embedder."""
    return "shape" if items.kind == "drawings" else "page"
