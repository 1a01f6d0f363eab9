"""``SketchModule``: the training step and the validation, as Lightning runs them.

Letters: ``B`` batch, ``Z`` latent.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import numpy as np
import pytorch_lightning as pl
import torch
from torch import Tensor

from limner.models.batch import Batch
from limner.models.latent import Latent
from limner.models.protocol import Prediction, SketchModel
from limner.models.renamed_weights import with_current_names
from limner.training.average import begin_average, update_average
from limner.training.checkpoint import GUARD_KEY, KEPT_KEY, LOSS_SUMS_KEY, MEMORIZATION_KEY
from limner.training.class_metrics import class_means, class_sums
from limner.training.clock import Clock
from limner.training.config import TrainConfig
from limner.training.guard import DivergenceGuard, GuardCounts
from limner.training.losses import (
    PenLoss,
    Terms,
    cost_terms,
    exact_and_floored_terms,
    floored_kl,
    free_bits_kl,
    kl_loss,
    likelihood_terms,
    nll_per_point,
    reconstruction_loss,
)
from limner.training.memorization import MemorizationWatch
from limner.training.pen_metrics import lift_counts, lift_recall
from limner.training.schedules import kl_weight_at, learning_rate_at


class SketchModule(pl.LightningModule):
    """Teacher-forced training of a network on likelihood and, if it is conditional, divergence.

    Parameters
    ----------
    network : SketchModel
    config : TrainConfig
    n_max : int
        Divides L_R.
    seed : int
        Together with a step it decides latent noise and dropout.
    on_message : callable, optional
        Receives a sentence when the guard rolls back, or memorizing is detected.
    ranks : int
        Processes that train together.
    held_out : bool
        Whether validation is on held-out drawings; else its metrics are not logged.
    clock : Clock, optional
        Of a limited time, which learning rate and weight of L_KL are fitted to.
    """

    def __init__(
        self, network: SketchModel, config: TrainConfig, *, n_max: int, seed: int,
        on_message: Callable[[str], None] = lambda _: None, ranks: int = 1, held_out: bool = True,
        clock: Clock | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.network = network
        self.average = begin_average(network) if config.ema_decay is not None else None
        self.config = config
        self.n_max = n_max
        self.seed = seed
        self.ranks, self.held_out, self.on_message = ranks, held_out, on_message
        self.clock = clock or Clock()
        self.memorization = MemorizationWatch()
        self.optimizer = torch.optim.Adam(network.parameters(), lr=config.learning_rate, eps=1e-8, fused=True)
        self.guard = DivergenceGuard(
            self, self.optimizer, config, on_message=on_message, sum_over_ranks=self._sum_over_ranks
        )
        self.pen_loss = PenLoss(config.focal_gamma, 1.0, config.lift_weight, config.end_weight)
        self._loss = torch.tensor(math.nan)  # of the last training step
        self._sums: dict[str, Tensor] = {}
        self._kept: dict[str, Any] | None = None  # of the checkpoint that is continued
        self._loss_sums = torch.zeros(2)
        """Sum and number of L_R of the steps since the last validation."""

    @property
    def result(self) -> SketchModel:
        """The network that is validated and kept: the averaged one if there is one."""
        return self.network if self.average is None else self.average

    @property
    def learning_rate(self) -> float:
        """Step size: a function of the step, times the factor of the guard."""
        return (
            learning_rate_at(self.global_step, self.config, self.clock.share) * self.guard.counts.rate_factor
        )

    @property
    def kl_weight(self) -> float:
        """Weight of L_KL at this step."""
        return kl_weight_at(self.global_step, self.config, self.clock.share)

    def training_step(self, batch: Batch, _index: int) -> Tensor:
        """Return L_R + w * max(L_KL, floor) of a batch (Ha and Eck 2017, equation 12 with annealing).

        A network that recognizes classes adds their cross-entropy; one whose z is deterministic has no L_KL.
        """
        lower_precision = torch.autocast(
            self.device.type, torch.bfloat16, enabled=self.config.precision == "bf16"
        )
        with self._seeded(), lower_precision:
            prediction = self.network(batch, self._noise(len(batch)))
        recon = reconstruction_loss(self._terms(prediction, batch), self.config.convention, self.n_max)
        kl = kl_loss(prediction.latent, recon)
        weight = self.kl_weight
        sums = class_sums(prediction.classes, batch.labels, recon)
        loss = recon + self.config.class_weight * sums[1] / sums[0].clamp(min=1)
        if prediction.latent is not None and prediction.latent.presig is not None:
            loss = loss + weight * self._pushed(prediction.latent, kl)
        if (self.global_step + 1) % self.config.log_every == 0:
            classes = {f"train_{name}": value for name, value in class_means(sums).items()}
            self._log_step({"train_L_R": recon, "train_L_KL": kl, **classes, "train_cost": loss}, weight)
        self._loss = loss.detach()
        self._loss_sums = self._loss_sums.to(recon.device) + torch.stack(
            [recon.detach(), torch.ones_like(recon)]
        )
        return loss

    def on_train_start(self) -> None:
        """Start the clock; the beginning is a good state, unless the checkpoint holds another."""
        self.clock.start()
        self.guard.keep(self.global_step)
        if self._kept is not None:
            self.guard.load_kept(self._kept)

    def on_train_batch_start(self, batch: Batch, _index: int) -> None:
        """Settle the previous step and set Adam's step size."""
        self.guard.settle(self.global_step)
        for group in self.optimizer.param_groups:
            group["lr"] = self.learning_rate

    def on_before_optimizer_step(self, optimizer: torch.optim.Optimizer) -> None:
        """Let the guard inspect loss and gradients."""
        self.guard.inspect(self._loss)

    def on_train_batch_end(self, outputs: Any, batch: Batch, _index: int) -> None:
        """Update the average of the weights."""
        if self.average is not None and self.config.ema_decay is not None:
            update_average(self.average, self.network, self.config.ema_decay, self.global_step)

    def on_validation_start(self) -> None:
        """Settle the previous step."""
        self.guard.settle(self.global_step)

    def on_validation_epoch_start(self) -> None:
        """Reset the sums."""
        self._sums = {}

    def validation_step(self, batch: Batch, _index: int) -> None:
        """Sum up likelihood and divergence with z = mu."""
        prediction = self.result(batch)
        exact, floored = exact_and_floored_terms(prediction.mixture, batch)
        terms = floored if self.config.density_floor else exact
        batch_sums = {
            "drawings": terms.pen.new_tensor(float(len(batch))),
            "L_R": terms.total(self.config.convention).sum() / self.n_max,
            "L_R_magenta_eval": terms.total("magenta-eval").sum() / self.n_max,
            "L_KL": kl_loss(prediction.latent, terms.pen) * len(batch),
            "nll_per_point": nll_per_point(exact, batch).sum(),
            "lift_counts": lift_counts(prediction.mixture, batch),
            "classes": class_sums(prediction.classes, batch.labels, terms.pen),
        }
        for name, value in batch_sums.items():
            self._sums[name] = self._sums.get(name, torch.zeros_like(value)) + value

    def on_validation_epoch_end(self) -> None:
        """Log the means, and ``valid_cost``: L_R, L_KL and L_class by their final weights."""
        sums = {
            name: self.trainer.strategy.reduce(value, reduce_op="sum") for name, value in self._sums.items()
        }
        drawings, counts, classes = (sums.pop(name) for name in ("drawings", "lift_counts", "classes"))
        means = {f"valid_{name}": value / drawings for name, value in sums.items()}
        means["valid_lift_recall"] = drawings.new_tensor(lift_recall(counts))
        means |= {f"valid_{name}": value for name, value in class_means(classes).items()}
        cost = means["valid_L_R"] + self.config.kl_weight * means["valid_L_KL"]
        cost = cost + self.config.class_weight * means.get("valid_L_class", 0)
        self.guard.validated(float(cost), self.global_step)
        self.log_dict({**means, "kl_weight": cost.new_tensor(self.kl_weight)}, logger=False)
        self.log("valid_cost", cost, prog_bar=self.held_out, logger=False)
        if self.held_out:
            self._watch_memorization(float(means["valid_nll_per_point"]))
            by_heart = float(self.memorization.detected_at >= 0)
            self._write({**means, "valid_cost": cost, "by_heart": by_heart}, self.global_step)

    def _watch_memorization(self, nll: float) -> None:
        """Report when memorizing is detected; validations out of turn do not count."""
        if self.global_step % self.config.validate_every:
            return
        total, count = self._mean(self._loss_sums).tolist()
        if not count:
            return
        self._loss_sums.zero_()
        if self.memorization.update(nll, total / max(count, 1.0), self.global_step):
            self.on_message(self.memorization.message(self.global_step, nll))

    def configure_optimizers(self) -> torch.optim.Adam:
        """Return Adam; :meth:`on_train_batch_start` sets its step size."""
        return self.optimizer

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Add the counts of the guard, its good state, and the watch over memorizing."""
        checkpoint[GUARD_KEY] = asdict(self.guard.counts)
        checkpoint[KEPT_KEY] = self.guard.dump_kept(self.global_step)
        checkpoint[MEMORIZATION_KEY] = {**asdict(self.memorization), LOSS_SUMS_KEY: self._loss_sums.cpu()}

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Restore them; an average that the checkpoint does not hold begins with its weights."""
        self.guard.counts = GuardCounts(**checkpoint[GUARD_KEY])
        here = set(self.state_dict())
        kept = checkpoint[KEPT_KEY]
        self._kept = kept and kept | {"weights": with_current_names(kept["weights"], here)}
        watch = dict(checkpoint[MEMORIZATION_KEY])
        self._loss_sums = watch.pop(LOSS_SUMS_KEY)
        self.memorization = MemorizationWatch(**watch)
        weights = with_current_names(checkpoint["state_dict"], here)
        names = {f"average.{name}": f"network.{name}" for name in self.network.state_dict()}
        if self.average is None:
            checkpoint["state_dict"] = {name: weights[name] for name in names.values()}
        else:
            checkpoint["state_dict"] = {new: weights[old] for new, old in names.items()} | weights

    def transfer_batch_to_device(self, batch: Batch, device: torch.device, _index: int) -> Batch:
        """Move a batch; Lightning knows only its own types."""
        return batch.to(device)

    def _terms(self, prediction: Prediction, batch: Batch) -> Terms:
        """Return the terms of the loss of a batch."""
        if prediction.costs is not None:
            return cost_terms(prediction.costs, batch)
        floor, mixture = self.config.density_floor, prediction.mixture
        return likelihood_terms(mixture, batch, density_floor=floor, pen_loss=self.pen_loss)

    def _pushed(self, latent: Latent, kl: Tensor) -> Tensor:
        """Return L_KL, of the batch, with free bits and floor."""
        if self.config.kl_free_bits:
            each = latent.kl_of_numbers().mean(0)  # (Z,)
            kl = free_bits_kl(each, self.config.kl_free_bits, self._mean(each))
        return floored_kl(kl, self.config.kl_floor, self._mean(kl))

    def _noise(self, batch_size: int) -> Tensor | None:
        """Return the latent noise of this step, ``(B, Z)``, by seed and step; each process takes its rows."""
        if not self.network.conditional:
            return None
        size = self.ranks * batch_size, self.network.config.latent_size
        noise = self._generator(2, 0).standard_normal(size, dtype=np.float32)
        return torch.from_numpy(noise[self.global_rank :: self.ranks].copy()).to(self.device)

    @contextmanager
    def _seeded(self) -> Iterator[None]:
        """Make dropout a function of seed and step, and leave torch's global generator as it was."""
        with torch.random.fork_rng([self.device] if self.device.type == "cuda" else []):
            seed = int(self._generator(3, self.global_rank).integers(2**63))
            torch.default_generator.manual_seed(seed)  # torch.manual_seed seeds every kind of device
            if self.device.type == "cuda":
                torch.cuda.manual_seed(seed)
            yield

    def _generator(self, purpose: int, rank: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, rank, purpose, self.global_step])

    def _log_step(self, losses: dict[str, Tensor], kl_weight: float) -> None:
        losses = {name: self._mean(value) for name, value in losses.items()}
        self._write(
            {**losses, "kl_weight": kl_weight, "learning_rate": self.learning_rate}, self.global_step + 1
        )
        self.log("L_R", losses["train_L_R"], prog_bar=True, logger=False)

    def _write(self, metrics: dict[str, Any], steps_done: int) -> None:
        """Write to the loggers directly: Lightning's own count of steps slips on a resumed run."""
        counts = self.guard.counts
        metrics = metrics | {"skipped_steps": counts.skipped, "rollbacks": counts.rollbacks}
        values = {name: float(value) for name, value in metrics.items()}
        for logger in self.loggers:
            logger.log_metrics({k: v for k, v in values.items() if math.isfinite(v)}, step=steps_done)

    def _mean(self, value: Tensor) -> Tensor:
        """Return the mean over the processes; all of them must ask."""
        local = value.detach()
        if self.ranks == 1:
            return local
        return self.trainer.strategy.reduce(local.clone(), reduce_op="mean")

    def _sum_over_ranks(self, flag: Tensor) -> Tensor:
        return self.trainer.strategy.reduce(flag, reduce_op="sum")
