"""limner teaches a machine to draw in somebody's hand.

The road runs from scans, SVG or QuickDraw to strokes, to a corpus, to a trained model, to new drawings.
The names below are the whole public surface; each is imported when it is first asked for,
so that ``import limner`` costs next to nothing.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from limner._version import __version__

_HOMES = {
    "Corpus": "limner.corpus.corpus",
    "Drawing": "limner.strokes.drawing",
    "LimnerError": "limner.errors",
    "Model": "limner.sampling.model",
    "Run": "limner.training.api",
    "SamplingConfig": "limner.sampling.config",
    "animate": "limner.render.animate",
    "apply_recipe": "limner.recipes.apply",
    "build": "limner.recipes.build",
    "evaluate": "limner.evaluation.evaluate",
    "learn": "limner.demo.learn",
    "load_corpus": "limner.corpus.load",
    "load_model": "limner.sampling.model",
    "plot": "limner.plot.plot",
    "scan": "limner.scan.scan",
    "sheet": "limner.render.sheet",
    "train": "limner.training.api",
}
_MODULES = ("curate",)
"""Public modules, imported when they are first asked for."""

__all__ = [
    "Corpus",
    "Drawing",
    "LimnerError",
    "Model",
    "Run",
    "SamplingConfig",
    "__version__",
    "animate",
    "apply_recipe",
    "build",
    "curate",
    "evaluate",
    "learn",
    "load_corpus",
    "load_model",
    "plot",
    "scan",
    "sheet",
    "train",
]

if TYPE_CHECKING:
    from limner import curate
    from limner.corpus.corpus import Corpus
    from limner.corpus.load import load_corpus
    from limner.demo.learn import learn
    from limner.errors import LimnerError
    from limner.evaluation.evaluate import evaluate
    from limner.plot.plot import plot
    from limner.recipes.apply import apply_recipe
    from limner.recipes.build import build
    from limner.render.animate import animate
    from limner.render.sheet import sheet
    from limner.sampling.config import SamplingConfig
    from limner.sampling.model import Model, load_model
    from limner.scan.scan import scan
    from limner.strokes.drawing import Drawing
    from limner.training.api import Run, train


def __getattr__(name: str) -> object:
    """Import a public name from the room it lives in (PEP 562)."""
    if name in _MODULES:
        return import_module(f"limner.{name}")
    if name not in _HOMES:
        raise AttributeError(f"module 'limner' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)


class _Surface(ModuleType):
    """Keeps ``limner.plot`` and ``limner.scan`` the functions: importing the room of the same name would put
    the room in its place.
    """

    @property
    def plot(self) -> object:
        return __getattr__("plot")

    @plot.setter
    def plot(self, room: ModuleType) -> None:
        pass

    @property
    def scan(self) -> object:
        return __getattr__("scan")

    @scan.setter
    def scan(self, room: ModuleType) -> None:
        pass


sys.modules[__name__].__class__ = _Surface
