"""Between drawings: what lies on one is that one, what lies between two is of both."""

from __future__ import annotations

import pytest
import torch

from limner.corpus.doodles.make import make_doodles
from limner.strokes.chamfer import point_set_chamfer
from limner.studio.faithful_latent import _normalized_points
from limner.studio.map.imagine import distance_shares, draw_between, mix_latents
from limner.studio.model_library import ModelLibrary


def test_shares() -> None:
    assert sum(distance_shares([0.1, 0.2, 0.7])) == pytest.approx(1)
    near, far = distance_shares([0.0, 1.0])
    assert near > 0.95
    assert far > 0
    assert distance_shares([2.0, 2.0]) == pytest.approx([0.5, 0.5])
    assert distance_shares([0.0]) == [1.0]
    assert distance_shares([0.0, 0.0]) == [0.5, 0.5]


def test_a_mixture_is_as_long_as_its_parts() -> None:
    latents = torch.randn(5, 16, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(mix_latents(latents, [0, 0, 1, 0, 0]), latents[2])
    mixed = mix_latents(latents, [0.2] * 5)
    torch.testing.assert_close(mixed.norm(), latents.norm(dim=1).mean())
    assert torch.isfinite(mix_latents(torch.stack([latents[0], -latents[0]]), [0.5, 0.5])).all()


def test_on_a_drawing_lies_that_drawing(library: ModelLibrary) -> None:
    model = library["doodles"].model
    star, whale = (make_doodles(1, seed=2, kinds=[kind])[0] for kind in ("star", "whale"))
    z = model.encode([star, whale])
    drawn = draw_between(model, z, [1.0, 0.0], None, temperature=0.01, seed=0)
    redrawn = model.reconstruct([star], temperature=0.01, seed=0)[0]
    a, b, c, d = (_normalized_points(drawing) for drawing in (drawn, redrawn, star, whale))
    assert 2 * point_set_chamfer(a, b) == pytest.approx(0, abs=1e-3)
    assert point_set_chamfer(a, c) < point_set_chamfer(a, d)
    again = draw_between(model, z, [1.0, 0.0], "unknown", temperature=0.01, seed=0)
    assert [s.tolist() for s in again] == [s.tolist() for s in drawn]
