"""The steps of a recipe on drawings in memory, without files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limner.corpus.corpus import Split, number_labels
from limner.recipes.batch import RecipeBatch
from limner.recipes.recipe import Recipe, load_recipe
from limner.recipes.stages import process
from limner.strokes.drawing import Drawing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def apply_recipe(recipe: Recipe | str | Path, drawings: Sequence[Drawing]) -> list[Drawing]:
    """Run those steps of a recipe that look at single drawings.

    Steps that compare drawings (duplicates, outliers, splits) or make copies of them need a whole corpus; see
    :func:`limner.recipes.build.build`.

    Parameters
    ----------
    recipe : Recipe, str or Path
        A recipe, the name of a shipped one, or a file.
    drawings : sequence of Drawing
        Those without points are left out.

    Returns
    -------
    list of Drawing
        The drawings that are left, or the parts that they were separated into, in their order and with their
        labels. A drawing without a source is called by its index.

    Raises
    ------
    LimnerError
        If the recipe cannot be read.
    """
    loaded = recipe if isinstance(recipe, Recipe) else load_recipe(recipe)
    pages = [drawing for drawing in drawings if drawing.n_points]
    numbers, names = number_labels([drawing.label for drawing in pages])
    sources = [drawing.source or f"drawing#{i}" for i, drawing in enumerate(pages)]
    split = Split.from_arrays([drawing.to_stroke3() for drawing in pages], numbers, sources)
    kept = process(loaded, RecipeBatch.of(split, names)).kept
    return [
        Drawing.from_stroke3(rows, label=label, source=source)
        for rows, label, source in zip(kept.drawings, kept.labels(), kept.drawings.sources, strict=True)
    ]
