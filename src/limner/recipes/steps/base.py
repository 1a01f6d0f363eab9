"""What a step is: a frozen dataclass of settings, with a name and one method.

The settings are checked when the step is made; ``apply`` or ``choose`` does the work.

Letters: ``n`` drawings.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from limner.recipes.columns import Columns
    from limner.recipes.recipe_state import RecipeState


@dataclass(frozen=True)
class Step:
    """One step of a recipe."""

    name: ClassVar[str]
    """What recipes call it."""

    def opened(self, folder: Path) -> Step:
        """Return the step with the table that it names, relative to the recipe's folder, if it names one.

        Raises
        ------
        DataError
            If it needs a file that cannot be read or is not what the step takes it for.
        """
        del folder
        return self

    def closed(self) -> Step:
        """Return the step as it stands in a recipe, without its table."""
        return self


@dataclass(frozen=True)
class EachStep(Step):
    """A step that looks at single drawings, so that it can be run over any batch of them."""

    def apply(self, state: RecipeState) -> RecipeState:
        """Return the state with the drawings changed, multiplied or left out."""
        raise NotImplementedError


@dataclass(frozen=True)
class Verdict:
    """The decision of a step over all drawings."""

    dropped: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
    """For each reason which drawings go; ``(n,)``."""
    splits: NDArray[np.int8] | None = None
    """The split of every drawing, if the step shares them out; ``(n,)``."""


@dataclass(frozen=True)
class WholeStep(Step):
    """A step that looks at the columns of all drawings and chooses among them."""

    needs: ClassVar[frozenset[str]] = frozenset()
    """Which columns beyond the usual ones it asks for; see :data:`limner.recipes.columns.MORE`."""

    def choose(self, columns: Columns, left: NDArray[np.bool_], seed: int, index: int) -> Verdict:
        """Decide about the drawings under the mask ``left``; ``index`` is the step's, for random numbers."""
        raise NotImplementedError


@dataclass(frozen=True)
class CopyStep(EachStep):
    """A step that adds copies of drawings whose split is known."""


MOST = 1e12
"""Upper bound of every setting: squares of such lengths can still be summed."""
LEAST = 1e-9
"""Lower bound of a setting that must be above 0."""


def check_at_least(low: float, **settings: float | None) -> None:
    """Refuse settings below a limit, or above :data:`MOST`; None passes.

    Raises
    ------
    ValueError
    """
    for name, value in settings.items():
        if value is not None and not low <= value <= MOST:
            raise ValueError(f"{name} must be a number from {low:g} to {MOST:g}, and it is {value:.3g}")


def check_share(**settings: float) -> None:
    """Refuse settings that are not from 0 to 1.

    Raises
    ------
    ValueError
    """
    for name, value in settings.items():
        if not 0 <= value <= 1:
            raise ValueError(f"{name} must be from 0 to 1, and it is {value}")


def check_above_zero(**settings: float) -> None:
    """Refuse settings that are not from :data:`LEAST` to :data:`MOST`.

    Raises
    ------
    ValueError
    """
    for name, value in settings.items():
        if not LEAST <= value <= MOST:
            raise ValueError(f"{name} must be a number from {LEAST:g} to {MOST:g}, and it is {value:.3g}")
