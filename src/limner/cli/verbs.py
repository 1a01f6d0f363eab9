"""The table of verbs: what ``limner VERB`` may be, and which function runs it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from limner.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Verb:
    """A verb of the command line.

    Parameters
    ----------
    summary : str
        A few words in the imperative, for ``limner --help``.
    run : str or callable
        Takes the arguments behind the verb and returns an exit status, or None for 0. A name
        ``"module:function"`` is imported only when the verb is run, so that ``limner --help`` stays quick.
    """

    summary: str
    run: str | Callable[[list[str]], int | None]

    def __call__(self, argv: list[str]) -> int:
        """Run the verb and return its exit status."""
        if isinstance(self.run, str):
            module, _, name = self.run.partition(":")
            return int(getattr(import_module(module), name)(argv) or 0)
        return self.run(argv) or 0


_SUMMARIES = {
    "demo": "make toy drawings, learn them and show what was learnt, without any download",
    "data": "list, fetch and inspect corpora",
    "scan": "read pictures of drawings as strokes",
    "build": "make a corpus file out of drawings in any format",
    "curate": "embed, cluster, map and filter drawings, and find their like",
    "learn": "learn a hand from pictures, SVG files or a corpus, in one go",
    "train": "learn to draw from a corpus",
    "evaluate": "measure how well a model knows drawings it has not seen",
    "report": "compare runs: settings, curves, figures, sheets",
    "sample": "draw",
    "reconstruct": "encode drawings and draw them again",
    "complete": "finish a partial drawing in several ways",
    "interpolate": "morph one drawing into another",
    "animate": "watch a drawing being drawn",
    "plot": "lay drawings out on a page for a pen plotter",
    "studio": "draw with a model in the browser",
    "import": "bring in a model of sketch-rnn-js, TensorFlow or PyTorch",
    "export": "take a model to the web, to ONNX, to a hub",
    "models": "list, fetch and describe models by name",
    "experiment": "run a published claim again and say whether it holds",
    "bench": "measure speed on this machine, as ratios",
    "doctor": "say what this machine has, and what is missing for which verb",
    "completion": "let a shell complete verbs, options and names",
}
_MODULES = {"import": "import_"}  # a module cannot bear a word of the language

VERBS: Registry[Verb] = Registry(
    "limner.verbs",
    "verb",
    {
        name: Verb(summary, f"limner.cli.{_MODULES.get(name, name)}:main")
        for name, summary in _SUMMARIES.items()
    },
    lambda entry: isinstance(entry, Verb),
)
"""All verbs, in the order of ``limner --help``."""
