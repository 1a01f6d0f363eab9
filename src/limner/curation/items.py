"""``Items``: the drawings of a corpus, or pictures of pages.

Letters: ``n`` items.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np
from PIL import Image, ImageOps

from limner.corpus.formats.registry import holds_pictures_only, is_picture
from limner.corpus.load import load_corpus
from limner.errors import DataError
from limner.files import text_of_name
from limner.render.png import draw_image
from limner.render.style import Style
from limner.scan.files import find_pictures
from limner.scan.picture import grey_of_image, pages_as
from limner.strokes.drawing import Drawing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from limner.corpus.corpus import Corpus
    from limner.progress import Progress as Progress

Kind = Literal["drawings", "pictures"]

INK = Style(ink="#000000", paper="#ffffff", stroke_width=0.015)
"""How drawings are shown to what looks at pictures."""

PADDING = 0.06


class Items(Protocol):
    """Drawings or pictures in their order, each with an id, a split and a label."""

    @property
    def kind(self) -> Kind:
        """Drawings or pictures."""

    @property
    def ids(self) -> tuple[str, ...]:
        """A unique name of each item."""

    @property
    def splits(self) -> tuple[str | None, ...]:
        """The split of each item."""

    @property
    def labels(self) -> tuple[str | None, ...]:
        """The label of each item."""

    def drawing(self, i: int) -> Drawing:
        """Return drawing ``i``.

        Raises
        ------
        DataError
            If these are pictures.
        """

    def picture(self, i: int, px: int) -> Image.Image:
        """Return item ``i`` as an RGB image, ``px`` at its longest side."""


@dataclass(frozen=True)
class DrawingItems:
    """The drawings of a corpus, split after split."""

    corpus: Corpus
    ids: tuple[str, ...]
    splits: tuple[str, ...]
    labels: tuple[str | None, ...]
    kind: Kind = "drawings"

    @classmethod
    def of(cls, corpus: Corpus) -> DrawingItems:
        """Return the drawings of a corpus; their ids are those of :func:`ids_of`."""
        names = (*corpus.label_names, None)
        labels = [names[k] for split in corpus.splits.values() for k in split.labels.tolist()]
        splits = [name for name, split in corpus.splits.items() for _ in range(len(split))]
        return cls(corpus, ids_of(corpus), tuple(splits), tuple(labels))

    def drawing(self, i: int) -> Drawing:
        """Return drawing ``i``."""
        for name, split in self.corpus.splits.items():
            if i < len(split):
                return self.corpus.drawing(name, i)
            i -= len(split)
        raise IndexError("there are fewer drawings")

    def picture(self, i: int, px: int) -> Image.Image:
        """Draw one drawing, black on white."""
        return draw_image(self.drawing(i), px, INK, padding=PADDING)


@dataclass(frozen=True)
class PictureItems:
    """Picture files; of a TIFF with several pages the first counts."""

    files: tuple[Path, ...]
    ids: tuple[str, ...]
    labels: tuple[str | None, ...]
    kind: Kind = "pictures"

    @property
    def splits(self) -> tuple[None, ...]:
        """None for each picture."""
        return (None,) * len(self.files)

    @classmethod
    def of(cls, names: Iterable[str | Path]) -> PictureItems:
        """Find pictures: files, folders and patterns.

        A picture's id is its path from the folder that was named; where pictures lie in several folders,
        these are their labels.

        Raises
        ------
        DataError
            If a folder holds no picture, or nothing fits a pattern.
        """
        given = [Path(name) for name in names]
        files = tuple(find_pictures(given))
        root = given[0] if len(given) == 1 and given[0].is_dir() else None
        ids = tuple(text_of_name((file.relative_to(root) if root else file).as_posix()) for file in files)
        several = len({file.parent for file in files}) > 1
        return cls(files, ids, tuple(text_of_name(file.parent.name) if several else None for file in files))

    def drawing(self, i: int) -> Drawing:
        """Raise an error: a picture is no drawing yet."""
        raise DataError(f"{self.ids[i]} is a picture, not a drawing; limner scan reads its strokes.")

    def picture(self, i: int, px: int) -> Image.Image:
        """Read one picture."""
        return read_picture(self.files[i], px)


def open_items(names: Sequence[str]) -> Items:
    """Open a corpus, or pictures.

    Parameters
    ----------
    names : sequence of str
        What :func:`limner.corpus.load.load_corpus` takes, or picture files, folders of them and patterns.

    Raises
    ------
    DataError
        If there is nothing to read, or several corpora are named.
    """
    if all(map(is_pictures, names)):
        return PictureItems.of(names)
    if len(names) > 1:
        raise DataError("Name one corpus, or pictures; limner build joins corpora.")
    return DrawingItems.of(load_corpus(names[0], spares_files=True))


def is_pictures(name: str) -> bool:
    """Return whether a name stands for pictures: a picture file, a pattern, or a folder without drawings."""
    path = Path(name)
    if not path.is_dir():
        return is_picture(path)
    return holds_pictures_only(path)


def read_picture(path: Path, px: int) -> Image.Image:
    """Read a picture in colour, upright, ``px`` at its longest side.

    Raises
    ------
    DataError
        If it cannot be read; see :func:`limner.scan.picture.pages_as`.
    """
    return next(iter(pages_as(path, lambda image: _in_colour(image, px))))


def ids_of(corpus: Corpus) -> tuple[str, ...]:
    """Return the source of each drawing; the second of the same name is ``file#3~2`` and so on."""
    seen: Counter[str] = Counter()
    found = []
    for source in (source for split in corpus.splits.values() for source in split.sources):
        seen[source] += 1
        found.append(source if seen[source] == 1 else f"{source}~{seen[source]}")
    return tuple(found)


def _in_colour(image: Image.Image, px: int) -> Image.Image:
    upright = ImageOps.exif_transpose(image)
    if upright.mode.startswith("I") or upright.mode == "F":
        upright = Image.fromarray(np.clip(grey_of_image(image), 0, 255).astype(np.uint8))
    elif upright.has_transparency_data:
        layer = upright.convert("RGBA")
        upright = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
    scale = px / max(upright.size)
    size = (max(1, round(upright.width * scale)), max(1, round(upright.height * scale)))
    return upright.convert("RGB").resize(size, Image.Resampling.LANCZOS)
