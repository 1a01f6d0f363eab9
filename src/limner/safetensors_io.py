"""Safetensors files with one text, usually JSON, in their header: no code runs when they are read.

Weights, tokenizers, centroids and classifiers, and the encoder of the evaluation protocol are such files.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from limner.errors import DataError
from limner.files import write_bytes

if TYPE_CHECKING:
    from numpy.typing import NDArray


def write_safetensors(path: str | Path, arrays: Mapping[str, NDArray[Any]], *, key: str, header: str) -> None:
    """Write arrays and a header, whole or not at all.

    Parameters
    ----------
    path : str or Path
    arrays : mapping of str to array
        Any type and shape; each is written contiguous, in C order.
    key : str
        Name of the header among the file's metadata, by which the kind of file is known.
    header : str
    """
    import numpy as np
    from safetensors.numpy import save

    contiguous = {name: np.ascontiguousarray(value).reshape(value.shape) for name, value in arrays.items()}
    write_bytes(Path(path), save(contiguous, metadata={key: header}))


def read_safetensors(
    path: str | Path, *, key: str, kind: str, framework: Literal["np", "pt"] = "np"
) -> tuple[dict[str, Any], str | None]:
    """Read all arrays of a file and its header.

    Parameters
    ----------
    path : str or Path
    key : str
        Name of the header among the file's metadata.
    kind : str
        What the file should be, for the error: ``a weights file``.
    framework : {"np", "pt"}
        Whether arrays are numpy's or torch's.

    Returns
    -------
    arrays : dict of str to array or Tensor
    header : str or None
        None if the file has no such header.

    Raises
    ------
    DataError
        If the file is missing or damaged.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with _name_in_utf8(Path(path)) as name, safe_open(name, framework=framework) as file:
            header = (file.metadata() or {}).get(key)
            arrays = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError, ValueError, TypeError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
        raise DataError(f"{path} cannot be read as {kind}: {reason}.") from error
    return arrays, header


@contextmanager
def _name_in_utf8(path: Path) -> Iterator[Path]:
    """Yield a path that safetensors, which takes no other encoding, can open."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        with tempfile.TemporaryDirectory() as folder:
            link = Path(folder) / "link.safetensors"
            link.symlink_to(path.resolve())
            yield link
    else:
        yield path
