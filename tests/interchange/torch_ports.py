"""sketch-rnn's ports to torch, in miniature: names, shapes and equations as theirs, time first where so.

Letters: ``B`` batch, ``T`` rows, ``Z`` latent, ``M`` components.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

Z, M, E, H = 4, 3, 6, 8
Six = tuple[Tensor, ...]
"""pi, mu_x, mu_y, sigma_x, sigma_y, rho ``(B, T, M)``, pen ``(B, T, 3)``."""


def _read(pi: Tensor, mu: Six, sigma: Six, rho: Tensor, pen: Tensor) -> Six:
    return (pi.softmax(-1), *mu, *(s.exp() for s in sigma), rho.tanh(), pen.softmax(-1))


class PaddedEncoder(nn.Module):
    """Reads drawings padded to a fixed length, without a start token."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder_rnn = nn.LSTM(5, E, bidirectional=True)
        self.fc_mu, self.fc_sigma = nn.Linear(2 * E, Z), nn.Linear(2 * E, Z)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        _, (h, _) = self.encoder_rnn(x)
        both = torch.cat([h[0], h[1]], dim=1)
        return self.fc_mu(both), self.fc_sigma(both)


class PenLastDecoder(nn.Module):
    """One last layer, the pen at its end."""

    def __init__(self) -> None:
        super().__init__()
        self.fc_hc = nn.Linear(Z, 2 * H)
        self.decoder_rnn = nn.LSTM(Z + 5, H)
        self.fc_y = nn.Linear(H, 6 * M + 3)

    def forward(self, x: Tensor, z: Tensor) -> Six:
        h, c = torch.tanh(self.fc_hc(z)).chunk(2, dim=1)
        inputs = torch.cat([x, z.expand(len(x), -1, -1)], dim=2)
        y, _ = self.decoder_rnn(inputs, (h[None].contiguous(), c[None].contiguous()))
        pi, mu_x, mu_y, s_x, s_y, rho, pen = self.fc_y(y).tensor_split([k * M for k in range(1, 7)], dim=2)
        return _read(pi, (mu_x, mu_y), (s_x, s_y), rho, pen)


class FusedCell(nn.Module):
    """One layer for all gates: f, i, o, u."""

    def __init__(self, inputs: int, size: int) -> None:
        super().__init__()
        self.fiou_linear = nn.Linear(inputs + size, 4 * size)

    def forward(self, x: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
        f, i, o, u = self.fiou_linear(torch.cat([x, h], dim=1)).chunk(4, dim=1)
        c = i.sigmoid() * u.tanh() + f.sigmoid() * c
        return o.sigmoid() * c.tanh(), c


class FusedLSTM(nn.Module):
    """Such cells over a sequence, one a direction."""

    def __init__(self, inputs: int, size: int, ways: int) -> None:
        super().__init__()
        self.size = size
        self.rnn_cells = nn.ModuleList([nn.ModuleList([FusedCell(inputs, size) for _ in range(ways)])])

    def forward(
        self, x: Tensor, state: tuple[Tensor, Tensor] | None = None
    ) -> tuple[Tensor, tuple[Tensor, None]]:
        outs, last = [], []
        cells = self.rnn_cells[0]
        assert isinstance(cells, nn.ModuleList)
        for way, cell in enumerate(cells):
            h, c = (part[0] for part in state) if state else torch.zeros(2, x.shape[1], self.size)
            for row in x.flip(0) if way else x:
                h, c = cell(row, h, c)
                outs.append(h)
            last.append(h)
        return torch.stack(outs[: len(x)]), (torch.stack(last), None)


class TwoHeadEncoder(nn.Module):
    """Reads the start token, too."""

    def __init__(self, fused: bool = False) -> None:
        super().__init__()
        self.lstm = FusedLSTM(5, E, 2) if fused else nn.LSTM(5, E, bidirectional=True)
        self.mu_head, self.sigma_head = nn.Linear(2 * E, Z), nn.Linear(2 * E, Z)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        _, (h, _) = self.lstm(x)
        both = torch.cat([h[0], h[1]], dim=1)
        return self.mu_head(both), self.sigma_head(both)


class TwoHeadDecoder(nn.Module):
    """A layer of its own for the pen."""

    def __init__(self, fused: bool = False) -> None:
        super().__init__()
        self.init_state = nn.Linear(Z, 2 * H)
        self.lstm = FusedLSTM(Z + 5, H, 1) if fused else nn.LSTM(Z + 5, H)
        self.mixtures, self.q_head = nn.Linear(H, 6 * M), nn.Linear(H, 3)

    def forward(self, x: Tensor, z: Tensor) -> Six:
        h, c = torch.tanh(self.init_state(z)).chunk(2, dim=1)
        inputs = torch.cat([x, z.expand(len(x), -1, -1)], dim=2)
        y, _ = self.lstm(inputs, (h[None].contiguous(), c[None].contiguous()))
        pi, mu_x, mu_y, s_x, s_y, rho = self.mixtures(y).chunk(6, dim=2)
        return _read(pi, (mu_x, mu_y), (s_x, s_y), rho, self.q_head(y))


class PairsCell(nn.Module):
    """Gates i, f, o and the candidate; one bias, and a forget bias at run time."""

    def __init__(self) -> None:
        super().__init__()
        self.weight_ih = nn.Parameter(torch.randn(4 * H, Z + 5))
        self.weight_hh = nn.Parameter(torch.randn(4 * H, H))
        self.bias = nn.Parameter(torch.randn(4 * H))

    def forward(self, x: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
        i, f, o, g = (x @ self.weight_ih.T + h @ self.weight_hh.T + self.bias).chunk(4, dim=1)
        c = (f + 1).sigmoid() * c + i.sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh(), c


class PairsEncoder(nn.Module):
    """Reads the points alone; one layer gives mu and the log variance."""

    def __init__(self) -> None:
        super().__init__()
        self.rnn = nn.LSTM(5, E, bidirectional=True, batch_first=True)
        self.output = nn.Linear(2 * E, 2 * Z)

    def forward(self, x: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        packed = nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        _, (h, _) = self.rnn(packed)
        mu, presig = self.output(h.permute(1, 0, 2).flatten(1)).chunk(2, dim=1)
        return mu, presig


class PairsNetwork(nn.Module):
    """Means and deviations of x and y in turn; the cell stands in the state dict twice."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = PairsEncoder()
        self.cell = PairsCell()
        self.decoder = nn.ModuleDict({"cell": self.cell})
        self.init = nn.Linear(Z, 2 * H)
        self.param_layer = nn.ModuleDict({"linear": nn.Linear(H, 6 * M + 3)})

    def forward(self, x: Tensor, z: Tensor) -> Six:
        h, c = torch.tanh(self.init(z)).chunk(2, dim=1)
        outs = []
        for point in x.unbind(1):
            h, c = self.cell(torch.cat([point, z], dim=1), h, c)
            outs.append(h)
        y = self.param_layer["linear"](torch.stack(outs, dim=1))
        pi, mu, sigma, rho, pen = y.tensor_split([M, 3 * M, 5 * M, 6 * M], dim=2)
        mu, sigma = (part.unflatten(2, (M, 2)).unbind(3) for part in (mu, sigma))
        return _read(pi, mu, sigma, rho, pen)
