"""Pages sorted by a classifier: a table, a sheet of doubtful ones, and copies if wanted.

Letters: ``n`` pages, ``c`` classes.
"""

from __future__ import annotations

import filecmp
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from limner.curation.classifier import ClassifierTraining, PageClassifier, train_classifier
from limner.curation.contact import contact_sheet
from limner.curation.embedding import raw_rows
from limner.curation.items import PictureItems
from limner.curation.tables import write_table
from limner.errors import DataError
from limner.files import whole_file, write_bytes
from limner.render.png import png_bytes
from limner.scan.files import free_name

if TYPE_CHECKING:
    from pathlib import Path

    from limner.curation.embedder import Embedder
    from limner.curation.items import Progress

DOUBT = 0.8
"""Pages whose likeliest class is less probable than this are for the hand."""

SHOWN = 80
"""Doubtful pages on the sheet, the most doubtful first."""

DOUBTFUL = "doubtful"
TABLE_HEADER = ("source", "class", "probability", "doubtful", "second")


@dataclass(frozen=True)
class SortedPage:
    """The class of a page."""

    file: str
    """Its id."""
    label: str
    """The likeliest class."""
    probability: float
    doubtful: bool
    second: str
    """The class that is likeliest after it."""


def learn_pages(
    folder: Path, embedder: Embedder, *, seed: int = 0, progress: Progress | None = None
) -> tuple[PageClassifier, ClassifierTraining]:
    """Train a classifier on a folder with one folder of pictures for each class.

    Raises
    ------
    DataError
        If pictures lie beside the folders, or classes or pictures are too few.
    """
    pages = PictureItems.of([folder])
    loose = [name for name in pages.ids if "/" not in name]
    if loose:
        raise DataError(f"{folder}: {loose[0]} lies in no folder; each class has a folder of its own.")
    labels = [name.split("/")[0] for name in pages.ids]
    rows = raw_rows(pages, embedder, progress)
    return train_classifier(rows, labels, embedder.facts(), seed=seed)


def sort_pages(
    pages: PictureItems,
    classifier: PageClassifier,
    embedder: Embedder,
    *,
    doubt: float = DOUBT,
    progress: Progress | None = None,
) -> list[SortedPage]:
    """Classify pages.

    Parameters
    ----------
    doubt : float
        Probability from 0 to 1 below which a page is doubtful.
    """
    shares = classifier.probabilities(raw_rows(pages, embedder, progress))  # (n, c)
    order = np.argsort(-shares, axis=1, kind="stable")
    found = []
    for name, share, (first, second) in zip(pages.ids, shares, order[:, :2].tolist(), strict=True):
        probability = float(share[first])
        label, other = classifier.classes[first], classifier.classes[second]
        found.append(SortedPage(name, label, probability, probability < doubt, other))
    return found


def write_sorted(pages: PictureItems, found: list[SortedPage], folder: Path) -> None:
    """Write ``pages.tsv``, and ``doubtful.png`` if there are doubtful pages."""
    rows = (
        [page.file, page.label, f"{page.probability:.4f}", "yes" if page.doubtful else "no", page.second]
        for page in found
    )
    write_table(folder / "pages.tsv", TABLE_HEADER, rows)
    indices = [i for i, page in enumerate(found) if page.doubtful]
    if indices:
        worst = sorted(indices, key=lambda i: found[i].probability)[:SHOWN]
        captions = [f"{found[i].label} {found[i].probability:.0%}, {found[i].second}?" for i in worst]
        title = f"Doubtful: {len(indices)} of {len(found)} pages"
        write_bytes(folder / "doubtful.png", png_bytes(contact_sheet(pages, worst, title, captions)))


def copy_sorted(pages: PictureItems, found: list[SortedPage], folder: Path) -> int:
    """Copy pages into a folder for each class, doubtful ones into ``doubtful``; nothing is overwritten.

    A page that is already there, byte for byte, is not copied again; another file of its name stays, and the
    page gets a free one.

    Returns
    -------
    int
        Pages that were copied.
    """
    copied = 0
    for file, page in zip(pages.files, found, strict=True):
        place = folder / (DOUBTFUL if page.doubtful else page.label)
        there = {other.stem.lower() for other in place.glob("*")} if place.is_dir() else set()
        same = place.glob(f"{_plain(file.stem)}*{_plain(file.suffix)}") if place.is_dir() else ()
        if any(filecmp.cmp(file, other, shallow=False) for other in same):
            continue
        with whole_file(place / f"{free_name(file.stem, there)}{file.suffix}") as draft:
            shutil.copyfile(file, draft)
        copied += 1
    return copied


def _plain(name: str) -> str:
    """Escape a name for a glob pattern."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)
