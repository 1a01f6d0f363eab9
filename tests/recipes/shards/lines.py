"""Drawings for the tests of this folder, and what to do with them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from limner.recipes.recipe import Recipe

RECIPE = Recipe.from_dict(
    {
        "name": "test",
        "step": [
            {"step": "size", "min_points": 3},
            {"step": "rescale", "box": 255.0},
            {"step": "simplify", "epsilon": 2.0},
            {"step": "deduplicate"},
            {"step": "augment", "copies": 1},
        ],
    },
    where="here",
)


def write_drawings(path: Path, n: int, seed: int = 0, *, keys: bool = True) -> Path:
    """Write scribbles as QuickDraw has them; some come twice, some are too short, one has no points."""
    rng = np.random.default_rng(seed)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        for i in range(n):
            shape = np.random.default_rng(seed if i % 7 == 3 else [seed, i])
            length = 1 if i % 11 == 5 else int(shape.integers(3, 30))
            strokes = [shape.integers(0, 256, (2, length)).tolist() for _ in range(int(shape.integers(1, 4)))]
            facts = {"word": f"thing {rng.integers(3)}", "drawing": [] if i == 2 else strokes}
            file.write(json.dumps({**facts, **({"key_id": str(10**6 + i)} if keys else {})}) + "\n")
    return path
