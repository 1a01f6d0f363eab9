"""What there is to learn from: pictures, SVG files and corpora, and the recipe that fits them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from limner.corpus.formats.format import ReadOptions
from limner.corpus.formats.registry import FORMATS, files_by_format
from limner.corpus.opening import open_sources
from limner.corpus.source import DOODLES, MIXED, Source
from limner.corpus.text import counted
from limner.errors import DataError, quote_list
from limner.recipes.recipe import AS_IT_IS, Recipe, load_recipe
from limner.scan.settings import DEFAULT_SETTINGS, ScanSettings

FOR_PICTURES, FOR_SVG = "sketchbook", "svg"
"""Recipes for folders with pictures among them, and of SVG files alone."""


@dataclass(frozen=True)
class Material:
    """What was found under the names that were given."""

    names: tuple[str, ...]
    """As they were given."""
    pictures: tuple[Path, ...]
    drawings: tuple[str, ...]
    """Those of the names that hold drawings which need no scanning."""
    counts: dict[str, int]
    """Files of each format."""
    recipe: Recipe

    @property
    def scan(self) -> ScanSettings:
        """How pictures are read."""
        return self.recipe.scan or DEFAULT_SETTINGS

    @property
    def recipe_after_scan(self) -> Recipe:
        """The recipe for what was scanned already."""
        steps = self.recipe.steps
        return self.recipe if self.recipe.scan is None else replace(self.recipe, steps=steps[1:])

    @property
    def sentence(self) -> str:
        """What was found, as in ``8 pictures and 3 .svg files in sketchbook``."""
        found = [_counted(kind, n) for kind, n in self.counts.items()]
        return f"{quote_list(found)} in {quote_list(list(self.names))}"

    @property
    def plan(self) -> str:
        """What is done to it, as the rest of a sentence."""
        read = "read as strokes and " if self.pictures else ""
        if self.recipe.name == AS_IT_IS and not self.recipe.steps:
            return f"{read}taken as they are"
        return f"{read}made ready by the recipe {self.recipe.name}"


def find_material(names: Sequence[str | Path], recipe: str | Path | None = None) -> Material:
    """Find what there is under some names, without reading it, and the recipe that fits.

    Parameters
    ----------
    names : sequence of str or Path
        Files, folders, or ``doodles``.
    recipe : str or Path, optional
        A recipe's name or file; ``sketchbook`` for pictures (and what lies beside them), ``svg`` for SVG
        files alone, and nothing is changed about corpora, unless given.

    Raises
    ------
    DataError
        If there is nothing, or the recipe does not fit.
    """
    given = tuple(map(str, names))
    for name in given:
        _check_not_empty(name)
    sources = open_sources(given, ReadOptions(scan=DEFAULT_SETTINGS))
    parts = [part for source in sources for part in _parts(source)]
    pictures = tuple(file for part in parts if _for_pictures(part) for file in part.files)
    drawings = tuple(
        name
        for name, source in zip(given, sources, strict=True)
        if not all(map(_for_pictures, _parts(source)))
    )
    counts = Counter[str]()
    for part in parts:
        counts[part.kind] += max(1, len(part.files))
    chosen = _recipe(recipe, set(counts))
    if pictures and chosen.scan is None:
        raise DataError(
            f"The recipe {chosen.name} reads no pictures, and {given[0]} holds some; take the recipe "
            f"{FOR_PICTURES}, or one of your own that begins with the step scan."
        )
    return Material(given, pictures, drawings, dict(counts), chosen)


def _recipe(wanted: str | Path | None, kinds: set[str]) -> Recipe:
    if wanted is not None:
        return load_recipe(wanted)
    if any(kind != DOODLES and FORMATS[kind].for_pictures for kind in kinds):
        return load_recipe(FOR_PICTURES)
    return load_recipe(FOR_SVG) if kinds == {"svg"} else Recipe()


def _check_not_empty(name: str) -> None:
    path = Path(name)
    if path.is_dir() and not files_by_format(path):
        raise DataError(
            f"{name} holds nothing to learn from; put scans or photographs of drawings, SVG files or a "
            "corpus into it."
        )


def _parts(source: Source) -> tuple[Source, ...]:
    return source.parts if source.kind == MIXED else (source,)


def _for_pictures(part: Source) -> bool:
    return part.kind != DOODLES and FORMATS[part.kind].for_pictures


def _counted(kind: str, n: int) -> str:
    if kind == DOODLES:
        return "the toy drawings"
    return counted(n, "picture" if FORMATS[kind].for_pictures else f"{FORMATS[kind].suffix} file")
