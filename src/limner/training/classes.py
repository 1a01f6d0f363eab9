"""Classes in training: how many a network is told or learns to tell apart, and how well it does.

Letters: ``B`` batch, ``C`` classes.
"""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from limner.errors import LimnerError
from limner.models.build import network_class
from limner.training.config import RunConfig
from limner.training.data import TrainingData


def with_classes(config: RunConfig, data: TrainingData) -> RunConfig:
    """Give a network as many classes as the corpus has, to be told or to tell apart.

    A sketchformer learns to tell them apart wherever every drawing to learn from has one.

    Raises
    ------
    LimnerError
        If the network shall be told classes and some drawings have none, or has room for classes and shall be
        told none.
    """
    count, model = len(data.classes), config.model
    if model.classes and not config.train.by_class:
        raise LimnerError(
            f"The network is told {model.classes} classes apart, and the training tells it none; leave "
            "--model.classes alone, and train with --train.by-class True to have as many as the corpus."
        )
    if config.train.by_class:
        _check_told(data)
        model = replace(model, classes=count)
    learns = config.train.class_weight > 0 and bool((data.train.labels >= 0).all())
    model = network_class(model.kind).fit_config(model, count if learns else 0)
    return replace(config, model=model)


def class_sums(logits: Tensor | None, labels: Tensor | None, like: Tensor) -> Tensor:
    """Add up how well classes are told apart.

    Parameters
    ----------
    logits : Tensor of shape ``(B, C)``, optional
    labels : int64 Tensor of shape ``(B,)``, optional
        From 0; one that is no number of a class does not count.
    like : Tensor
        Whose device to use.

    Returns
    -------
    Tensor of shape ``(3,)``
        Drawings that count, their cross-entropy in nats, and how many are recognised.
    """
    if logits is None or labels is None:
        return torch.zeros(3, device=like.device)
    logits = logits.float()
    known = (labels >= 0) & (labels < logits.shape[1])
    logits, labels = logits[known], labels[known]
    right = logits.argmax(-1) == labels
    return torch.stack([known.sum().float(), cross_entropy(logits, labels, reduction="sum"), right.sum()])


def class_means(sums: Tensor) -> dict[str, Tensor]:
    """Give ``L_class`` and ``class_accuracy`` of such sums; nothing where no drawing counts."""
    return {"L_class": sums[1] / sums[0], "class_accuracy": sums[2] / sums[0]} if sums[0] else {}


def _check_told(data: TrainingData) -> None:
    for name, split in {"train": data.train, "valid": data.valid}.items():
        if bad := int((split.labels < 0).sum()):
            raise LimnerError(
                f"{bad} of {len(split)} drawings of the {name} split have no class; train without "
                "--train.by-class, or leave them out."
            )
