"""The drawings that judge are the same ones everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from limner.evaluation.protocol.set_aside import ASIDE, set_aside


def test_the_protocol_goes_through_the_classes_in_order(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / f"{name}.ndjson").write_text("{}\n" * 8)
    chance = np.random.default_rng(0)
    first, second = (chance.permutation(8).tolist() for _ in range(2))
    wanted: dict[str, tuple[Sequence[int], Sequence[int]]] = {
        "a": (first[:ASIDE], first[ASIDE:]),
        "b": (second[:ASIDE], second[ASIDE:]),
    }
    assert set_aside(tmp_path) == wanted
