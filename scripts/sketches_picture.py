"""Draw ``docs/sketches.png``: what ``sketches`` draws by class, several of each class, none picked out.

python scripts/sketches_picture.py docs/sketches.png cat octopus flower sheep
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from limner.render.write import write_drawings
from limner.sampling.model import load_model


def main() -> None:
    """Draw them, the first ones of seed 1."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("classes", nargs="+")
    parser.add_argument("--each", type=int, default=4)
    args = parser.parse_args()
    torch.set_num_threads(1)
    model = load_model("sketches")
    drawings = [drawing for name in args.classes for drawing in model.sample(args.each, label=name, seed=1)]
    captions = [drawing.label or "" for drawing in drawings]
    write_drawings(drawings, args.out, columns=2 * args.each, captions=captions)


if __name__ == "__main__":
    main()
