"""Export models to the formats of other programs."""

from __future__ import annotations

from pathlib import Path

from limner.errors import LimnerError
from limner.interchange.model_format import MODEL_FORMATS, ExportReport
from limner.models.hub_address import is_hub_address
from limner.sampling.model import Model


def export_model(model: Model, to: str, out: Path) -> ExportReport:
    """Write a model in another program's format.

    Parameters
    ----------
    model : Model
    to : str
        The name of a format in :data:`limner.interchange.model_format.MODEL_FORMATS`.
    out : Path
        A file with the format's suffix, or a folder; ``hf://user/name`` for the format ``hub-folder``.

    Raises
    ------
    LimnerError
        If there is no such format, it cannot be written, or it cannot hold the model.
    """
    if is_hub_address(out):
        return _to_hub(model, to, out)
    write = MODEL_FORMATS[to].write
    if write is None:
        writable = ", ".join(writable_formats())
        raise LimnerError(f"limner reads the model format {to} but does not write it; it writes {writable}.")
    return write(model, out)


def _to_hub(model: Model, to: str, out: Path) -> ExportReport:
    if to != "hub-folder":
        raise LimnerError(f"{out} is at a hub, which takes --to hub-folder; name a file or a folder.")
    from limner.interchange.hub import push_model

    return ExportReport((), (f"it is at {push_model(model, out)}",))


def writable_formats() -> list[str]:
    """Return the names of the formats that models can be exported to."""
    return [name for name, entry in MODEL_FORMATS.items() if entry.write is not None]
