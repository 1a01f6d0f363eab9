"""The catalogue of published models, which ``limner models get`` fetches and converts by name.

``magenta/cat`` is a decoder of sketch-rnn-js and ``magenta/cat-vae`` its variational autoencoder;
``sketch-rnn/owl/lstm`` is a checkpoint in the original's archive.
"""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path

from limner.corpus.catalogue import CatalogueEntry
from limner.errors import LimnerError

_DECODERS = "https://storage.googleapis.com/quickdraw-models/sketchRNN/models"
_AUTOENCODERS = "https://storage.googleapis.com/quickdraw-models/sketchRNN/large_models"
_ARCHIVE = "http://download.magenta.tensorflow.org/models/sketch_rnn.zip"
DECODER_ONLY = ("everything",)
"""Published without a variational autoencoder."""
CHECKPOINTS = {
    "aaron_sheep/lstm": "sheep of The Sheep Market",
    "aaron_sheep/lstm_uncond": "sheep of The Sheep Market; a decoder alone",
    "aaron_sheep/layer_norm": "sheep of The Sheep Market",
    "aaron_sheep/layer_norm_uncond": "sheep of The Sheep Market; a decoder alone",
    "catbus/lstm": "cats and buses",
    "elephantpig/lstm": "elephants and pigs",
    "flamingo/lstm_uncond": "flamingos; a decoder alone",
    "owl/lstm": "owls",
}
"""Folders of the original's archive, and what they draw."""
_LICENCE = "Apache-2.0 (data: Quick, Draw!, CC BY 4.0)"
_SHEEP_LICENCE = "Apache-2.0 (data: The Sheep Market, CC BY-NC 4.0)"
_CREDIT = "Google Magenta; drawings of Quick, Draw! by Google"
_SHEEP_CREDIT = "Google Magenta; The Sheep Market, (c) 2006 Aaron Koblin"


@cache
def published_models() -> dict[str, CatalogueEntry]:
    """Return all entries by name."""
    entries = [*_of_sketch_rnn_js(), *map(_checkpoint, CHECKPOINTS)]
    return {entry.name: entry for entry in entries}


def find_published(name: str) -> CatalogueEntry:
    """Return the entry of a name.

    Raises
    ------
    LimnerError
        If there is none of that name; the message suggests the nearest one.
    """
    if name in published_models():
        return published_models()[name]
    near = nearest_published(name)
    advice = f"did you mean {near}?" if near else "limner models list shows what there is."
    raise LimnerError(f"There is no published model {name!r}; {advice}")


def nearest_published(name: str) -> str | None:
    """Return the published name that is most like a name, with or without its ``magenta/``."""
    plain = name.lower().replace(" ", "_")
    words = {key if "/" in plain else key.removeprefix("magenta/"): key for key in published_models()}
    near = get_close_matches(plain, words, n=1, cutoff=0.75)
    return words[near[0]] if near else None


def fetched_folder() -> Path:
    """Return the folder where fetched models lie once they are converted."""
    from platformdirs import user_cache_path

    return user_cache_path("limner") / "models"


def fetched_path(name: str) -> Path:
    """Return where a published model lies once it is fetched and converted."""
    return fetched_folder() / f"{name}.safetensors"


def find_fetched(name: str) -> Path | None:
    """Return the weights of a published model, or None if no published model has that name.

    Raises
    ------
    LimnerError
        If there is such a model, but it is not on this machine yet; the message says how to get it.
    """
    if name not in published_models():
        return None
    path = fetched_path(name)
    if not path.is_file():
        raise LimnerError(
            f"The model {name} is published, but not here yet; limner models get {name} fetches it."
        )
    return path


def _of_sketch_rnn_js() -> list[CatalogueEntry]:
    """Return the entries of the models of sketch-rnn-js: every decoder, then every autoencoder.

    A line of the table is a name, and the size and sha256 of the decoder's file where they are known.
    """
    text = files("limner.models").joinpath("published_decoders.txt").read_text(encoding="utf-8")
    rows = [line.split() for line in text.splitlines()]
    decoders = [_decoder(name, *known) for name, *known in rows]
    return decoders + [_autoencoder(name) for name, *_ in rows if name not in DECODER_ONLY]


def _decoder(name: str, size: str = "", sha256: str = "") -> CatalogueEntry:
    return CatalogueEntry(
        name=f"magenta/{name}",
        url=f"{_DECODERS}/{name}.gen.json",
        file=f"sketch-rnn-js/{name}.gen.json",
        licence=_LICENCE,
        credit=_CREDIT,
        about="a decoder of sketch-rnn-js",
        sha256=sha256 or None,
        size=int(size) if size else None,
        noun="model",
    )


def _autoencoder(name: str) -> CatalogueEntry:
    return CatalogueEntry(
        name=f"magenta/{name}-vae",
        url=f"{_AUTOENCODERS}/{name}.vae.json",
        file=f"sketch-rnn-js/{name}.vae.json",
        licence=_LICENCE,
        credit=_CREDIT,
        about="a variational autoencoder of sketch-rnn-js",
        noun="model",
    )


def _checkpoint(folder: str) -> CatalogueEntry:
    is_sheep = folder.startswith("aaron_sheep")
    return CatalogueEntry(
        name=f"sketch-rnn/{folder}",
        url=_ARCHIVE,
        file="sketch-rnn/sketch_rnn.zip",
        licence=_SHEEP_LICENCE if is_sheep else _LICENCE,
        credit=_SHEEP_CREDIT if is_sheep else _CREDIT,
        about=f"the original's checkpoint of {CHECKPOINTS[folder]}",
        noun="model",
    )
