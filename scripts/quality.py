"""Train as the original does and report the validation L_R that the original reports.

    python scripts/quality.py sheep.npz runs/quality --cell lstm --seeds 1 2 3

At 250, 500, 750 and 1000 steps the valid split is measured as sketch-rnn measures it: the pen term masked
after the end of a drawing, densities floored at 1e-6, z sampled. Writes one line a stage to ``quality.csv``.
"""

from __future__ import annotations

import argparse
import csv
from dataclasses import replace
from pathlib import Path

import torch

from limner.corpus.load import load_corpus
from limner.models.build import build_model
from limner.models.config import CellName
from limner.models.protocol import SketchModel
from limner.training.batches import SplitBatches
from limner.training.config import RunConfig
from limner.training.data import TrainingData, training_data
from limner.training.losses import kl_loss, likelihood_terms, reconstruction_loss
from limner.training.presets import PRESETS
from limner.training.run import train
from limner.training.run_folder import CHECKPOINT_NAME

STAGES = (250, 500, 750, 1000)


def config_of(cell: CellName, seed: int, threads: int | None) -> RunConfig:
    """Return the preset ``magenta`` with a cell for encoder and decoder."""
    base = PRESETS["magenta"]
    encoder = replace(base.model.encoder, cell=cell)
    decoder = replace(base.model.decoder, cell=cell)
    model = replace(base.model, encoder=encoder, decoder=decoder)
    train = replace(base.train, validate_every=STAGES[0], threads=threads)
    return replace(base, model=model, train=train, seed=seed)


def network_of(run: Path, config: RunConfig) -> SketchModel:
    """Read the network as it stands after the last step, not the best one."""
    checkpoint = torch.load(run / CHECKPOINT_NAME, map_location="cpu", weights_only=True)
    network = build_model(config.model)
    prefix = "network."
    network.load_state_dict({k.removeprefix(prefix): v for k, v in checkpoint["state_dict"].items()})
    return network.eval()


@torch.no_grad()
def measured(network: SketchModel, data: TrainingData, seed: int) -> tuple[float, float]:
    """Return L_R and L_KL of the valid split with z sampled."""
    chance = torch.Generator().manual_seed(seed)
    found = torch.zeros(2)
    for batch in SplitBatches(data.valid, data.scale_factor, 100):
        noise = torch.randn(len(batch), network.config.latent_size, generator=chance)
        prediction = network(batch, noise)
        terms = likelihood_terms(prediction.mixture, batch, density_floor=True)
        recon = reconstruction_loss(terms, "magenta-eval", data.n_max)
        found += torch.stack([recon, kl_loss(prediction.latent, recon)]) * len(batch)
    l_r, l_kl = (found / len(data.valid)).tolist()
    return l_r, l_kl


def main() -> None:
    """Train every seed in stages."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--cell", default="lstm")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--threads", type=int)
    args = parser.parse_args()
    corpus = load_corpus(args.corpus)
    data = training_data(corpus)
    args.out.mkdir(parents=True, exist_ok=True)
    for seed in args.seeds:
        config = config_of(args.cell, seed, args.threads)
        run = args.out / f"{args.corpus.stem}-{args.cell}-{seed}"
        for steps in STAGES:
            train(corpus, run, replace(config, max_steps=steps), resume=steps != STAGES[0])
            l_r, l_kl = measured(network_of(run, config), data, seed)
            with (args.out / "quality.csv").open("a", newline="") as file:
                csv.writer(file).writerow([args.corpus.stem, args.cell, seed, steps, l_r, l_kl])


if __name__ == "__main__":
    main()
