"""The recurrent encoder: from a drawing to the parameters of its latent.

Letters: ``B`` batch, ``T`` rows, ``X`` features of a row, ``H`` units of one direction, ``Z`` latent.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from limner.models.attention import AttentivePooling
from limner.models.cells.build import build_cell
from limner.models.config import EncoderConfig
from limner.models.coordinates import absolute_positions, feature_count, point_features
from limner.models.initializers import latent_linear
from limner.models.latent import Latent
from limner.strokes.formats import END_TOKEN, START_TOKEN


class RecurrentEncoder(nn.Module):
    """A bidirectional recurrent network over the real points only; padding never touches the latent.

    Encoders of other programs read more, and do so here: the start token before the points, end rows up to a
    number of rows behind them (``config.reads_start``, ``config.rows``).

    Parameters
    ----------
    config : EncoderConfig
    latent_size : int
        Z
    """

    def __init__(self, config: EncoderConfig, latent_size: int) -> None:
        super().__init__()
        self.config = config
        cell = (config.cell, feature_count(config.coordinates), config.size, config.recurrent_keep)
        self.forwards = build_cell(*cell, norm_learnable=config.norm_learnable)
        self.backwards = build_cell(*cell, norm_learnable=config.norm_learnable)
        self.pooling = AttentivePooling(2 * config.size) if config.attentive_pooling else None
        self.mu = latent_linear(2 * config.size, latent_size)
        self.presig = latent_linear(2 * config.size, latent_size)

    def forward(self, rows: Tensor, lengths: Tensor) -> Latent:
        """Encode drawings.

        Parameters
        ----------
        rows : Tensor of shape ``(B, T, 5)``
            Stroke-5 rows without the start token.
        lengths : int64 Tensor of shape ``(B,)``
            Real points of each drawing.
        """
        rows, lengths = self.read(rows, lengths)
        ahead = self.forwards(rows, lengths=lengths)  # (B, T, H)
        back = self.backwards(_reverse(rows, lengths), lengths=lengths)  # (B, T, H)
        h = torch.cat([_last_output(ahead, lengths), _last_output(back, lengths)], dim=-1)  # (B, 2 H)
        if self.pooling is not None:
            outputs = torch.cat([ahead, _reverse(back, lengths)], dim=-1)  # (B, T, 2 H)
            h = h + self.pooling(outputs, lengths)
        return Latent(self.mu(h), self.presig(h))

    def read(self, rows: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """Return what is read of points ``(B, T, 5)``, framing rows included, ``(B, T, X)``, and lengths."""
        rows, lengths = add_framing_rows(rows, lengths, self.config)
        return point_features(rows, absolute_positions(rows), self.config.coordinates), lengths


def add_framing_rows(rows: Tensor, lengths: Tensor, config: EncoderConfig) -> tuple[Tensor, Tensor]:
    """Return points ``(B, T, 5)`` with start token and end rows as the encoder reads them, and lengths."""
    if config.reads_start:
        start = rows.new_tensor(START_TOKEN).expand(rows.shape[0], 1, 5)
        rows, lengths = torch.cat([start, rows], dim=1), lengths + 1
    if not config.rows:
        return rows, lengths
    end = rows.new_tensor(END_TOKEN)
    wanted = config.rows - rows.shape[1]
    more = torch.sym_max(wanted, 0)  # type: ignore[no-untyped-call]  # max would fix an exported length
    rows = torch.cat([rows, end.expand(rows.shape[0], more, 5)], dim=1)
    real = torch.arange(rows.shape[1], device=rows.device) < lengths.unsqueeze(1)  # (B, T)
    return torch.where(real.unsqueeze(2), rows, end), lengths.clamp(min=config.rows)


def _last_output(outputs: Tensor, lengths: Tensor) -> Tensor:
    """Return the output after the last real point, ``(B, H)``; zeros where there is no point."""
    last = (lengths - 1).clamp(min=0)
    picked = outputs[torch.arange(len(outputs), device=outputs.device), last]  # (B, H)
    return picked * (lengths > 0).unsqueeze(-1)


def _reverse(rows: Tensor, lengths: Tensor) -> Tensor:
    """Reverse the real rows of ``(B, T, ...)`` and leave the padding behind them."""
    steps = torch.arange(rows.shape[1], device=rows.device)  # (T,)
    mirrored = lengths.unsqueeze(1) - 1 - steps  # (B, T)
    order = torch.where(mirrored >= 0, mirrored, steps)
    return rows.gather(1, order.unsqueeze(-1).expand_as(rows))
