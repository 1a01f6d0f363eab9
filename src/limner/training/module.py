"""The training step and the validation, as Lightning runs them.

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
from limner.models.protocol import Prediction, SketchModel
from limner.models.renamed_weights import with_current_names
from limner.training.average import begin_average, update_average
from limner.training.best import ByHeart
from limner.training.checkpoint import GUARD_KEY, HEART_KEY, KEPT_KEY, SUMS
from limner.training.classes import class_means, class_sums
from limner.training.clock import Clock
from limner.training.config import TrainConfig
from limner.training.guard import Guard, Tally
from limner.training.losses import (
    PenLoss,
    Terms,
    cost_terms,
    floored_kl,
    kl_loss,
    likelihood_terms,
    nll_per_point,
    reconstruction_loss,
)
from limner.training.pen_metrics import lift_counts, lift_recall
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
    say : callable, optional
        Is told in a sentence when the guard goes back.
    ranks : int
        Processes that train together.
    held_out : bool
        Whether what it validates on was set aside; else its figures are told to nobody.
    clock : Clock, optional
        To whose time learning rate and weight of L_KL are fitted.
    """

    def __init__(
        self, network: SketchModel, config: TrainConfig, *, n_max: int, seed: int,
        say: Callable[[str], None] = lambda _: None, ranks: int = 1, held_out: bool = True,
        clock: Clock | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.network = network
        self.average = begin_average(network) if config.ema_decay is not None else None
        self.config = config
        self.n_max = n_max
        self.seed = seed
        self.ranks, self.held_out, self.say = ranks, held_out, say
        self.clock = clock or Clock()
        self.by_heart = ByHeart()
        self.optimizer = torch.optim.Adam(network.parameters(), lr=config.learning_rate, eps=1e-8, fused=True)
        self.guard = Guard(self, self.optimizer, config, say=say, on_all_ranks=self._on_all_ranks)
        self.pen_loss = PenLoss(config.focal_gamma, 1.0, config.lift_weight, config.end_weight)
        self._loss = torch.tensor(math.nan)  # of the last training step
        self._sums: dict[str, Tensor] = {}
        self._kept: dict[str, Any] | None = None  # of the checkpoint that the training goes on from
        self._learnt = torch.zeros(2)
        """Sum and number of L_R of the steps since the last validation."""

    @property
    def result(self) -> SketchModel:
        """What is validated, drawn with and kept: the averaged network if there is one."""
        return self.network if self.average is None else self.average

    @property
    def learning_rate(self) -> float:
        """Step size: a function of the step, times what the guard makes of it."""
        return learning_rate_at(self.global_step, self.config, self.clock.share) * self.guard.tally.rate

    @property
    def kl_weight(self) -> float:
        """Weight of L_KL at this step."""
        return kl_weight_at(self.global_step, self.config, self.clock.share)

    def training_step(self, batch: Batch, _index: int) -> Tensor:
        """Give L_R + w * max(L_KL, floor) of a batch (Ha and Eck 2017, equation 12 with annealing).

        A network that tells classes apart adds its cross-entropy; one whose z is certain has no L_KL.
        """
        lower = torch.autocast(self.device.type, torch.bfloat16, enabled=self.config.precision == "bf16")
        with self._seeded(), lower:
            prediction = self.network(batch, self._noise(len(batch)))
        recon = reconstruction_loss(self._terms(prediction, batch), self.config.convention, self.n_max)
        kl = kl_loss(prediction.latent, recon)
        weight = self.kl_weight
        sums = class_sums(prediction.classes, batch.labels, recon)
        loss = recon + self.config.class_weight * sums[1] / sums[0].clamp(min=1)
        if prediction.latent is not None and prediction.latent.presig is not None:
            loss = loss + weight * floored_kl(kl, self.config.kl_floor, self._mean(kl))
        if (self.global_step + 1) % self.config.log_every == 0:
            classes = {f"train_{name}": value for name, value in class_means(sums).items()}
            self._log_step({"train_L_R": recon, "train_L_KL": kl, **classes, "train_cost": loss}, weight)
        self._loss = loss.detach()
        self._learnt = self._learnt.to(recon.device) + torch.stack([recon.detach(), torch.ones_like(recon)])
        return loss

    def on_train_start(self) -> None:
        """Start the clock; take the beginning for a good state, unless the checkpoint names another."""
        self.clock.start()
        self.guard.keep(self.global_step)
        if self._kept is not None:
            self.guard.load_kept(self._kept)

    def on_train_batch_start(self, batch: Batch, _index: int) -> None:
        """Settle the last step and set Adam's step size."""
        self.guard.settle(self.global_step)
        for group in self.optimizer.param_groups:
            group["lr"] = self.learning_rate

    def on_before_optimizer_step(self, optimizer: torch.optim.Optimizer) -> None:
        """Let the guard see loss and gradient."""
        self.guard.judge(self._loss)

    def on_train_batch_end(self, outputs: Any, batch: Batch, _index: int) -> None:
        """Let the average follow the weights."""
        if self.average is not None and self.config.ema_decay is not None:
            update_average(self.average, self.network, self.config.ema_decay, self.global_step)

    def on_validation_start(self) -> None:
        """Settle the last step."""
        self.guard.settle(self.global_step)

    def on_validation_epoch_start(self) -> None:
        """Begin the sums anew."""
        self._sums = {}

    def validation_step(self, batch: Batch, _index: int) -> None:
        """Add up likelihood and divergence with z = mu."""
        prediction = self.result(batch)
        terms = likelihood_terms(prediction.mixture, batch, density_floor=self.config.density_floor)
        found = {
            "drawings": terms.pen.new_tensor(float(len(batch))),
            "L_R": terms.total(self.config.convention).sum() / self.n_max,
            "L_R_magenta_eval": terms.total("magenta-eval").sum() / self.n_max,
            "L_KL": kl_loss(prediction.latent, terms.pen) * len(batch),
            "nll_per_point": nll_per_point(prediction.mixture, batch).sum(),
            "lift_counts": lift_counts(prediction.mixture, batch),
            "classes": class_sums(prediction.classes, batch.labels, terms.pen),
        }
        for name, value in found.items():
            self._sums[name] = self._sums.get(name, torch.zeros_like(value)) + value

    def on_validation_epoch_end(self) -> None:
        """Log the means, and ``valid_cost``: L_R and the others by their final weights."""
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
            self._watch(float(means["valid_nll_per_point"]))
            heart = float(self.by_heart.since >= 0)
            self._write({**means, "valid_cost": cost, "by_heart": heart}, self.global_step)

    def _watch(self, nll: float) -> None:
        """Say when the drawings begin to be learnt by heart; validations out of turn do not count."""
        if self.global_step % self.config.validate_every:
            return
        total, count = self._mean(self._learnt).tolist()
        self._learnt.zero_()
        if self.by_heart.validated(nll, total / max(count, 1.0), self.global_step):
            self.say(self.by_heart.sentence(self.global_step, nll))

    def configure_optimizers(self) -> torch.optim.Adam:
        """Give Adam; :meth:`on_train_batch_start` sets its step size."""
        return self.optimizer

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Remember what the guard and the watch over learning by heart have counted, and the good state."""
        checkpoint[GUARD_KEY] = asdict(self.guard.tally)
        checkpoint[KEPT_KEY] = self.guard.dump_kept(self.global_step)
        checkpoint[HEART_KEY] = {**asdict(self.by_heart), SUMS: self._learnt.cpu()}

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Take up the guard's counts; an average that is new begins with the weights of the checkpoint."""
        self.guard.tally = Tally(**checkpoint[GUARD_KEY])
        names_here = set(self.state_dict())
        self._kept = kept = checkpoint[KEPT_KEY]
        if kept is not None:
            self._kept = kept | {"weights": with_current_names(kept["weights"], names_here)}
        heart = dict(checkpoint[HEART_KEY])
        self._learnt = heart.pop(SUMS)
        self.by_heart = ByHeart(**heart)
        weights = with_current_names(checkpoint["state_dict"], names_here)
        names = {f"average.{name}": f"network.{name}" for name in self.network.state_dict()}
        if self.average is None:
            checkpoint["state_dict"] = {name: weights[name] for name in names.values()}
        else:
            checkpoint["state_dict"] = {new: weights[old] for new, old in names.items()} | weights

    def transfer_batch_to_device(self, batch: Batch, device: torch.device, _index: int) -> Batch:
        """Move a batch (Lightning knows only its own kinds)."""
        return batch.to(device)

    def _terms(self, prediction: Prediction, batch: Batch) -> Terms:
        """Give what a batch costs, row by row."""
        if prediction.costs is not None:
            return cost_terms(prediction.costs, batch)
        return likelihood_terms(
            prediction.mixture, batch, density_floor=self.config.density_floor, pen_loss=self.pen_loss
        )

    def _noise(self, batch_size: int) -> Tensor | None:
        """Draw the latent noise of this step, ``(B, Z)``; the same on a resumed run.

        Each of several processes takes its rows of the whole batch's noise, as it does of the drawings.
        """
        if not self.network.conditional:
            return None
        shape = (self.ranks * batch_size, self.network.config.latent_size)
        noise = self._chance(2, 0).standard_normal(shape, dtype=np.float32)
        return torch.from_numpy(noise[self.global_rank :: self.ranks].copy()).to(self.device)

    @contextmanager
    def _seeded(self) -> Iterator[None]:
        """Make dropout a function of the step too, and leave torch's global chance as it was."""
        with torch.random.fork_rng([self.device] if self.device.type == "cuda" else []):
            seed = int(self._chance(3, self.global_rank).integers(2**63))
            torch.default_generator.manual_seed(seed)  # torch.manual_seed goes round all kinds of devices
            if self.device.type == "cuda":
                torch.cuda.manual_seed(seed)
            yield

    def _chance(self, purpose: int, rank: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, rank, purpose, self.global_step])

    def _log_step(self, losses: dict[str, Tensor], kl_weight: float) -> None:
        losses = {name: self._mean(value) for name, value in losses.items()}
        rates = {"kl_weight": kl_weight, "learning_rate": self.learning_rate}
        self._write({**losses, **rates}, self.global_step + 1)
        self.log("L_R", losses["train_L_R"], prog_bar=True, logger=False)

    def _write(self, figures: dict[str, Any], steps_done: int) -> None:
        """Tell the loggers at once; Lightning's own count of steps slips on a resumed run."""
        tally = self.guard.tally
        counts = {"skipped_steps": tally.skipped, "rollbacks": tally.rollbacks}
        found = {name: float(value) for name, value in (figures | counts).items()}
        for logger in self.loggers:
            logger.log_metrics({k: v for k, v in found.items() if math.isfinite(v)}, step=steps_done)

    def _mean(self, value: Tensor) -> Tensor:
        """Give the mean over the processes; all of them must ask."""
        alone = value.detach()
        if self.ranks == 1:
            return alone
        found: Tensor = self.trainer.strategy.reduce(alone.clone(), reduce_op="mean")
        return found

    def _on_all_ranks(self, flag: Tensor) -> Tensor:
        found: Tensor = self.trainer.strategy.reduce(flag, reduce_op="sum")
        return found
