"""Points as words: what a tokenised network reads and says.

Sketchformer's sequences hold a separator as a word of its own; here it goes with the word before it, so that
a word is a point, and everything that draws point by point can use the network. Behind the scenes the network
chooses among (word, pen stays down), (word, pen lifts) and the end. To others it says so as a mixture: a
narrow normal for each word, as wide as offsets lie from their words, with pen states of its own, and a
component that ends the drawing.

As in :mod:`limner.models.sketchformer.tokenizer.tokenizer`, a word is chosen from where the words before
have led.

Letters: ``B`` batch, ``T`` points, ``K`` words, ``C`` width.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import log_softmax

from limner.models.config import SketchformerConfig
from limner.models.head import NEVER
from limner.models.mixture import Mixture
from limner.models.sketchformer.tokenizer.tokenizer import Scheme, Tokenizer, TokenSettings

STATES = 2  # of the pen after a point: down, lift
GOLDEN = math.pi * (3 - math.sqrt(5))
REACH = 3.0  # of the words of an untrained network, in model units
FAR = 1e12  # squared distance of a word that cannot be chosen


class Words(NamedTuple):
    """Points as a tokenised network sees them."""

    of: Tensor  # (..., 2), int64: the word (K: the start), and the state of the pen
    led: Tensor  # (..., 2), from where the pen is to where the words have led, before the next point


class Vocabulary(nn.Module):
    """The tables: what words mean, in model units. Untrained, words lie evenly on a disc.

    Parameters
    ----------
    config : SketchformerConfig
    """

    centres: Tensor
    log_spreads: Tensor

    def __init__(self, config: SketchformerConfig) -> None:
        super().__init__()
        self.settings = settings_of(config)
        words = self.settings.words
        k = torch.arange(words) + 0.5
        radius, angle = REACH * (k / words).sqrt(), GOLDEN * k
        disc = torch.stack([radius * angle.cos(), radius * angle.sin()], dim=1)
        self.register_buffer("centres", disc)  # (K, 2)
        self.register_buffer("log_spreads", torch.full((words, 2), math.log(REACH / math.sqrt(words))))

    def fill(self, tokenizer: Tokenizer, scale_factor: float) -> None:
        """Take the tables of a tokenizer, for a network of this scale factor."""
        ratio = tokenizer.scale / scale_factor
        self.centres.copy_(torch.from_numpy(tokenizer.centres * ratio))
        self.log_spreads.copy_(torch.from_numpy(tokenizer.spreads * ratio).log())

    @property
    def words(self) -> int:
        """K"""
        return self.settings.words

    @property
    def barred(self) -> Tensor:
        """Which words cannot go with which state of the pen, bool ``(K, 2)``."""
        barred = torch.zeros(self.words, STATES, dtype=torch.bool, device=self.centres.device)
        if self.settings.scheme == "by-state":
            barred[: self.settings.count, 1] = True
            barred[self.settings.count :, 0] = True
        return barred

    def find(self, point: Tensor, led: Tensor) -> tuple[Tensor, Tensor]:
        """Find the words of points.

        Parameters
        ----------
        point : Tensor of shape ``(B, 5)``
        led : Tensor of shape ``(B, 2)``
            From where the pen was to where the words before have led; on a grid to the origin.

        Returns
        -------
        index : int64 Tensor of shape ``(B, 2)``
            Word and state.
        led : Tensor of shape ``(B, 2)``
            From where the pen is now.
        """
        state = point[:, 2:].argmax(-1)  # (B,)
        wanted = point[:, :2] - led  # (B, 2)
        square = (wanted.unsqueeze(1) - self.centres).square().sum(-1)  # (B, K)
        if self.settings.scheme == "by-state":
            square = square + FAR * self.barred.T[(state == 1).long()]
        word = square.argmin(-1)  # (B,)
        moved = 0.0 if self.settings.scheme == "grid" else self.centres[word]
        return torch.stack([word, state], dim=-1), led + moved - point[:, :2]

    def read(self, rows: Tensor) -> Words:
        """Find the words of whole drawings, rows ``(B, T, 5)`` without the start token.

        ``led`` is that before each of the points.
        """
        led = torch.zeros_like(rows[:, 0, :2])
        found, before = [], []
        for row in rows.detach().float().unbind(1):
            before.append(led)
            index, after = self.find(row, led)
            led = torch.where(row[:, 4:] > 0, led, after)
            found.append(index)
        return Words(torch.stack(found, dim=1), torch.stack(before, dim=1))

    def shifted(self, index: Tensor) -> Tensor:
        """Put the start before words ``(B, T, 2)`` and leave out the last: what the decoder reads."""
        start = index.new_tensor([self.words, 0]).expand(len(index), 1, 2)
        return torch.cat([start, index[:, :-1]], dim=1)

    def mixture(self, log_p: Tensor, led: Tensor) -> Mixture:
        """Say as a mixture what :class:`Saying` gives, ``(..., 2 K + 1)``, with ``led`` ``(..., 2)``."""
        joint, end = torch.unflatten(log_p[..., :-1], -1, (-1, STATES)), log_p[..., -1:]  # (..., K, 2)
        log_pi = torch.cat([joint.logsumexp(-1), end], dim=-1)  # (..., K + 1)
        never = torch.full_like(joint[..., :1], NEVER)
        pens = torch.cat([joint, never], dim=-1)  # (..., K, 3)
        ends = log_p.new_tensor([NEVER, NEVER, 0]).expand(*end.shape[:-1], 1, 3)
        mu = self.centres + led.unsqueeze(-2)  # (..., K, 2)
        spreads = self.log_spreads.expand_as(mu)
        flat = [torch.cat([x, torch.zeros_like(end)], dim=-1) for x in (*mu.unbind(-1), *spreads.unbind(-1))]
        mu_x, mu_y, log_sigma_x, log_sigma_y = flat
        pen = torch.cat([pens, ends], dim=-2)
        return Mixture(log_pi, mu_x, mu_y, log_sigma_x, log_sigma_y, torch.zeros_like(log_pi), pen)

    def costs(self, log_p: Tensor, words: Words, rows: Tensor) -> Tensor:
        """Give what each row costs, ``(B, T)``: minus log of its word's probability, and of its offset's.

        The density is that of the row's own word; with all others it would be a little larger, so that the
        costs bound what the mixture gives to a row from above. Only the first part can be learnt.
        """
        word, state = words.of.unbind(-1)  # (B, T)
        ended = state == STATES
        place = torch.where(ended, 2 * self.words, 2 * word + state)
        chosen = log_p.gather(-1, place.unsqueeze(-1)).squeeze(-1)
        log_spread = self.log_spreads[word]  # (B, T, 2)
        gap = (rows[..., :2] - words.led - self.centres[word]) * (-log_spread).exp()
        offset = -log_spread.sum(-1) - math.log(2 * math.pi) - gap.square().sum(-1) / 2
        return -chosen - torch.where(ended, 0.0, offset)


class Reading(nn.Module):
    """Words and pen states to what layers read.

    Parameters
    ----------
    words : int
        K
    width : int
        C
    """

    def __init__(self, words: int, width: int) -> None:
        super().__init__()
        self.word = nn.Embedding(words + 1, width)
        self.state = nn.Embedding(STATES + 1, width)

    def forward(self, index: Tensor) -> Tensor:
        """Read ``(B, T, 2)``, give ``(B, T, C)``."""
        found: Tensor = self.word(index[..., 0]) + self.state(index[..., 1])
        return found


class Saying(nn.Module):
    """From what layers give to the logarithms of the probabilities of all words.

    Parameters
    ----------
    words : int
        K
    width : int
        C
    """

    def __init__(self, words: int, width: int) -> None:
        super().__init__()
        self.output = nn.Linear(width, words + STATES + 1)
        self.lean = nn.Parameter(torch.zeros(words, STATES))

    def forward(self, h: Tensor, barred: Tensor) -> Tensor:
        """Read ``(..., C)``, give ``(..., 2 K + 1)``: word 0 down, word 0 lift, word 1 down, ..., end."""
        word, state, end = self.output(h).float().tensor_split([len(self.lean), len(self.lean) + STATES], -1)
        joint = word.unsqueeze(-1) + state.unsqueeze(-2) + self.lean  # (..., K, 2)
        joint = joint.masked_fill(barred, NEVER)
        return log_softmax(torch.cat([joint.flatten(-2), end], dim=-1), dim=-1)


def settings_of(config: SketchformerConfig) -> TokenSettings:
    """Give the settings of the tokenizer that a network asks for."""
    scheme: Scheme = "joint" if config.tokens == "none" else config.tokens
    count = {"joint": config.token_count, "by-state": config.token_count - config.lift_count}
    return TokenSettings(scheme, count.get(scheme, config.grid), config.lift_count)
