"""Weights on disk: one ``model.safetensors`` that holds all that drawing needs.

The tensors carry the network's parameter names; the header carries a :class:`Card` as JSON.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

from limner.errors import DataError, LimnerError, quote_list
from limner.models.build import build_model
from limner.models.config import RENAMED, ModelConfig, WhichWeights
from limner.models.protocol import SketchModel
from limner.safetensors_io import read_safetensors, write_safetensors
from limner.settings import from_dict, renamed, to_dict

FILE_NAME = "model.safetensors"
LAST_NAME = "last.safetensors"
"""Of a run: the weights of its last validation, beside those of its best one."""
HEADER_KEY = "limner"
SCALES = (1e-15, 1e15)
"""Between these lie scale factors whose products, squared, float32 still holds."""
MOST_POINTS = 1_000_000
DEEPEST = 12
"""Lists and dictionaries within each other that a header has at most."""
LARGEST_WEIGHT = 1e9
"""Weights beyond it are no network's; products with them leave float32."""
SHIPPED = Path(__file__).parent / "shipped"


@dataclass(frozen=True)
class Card:
    """What a weights file says of its model."""

    config: ModelConfig
    """The network."""
    scale_factor: float
    """Units of the corpus in one model unit."""
    n_max: int
    """Points of the longest drawing of the corpus."""
    extent: float
    """Longest side of a usual (median) drawing, in the corpus's units."""
    start: tuple[float, float]
    """Where a usual (median) drawing begins, in the corpus's units."""
    start_reach: float
    """Distance from ``start`` within which 95 of 100 drawings begin."""
    tolerance: float
    """How far Ramer-Douglas-Peucker may move the corpus's lines before it takes 5 of 100 points away."""
    classes: tuple[str, ...] = ()
    """Names of what the corpus shows, if it says."""
    licence: str = ""
    """Terms for the weights, and the corpus they come from."""
    training: dict[str, Any] = field(default_factory=dict)
    """Figures of the training, such as ``step`` and ``L_R``."""


def save_weights(network: SketchModel, card: Card, path: str | Path, *, half: bool = False) -> None:
    """Write weights and card, whole or not at all.

    Parameters
    ----------
    network : SketchModel
    card : Card
    path : str or Path
        Ends in ``.safetensors``.
    half : bool
        Whether the tensors are written as float16, at half the size.
    """
    dtype = torch.float16 if half else torch.float32
    arrays = {k: v.detach().to("cpu", dtype).numpy() for k, v in network.state_dict().items()}
    header = asdict(card) | {"format": 1, "config": to_dict(card.config)}
    write_safetensors(path, arrays, key=HEADER_KEY, header=json.dumps(header, sort_keys=True))


def load_weights(path: str | Path) -> tuple[SketchModel, Card]:
    """Read a weights file.

    Parameters
    ----------
    path : str or Path
        A ``.safetensors`` file.

    Returns
    -------
    network : SketchModel
        In float32 and evaluation mode.
    card : Card

    Raises
    ------
    DataError
        If the file is damaged, is not limner's, or its tensors do not fit its config.
    """
    tensors, header = read_safetensors(path, key=HEADER_KEY, kind="a weights file", framework="pt")
    if header is None:
        raise DataError(f"{path} holds no limner header; only weights written by limner can be loaded.")
    card = _read_card(header, path)
    return _filled(card, {name: value.float() for name, value in tensors.items()}, path), card


def find_weights(path_or_name: str | Path, weights: WhichWeights = "best") -> Path:
    """Find the weights file of a run folder, a ``.safetensors`` file, or a shipped model's name.

    Parameters
    ----------
    path_or_name : str or Path
    weights : "best" or "last"
        Of a run folder, which holds two.

    Raises
    ------
    LimnerError
        If there is none, or the last ones are asked of what is no run folder.
    """
    path = Path(path_or_name)
    if path.is_dir():
        return _in_run(path, weights)
    found = path if path.is_file() else _shipped(path_or_name)
    if weights != "best":
        raise LimnerError(f"{path_or_name} is one set of weights; only a run folder has {weights} ones.")
    return found


def _in_run(run: Path, weights: WhichWeights) -> Path:
    name = FILE_NAME if weights == "best" else LAST_NAME
    if (run / name).is_file():
        return run / name
    if (run / FILE_NAME).is_file():
        raise LimnerError(f"{run} holds no {name}; the best weights are in {FILE_NAME}.")
    raise LimnerError(f"{run} holds no {name}; train a model there, or name another folder.")


def _shipped(path_or_name: str | Path) -> Path:
    path = Path(path_or_name)
    shipped = SHIPPED / f"{path_or_name}.safetensors"
    if path.name == str(path_or_name) and shipped.is_file():
        return shipped
    names = shipped_names()
    near = difflib.get_close_matches(path.name, names, n=1)
    hint = f"did you mean {near[0]}?" if near else f"limner ships {quote_list(names) or 'none'}."
    raise LimnerError(f"There is no model {path_or_name}: no such run, no such file; {hint}")


def shipped_names() -> list[str]:
    """Name the models that come with the package."""
    return sorted(p.stem for p in SHIPPED.glob("*.safetensors"))


def check_scale(scale_factor: float | None, n_max: int | None, path: str | Path) -> None:
    """Refuse a scale factor or an N_max that nothing can be drawn with.

    Raises
    ------
    DataError
        Naming ``path``.
    """
    low, high = SCALES
    if scale_factor is not None and not low <= scale_factor <= high:
        raise DataError(
            f"{path} says scale_factor {scale_factor}; it must be above 0, from {low:g} to {high:g}."
        )
    if n_max is not None and not 1 <= n_max <= MOST_POINTS:
        raise DataError(f"{path} says n_max {n_max} points; it must be from 1 to {MOST_POINTS:,}.")


def is_shallow(value: Any) -> bool:
    """Tell whether all lies within a few lists and dictionaries, as what limner writes does."""
    level = [value] if isinstance(value, (dict, list)) else []
    for _ in range(DEEPEST):
        inside = [part.values() if isinstance(part, dict) else part for part in level]
        level = [one for parts in inside for one in parts if isinstance(one, (dict, list))]
    return not level


def check_weights(tensors: Mapping[str, Tensor], path: str | Path) -> None:
    """Refuse weights that are no finite numbers, or too large to draw with.

    Raises
    ------
    DataError
        Naming ``path`` and the first of them.
    """
    for name, value in tensors.items():
        if not value.isfinite().all():
            raise DataError(f"{path} holds weights that are not finite numbers, in {name}.")
        if value.numel() and float(value.abs().max()) > LARGEST_WEIGHT:
            raise DataError(f"{path} holds weights beyond {LARGEST_WEIGHT:g}, in {name}; it is damaged.")


def _read_card(header: str, path: str | Path) -> Card:
    try:
        values = json.loads(header)
        if not is_shallow(values):
            raise DataError(f"{path} holds a header that is nested too deeply; it is damaged.")
        json.dumps(values, ensure_ascii=False).encode()  # names must be letters that can be written
        if values.pop("format") != 1:
            raise DataError(f"{path} was written by a later limner; update to read it.")
        values["config"] = from_dict(ModelConfig, renamed(values["config"], RENAMED), where=str(path))
        values["classes"] = tuple(str(name) for name in values["classes"])
        x, y = values["start"]
        values["start"] = (float(x), float(y))
        for name in ("scale_factor", "extent", "start_reach", "tolerance"):
            values[name] = float(values[name])
        values["n_max"] = int(values["n_max"])
        if not isinstance(values.get("licence", ""), str) or not isinstance(values.get("training", {}), dict):
            raise TypeError("terms are a text, figures have names")
        card = Card(**values)
    except DataError:
        raise
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError, RecursionError) as error:
        raise DataError(f"{path} holds a header that cannot be understood; it is damaged.") from error
    check_scale(card.scale_factor, card.n_max, path)
    low, high = SCALES
    if not low <= card.extent <= high:
        raise DataError(f"{path} holds the extent {card.extent}; it must be above 0, {high:g} at most.")
    around = (*map(abs, card.start), card.start_reach, card.tolerance)
    if not all(0 <= value <= high for value in around):
        raise DataError(f"{path} holds a beginning or a tolerance that is not a finite number of a drawing.")
    return card


class _Unfilled(TorchFunctionMode):
    """Do not fill tensors at random: where they have no memory torch loads its compiler for that."""

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        if getattr(func, "__name__", "") in ("normal_", "uniform_"):
            return args[0] if args else (kwargs or {})["tensor"]
        return func(*args, **(kwargs or {}))


def _filled(card: Card, tensors: dict[str, Tensor], path: str | Path) -> SketchModel:
    asked = {"transformer": card.config.transformer.layers, "sketchformer": card.config.sketchformer.layers}
    if asked.get(card.config.kind, 0) > len(tensors):
        raise DataError(f"{path} does not fit its own config, which asks for more layers.")
    try:
        with torch.device("meta"), _Unfilled():  # shapes alone: a header may ask for anything
            network = build_model(card.config)
    except (RuntimeError, TypeError, OverflowError) as error:  # even for more than torch can count
        raise DataError(f"{path} has a config of sizes that no network has.") from error
    expected = {name: value.shape for name, value in network.state_dict().items()}
    found = {name: value.shape for name, value in tensors.items()}
    if expected != found:
        wrong = sorted(n for n in expected | found if expected.get(n) != found.get(n))
        raise DataError(f"{path} does not fit its own config: {quote_list(wrong[:3])} differ.")
    check_weights(tensors, path)
    network.load_state_dict({name: value.clone() for name, value in tensors.items()}, assign=True)
    return network.eval()
