"""The table of steps, by their names in recipes."""

from __future__ import annotations

from limner.recipes.steps.augment import AugmentStep
from limner.recipes.steps.base import EachStep, Step, WholeStep
from limner.recipes.steps.choose import CapStep, ChooseStep
from limner.recipes.steps.deduplicate import DeduplicateStep
from limner.recipes.steps.geometry import OriginStep, QuantiseStep, ResampleStep, RescaleStep, SimplifyStep
from limner.recipes.steps.outliers import OutliersStep
from limner.recipes.steps.relabel import RelabelStep
from limner.recipes.steps.scan import ScanStep
from limner.recipes.steps.shape import JoinStep, MarksStep, OrderStep, SeparateStep, SpliceStep
from limner.recipes.steps.size import LabelsStep, ShortStrokesStep, SizeStep
from limner.recipes.steps.split import SplitStep
from limner.registry import Registry

_ALL: tuple[type[Step], ...] = (
    *(ScanStep, RelabelStep, LabelsStep, ShortStrokesStep, SizeStep),
    *(
        RescaleStep,
        OriginStep,
        MarksStep,
        JoinStep,
        SpliceStep,
        OrderStep,
        SeparateStep,
        SimplifyStep,
        ResampleStep,
        QuantiseStep,
    ),
    *(DeduplicateStep, OutliersStep, ChooseStep, CapStep, SplitStep),
    *(AugmentStep,),
)

STEPS: Registry[type[Step]] = Registry(
    "limner.steps",
    "step",
    {step.name: step for step in _ALL},
    lambda entry: isinstance(entry, type) and issubclass(entry, EachStep | WholeStep),
)
"""All steps; docs/corpus.md describes each with its settings, docs/adding/step.md how to add one."""
