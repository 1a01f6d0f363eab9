"""Which drawings of QuickDraw the protocol sets aside: what judges is never learnt from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

ASIDE = 5
"""Drawings of each class that are set aside, the first of a permutation."""


def set_aside(folder: Path) -> dict[str, tuple[Sequence[int], Sequence[int]]]:
    """Return for each class of a folder of ndjson files the drawings that are set aside, and the others.

    One generator goes through all classes in order, so that the folder has to be the whole one that the
    protocol's encoder was trained on (``scripts/train_sketch_encoder.py``).
    """
    chance = np.random.default_rng(0)
    found = {}
    for path in sorted(folder.glob("*.ndjson")):
        with path.open("rb") as file:
            order = chance.permutation(sum(bool(line.strip()) for line in file)).tolist()
        found[path.stem] = (order[:ASIDE], order[ASIDE:])
    return found
