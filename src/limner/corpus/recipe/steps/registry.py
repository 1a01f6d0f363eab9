"""All steps, by the names that recipes call them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limner.corpus.recipe.steps.augment import Augment
from limner.corpus.recipe.steps.choose import Cap, Choose
from limner.corpus.recipe.steps.deduplicate import Deduplicate
from limner.corpus.recipe.steps.geometry import Origin, Quantise, Resample, Rescale, Simplify
from limner.corpus.recipe.steps.outliers import Outliers
from limner.corpus.recipe.steps.relabel import Relabel
from limner.corpus.recipe.steps.scan import Scan
from limner.corpus.recipe.steps.shape import Join, Marks, Order, Separate, Splice
from limner.corpus.recipe.steps.size import Labels, ShortStrokes, Size
from limner.corpus.recipe.steps.split import Split

if TYPE_CHECKING:
    from limner.corpus.recipe.steps.base import Step

_ALL: tuple[type[Step], ...] = (
    *(Scan, Relabel, Labels, ShortStrokes, Size),
    *(Rescale, Origin, Marks, Join, Splice, Order, Separate, Simplify, Resample, Quantise),
    *(Deduplicate, Outliers, Choose, Cap, Split),
    *(Augment,),
)

STEPS: dict[str, type[Step]] = {step.name: step for step in _ALL}
