"""``ModelFormat``: a file format of models, with its reader and writer; and the table of all formats."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from limner.registry import Registry

if TYPE_CHECKING:
    from limner.interchange.foreign_model import ForeignModel
    from limner.sampling.model import Model


@dataclass(frozen=True)
class ExportReport:
    """What an export wrote."""

    files: tuple[Path, ...]
    """All files, or the folder."""
    notes: tuple[str, ...] = ()
    """What a user should know, as sentences."""
    figures: dict[str, Any] = field(default_factory=dict)
    """What was measured, as JSON holds it."""


@dataclass(frozen=True)
class ImportOptions:
    """What a user says of a model that its file may not say."""

    scale_factor: float | None = None
    """Units of drawings in one model unit."""
    n_max: int | None = None
    """Points of the longest drawing."""


@dataclass(frozen=True)
class ModelFormat:
    """A format of models.

    Parameters
    ----------
    name : str
        On the command line: ``limner export --to NAME``.
    description : str
        One line for lists.
    suffixes : tuple of str
        Of the files that ``read`` takes, such as ``(".json", ".js")``; empty if it takes none.
    recognizes : callable, optional
        Takes a path, and returns whether it is of this format. By default files of the suffixes are.
    read : callable, optional
        Takes a path and :class:`ImportOptions` and returns a ``ForeignModel``; raises ``DataError``. None if
        the format cannot be read.
    write : callable, optional
        Takes a ``Model`` and a path and returns an :class:`ExportReport`; raises ``LimnerError`` if the
        format cannot hold the model. None if the format cannot be written.
    """

    name: str
    description: str
    suffixes: tuple[str, ...] = ()
    recognizes: Callable[[Path], bool] | None = None
    read: Callable[[Path, ImportOptions], ForeignModel] | None = None
    write: Callable[[Model, Path], ExportReport] | None = None

    def takes(self, path: Path) -> bool:
        """Return whether a path can be read as this format."""
        if self.read is None:
            return False
        if self.recognizes is not None:
            return self.recognizes(path)
        return path.suffix.lower() in self.suffixes and path.is_file()


MODEL_FORMATS: Registry[ModelFormat] = Registry(
    "limner.model_formats",
    "model format",
    {
        "sketch-rnn-js": "limner.interchange.sketch_rnn_js:FORMAT",
        "state-dict": "limner.interchange.state_dict:FORMAT",
        "tensorflow": "limner.interchange.sketch_rnn:FORMAT",
        "onnx": "limner.interchange.onnx_export:FORMAT",
        "hub-folder": "limner.interchange.hub_folder:FORMAT",
        "web": "limner.interchange.web_page:FORMAT",
    },
    lambda entry: isinstance(entry, ModelFormat),
)
"""All model formats by name; other packages add theirs by entry points of the group
``limner.model_formats``."""


def with_suffix(out: Path, suffix: str) -> Path:
    """Return ``out`` if it ends in a suffix, else the path of ``model`` with the suffix in that folder."""
    return out if out.suffix.lower() == suffix else out / f"model{suffix}"
