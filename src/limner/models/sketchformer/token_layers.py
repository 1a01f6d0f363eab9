"""Points as tokens: the tables of a tokenized network, its embedding and its head.

Sketchformer's sequences hold a separator as a token of its own; here it belongs to the token before it, so
that a token is a point, and everything that draws point by point can use the network. Internally the network
chooses among (token, pen stays down), (token, pen lifts) and the end. Outwardly that is a mixture: a narrow
normal for each token, as wide as offsets lie from their tokens, with pen states of its own, and a component
that ends the drawing.

As in :mod:`limner.models.sketchformer.tokenizer.tokenizer`, a token is chosen from where the tokens before
it lead, not from where the pen is. The difference of the two is the drift.

Letters: ``B`` batch, ``T`` points, ``K`` tokens, ``C`` width.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import log_softmax

from limner.models.config import SketchformerConfig
from limner.models.mixture import NEVER, Mixture
from limner.models.sketchformer.tokenizer.tokenizer import Scheme, Tokenizer, TokenSettings

STATES = 2
"""Pen states after a point: down, lift."""
GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))
"""Angle between neighbours on a sunflower's disc, which covers it evenly."""
REACH = 3.0
"""Radius of the disc of tokens of an untrained network, in model units, which are standard deviations."""
FAR = 1e12
"""Squared distance of a token that is forbidden."""


class PointTokens(NamedTuple):
    """Points as a tokenized network reads them."""

    ids: Tensor  # (..., 2), int64: the token (K: the start), and the pen state
    drift: Tensor  # (..., 2), where the tokens lead minus where the pen is, before the next point


class Vocabulary(nn.Module):
    """The tables: the offsets of tokens in model units. Untrained, they lie evenly on a disc.

    Parameters
    ----------
    config : SketchformerConfig
    """

    centres: Tensor
    log_sigmas: Tensor

    def __init__(self, config: SketchformerConfig) -> None:
        super().__init__()
        self.settings = tokenizer_settings(config)
        tokens = self.settings.tokens
        k = torch.arange(tokens) + 0.5
        radius, angle = REACH * (k / tokens).sqrt(), GOLDEN_ANGLE * k
        disc = torch.stack([radius * angle.cos(), radius * angle.sin()], dim=1)
        self.register_buffer("centres", disc)  # (K, 2)
        self.register_buffer("log_sigmas", torch.full((tokens, 2), math.log(REACH / math.sqrt(tokens))))

    def load(self, tokenizer: Tokenizer, scale_factor: float) -> None:
        """Copy the tables of a tokenizer, for a network of this scale factor."""
        ratio = tokenizer.scale / scale_factor
        self.centres.copy_(torch.from_numpy(tokenizer.centres * ratio))
        self.log_sigmas.copy_(torch.from_numpy(tokenizer.sigmas * ratio).log())

    @property
    def tokens(self) -> int:
        """K"""
        return self.settings.tokens

    @property
    def forbidden(self) -> Tensor:
        """Mask of the tokens that cannot go with a pen state, bool ``(K, 2)``."""
        forbidden = torch.zeros(self.tokens, STATES, dtype=torch.bool, device=self.centres.device)
        if self.settings.scheme == "by-state":
            forbidden[: self.settings.count, 1] = True
            forbidden[self.settings.count :, 0] = True
        return forbidden

    def nearest(self, point: Tensor, drift: Tensor) -> tuple[Tensor, Tensor]:
        """Return the tokens of points, and the drift after them.

        Parameters
        ----------
        point : Tensor of shape ``(B, 5)``
        drift : Tensor of shape ``(B, 2)``
            Before the point; on a grid the vector from the pen to the origin.

        Returns
        -------
        index : int64 Tensor of shape ``(B, 2)``
            Token and pen state.
        drift : Tensor of shape ``(B, 2)``
        """
        state = point[:, 2:].argmax(-1)  # (B,)
        wanted = point[:, :2] - drift  # (B, 2)
        square = (wanted.unsqueeze(1) - self.centres).square().sum(-1)  # (B, K)
        if self.settings.scheme == "by-state":
            square = square + FAR * self.forbidden.T[(state == 1).long()]
        token = square.argmin(-1)  # (B,)
        moved = 0.0 if self.settings.scheme == "grid" else self.centres[token]
        return torch.stack([token, state], dim=-1), drift + moved - point[:, :2]

    def tokenize(self, rows: Tensor) -> PointTokens:
        """Return the tokens of whole drawings, rows ``(B, T, 5)`` without the start token.

        The drift is that before each of the points.
        """
        drift = torch.zeros_like(rows[:, 0, :2])
        tokens, before = [], []
        for row in rows.detach().float().unbind(1):
            before.append(drift)
            index, after = self.nearest(row, drift)
            drift = torch.where(row[:, 4:] > 0, drift, after)
            tokens.append(index)
        return PointTokens(torch.stack(tokens, dim=1), torch.stack(before, dim=1))

    def shift_right(self, index: Tensor) -> Tensor:
        """Put the start before tokens ``(B, T, 2)`` and drop the last: the input of the decoder."""
        start = index.new_tensor([self.tokens, 0]).expand(len(index), 1, 2)
        return torch.cat([start, index[:, :-1]], dim=1)

    def mixture(self, log_p: Tensor, drift: Tensor) -> Mixture:
        """Return as a mixture what :class:`TokenHead` predicts.

        Parameters
        ----------
        log_p : Tensor of shape ``(..., 2 K + 1)``
        drift : Tensor of shape ``(..., 2)``
        """
        joint, end = torch.unflatten(log_p[..., :-1], -1, (-1, STATES)), log_p[..., -1:]  # (..., K, 2)
        log_pi = torch.cat([joint.logsumexp(-1), end], dim=-1)  # (..., K + 1)
        never = torch.full_like(joint[..., :1], NEVER)
        pens = torch.cat([joint, never], dim=-1)  # (..., K, 3)
        ends = log_p.new_tensor([NEVER, NEVER, 0]).expand(*end.shape[:-1], 1, 3)
        mu = self.centres + drift.unsqueeze(-2)  # (..., K, 2)
        log_sigma = self.log_sigmas.expand_as(mu)
        parts = (*mu.unbind(-1), *log_sigma.unbind(-1))
        mu_x, mu_y, log_sigma_x, log_sigma_y = (torch.cat([x, torch.zeros_like(end)], dim=-1) for x in parts)
        pen = torch.cat([pens, ends], dim=-2)
        return Mixture(log_pi, mu_x, mu_y, log_sigma_x, log_sigma_y, torch.zeros_like(log_pi), pen)

    def row_costs(self, log_p: Tensor, tokens: PointTokens, rows: Tensor) -> Tensor:
        """Return the loss of each row, ``(B, T)``: minus the log probability of its token and its offset.

        The density is that of the row's own token; with all others it would be a little larger, so that the
        losses are upper bounds of those of the mixture. Only the first part can be learned.
        """
        token, state = tokens.ids.unbind(-1)  # (B, T)
        ended = state == STATES
        entry = torch.where(ended, 2 * self.tokens, 2 * token + state)
        chosen = log_p.gather(-1, entry.unsqueeze(-1)).squeeze(-1)
        log_sigma = self.log_sigmas[token]  # (B, T, 2)
        gap = (rows[..., :2] - tokens.drift - self.centres[token]) * (-log_sigma).exp()
        offset = -log_sigma.sum(-1) - math.log(2 * math.pi) - gap.square().sum(-1) / 2
        return -chosen - torch.where(ended, 0.0, offset)


class TokenEmbedding(nn.Module):
    """From tokens and pen states to the width of the layers.

    Parameters
    ----------
    tokens : int
        K
    width : int
        C
    """

    def __init__(self, tokens: int, width: int) -> None:
        super().__init__()
        self.token = nn.Embedding(tokens + 1, width)
        self.state = nn.Embedding(STATES + 1, width)

    def forward(self, index: Tensor) -> Tensor:
        """Embed ``(B, T, 2)`` as ``(B, T, C)``."""
        embedded: Tensor = self.token(index[..., 0]) + self.state(index[..., 1])
        return embedded


class TokenHead(nn.Module):
    """From the output of the layers to log probabilities of all tokens with all pen states.

    Parameters
    ----------
    tokens : int
        K
    width : int
        C
    """

    def __init__(self, tokens: int, width: int) -> None:
        super().__init__()
        self.output = nn.Linear(width, tokens + STATES + 1)
        self.joint_bias = nn.Parameter(torch.zeros(tokens, STATES))

    def forward(self, h: Tensor, forbidden: Tensor) -> Tensor:
        """Map ``(..., C)`` to ``(..., 2 K + 1)``: token 0 down, token 0 lift, token 1 down, ..., end."""
        count = len(self.joint_bias)
        token, state, end = self.output(h).float().tensor_split([count, count + STATES], -1)
        joint = token.unsqueeze(-1) + state.unsqueeze(-2) + self.joint_bias  # (..., K, 2)
        joint = joint.masked_fill(forbidden, NEVER)
        return log_softmax(torch.cat([joint.flatten(-2), end], dim=-1), dim=-1)


def tokenizer_settings(config: SketchformerConfig) -> TokenSettings:
    """Return the settings of the tokenizer that a network asks for."""
    scheme: Scheme = "joint" if config.tokens == "none" else config.tokens
    count = {"joint": config.token_count, "by-state": config.token_count - config.lift_count}
    return TokenSettings(scheme, count.get(scheme, config.grid), config.lift_count)
