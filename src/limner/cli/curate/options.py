"""Options that the verbs of ``limner curate`` share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

from limner.cli.arguments import Flag, refuse
from limner.cli.console import progress_bar, say_aside

if TYPE_CHECKING:
    from limner.curation.embedder import Embedder
    from limner.curation.features import Features
    from limner.curation.items import Items
    from limner.curation.resolve_features import Reference

File = Annotated[Path | None, tyro.conf.arg(metavar="FILE", help_behavior_hint="")]
"""A file that may be left out."""


@dataclass(frozen=True)
class FeatureChoice:
    """What the likeness of drawings is judged by."""

    features: Annotated[str | None, tyro.conf.arg(metavar="NAME", help_behavior_hint="")] = None
    """shape (for drawings unless given), page (for pictures), model:RUN, torchvision:resnet34, timm:NAME,
    open_clip:NAME, or a .parquet file of limner curate embed."""
    weights: File = None
    """Of a network of torchvision, timm or open_clip: .safetensors, .pt or .pth."""
    hub: Flag = False
    """Let the package of such a network fetch its weights."""


FeatureOptions = Annotated[FeatureChoice, tyro.conf.arg(name=""), tyro.conf.FlagCreatePairsOff]
"""``--features``, ``--weights`` and ``--hub``."""


def open_corpus(verb: str, names: tuple[str, ...]) -> Items:
    """Open the corpus or the pictures of a verb."""
    if not names:
        refuse(verb, "CORPUS is missing")
    from limner.curation.items import open_items

    items = open_items(names)
    for note in losses_of(items):
        say_aside(f"note: {note}")
    return items


def noted(items: Items) -> dict[str, list[str]]:
    """Return what was left out of the items, under ``notes`` for a JSON object; nothing if all is there."""
    notes = losses_of(items)
    return {"notes": notes} if notes else {}


def losses_of(items: Items) -> list[str]:
    """Return what was left out when the items were read, as sentences."""
    from limner.corpus.reading import losses
    from limner.curation.items import DrawingItems

    return losses(items.corpus.notes) if isinstance(items, DrawingItems) else []


def get_features(items: Items, choice: FeatureChoice, seed: int, like: Reference | None = None) -> Features:
    """Get the features of the items, with a bar."""
    from limner.curation.resolve_features import resolve_features

    with progress_bar("Looking") as progress:
        return resolve_features(
            items,
            choice.features,
            lambda name: find(name, choice),
            reference=like,
            seed=seed,
            progress=progress,
        )


def find(name: str, choice: FeatureChoice) -> Embedder:
    """Find an embedder by its name; torch is loaded only for networks."""
    from limner.curation.embedder import OWN

    if name in OWN:
        return OWN[name]()
    from limner.interchange.embedders import find_embedder

    return find_embedder(name, choice.weights, hub=choice.hub)
