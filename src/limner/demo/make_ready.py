"""From what was found to a corpus: pictures are scanned, and drawings go through the recipe."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from limner.corpus.text import counted
from limner.demo.growing_page import GrowingPage
from limner.demo.learn_exhibits import pages_exhibit
from limner.demo.learn_page import READING, READY
from limner.demo.material import Material
from limner.errors import DataError
from limner.progress import Progress
from limner.recipes.build import build
from limner.scan.batch import ScanBatch, scan_files

FEWEST = 2
"""Drawings of which there is something to learn but themselves."""


@dataclass(frozen=True)
class MadeReady:
    """What came of it."""

    drawings: int
    """Drawings of the corpus."""
    pages: int = 0
    """Pages that were scanned."""
    unread: dict[str, str] = field(default_factory=dict)
    """Pictures that could not be read, each with a sentence."""


def make_ready(
    material: Material, strokes: Path, corpus: Path, *, seed: int, page: GrowingPage, progress: Progress
) -> MadeReady:
    """Scan the pictures into a folder, make the corpus, and show both on a page.

    Parameters
    ----------
    material : Material
    strokes : Path
        Gets an SVG of each page, if there are pictures.
    corpus : Path
    seed : int
        Of splits and copies; the recipe's own if it is 0.
    page : GrowingPage
    progress : callable
        Is told how many pictures, and then how many bytes, have been read.

    Raises
    ------
    LimnerError
        If no picture can be read, or fewer than two drawings are left.
    """
    batch = ScanBatch()
    if material.pictures:
        batch = _scan(material, strokes, page, progress)
    else:
        page.stage(READING, f"{material.sentence}; no picture among them.", "done")
    page.stage(READY, "It begins.")
    sources = [*([strokes] if material.pictures else []), *material.drawings]
    report = build(sources, corpus, recipe=material.recipe_after_scan, seed=seed or None, progress=progress)
    if report.kept < FEWEST:
        raise DataError(
            f"{material.names[0]} gives one drawing, and of one there is nothing to learn but itself; put "
            "some more beside it."
        )
    return MadeReady(report.kept, len(batch.pages), batch.failures)


def _scan(material: Material, strokes: Path, page: GrowingPage, progress: Progress) -> ScanBatch:
    n = counted(len(material.pictures), "picture")

    def count(done: int, total: int | None) -> None:
        progress(done, total)
        page.stage(READING, f"{done:,} of {n} read as strokes.")

    page.stage(READING, f"{n}, as strokes.")
    batch = scan_files(material.pictures, strokes, material.scan, progress=count)
    if not batch.pages:
        raise DataError(f"None of {n} could be read. {next(iter(batch.failures.values()))}")
    page.show(pages_exhibit(strokes))
    return batch
