"""The hyper-parameter string of the original (2017), as in ``enc_rnn_size=128,dec_model=hyper``.

Its grammar: ``key=value`` and ``key=[value,value]`` joined by commas; booleans are true, false, 1 or 0.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import reduce
from typing import Any

from limner.errors import DataError
from limner.settings import did_you_mean, from_dict
from limner.training.config import RunConfig

Value = bool | int | float | str | tuple[str, ...]

WHERE = "--hparams"
DROPOUT_KEEP = 0.90
"""Keep probability of all three dropouts in sketch-rnn, where one is used and no probability is set."""
_ITEM = re.compile(r"\s*(?P<key>[A-Za-z]\w*)\s*=\s*(?:\[(?P<list>[^\]]*)\]|(?P<value>[^,\[]*))\s*(?:,|$)")

_SETTINGS: dict[str, tuple[type[Any], str]] = {
    "num_steps": (int, "max_steps"),
    "save_every": (int, "train.validate_every"),
    "dec_rnn_size": (int, "model.decoder.size"),
    "dec_model": (str, "model.decoder.cell"),
    "enc_rnn_size": (int, "model.encoder.size"),
    "enc_model": (str, "model.encoder.cell"),
    "z_size": (int, "model.latent_size"),
    "kl_weight": (float, "train.kl_weight"),
    "kl_weight_start": (float, "train.kl_weight_start"),
    "kl_tolerance": (float, "train.kl_floor"),
    "batch_size": (int, "train.batch_size"),
    "grad_clip": (float, "train.grad_clip"),
    "num_mixture": (int, "model.decoder.components"),
    "learning_rate": (float, "train.learning_rate"),
    "decay_rate": (float, "train.learning_rate_decay"),
    "kl_decay_rate": (float, "train.kl_weight_decay"),
    "min_learning_rate": (float, "train.learning_rate_min"),
    "random_scale_factor": (float, "train.scale_augment"),
    "augment_stroke_prob": (float, "train.drop_augment"),
    "conditional": (bool, "model.conditional"),
}
"""Keys that stand for one setting, with the type of their value."""

_DROPOUTS: dict[str, tuple[str, ...]] = {
    "recurrent": ("model.encoder.recurrent_keep", "model.decoder.recurrent_keep"),
    "input": ("model.decoder.input_keep",),
    "output": ("model.decoder.output_keep",),
}
"""Settings of the keys ``use_X_dropout`` and ``X_dropout_prob``, which is the probability to keep."""

_TYPES: dict[str, type[Any]] = {
    **{key: kind for key, (kind, _) in _SETTINGS.items()},
    **{f"use_{name}_dropout": bool for name in _DROPOUTS},
    **{f"{name}_dropout_prob": float for name in _DROPOUTS},
    "data_set": tuple,
    "max_seq_len": int,
    "is_training": bool,
}
_WANTED = {bool: "true or false", int: "a whole number", float: "a number", str: "a name", tuple: "a list"}
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True)
class HParams:
    """Values that a string sets, by their keys.

    ``max_seq_len`` sets nothing: sketch-rnn, too, takes the longest drawing of the corpus.
    """

    values: dict[str, Value]

    @classmethod
    def read(cls, text: str) -> HParams:
        """Parse a string; an empty one sets nothing.

        Raises
        ------
        DataError
            If it cannot be parsed, a key is unknown (the nearest one is named) or given twice, a value is
            of the wrong type, or ``is_training`` is false.
        """
        values: dict[str, Value] = {}
        position = 0
        while position < len(text.rstrip()):
            item = _ITEM.match(text, position)
            if item is None:
                rest = text[position:].strip()
                raise DataError(f"{WHERE} cannot be understood at {rest!r}; key=value,key=value is wanted.")
            key, value = item["key"], _value(item)
            if key in values:
                raise DataError(f"{WHERE}: {key} is given twice.")
            values[key] = value
            position = item.end()
        if values.get("is_training") is False:
            raise DataError(f"{WHERE}: is_training is false, but training is what this is for; leave it out.")
        return cls(values)

    @property
    def data_set(self) -> tuple[str, ...]:
        """Names of the corpora; empty if the string has none."""
        names = self.values.get("data_set", ())
        return names if isinstance(names, tuple) else ()

    def over(self, base: RunConfig) -> RunConfig:
        """Return settings with these values.

        Raises
        ------
        DataError
            If the settings refuse a value.
        """
        settings = base
        for key, value in self.values.items():
            if key in _SETTINGS:
                settings = _with(settings, _SETTINGS[key][1], value, key)
        for dropout, names in _DROPOUTS.items():
            for name in names:
                keep = self._keep(dropout, _get(base, name))
                settings = _with(settings, name, keep, f"{dropout}_dropout_prob")
        return settings

    def _keep(self, dropout: str, present: float) -> Any:
        """Return a keep probability: 1 without dropout, whatever probability is given then."""
        used = self.values.get(f"use_{dropout}_dropout", present < 1)
        given = self.values.get(f"{dropout}_dropout_prob", present if present < 1 else DROPOUT_KEEP)
        return given if used else 1.0


def _value(item: re.Match[str]) -> Value:
    """Parse the value of an item as the type of its key."""
    key, text = item["key"], item["value"]
    if key not in _TYPES:
        raise DataError(f"{WHERE}: there is no key {key!r}; {did_you_mean(key, _TYPES)}")
    wanted = _TYPES[key]
    if wanted is tuple:
        names = [name.strip(" '\"") for name in (item["list"] if text is None else text).split(",")]
        return tuple(name for name in names if name)
    if text is None:
        raise DataError(f"{WHERE}: {key} is a list; {_WANTED[wanted]} is wanted.")
    text = text.strip(" '\"")
    try:
        return _BOOLEANS[text.lower()] if wanted is bool else wanted(text)
    except (KeyError, ValueError):
        raise DataError(f"{WHERE}: {key} is {text!r}; {_WANTED[wanted]} is wanted.") from None


def _get(settings: Any, name: str) -> Any:
    return reduce(getattr, name.split("."), settings)


def _with(settings: RunConfig, name: str, value: Any, key: str) -> RunConfig:
    """Return settings with a new value of one, by its full name such as ``model.decoder.size``."""
    for part in reversed(name.split(".")):
        value = {part: value}
    return from_dict(RunConfig, value, where=f"{WHERE}, {key}", base=settings)
