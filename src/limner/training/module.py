"""The training step and the validation, as Lightning runs them.

Letters: ``B`` batch, ``Z`` latent.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytorch_lightning as pl
import torch
from torch import Tensor

from limner.errors import LimnerError
from limner.models.batch import Batch
from limner.models.protocol import SketchModel
from limner.training.config import TrainConfig
from limner.training.losses import floored_kl, kl_loss, likelihood_terms, reconstruction_loss
from limner.training.schedules import kl_weight_at, learning_rate_at


class Training(pl.LightningModule):
    """Teacher-forced training of a network on likelihood and, if it is conditional, divergence.

    Parameters
    ----------
    network : SketchModel
    config : TrainConfig
    n_max : int
        Divides L_R.
    seed : int
        Together with a step it decides the latent noise.
    """

    def __init__(self, network: SketchModel, config: TrainConfig, *, n_max: int, seed: int) -> None:
        super().__init__()
        self.network = network
        self.config = config
        self.n_max = n_max
        self.seed = seed
        self._sums: dict[str, Tensor] = {}

    def training_step(self, batch: Batch, _index: int) -> Tensor:
        """Give L_R + w * max(L_KL, floor) of a batch (Ha and Eck 2017, equation 12 with annealing)."""
        with self._seeded():
            prediction = self.network(batch, self._noise(len(batch)))
        terms = likelihood_terms(prediction.mixture, batch, density_floor=self.config.density_floor)
        recon = reconstruction_loss(terms, self.config.convention, self.n_max)
        kl = kl_loss(prediction.latent, recon)
        weight = kl_weight_at(self.global_step, self.config)
        loss = recon + weight * floored_kl(kl, self.config.kl_floor) if self.network.conditional else recon
        if (self.global_step + 1) % self.config.log_every == 0:
            self._log_step({"train_L_R": recon, "train_L_KL": kl, "train_cost": loss}, weight)
        return loss

    def on_train_batch_start(self, batch: Batch, _index: int) -> None:
        """Set Adam's step size: a pure function of the step, so that a resumed run needs no state of it."""
        for group in self.trainer.optimizers[0].param_groups:
            group["lr"] = learning_rate_at(self.global_step, self.config)

    def on_validation_epoch_start(self) -> None:
        """Begin the sums anew."""
        self._sums = {}

    def validation_step(self, batch: Batch, _index: int) -> None:
        """Add up likelihood and divergence with z = mu."""
        prediction = self.network(batch)
        terms = likelihood_terms(prediction.mixture, batch, density_floor=self.config.density_floor)
        found = {
            "drawings": terms.pen.new_tensor(float(len(batch))),
            "L_R": terms.total(self.config.convention).sum() / self.n_max,
            "L_R_magenta_eval": terms.total("magenta-eval").sum() / self.n_max,
            "L_KL": kl_loss(prediction.latent, terms.pen) * len(batch),
        }
        for name, value in found.items():
            self._sums[name] = self._sums.get(name, torch.zeros_like(value)) + value

    def on_validation_epoch_end(self) -> None:
        """Log the means; ``valid_cost`` = L_R + kl_weight * L_KL with the final weight chooses the best."""
        sums = {
            name: self.trainer.strategy.reduce(value, reduce_op="sum") for name, value in self._sums.items()
        }
        means = {f"valid_{k}": v / sums["drawings"] for k, v in sums.items() if k != "drawings"}
        cost = means["valid_L_R"] + self.config.kl_weight * means["valid_L_KL"]
        if not cost.isfinite():
            raise LimnerError(
                f"The training went astray: its cost is no finite number at step {self.global_step}; "
                "resume it with a smaller --train.learning-rate."
            )
        self.log_dict(means, logger=False)
        self.log("valid_cost", cost, prog_bar=True, logger=False)
        self._write({**means, "valid_cost": cost}, self.global_step)

    def configure_optimizers(self) -> torch.optim.Adam:
        """Give Adam; :meth:`on_train_batch_start` sets its step size."""
        rate = self.config.learning_rate
        return torch.optim.Adam(self.network.parameters(), lr=rate, eps=1e-8, fused=True)

    def transfer_batch_to_device(self, batch: Batch, device: torch.device, _index: int) -> Batch:
        """Move a batch (Lightning knows only its own kinds)."""
        return batch.to(device)

    def _noise(self, batch_size: int) -> Tensor | None:
        """Draw the latent noise of this step, ``(B, Z)``; the same on a resumed run."""
        if not self.network.conditional:
            return None
        noise = self._chance(2).standard_normal(
            (batch_size, self.network.config.latent_size), dtype=np.float32
        )
        return torch.from_numpy(noise).to(self.device)

    @contextmanager
    def _seeded(self) -> Iterator[None]:
        """Make dropout a function of the step too, and leave torch's global chance as it was."""
        with torch.random.fork_rng([self.device] if self.device.type == "cuda" else []):
            torch.manual_seed(int(self._chance(3).integers(2**63)))
            yield

    def _chance(self, purpose: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, self.global_rank, purpose, self.global_step])

    def _log_step(self, losses: dict[str, Tensor], kl_weight: float) -> None:
        rate = learning_rate_at(self.global_step, self.config)
        losses = {name: value.detach() for name, value in losses.items()}
        self._write({**losses, "kl_weight": kl_weight, "learning_rate": rate}, self.global_step + 1)
        self.log("L_R", losses["train_L_R"], prog_bar=True, logger=False)

    def _write(self, figures: dict[str, Any], steps_done: int) -> None:
        """Tell the loggers at once; Lightning's own count of steps slips on a resumed run."""
        for logger in self.loggers:
            logger.log_metrics({name: float(value) for name, value in figures.items()}, step=steps_done)
