"""Measure how well pictures are read: known drawings put on paper, and real pages.

    python scripts/scan_quality.py DATA -n 150 --seed 1 --sheets sheets/

DATA is the folder of real drawings (LIMNER_DATA). The first tables are about sheep, kanji and QuickDraw
drawings drawn with pens of 2-5 px on 400-1200 px, with grain, shading, blur and JPEG; the truth is known. The
last are about the pages of a sketchbook and clean drawings, against their thinned ink, and read as single
lines.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from scipy.spatial import cKDTree
from skimage.filters import threshold_otsu
from skimage.morphology import skeletonize

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.scan.ink import NEAR_PX, any_paper, known_drawings, nearness, on_paper, samples

from limner.cli.report import say
from limner.scan.contact_sheet import contact_sheet, side_by_side
from limner.scan.picture import grey_of_image, read_pages
from limner.scan.scan import scan_grey
from limner.scan.settings import ScanSettings
from limner.strokes.drawing import Drawing

COLUMNS = ("recall", "precision", "distance", "length_ratio", "stroke_ratio")


def known(data: Path, n: int, seed: int) -> Iterator[tuple[str, list[float]]]:
    """Return the kind and the figures of each known drawing."""
    rng = np.random.default_rng(seed)
    for kind, drawing in known_drawings(data, n, rng):
        paper = any_paper(rng)
        image, truth = on_paper(drawing, paper, rng)
        found = scan_grey(grey_of_image(image), name=kind).drawing
        near = nearness(truth, found, touch_px=paper.pen_px)
        yield kind, [getattr(near, column) for column in COLUMNS]


def against_ink(grey: np.ndarray, drawing: Drawing) -> tuple[float, float]:
    """Return recall and precision against the thinned ink of a page, within 2 px."""
    ink = grey <= threshold_otsu(grey)
    thin = np.argwhere(skeletonize(ink if ink.mean() < 0.5 else ~ink))[:, ::-1] + 0.5
    drawn = samples(drawing)
    recall = (cKDTree(drawn).query(thin)[0] <= NEAR_PX).mean()
    return float(recall), float((cKDTree(thin).query(drawn)[0] <= NEAR_PX).mean())


def say_table(name: str, rows: np.ndarray) -> None:
    """Say percentiles, one a line."""
    heading = f"{name}, {len(rows)} pictures".ljust(28)
    say(heading + "".join(column.rjust(13) for column in COLUMNS))
    for share in (10, 50, 90):
        figures = np.percentile(rows, share, axis=0)
        say(f"  percentile {share}".ljust(28) + "".join(f"{value:13.3f}" for value in figures))


def say_pages(files: list[Path], sheets: Path | None) -> None:
    """Say a line for each page, and the medians."""
    figures, pictures = [], []
    for file in files:
        grey = next(read_pages(file))
        result = scan_grey(grey, name=file.name)
        single = scan_grey(grey, ScanSettings(single_line=True), name=file.name)
        strokes, lines = len(result.drawing), len(single.drawing)
        recall, precision = against_ink(grey, result.drawing)
        again = single.drawing.ink_length / result.drawing.ink_length - 1
        say(
            f"  {file.stem:34} strokes {strokes:3d}  recall {recall:.3f}  precision {precision:.3f}"
            f"  single lines {lines:3d}  {again:+.1%} ink"
        )
        figures.append((strokes, recall, precision, lines, again))
        pictures.append((f"{file.stem}, strokes: {strokes}", side_by_side(grey, result)))
    say(f"  median {np.round(np.median(figures, axis=0), 3).tolist()}")
    if sheets:
        sheets.mkdir(parents=True, exist_ok=True)
        contact_sheet(pictures).save(sheets / f"{files[0].parent.name}.png")


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("-n", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sheets", type=Path)
    args = parser.parse_args()
    found = list(known(args.data, args.n, args.seed))
    say_table("all", np.array([figures for _, figures in found]))
    for kind in ("sheep", "kanji", "quickdraw"):
        say_table(kind, np.array([figures for name, figures in found if name == kind]))
    for folder in ("sketchbook", "clean"):
        say(folder)
        say_pages(sorted((args.data / "scans" / folder).glob("*.png")), args.sheets)


if __name__ == "__main__":
    main()
