"""What a step is: settings with a name, and one function.

A step's settings are checked when it is made; what they do is in its ``apply`` or ``choose``.

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
    from limner.recipes.recipe_state import Tray


@dataclass(frozen=True)
class Step:
    """One step of a recipe."""

    name: ClassVar[str]
    """What recipes call it."""

    def opened(self, folder: Path) -> Step:
        """Give the step ready for work: with the table that it names from the recipe's folder, if any.

        Raises
        ------
        DataError
            If it needs a file that cannot be read or is not what the step takes it for.
        """
        del folder
        return self

    def closed(self) -> Step:
        """Give the step as it stands in a recipe, without what it has read."""
        return self


@dataclass(frozen=True)
class EachStep(Step):
    """Looks at single drawings, so it can be run over any batch of them."""

    def apply(self, tray: Tray) -> Tray:
        """Give the tray with the drawings changed, multiplied or left out."""
        raise NotImplementedError


@dataclass(frozen=True)
class Verdict:
    """What a step over all drawings decided."""

    dropped: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
    """For each reason which drawings go; ``(n,)``."""
    splits: NDArray[np.int8] | None = None
    """The split of every drawing, if the step shares them out; ``(n,)``."""


@dataclass(frozen=True)
class WholeStep(Step):
    """Looks at the columns of all drawings and chooses."""

    needs: ClassVar[frozenset[str]] = frozenset()
    """Which columns beyond the usual ones it asks for; see :data:`limner.recipes.columns.MORE`."""

    def choose(self, columns: Columns, left: NDArray[np.bool_], seed: int, index: int) -> Verdict:
        """Decide about the drawings that are left; ``index`` is the step's, for chance."""
        raise NotImplementedError


@dataclass(frozen=True)
class CopyStep(EachStep):
    """Makes copies of drawings whose split is known."""


MOST = 1e12
"""What any setting may be at most: squares of such lengths can still be added up."""
LEAST = 1e-9
"""What a setting above 0 is at least."""


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
