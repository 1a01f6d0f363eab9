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
DROPOUT_KEEP = 0.90  # the original's default for all three kinds
_ITEM = re.compile(r"\s*(?P<key>[A-Za-z]\w*)\s*=\s*(?:\[(?P<list>[^\]]*)\]|(?P<value>[^,\[]*))\s*(?:,|$)")

_PLACES: dict[str, tuple[type[Any], str]] = {
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
"""Keys that are one setting, with the kind of their value."""

_DROPOUTS: dict[str, tuple[str, ...]] = {
    "recurrent": ("model.encoder.recurrent_keep", "model.decoder.recurrent_keep"),
    "input": ("model.decoder.input_keep",),
    "output": ("model.decoder.output_keep",),
}
"""Keys ``use_X_dropout`` and ``X_dropout_prob`` (which is the probability to keep), and their settings."""

_KINDS: dict[str, type[Any]] = {
    **{key: kind for key, (kind, _) in _PLACES.items()},
    **{f"use_{name}_dropout": bool for name in _DROPOUTS},
    **{f"{name}_dropout_prob": float for name in _DROPOUTS},
    "data_set": tuple,
    "max_seq_len": int,
    "is_training": bool,
}
_WANTED = {bool: "true or false", int: "a whole number", float: "a number", str: "a name", tuple: "a list"}
_TRUTHS = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True)
class HParams:
    """What a string sets, by the names of 2017.

    ``max_seq_len`` sets nothing: the original, too, takes the longest drawing of the corpus.
    """

    values: dict[str, Value]

    @classmethod
    def read(cls, text: str) -> HParams:
        """Read a string; an empty one sets nothing.

        Raises
        ------
        DataError
            If it cannot be understood, a key is unknown (the nearest one is named) or given twice, a value
            is not of its kind, or ``is_training`` is false.
        """
        values: dict[str, Value] = {}
        place = 0
        while place < len(text.rstrip()):
            item = _ITEM.match(text, place)
            if item is None:
                rest = text[place:].strip()
                raise DataError(f"{WHERE} cannot be understood at {rest!r}; key=value,key=value is wanted.")
            key, value = item["key"], _value(item)
            if key in values:
                raise DataError(f"{WHERE}: {key} is given twice.")
            values[key] = value
            place = item.end()
        if values.get("is_training") is False:
            raise DataError(f"{WHERE}: is_training is false, but training is what this is for; leave it out.")
        return cls(values)

    @property
    def data_set(self) -> tuple[str, ...]:
        """Names of the corpora, if the string has them."""
        found = self.values.get("data_set", ())
        return found if isinstance(found, tuple) else ()

    def over(self, base: RunConfig) -> RunConfig:
        """Put the values over settings.

        Raises
        ------
        DataError
            If the settings refuse a value.
        """
        settings = base
        for key, value in self.values.items():
            if key in _PLACES:
                settings = _with(settings, _PLACES[key][1], value, key)
        for dropout, places in _DROPOUTS.items():
            for place in places:
                keep = self._keep(dropout, _get(base, place))
                settings = _with(settings, place, keep, f"{dropout}_dropout_prob")
        return settings

    def _keep(self, dropout: str, present: float) -> Any:
        """Give a keep probability: 1 without dropout, whatever probability is given then."""
        used = self.values.get(f"use_{dropout}_dropout", present < 1)
        given = self.values.get(f"{dropout}_dropout_prob", present if present < 1 else DROPOUT_KEEP)
        return given if used else 1.0


def _value(item: re.Match[str]) -> Value:
    """Read the value of an item as its key wants it."""
    key, text = item["key"], item["value"]
    if key not in _KINDS:
        raise DataError(f"{WHERE}: there is no key {key!r}; {did_you_mean(key, _KINDS)}")
    kind = _KINDS[key]
    if kind is tuple:
        words = [word.strip(" '\"") for word in (item["list"] if text is None else text).split(",")]
        return tuple(word for word in words if word)
    if text is None:
        raise DataError(f"{WHERE}: {key} is a list; {_WANTED[kind]} is wanted.")
    text = text.strip(" '\"")
    try:
        return _TRUTHS[text.lower()] if kind is bool else kind(text)
    except (KeyError, ValueError):
        raise DataError(f"{WHERE}: {key} is {text!r}; {_WANTED[kind]} is wanted.") from None


def _get(settings: Any, place: str) -> Any:
    return reduce(getattr, place.split("."), settings)


def _with(settings: RunConfig, place: str, value: Any, key: str) -> RunConfig:
    """Change the setting at ``place``, such as ``model.decoder.size``."""
    for name in reversed(place.split(".")):
        value = {name: value}
    return from_dict(RunConfig, value, where=f"{WHERE}, {key}", base=settings)
