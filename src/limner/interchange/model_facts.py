"""What is known of models by name: those that ship, those that were fetched, those that are published."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from limner.corpus.catalogue import CatalogueEntry
from limner.models.published import fetched_path, published_models
from limner.models.weights import find_weights, load_weights, shipped_names
from limner.settings import to_dict

SHIPPED = {
    "doodles": ("CC0 1.0", "sixteen kinds of toy doodles; learnt in minutes"),
    "sketches": ("CC BY 4.0", "how people draw 259 things, anything, or one line"),
    "sketches-latent": ("CC BY 4.0", "the same as an autoencoder, for morphs and maps"),
}
"""Licence and content of the models that ship, so that a list need not read their weights."""


def list_models() -> dict[str, dict[str, Any]]:
    """Return short facts by name: where a model is, its licence, what it draws, its file where published."""
    shipped = {
        name: {"is": "shipped", "licence": licence, "about": about}
        for name in shipped_names()
        for licence, about in [SHIPPED.get(name, ("", ""))]
    }
    return shipped | {name: _published_facts(entry) for name, entry in published_models().items()}


def model_facts(name: str) -> dict[str, Any]:
    """Return all facts of a model, as JSON holds them.

    Parameters
    ----------
    name : str
        What :func:`limner.load_model` takes, or the name of a published model that is not on this machine.

    Raises
    ------
    LimnerError
        If there is no such model, or its file is damaged.
    """
    entry = published_models().get(name)
    published = {} if entry is None else _published_facts(entry)
    if entry is not None and not fetched_path(name).is_file():
        return {"name": name, **published, "get": f"limner models get {name}"}
    return {"name": name, **published, **_weights_facts(find_weights(name))}


def _published_facts(entry: CatalogueEntry) -> dict[str, Any]:
    return {
        "is": "fetched" if fetched_path(entry.name).is_file() else "published",
        "licence": entry.licence,
        "about": entry.about,
        "credit": entry.credit,
        "url": entry.url,
        "sha256": entry.sha256,
        "size": entry.size,
    }


def _weights_facts(path: Path) -> dict[str, Any]:
    network, card = load_weights(path)
    plain = {key: value for key, value in card.training.items() if isinstance(value, (int, float, str))}
    return {
        "file": str(path),
        "bytes": path.stat().st_size,
        "kind": card.config.kind,
        "conditional": card.config.conditional,
        "network": network.summary(card.config),
        "parameters": sum(p.numel() for p in network.parameters()),
        "classes": list(card.classes),
        "told_classes": bool(card.config.classes),
        "scale_factor": card.scale_factor,
        "n_max": card.n_max,
        "extent": card.extent,
        "licence": card.licence,
        "sampling": card.sampling,
        "training": plain,
        "config": to_dict(card.config),
    }
