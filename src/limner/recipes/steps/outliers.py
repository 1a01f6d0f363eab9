"""The step that drops outliers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from limner.recipes.steps.base import Verdict, WholeStep, check_above_zero

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from limner.recipes.columns import Columns

    Floats = NDArray[np.float64]

FEW = 20  # so few drawings do not tell what is usual
USUAL = 1.4826  # median distances from the median that make a standard deviation


@dataclass(frozen=True)
class OutliersStep(WholeStep):
    """Drop drawings with an unusual number of strokes or points, or an unusual length of ink.

    What is usual is told by the medians, of the logarithms, so a few strange drawings do not move it.
    """

    name = "outliers"
    needs = frozenset({"ink"})

    deviations: float = 4.0
    """Robust standard deviations from the median beyond which a drawing is unusual."""
    by_label: bool = True
    """Whether each label has its own idea of what is usual."""

    def __post_init__(self) -> None:
        check_above_zero(deviations=self.deviations)

    def choose(self, columns: Columns, left: NDArray[np.bool_], seed: int, index: int) -> Verdict:
        """Drop outliers."""
        del seed, index
        groups = columns.label if self.by_label else np.zeros(len(columns), np.int32)
        measures = {"strokes": columns.strokes, "points": columns.points, "ink": columns.more["ink"]}
        dropped = {}
        for name, values in measures.items():
            logs = np.log1p(values.astype(np.float64))
            for side, word in (
                (-1, "little" if name == "ink" else "few"),
                (1, "much" if name == "ink" else "many"),
            ):
                mask = np.zeros(len(columns), np.bool_)
                for group in np.unique(groups[left]):
                    some = np.flatnonzero(left & (groups == group))
                    mask[some] = side * _deviations(logs[some]) > self.deviations
                dropped[f"unusually {word} {name}"] = mask
        return Verdict(dropped)


def _deviations(values: Floats) -> Floats:
    """Return distances from the median in robust standard deviations; zeros if there are too few values."""
    away = values - np.median(values)
    spread = USUAL * float(np.median(np.abs(away)))
    if len(values) < FEW or spread == 0:
        return np.zeros(len(values))
    return np.asarray(away / spread)
