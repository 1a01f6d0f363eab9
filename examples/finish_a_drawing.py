"""Let a model finish a drawing in several ways, and morph between two drawings.

python examples/finish_a_drawing.py OUT
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path

import limner


def circle(n: int = 24) -> limner.Drawing:
    """Return a circle of ``n`` points, not quite closed."""
    angles = [2 * math.pi * k / n for k in range(n)]
    return limner.Drawing.from_polylines([[(100 * math.cos(a), 100 * math.sin(a)) for a in angles]])


def main(out: Path, name: str) -> None:
    """Write a sheet of completions and an animated morph."""
    model = limner.load_model(name)
    endings = model.complete(circle(), 8, temperature=0.3, seed=2)
    limner.sheet(endings, columns=4).save(out / "completions.svg")
    if model.conditional:
        one, two = model.sample(2, temperature=0.2, seed=5)
        limner.animate(model.interpolate(one, two, 8, temperature=0.1), out / "morph.gif", kind="morph")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--model", default="doodles")
    arguments = parser.parse_args()
    main(arguments.out, arguments.model)
