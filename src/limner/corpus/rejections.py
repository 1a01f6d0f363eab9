"""What becomes of a bad drawing in an otherwise sound file: it is refused, or left out and recorded."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from limner.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Rejected:
    """A drawing that was left out.

    Parameters
    ----------
    source : str
        ``file#key_id`` or ``file#index``.
    reason : str
        What is wrong with it, as a clause: "an offset is not a finite number".
    """

    source: str
    reason: str


class Rejections:
    """Refuses the first bad drawing, or leaves bad drawings out and records them.

    Parameters
    ----------
    strict : bool
        Whether a bad drawing is refused. Drawings without points are left out either way.
    spares_files : bool
        Whether a file of a single drawing that cannot be read is left out even so.
    """

    def __init__(self, *, strict: bool, spares_files: bool = False) -> None:
        self.strict, self.spares_files, self.prefix = strict, spares_files, ""
        self.rejected: list[Rejected] = []
        self.failed: list[Rejected] = []
        """Files that cannot be read, if they are spared."""

    def reject(self, source: str, reason: str, place: str) -> None:
        """Record a bad drawing.

        Parameters
        ----------
        source, reason : str
            As in :class:`Rejected`.
        place : str
            Where it stands, for a sentence: "cat.ndjson, line 3".

        Raises
        ------
        DataError
            If bad drawings are refused.
        """
        if self.strict:
            raise DataError(
                f"{place}: {reason}. Mend or remove this drawing, or let limner build leave it out."
            )
        self.omit(source, reason)

    def reject_file(self, source: str, error: DataError) -> None:
        """Record a file of a single drawing that cannot be read.

        Raises
        ------
        DataError
            ``error``, if bad drawings are refused and files are not spared.
        """
        if self.spares_files:
            self.failed.append(Rejected(source, str(error)))
        elif self.strict:
            raise error
        else:
            self.omit(source, str(error))

    def omit(self, source: str, reason: str) -> None:
        """Record a drawing that is left out even if bad ones are refused."""
        self.rejected.append(Rejected(self.prefix + source, reason))

    @contextmanager
    def prefixed(self, prefix: str) -> Iterator[None]:
        """Put a folder, ``sb44/``, before the sources of what is read within the block."""
        before, self.prefix = self.prefix, self.prefix + prefix
        try:
            yield
        finally:
            self.prefix = before
