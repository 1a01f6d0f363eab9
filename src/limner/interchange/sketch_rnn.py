"""Models of the original sketch-rnn: a TensorFlow 1 checkpoint and the ``model_config.json`` beside it.

The configuration is either a dictionary of settings, as in published models, or, by a fault of later
versions, only the list of their names.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from limner.errors import DataError
from limner.interchange.checkpoint import find_prefix, is_checkpoint, read_checkpoint
from limner.interchange.foreign_model import ForeignModel
from limner.interchange.model_format import ModelFormat
from limner.interchange.tensorflow import PREFIX, model_from_variables

FORM = "a TensorFlow 1 checkpoint of sketch-rnn"
CONFIG_NAME = "model_config.json"
OPTIMIZER = ("/Adam", "/Adam_1")
SCALE_FACTORS = {
    "aaron_sheep": 18.5198,
    "kanji.rdp25": 14.4871,
    "kanji.rdp100": 20.0838,
    "kanji.rdp200": 22.7304,
    "short_kanji": 99.7125,
    "omniglot": 53.4370,
}
"""Of the published corpora, as sketch-rnn computes them; checkpoints do not hold them."""


def read_sketch_rnn(source: Path) -> ForeignModel:
    """Read a checkpoint: a folder, an ``.index`` file, or a prefix.

    Raises
    ------
    DataError
        If it is damaged or not sketch-rnn's.
    """
    prefix = find_prefix(source)
    variables, files = read_checkpoint(prefix, _is_weight)
    if not variables:
        raise DataError(f"{prefix}.index holds no variables of sketch-rnn, which lie under {PREFIX}.")
    try:
        network = model_from_variables(variables)
    except ValueError as error:
        raise DataError(f"{prefix}.index: {error}") from error
    config = prefix.with_name(CONFIG_NAME)
    settings, assumed = _settings(config)
    files += [config] * config.is_file()
    n_max = settings.get("max_seq_len")
    names = [Path(str(name)).name.removesuffix(".npz") for name in _listed(settings.get("data_set"))]
    scale_factor = SCALE_FACTORS.get(names[0]) if len(names) == 1 else None
    return ForeignModel(
        form=FORM,
        files=tuple(files),
        network=network,
        name=", ".join(names),
        scale_factor=scale_factor,
        n_max=n_max if type(n_max) is int and n_max > 0 else None,
        facts={"checkpoint": prefix.name, "settings": settings},
        assumed=assumed,
    )


def _is_weight(name: str) -> bool:
    """Return whether a variable is a weight, and not of the optimizer, a step or the graph for evaluation."""
    return name.startswith(PREFIX) and not name.endswith(OPTIMIZER)


def _settings(path: Path) -> tuple[dict[str, Any], tuple[str, ...]]:
    if not path.is_file():
        return {}, (f"there is no {CONFIG_NAME}; all is read off the weights",)
    try:
        settings = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path} is no JSON, or is cut short.") from error
    if isinstance(settings, list):
        return {}, (f"{CONFIG_NAME} names the settings without their values; all is read off the weights",)
    if not isinstance(settings, dict):
        raise DataError(f"{path} holds neither settings nor their names.")
    return settings, ()


def _listed(value: Any) -> list[Any]:
    """Return a list as it is, anything else as a list of one, and None as an empty list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


FORMAT = ModelFormat(
    "tensorflow",
    "TensorFlow 1 checkpoints of sketch-rnn",
    ("TensorFlow's .index",),
    recognizes=is_checkpoint,
    read=lambda path, _: read_sketch_rnn(path),
)
