"""Train a network of one's own: a decoder with a GRU, which limner does not have.

python examples/own_network.py OUT --steps 1000

The protocol is ``limner.models.protocol.SketchModel``: with these four methods the trainer, the sampler and
the metrics work as with any other network.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from torch import Tensor, nn

import limner
from limner.models.batch import Batch
from limner.models.config import ModelConfig
from limner.models.head import Head
from limner.models.latent import Latent
from limner.models.mixture import Mixture
from limner.models.protocol import Prediction, SketchModel
from limner.models.state import State


class GruDecoder(SketchModel):
    """A decoder alone: a GRU, and the head of sketch-rnn.

    Letters: ``B`` batch, ``T`` points, ``H`` hidden.

    Parameters
    ----------
    size : int
        H
    """

    def __init__(self, size: int) -> None:
        super().__init__(ModelConfig(conditional=False))
        self.size, self.head = size, Head(components=10)
        self.gru = nn.GRU(5, size, batch_first=True)
        self.output = nn.Linear(size, self.head.width)

    def encode(self, batch: Batch) -> Latent:
        """Refuse: there is no encoder."""
        raise ValueError(f"A decoder alone cannot encode {len(batch)} drawings.")

    def forward(self, batch: Batch, noise: Tensor | None = None) -> Prediction:  # noqa: ARG002
        """Predict every point from those before it."""
        hidden, _ = self.gru(batch.inputs)  # (B, T, H)
        return Prediction(self.head(self.output(hidden)), None)

    def begin(
        self,
        batch_size: int = 1,
        z: Tensor | None = None,  # noqa: ARG002
        labels: Tensor | None = None,  # noqa: ARG002
    ) -> State:
        """Return the state before the first point."""
        return {"h": torch.zeros(batch_size, self.size)}  # (B, H)

    def step(self, point: Tensor, state: State) -> tuple[Mixture, State]:
        """Take one point ``(B, 5)`` and predict the next."""
        hidden, last = self.gru(point.unsqueeze(1), state["h"].unsqueeze(0))
        return self.head(self.output(hidden.squeeze(1))), {"h": last.squeeze(0)}


def main(out: Path, steps: int) -> None:
    """Train the network on toy drawings and write a sheet of samples."""
    network = GruDecoder(size=128)
    corpus = limner.load_corpus("doodles")
    run = limner.train(corpus, out / "run", preset="fast", network=network, max_steps=steps)
    limner.sheet(run.model().sample(8, temperature=0.3), columns=4).save(out / "samples.png")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--steps", type=int, default=1000)
    arguments = parser.parse_args()
    main(arguments.out, arguments.steps)
