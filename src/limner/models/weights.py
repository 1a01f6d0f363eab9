"""Weights on disk: one ``model.safetensors`` that holds all that sampling needs.

The tensors carry the network's parameter names; the header carries a :class:`Card` as JSON.
"""

from __future__ import annotations

import difflib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

from limner.errors import DataError, LimnerError, quote_list
from limner.models.build import build_model
from limner.models.config import RENAMED, ModelConfig, WhichWeights
from limner.models.hub_address import fetch_from_hub, is_hub_address
from limner.models.limits import SCALES, check_scale, check_weights, is_shallow
from limner.models.protocol import SketchModel
from limner.models.published import find_fetched, nearest_published
from limner.models.remembered import RememberedDrawings, network_tensors, remembered_in
from limner.models.renamed_weights import with_current_names
from limner.safetensors_io import read_safetensors, write_safetensors
from limner.settings import from_dict, renamed, to_dict

FILE_NAME = "model.safetensors"
LAST_NAME = "last.safetensors"
"""Of a run: the weights of its last validation, beside those of its best one."""
HEADER_KEY = "limner"
SHIPPED = Path(__file__).parent / "shipped"
"""Folder of the models that come with the package."""


@dataclass(frozen=True)
class Card:
    """The header of a weights file: all about a model but its weights."""

    config: ModelConfig
    """The network."""
    scale_factor: float
    """Units of the corpus in one model unit."""
    n_max: int
    """Points of the longest drawing of the corpus."""
    extent: float
    """Longest side of a usual (median) drawing, in the corpus's units."""
    start: tuple[float, float]
    """First point of a usual (median) drawing, in the corpus's units."""
    start_reach: float
    """Distance from ``start`` within which 95 of 100 drawings begin."""
    tolerance: float
    """Tolerance at which Ramer-Douglas-Peucker removes 5 of 100 points of the corpus, in its units."""
    classes: tuple[str, ...] = ()
    """Names of the corpus's classes, if it has any."""
    own_classes: int = 0
    """Of a hand: how many of the classes, the first ones, are its own; the others are those of its base."""
    licence: str = ""
    """Terms for the weights, and the corpus they come from."""
    training: dict[str, Any] = field(default_factory=dict)
    """Figures of the training, such as ``step`` and ``L_R``."""
    sampling: dict[str, Any] = field(default_factory=dict)
    """How the model draws best, by the names of :class:`limner.sampling.config.SamplingConfig`; what is not
    named is as there."""


def save_weights(
    network: SketchModel,
    card: Card,
    path: str | Path,
    *,
    half: bool = False,
    remembered: RememberedDrawings | None = None,
) -> None:
    """Write weights and card, whole or not at all.

    Parameters
    ----------
    network : SketchModel
    card : Card
    path : str or Path
        Ends in ``.safetensors``.
    half : bool
        Whether the tensors are written as float16, at half the size.
    remembered : RememberedDrawings, optional
        Drawings that the model goes on as.
    """
    dtype = torch.float16 if half else torch.float32
    arrays = {k: v.detach().to("cpu", dtype).numpy() for k, v in network.state_dict().items()}
    arrays |= {} if remembered is None else remembered.arrays
    header = asdict(card) | {"format": 1, "config": to_dict(card.config)}
    write_safetensors(path, arrays, key=HEADER_KEY, header=json.dumps(header, sort_keys=True))


def load_weights(path: str | Path, network: SketchModel | None = None) -> tuple[SketchModel, Card]:
    """Read a weights file.

    Parameters
    ----------
    path : str or Path
        A ``.safetensors`` file.
    network : SketchModel, optional
        Gets the weights, if it is of no kind that the header could name; built by the header unless given.

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
    tensors, card = _read(path)
    return _filled(card, network_tensors(tensors), path, network), card


def load_with_memory(path: str | Path) -> tuple[SketchModel, Card, RememberedDrawings | None]:
    """Read a weights file, and the drawings that it remembers, if there are any; see :func:`load_weights`."""
    tensors, card = _read(path)
    remembered = remembered_in(tensors, card.config.classes, str(path))
    return _filled(card, network_tensors(tensors), path, None), card, remembered


def _read(path: str | Path) -> tuple[dict[str, Tensor], Card]:
    tensors, header = read_safetensors(path, key=HEADER_KEY, kind="a weights file", framework="pt")
    if header is None:
        raise DataError(f"{path} holds no limner header; only weights written by limner can be loaded.")
    return tensors, _read_card(header, path)


def find_weights(path_or_name: str | Path, weights: WhichWeights = "best") -> Path:
    """Return the path to the weights of a run folder, a file, a model's name, or an address of the hub.

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
    file = path if path.is_file() else _by_name(path_or_name)
    if weights != "best":
        raise LimnerError(f"{path_or_name} is one set of weights; only a run folder has {weights} ones.")
    return file


def _in_run(run: Path, weights: WhichWeights) -> Path:
    name = FILE_NAME if weights == "best" else LAST_NAME
    if (run / name).is_file():
        return run / name
    if (run / FILE_NAME).is_file():
        raise LimnerError(f"{run} holds no {name}; the best weights are in {FILE_NAME}.")
    raise LimnerError(f"{run} holds no {name}; train a model there, or name another folder.")


def _by_name(path_or_name: str | Path) -> Path:
    """Return the weights of a model of the hub, a published one that was fetched, or a shipped one."""
    if is_hub_address(path_or_name):
        return fetch_from_hub(path_or_name, FILE_NAME)
    return find_fetched(str(path_or_name)) or _shipped(path_or_name)


def _shipped(path_or_name: str | Path) -> Path:
    path = Path(path_or_name)
    shipped = SHIPPED / f"{path_or_name}.safetensors"
    if path.name == str(path_or_name) and shipped.is_file():
        return shipped
    raise LimnerError(f"There is no model {path_or_name}: no such run, no such file; {_hint(path_or_name)}")


def _hint(path_or_name: str | Path) -> str:
    """Return a shipped model, else a published one, of nearly that name, or what there is."""
    names = shipped_names()
    if near := difflib.get_close_matches(Path(path_or_name).name, names, n=1):
        return f"did you mean {near[0]}?"
    if published := nearest_published(str(path_or_name)):
        return f"did you mean {published}? limner models get {published} fetches it."
    return f"limner ships {quote_list(names) or 'none'}."


def shipped_names() -> list[str]:
    """Return the names of the models that come with the package."""
    return sorted(p.stem for p in SHIPPED.glob("*.safetensors"))


def _read_card(header: str, path: str | Path) -> Card:
    try:
        values = json.loads(header)
        if not is_shallow(values):
            raise DataError(f"{path} holds a header that is nested too deeply; it is damaged.")
        json.dumps(values, ensure_ascii=False).encode()  # names must be letters that can be written
        card = _card_of(values, path)
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


def _card_of(values: dict[str, Any], path: str | Path) -> Card:
    """Return the card of a header's values; any error means damage."""
    if values.pop("format") != 1:
        raise DataError(f"{path} was written by a later limner; update to read it.")
    values["config"] = from_dict(ModelConfig, renamed(values["config"], RENAMED), where=str(path))
    values["classes"] = tuple(str(name) for name in values["classes"])
    x, y = values["start"]
    values["start"] = (float(x), float(y))
    for name in ("scale_factor", "extent", "start_reach", "tolerance"):
        values[name] = float(values[name])
    values["n_max"] = int(values["n_max"])
    values["own_classes"] = int(values.get("own_classes", 0))
    if not 0 <= values["own_classes"] <= len(values["classes"]):
        raise ValueError("more classes of its own than classes")
    if not isinstance(values.get("licence", ""), str):
        raise TypeError("terms are a text")
    if not all(isinstance(values.get(name, {}), dict) for name in ("training", "sampling")):
        raise TypeError("figures and settings have names")
    return Card(**values)


class _Unfilled(TorchFunctionMode):
    """Leave tensors without memory unfilled: to fill them at random torch would load its compiler."""

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        if getattr(func, "__name__", "") in ("normal_", "uniform_"):
            return args[0] if args else (kwargs or {})["tensor"]
        return func(*args, **(kwargs or {}))


def _filled(
    card: Card, tensors: dict[str, Tensor], path: str | Path, network: SketchModel | None
) -> SketchModel:
    network = _empty(card, tensors, path) if network is None else network
    expected = {name: value.shape for name, value in network.state_dict().items()}
    tensors = with_current_names(tensors, expected)
    shapes = {name: value.shape for name, value in tensors.items()}
    if expected != shapes:
        wrong = sorted(n for n in expected | shapes if expected.get(n) != shapes.get(n))
        raise DataError(f"{path} does not fit its own config: {quote_list(wrong[:3])} differ.")
    check_weights(tensors, path)
    network.load_state_dict({name: value.clone() for name, value in tensors.items()}, assign=True)
    return network.eval()


def _empty(card: Card, tensors: dict[str, Tensor], path: str | Path) -> SketchModel:
    """Return the network that a card describes, without memory for its weights."""
    if max(getattr(own, "layers", 0) for own in card.config.own_settings()) > len(tensors):
        raise DataError(f"{path} does not fit its own config, which asks for more layers.")
    try:
        with torch.device("meta"), _Unfilled():  # shapes alone: a header may ask for anything
            return build_model(card.config)
    except (RuntimeError, TypeError, OverflowError) as error:  # even for more than torch can count
        raise DataError(f"{path} has a config of sizes that no network has.") from error
