"""Weights for a page: text that a browser turns into numbers within milliseconds.

Small networks keep 16 bits a weight. Of large ones the matrices have 8, relative to a scale of their own for
each output unit: half the download, for less than a hundredth of a nat a point (``docs/models.md``).
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

LARGEST_INT16, LARGEST_INT8 = 32767, 127
SMALL_NETWORK = 1_500_000
"""Numbers of a network up to which all of them keep 16 bits: four megabytes of text."""
SMALL_ARRAY = 1 << 15
"""Numbers of an array up to which it keeps 16 bits in any network."""


def pack_weights(weights: Mapping[str, NDArray[np.float32]]) -> dict[str, dict[str, Any]]:
    """Return arrays as ``limner.js`` reads them.

    Parameters
    ----------
    weights : mapping of str to float32 array
        Matrices have the shape (inputs, outputs).

    Returns
    -------
    dict of str to dict
        ``{"int16", "largest"}``, where 32767 stands for the largest weight, or ``{"int8", "scales"}``, where
        a weight is its integer times the scale of its column. Numbers are little-endian, in base64; scales
        are float32.
    """
    large = sum(array.size for array in weights.values()) > SMALL_NETWORK
    return {
        name: _as_int8(array) if large and array.ndim > 1 and array.size > SMALL_ARRAY else _as_int16(array)
        for name, array in weights.items()
    }


def _as_int16(array: NDArray[np.float32]) -> dict[str, Any]:
    largest = float(np.abs(array).max()) or 1.0
    values = np.rint(array.astype(np.float64) * LARGEST_INT16 / largest)
    return {"largest": largest, "int16": _text(values.astype("<i2"))}


def _as_int8(array: NDArray[np.float32]) -> dict[str, Any]:
    columns = array.reshape(-1, array.shape[-1])  # (inputs, outputs)
    scales = (np.abs(columns).max(axis=0) / LARGEST_INT8).astype("<f4")  # (outputs,)
    scales[scales == 0] = 1
    values = np.rint(columns.astype(np.float64) / scales).clip(-LARGEST_INT8, LARGEST_INT8)
    return {"int8": _text(values.astype("i1")), "scales": _text(scales)}


def _text(values: NDArray[Any]) -> str:
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode()
