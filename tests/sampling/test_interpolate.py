"""Ways between latents."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from limner.sampling.interpolate import interpolate_latents, lerp, slerp

A = torch.tensor([3.0, 0.0, 0.0])
B = torch.tensor([0.0, 3.0, 0.0])
SHARES = (0.0, 0.2, 0.5, 0.9, 1.0)


def test_lerp() -> None:
    torch.testing.assert_close(lerp(A, B, 0.25), torch.tensor([2.25, 0.75, 0.0]))
    assert torch.equal(lerp(A, B, 0.0), A)
    assert torch.equal(lerp(A, B, 1.0), B)


def test_slerp_goes_along_the_arc() -> None:
    for share in SHARES:
        angle = share * math.pi / 2
        wanted = 3 * torch.tensor([math.cos(angle), math.sin(angle), 0.0])
        torch.testing.assert_close(slerp(A, B, share), wanted, rtol=0, atol=1e-6)


def test_slerp_keeps_the_length() -> None:
    a, b = torch.nn.functional.normalize(torch.randn(2, 128, generator=torch.Generator().manual_seed(0)))
    for share in SHARES:
        assert float(slerp(a, b, share).norm()) == pytest.approx(1, abs=1e-5)


def test_slerp_of_one_direction_is_straight() -> None:
    torch.testing.assert_close(slerp(A, 2 * A, 0.5), 1.5 * A)
    assert torch.equal(slerp(A, A, 0.3), A)


def test_slerp_through_the_middle() -> None:
    """Between opposite vectors no arc is the shortest."""
    torch.testing.assert_close(slerp(A, -A, 0.5), torch.zeros(3))
    torch.testing.assert_close(slerp(A, -A, 0.25), A / 2)


def test_slerp_from_nothing() -> None:
    nothing = torch.zeros(3)
    torch.testing.assert_close(slerp(nothing, A, 0.5), A / 2)
    assert torch.equal(slerp(nothing, nothing, 0.5), nothing)


coordinates = st.lists(st.floats(-1e6, 1e6, width=32), min_size=3, max_size=3).map(torch.tensor)


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(coordinates, coordinates, st.sampled_from(SHARES))
def test_slerp_is_finite_and_meets_its_ends(a: Tensor, b: Tensor, share: float) -> None:
    assert slerp(a, b, share).isfinite().all()
    size = float(a.norm() + b.norm())
    for end, wanted in ((0.0, a), (1.0, b)):
        torch.testing.assert_close(slerp(a, b, end), wanted, rtol=1e-4, atol=1e-4 * size + 1e-30)


@settings(max_examples=50, deadline=None)
@given(st.floats(1e-6, 1e-2), st.sampled_from([-1.0, 1.0]))
def test_slerp_of_almost_parallel_vectors(tilt: float, sign: float) -> None:
    """Where the sine of the angle is small, rounding must not blow the length up."""
    a, b = torch.tensor([1.0, 0.0]), torch.tensor([sign, tilt])
    assert float(slerp(a, b, 0.5).norm()) < 1.1


def test_path_includes_both_ends() -> None:
    path = interpolate_latents(A, B, 5, "slerp")
    assert path.shape == (5, 3)
    torch.testing.assert_close(path[0], A)
    torch.testing.assert_close(path[-1], B)
    torch.testing.assert_close(path[2], slerp(A, B, 0.5))
    torch.testing.assert_close(interpolate_latents(A, B, 3, "lerp")[1], (A + B) / 2)


@pytest.mark.parametrize("steps", [1, 0, -2])
def test_path_needs_two_steps(steps: int) -> None:
    with pytest.raises(ValueError, match="steps must be at least 2"):
        interpolate_latents(A, B, steps, "lerp")
