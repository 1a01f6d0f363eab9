"""From pictures of drawings to a corpus that a model can learn.

python examples/from_paper.py sketchbook/*.png --out OUT
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import limner


def main(pictures: Sequence[Path], out: Path) -> None:
    """Scan every picture to an SVG file, and build a corpus of all of them."""
    (out / "svg").mkdir(parents=True, exist_ok=True)
    for picture in pictures:
        drawing = limner.scan(picture).drawing
        (out / "svg" / f"{picture.stem}.svg").write_text(drawing.to_svg(), encoding="utf-8")
        print(f"{picture.name}: {len(drawing)} strokes, {drawing.n_points} points")  # noqa: T201
    report = limner.build([out / "svg"], out / "corpus.npz", recipe="sketchbook")
    print(f"{report.kept} drawings in {out / 'corpus.npz'}")  # noqa: T201


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("pictures", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    main(arguments.pictures, arguments.out)
