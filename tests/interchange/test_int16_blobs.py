"""Arrays as base64 and as lists of integers."""

from __future__ import annotations

import numpy as np
import pytest

from limner.interchange.int16_blobs import LARGEST_WEIGHT, read_blob, write_blob


def test_what_is_written_is_read() -> None:
    values = np.random.default_rng(0).uniform(-10, 10, (3, 4)).astype(np.float32)
    read = read_blob("w", [3, 4], write_blob(values))
    np.testing.assert_allclose(read, values, atol=10 / 32767)
    assert write_blob(read) == write_blob(values)


def test_lists_and_base64_are_the_same() -> None:
    np.testing.assert_array_equal(
        read_blob("w", [3], [32767, 0, -3277]), read_blob("w", [3], write_blob(np.array([10, 0, -1.0001])))
    )


def test_what_the_format_cannot_hold_is_clipped() -> None:
    assert read_blob("w", [2], write_blob(np.array([99.0, -99.0]))).tolist() == pytest.approx(
        [10, -LARGEST_WEIGHT], abs=1e-3
    )


@pytest.mark.parametrize(
    ("shape", "blob", "words"),
    [
        ([2, "x"], "", "the shape of w is"),
        ([2], "*", "w is no base64"),
        ([2], [1], r"holds 1 values, which its shape \[2\] does not fit"),
        ([1], [40_000], "no int16"),
        ([1], {}, "neither base64 nor a list"),
    ],
)
def test_refusals(shape: object, blob: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_blob("w", shape, blob)
