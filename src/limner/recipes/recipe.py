"""``Recipe``: ordered steps, from and to TOML; a misspelt name is refused with the nearest one."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, fields, replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from limner.curation.choices import read_choices
from limner.errors import DataError, short
from limner.files import write_text
from limner.recipes.steps.base import CopyStep, EachStep, Step, WholeStep
from limner.recipes.steps.choose import ChooseStep
from limner.recipes.steps.registry import STEPS
from limner.recipes.steps.relabel import RelabelStep
from limner.recipes.steps.scan import ScanStep
from limner.settings import did_you_mean, from_dict, to_dict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from limner.scan.settings import ScanSettings

AS_IT_IS = "as-it-is"
LARGEST = 1 << 18
"""Bytes of a recipe file."""
_KEYS = ("name", "description", "seed", "step")


@dataclass(frozen=True)
class Recipe:
    """Steps that turn drawings into a corpus. It can be pickled.

    The steps come in three parts: those that look at single drawings; those that look at all drawings
    together and choose; and, behind them, steps that look at single drawings again, whose split is known by
    then, copies among them.

    Raises
    ------
    ValueError
        If steps stand where they cannot.
    """

    name: str = AS_IT_IS
    description: str = "Nothing is changed about the drawings."
    seed: int = 0
    """Of all random choices."""
    steps: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        if self.seed < 0:
            raise ValueError(f"the seed must be a whole number from 0 up, and it is {self.seed}")
        for place, step in enumerate(self.steps):
            before = self.steps[:place]
            if isinstance(step, ScanStep) and before:
                raise ValueError("scan reads pictures and must be the first step")
            if isinstance(step, WholeStep):
                self._check_whole(step, before)

    def _check_whole(self, step: WholeStep, before: tuple[Step, ...]) -> None:
        wholes = [i for i, one in enumerate(before) if isinstance(one, WholeStep)]
        between = before[wholes[-1] + 1 :] if wholes else [s for s in before if isinstance(s, CopyStep)]
        if between:
            raise ValueError(
                f"{step.name} looks at all drawings together and must come before {between[0].name}"
            )

    # The parts -----------------------------------------------------------------------------------

    @property
    def scan(self) -> ScanSettings | None:
        """Settings of reading pictures; None if the recipe reads none."""
        first = self.steps[0] if self.steps else None
        return first.settings() if isinstance(first, ScanStep) else None

    @property
    def each(self) -> tuple[tuple[int, EachStep], ...]:
        """Steps that look at single drawings, with their places."""
        return tuple((i, s) for i, s in enumerate(self.steps) if isinstance(s, EachStep) and i < self._turn)

    @property
    def whole(self) -> tuple[tuple[int, WholeStep], ...]:
        """Steps that look at all drawings, with their places."""
        return tuple((i, step) for i, step in enumerate(self.steps) if isinstance(step, WholeStep))

    @property
    def after(self) -> tuple[tuple[int, EachStep], ...]:
        """Steps that look at single drawings whose split is known, with their places."""
        return tuple((i, s) for i, s in enumerate(self.steps) if isinstance(s, EachStep) and i > self._turn)

    @property
    def needs(self) -> frozenset[str]:
        """Columns that the steps over all drawings ask for."""
        return frozenset().union(*(step.needs for _, step in self.whole))

    @property
    def _turn(self) -> float:
        """Index behind which splits are known: the last step over all drawings, or the first copies."""
        wholes = [float(i) for i, _ in self.whole]
        copies = [i - 0.5 for i, step in enumerate(self.steps) if isinstance(step, CopyStep)]
        return wholes[-1] if wholes else copies[0] if copies else float(len(self.steps))

    def portable(self) -> Recipe:
        """Return the recipe without the tables of steps over all drawings, to send to workers."""
        steps = (step.closed() if isinstance(step, WholeStep) else step for step in self.steps)
        return replace(self, steps=tuple(steps))

    def choosing(self, table: Path) -> Recipe:
        """Return the recipe with a table of choices applied first, and its labels.

        Raises
        ------
        DataError
            If the table is none of choices; see :func:`limner.curation.choices.read_choices`.
        """
        made = read_choices(table)
        steps: list[Step] = [ChooseStep(str(table)).opened(Path())]
        if made.label:
            steps.insert(0, RelabelStep(str(table)).opened(Path()))
        at = 0 if self.scan is None else 1
        return replace(self, steps=(*self.steps[:at], *steps, *self.steps[at:]))

    # Out of and into TOML ------------------------------------------------------------------------

    def to_dict(self, *, beside: Path | None = None) -> dict[str, Any]:
        """Return the content of a recipe file with every setting; paths are relative to ``beside``."""
        steps = [{"step": step.name, **to_dict(step.closed())} for step in self.steps]
        for step in steps:
            if beside is not None and step.get("table"):
                step["table"] = Path(os.path.relpath(step["table"], beside.resolve())).as_posix()
        return {"name": self.name, "description": self.description, "seed": self.seed, "step": steps}

    def to_toml(self, *, beside: Path | None = None) -> str:
        """Write the recipe with every setting, whether it was set or not."""
        import tomli_w

        values = self.to_dict(beside=beside)
        steps = values.pop("step")
        return "\n[[step]]\n".join(map(tomli_w.dumps, (values, *steps)))

    @classmethod
    def from_dict(cls, values: Mapping[str, Any], *, where: str, folder: Path = Path()) -> Recipe:
        """Build a recipe from the content of a file; see :func:`load_recipe`."""
        for key in values:
            if key not in _KEYS:
                raise DataError(f"{where}: a recipe has no {short(key)!r}; {did_you_mean(key, _KEYS)}")
        head = {key: value for key, value in values.items() if key != "step"}
        tables = values.get("step", [])
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            raise DataError(f"{where}: a step is written as a table [[step]].")
        steps = [_step(table, f"{where}, step {i}", folder) for i, table in enumerate(tables, start=1)]
        head = {"description": "", **head}
        recipe = from_dict(_Head, head, where=where)
        try:
            return cls(recipe.name, recipe.description, recipe.seed, tuple(steps))
        except ValueError as error:
            raise DataError(f"{where}: {error}.") from error


@dataclass(frozen=True)
class _Head:
    name: str = "unnamed"
    description: str = ""
    seed: int = 0


def load_recipe(name: str | Path) -> Recipe:
    """Load a recipe from a TOML file, or one of those that come with the package by its name.

    Raises
    ------
    DataError
        If there is no such recipe, or something in it is misspelt or of the wrong type.
    """
    path = Path(name)
    if path.suffix.lower() != ".toml" and str(name) in shipped_recipes():
        return Recipe.from_dict(tomllib.loads(shipped_text(str(name))), where=f"recipe {name}")
    if not path.is_file():
        raise DataError(f"There is no recipe {name}; {did_you_mean(str(name), shipped_recipes())}")
    try:
        if path.stat().st_size > LARGEST:
            raise DataError(f"{path} is no recipe: it has more than {LARGEST:,} bytes.")
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except DataError:
        raise
    except RecursionError as error:
        raise DataError(f"{path} is not a recipe: its brackets lie too deep.") from error
    except (ValueError, OSError) as error:  # TOML's own, a number of too many digits, no UTF-8
        raise DataError(f"{path} is not TOML: {short(error, 120) or type(error).__name__}.") from error
    return Recipe.from_dict({"name": path.stem, **values}, where=str(path), folder=path.parent)


def shipped_recipes() -> dict[str, str]:
    """Return the names of the recipes that ship with the package, and their descriptions."""
    names = sorted(file.name for file in files(__package__).joinpath("presets").iterdir())
    found = [name.removesuffix(".toml") for name in names if name.endswith(".toml")]
    return {name: str(tomllib.loads(shipped_text(name))["description"]) for name in found}


def shipped_text(name: str) -> str:
    """Return the TOML of a recipe that ships with the package."""
    return files(__package__).joinpath("presets", f"{name}.toml").read_text(encoding="utf-8")


def copy_recipe(name: str, out: Path | None = None) -> Path:
    """Write a recipe that comes with the package to a file that does not exist yet, to be changed.

    Parameters
    ----------
    name : str
    out : Path, optional
        ``NAME.toml`` in the folder that one is in, unless given.

    Raises
    ------
    DataError
        If there is no such recipe, or the file exists.
    """
    if name not in shipped_recipes():
        raise DataError(f"There is no recipe {name}; {did_you_mean(name, shipped_recipes())}")
    path = Path(f"{name}.toml") if out is None else out
    if path.exists():
        raise DataError(f"{path} exists already; give another name with --out.")
    write_text(path, shipped_text(name))
    return path


def _step(table: Mapping[str, Any], where: str, folder: Path) -> Step:
    name = table.get("step")
    if name is None:
        raise DataError(f'{where} has no name; write  step = "..."  in it.')
    if not isinstance(name, str) or name not in STEPS:
        raise DataError(f"{where}: there is no step {short(name)!r}; {did_you_mean(str(name), STEPS)}")
    settings = {key: value for key, value in table.items() if key != "step"}
    known = [field.name for field in fields(STEPS[name])]
    for key in settings:
        if key not in known:
            raise DataError(
                f"{where} ({name}): there is no setting {short(key)!r}; {did_you_mean(key, known)}"
            )
    step = from_dict(STEPS[name], settings, where=f"{where} ({name})")
    try:
        return step.opened(folder)
    except DataError as error:
        raise DataError(f"{where} ({name}): {error}") from error
    except ValueError as error:  # a name with a null byte
        raise DataError(f"{where} ({name}): {error}.") from error
