"""Train a small model on toy drawings and let it draw.

python examples/learn_and_draw.py OUT --steps 1500
"""

from __future__ import annotations

import argparse
from pathlib import Path

import limner


def main(out: Path, steps: int) -> None:
    """Train, sample, and write a sheet, an animation and a page for a plotter."""
    corpus = limner.load_corpus("doodles")
    run = limner.train(corpus, out / "run", preset="fast", max_steps=steps, seed=1)
    model = run.model()
    drawings = model.sample(12, temperature=0.3, seed=1)
    limner.sheet(drawings, columns=4).save(out / "samples.svg")
    limner.animate(drawings[0], out / "drawing.gif")
    limner.plot(drawings, out / "page.svg")
    figures = limner.evaluate(model, corpus)
    print(f"{figures['nll_per_point']:.2f} nats a point on drawings that were set aside")  # noqa: T201


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--steps", type=int, default=1500)
    arguments = parser.parse_args()
    main(arguments.out, arguments.steps)
