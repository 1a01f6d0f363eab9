"""``Collector``: what becomes of a bad drawing in an otherwise sound file."""

from __future__ import annotations

from dataclasses import dataclass, field

from limner.errors import DataError


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


@dataclass
class Collector:
    """Refuses the first bad drawing, or leaves bad drawings out and remembers them.

    Parameters
    ----------
    strict : bool
        Whether a bad drawing is refused. Drawings without points are left out either way.
    spares_files : bool
        Whether a file with a single drawing that cannot be read is left out even so.
    """

    strict: bool
    spares_files: bool = False
    rejected: list[Rejected] = field(default_factory=list)
    failed: list[Rejected] = field(default_factory=list)
    """Files that cannot be read, if they are spared."""

    def reject(self, source: str, reason: str, place: str) -> None:
        """Take note of a bad drawing.

        Parameters
        ----------
        place : str
            Where it stands, for a sentence: "cat.ndjson, line 3".

        Raises
        ------
        DataError
            If the collector is strict.
        """
        if self.strict:
            raise DataError(
                f"{place}: {reason}. Mend or remove this drawing, or let limner build leave it out."
            )
        self.rejected.append(Rejected(source, reason))

    def reject_file(self, source: str, error: DataError) -> None:
        """Take note of a file with a single drawing that cannot be read.

        Raises
        ------
        DataError
            ``error``, if the collector is strict and does not spare files.
        """
        if self.spares_files:
            self.failed.append(Rejected(source, str(error)))
            return
        if self.strict:
            raise error
        self.rejected.append(Rejected(source, str(error)))

    def omit(self, source: str, reason: str) -> None:
        """Take note of a drawing that is left out even if the collector is strict."""
        self.rejected.append(Rejected(source, reason))

    def tally(self) -> dict[str, int]:
        """Count the drawings left out, by reason, the most frequent first."""
        counts: dict[str, int] = {}
        for one in self.rejected:
            counts[one.reason] = counts.get(one.reason, 0) + 1
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
