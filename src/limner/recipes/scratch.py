"""A temporary folder for a build."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from limner.files import explained, make_folder, remove_empty

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def scratch_beside(path: Path) -> Iterator[Path]:
    """Yield an empty folder on the disk of ``path``; it is removed when the block ends.

    Raises
    ------
    LimnerError
        If no folder can be made there.
    """
    with explained(path):
        made = make_folder(path.parent)
        folder = tempfile.TemporaryDirectory(prefix=f".{path.stem[:40]}.", dir=path.parent)
    try:
        with folder:
            yield Path(folder.name)
    finally:
        remove_empty(made)
