"""What a map is made of, as the process that makes it is told."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

from limner.errors import LimnerError
from limner.studio.context import House
from limner.studio.corpora import FOLDER as CORPORA
from limner.studio.map.shapes import MOST_SAMPLES, Layout
from limner.studio.runs.plan import corpora_of

FORMAT = 1
"""Of the folder of a map; another one is made anew."""


@dataclass(frozen=True)
class Order:
    """What shall be laid out.

    Parameters
    ----------
    title : str
        The corpus's name.
    corpus : str
        What :func:`limner.corpus.load.load_corpus` takes.
    by : {"shape", "latent"}
    model : str, optional
        What :func:`limner.sampling.model.load_model` takes.
    sampled : bool
        Whether the corpus is drawn by the model first, unless that was done before.
    n : int
    temperature : float
        Of samples.
    seed : int
    age : int
        When the corpus and the model were last changed, in nanoseconds, so that a map does not outlive them.
    """

    title: str
    corpus: str
    by: Literal["shape", "latent"]
    model: str | None
    sampled: bool
    n: int
    temperature: float
    seed: int
    age: int = 0

    @property
    def id(self) -> str:
        """A name that is the same for the same order."""
        return sha256(f"{FORMAT} {self.to_json()}".encode()).hexdigest()[:16]

    @property
    def features(self) -> str:
        """The embedder by its name; see :func:`limner.interchange.extractors.find_embedder`."""
        return f"model:{self.model}" if self.by == "latent" else "shape"

    def to_json(self) -> str:
        """Write it in a line."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Order:
        """Read what :meth:`to_json` wrote."""
        return cls(**json.loads(text))


def order_for(wanted: Layout, house: House) -> Order:
    """Find what a page asks for.

    Raises
    ------
    LimnerError
        If there is no such corpus or model, or the model cannot do what is asked.
    """
    if wanted.n > house.limits.map_drawings:
        raise LimnerError(f"A map shows {house.limits.map_drawings:,} drawings at most; ask for fewer.")
    model = _model_for(wanted, house)
    if wanted.corpus is not None:
        corpora = corpora_of(house)
        if wanted.corpus not in corpora:
            raise LimnerError("There is no such corpus here.")
        title, corpus = wanted.corpus, str(corpora[wanted.corpus])
    elif wanted.n > MOST_SAMPLES:
        raise LimnerError(f"{MOST_SAMPLES:,} samples are laid out at most; ask for fewer.")
    else:
        name = f"{_plain(wanted.model or '')}-{wanted.n}-{round(100 * wanted.temperature)}-{wanted.seed}"
        title = f"samples-{name}.parquet"
        corpus = str(house.folders.kept / CORPORA / title)
    age = _age(corpus) * (wanted.corpus is not None) + _age(model or "")
    told = model if wanted.by == "latent" or wanted.corpus is None else None
    return Order(
        title, corpus, wanted.by, told, wanted.corpus is None, wanted.n, wanted.temperature, wanted.seed, age
    )


def _model_for(wanted: Layout, house: House) -> str | None:
    if wanted.model is None:
        return None
    loaded = house.shelf[wanted.model]
    if wanted.by == "latent":
        loaded.model.need_encoder("lay drawings out by their latents")
    if loaded.origin is None:
        raise LimnerError(f"{loaded.id} is in no file, so that no other process can load it.")
    return loaded.origin


def _age(place: str) -> int:
    path = Path(place)
    files = [path, *path.glob("*")] if path.is_dir() else [path]
    return max((file.stat().st_mtime_ns for file in files if file.exists()), default=0)


def _plain(name: str) -> str:
    kept = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name)
    return kept.strip("-")[:32] or "model"
