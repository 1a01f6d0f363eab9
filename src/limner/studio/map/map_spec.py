"""``MapSpec``: what a map shows and how it is laid out, as passed to the process that makes it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Literal

FORMAT = 1
"""Version of a map's files; part of its id, so that a map of another version is made again."""


@dataclass(frozen=True)
class MapSpec:
    """The specification of a map.

    Parameters
    ----------
    title : str
        Name of the corpus.
    corpus : str
        Argument of :func:`limner.corpus.load.load_corpus`.
    by : {"shape", "latent"}
        Features by which drawings are compared.
    model : str, optional
        Argument of :func:`limner.sampling.model.load_model`.
    sampled : bool
        Whether the corpus consists of samples of the model, which are drawn unless the file exists.
    n : int
        Maximum number of drawings.
    temperature : float
        Of samples.
    seed : int
    age : int
        Sum of the modification times of corpus and model in nanoseconds; part of the id, so that the map is
        made again when they change.
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
        """Hash of the specification."""
        return sha256(f"{FORMAT} {self.to_json()}".encode()).hexdigest()[:16]

    @property
    def features(self) -> str:
        """Name of the embedder; see :func:`limner.interchange.embedders.find_embedder`."""
        return f"model:{self.model}" if self.by == "latent" else "shape"

    def to_json(self) -> str:
        """Return the specification as one line of JSON."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> MapSpec:
        """Return the specification that :meth:`to_json` wrote."""
        return cls(**json.loads(text))
