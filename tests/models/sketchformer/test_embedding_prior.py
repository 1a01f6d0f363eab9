"""Where embeddings lie."""

from __future__ import annotations

import torch

from limner.models.sketchformer.embedding_prior import DECAY, EmbeddingPrior

SIZE = 3


def _embeddings(steps: int) -> torch.Tensor:
    chance = torch.Generator().manual_seed(0)
    mixing = torch.tensor([[1.0, 0.5, 0], [0, 2, -1], [0, 0, 0.3]])
    return torch.randn(steps, 64, SIZE, generator=chance) @ mixing + torch.tensor([1.0, -2, 5])


def test_follows_mean_and_covariance() -> None:
    prior, seen = EmbeddingPrior(SIZE), _embeddings(400)
    for batch in seen:
        prior.update(batch)
    drawn = prior(torch.randn(50_000, SIZE, generator=torch.Generator().manual_seed(1)))
    flat = seen.flatten(0, 1)
    torch.testing.assert_close(drawn.mean(0), flat.mean(0), rtol=0, atol=0.05)
    torch.testing.assert_close(drawn.T.cov(), flat.T.cov(), rtol=0.05, atol=0.05)


def test_later_embeddings_count_more() -> None:
    prior = EmbeddingPrior(SIZE)
    for value in (0.0, 1.0):
        prior.update(torch.full((2, SIZE), value))
    wanted = 1 / (1 + DECAY)
    torch.testing.assert_close(prior.mean / prior.count, torch.full((SIZE,), wanted))


def test_embeddings_in_a_plane_are_drawn_there() -> None:
    """A covariance without full rank will do."""
    prior = EmbeddingPrior(SIZE)
    prior.update(torch.tensor([[1.0, 0, 2], [-1.0, 0, 2]]))
    drawn = prior(torch.randn(100, SIZE, generator=torch.Generator().manual_seed(0)))
    assert drawn.isfinite().all()
    assert drawn[:, 1].abs().max() < 0.1
    assert (drawn[:, 2] - 2).abs().max() < 0.1
    assert drawn[:, 0].std() > 0.5


def test_lower_precision_around_it_is_no_matter() -> None:
    """What is kept is a covariance even where a training multiplies in bfloat16."""
    exact, lower = EmbeddingPrior(SIZE), EmbeddingPrior(SIZE)
    for batch in _embeddings(20):
        exact.update(batch)
        with torch.autocast("cpu", torch.bfloat16):
            lower.update(batch)
    assert torch.equal(exact.square, lower.square)
    assert lower(torch.randn(5, SIZE)).isfinite().all()


def test_a_single_drawing_is_drawn_again() -> None:
    prior = EmbeddingPrior(SIZE)
    for _ in range(50):
        prior.update(torch.tensor([[1.0, -2, 3]]))
    torch.testing.assert_close(
        prior(torch.randn(4, SIZE)), torch.tensor([[1.0, -2, 3]] * 4), atol=0.01, rtol=0
    )


def test_standard_normal_before_the_first() -> None:
    noise = torch.randn(4, SIZE)
    assert torch.equal(EmbeddingPrior(SIZE)(noise), noise)
