"""All steps, by the names that recipes call them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limner.recipes.steps.augment import Augment
from limner.recipes.steps.choose import Cap, Choose
from limner.recipes.steps.deduplicate import Deduplicate
from limner.recipes.steps.geometry import Origin, Quantise, Resample, Rescale, Simplify
from limner.recipes.steps.outliers import Outliers
from limner.recipes.steps.relabel import Relabel
from limner.recipes.steps.scan import Scan
from limner.recipes.steps.shape import Join, Marks, Order, Separate, Splice
from limner.recipes.steps.size import Labels, ShortStrokes, Size
from limner.recipes.steps.split import Split

if TYPE_CHECKING:
    from limner.recipes.steps.base import Step

_ALL: tuple[type[Step], ...] = (
    *(Scan, Relabel, Labels, ShortStrokes, Size),
    *(Rescale, Origin, Marks, Join, Splice, Order, Separate, Simplify, Resample, Quantise),
    *(Deduplicate, Outliers, Choose, Cap, Split),
    *(Augment,),
)

STEPS: dict[str, type[Step]] = {step.name: step for step in _ALL}
