"""Arrays of sketch-rnn-js: little-endian int16, in base64 or as a list of integers, where 32767 stands for
10.
"""

from __future__ import annotations

import base64
import binascii
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

LARGEST, WEIGHT = 32767, 10.0  # an integer and the weight that it stands for
LARGEST_WEIGHT = WEIGHT * (LARGEST + 1.5) / LARGEST
"""Weights beyond it are clipped; those up to it are rounded to -32768 or 32767."""


def read_blob(name: str, shape: Any, blob: Any) -> NDArray[np.float32]:
    """Return the array of a blob.

    Raises
    ------
    ValueError
        If the shape is none of an array of one or two axes, or the blob does not hold as many values; the
        message names the array.
    """
    if not isinstance(shape, list) or not 1 <= len(shape) <= 2 or not all(type(n) is int for n in shape):
        raise ValueError(f"the shape of {name} is {shape!r}, not one or two whole numbers.")
    values = _decoded(name, blob) if isinstance(blob, str) else _listed(name, blob)
    if min(shape) < 1 or math.prod(shape) != len(values):
        raise ValueError(
            f"the array {name} holds {len(values)} values, which its shape {shape} does not fit."
        )
    return (values.astype(np.float64) * WEIGHT / LARGEST).astype(np.float32).reshape(shape)


def _decoded(name: str, blob: str) -> NDArray[np.int16]:
    try:
        raw = base64.b64decode(blob, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError(f"the array {name} is no base64.") from error
    if len(raw) % 2:
        raise ValueError(f"the array {name} ends within a value.")
    return np.frombuffer(raw, "<i2").astype(np.int16)


def _listed(name: str, blob: Any) -> NDArray[np.int16]:
    if not isinstance(blob, list) or not all(type(value) is int for value in blob):
        raise ValueError(f"the array {name} is neither base64 nor a list of whole numbers.")
    if any(abs(value) > LARGEST + 1 for value in blob):
        raise ValueError(f"the array {name} holds numbers that are no int16.")
    return np.array(blob, np.int64).astype(np.int16)


def write_blob(array: NDArray[np.float32]) -> str:
    """Return an array as base64; values are rounded to the nearest, and clipped."""
    scaled = np.rint(array.astype(np.float64) * LARGEST / WEIGHT)
    return base64.b64encode(np.clip(scaled, -LARGEST - 1, LARGEST).astype("<i2").tobytes()).decode()
