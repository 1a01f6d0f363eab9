"""``Passed``: what was passed over in an SVG document, counted by kind, and the sentences that say so."""

from __future__ import annotations

from collections import Counter


class Passed(Counter[str]):
    """How often something of a kind was passed over; a kind is a noun, such as ``texts``."""

    def add(self, kind: str, n: int = 1) -> None:
        """Count ``n`` more of a kind."""
        if n:
            self[kind] += n

    def sentences(self) -> tuple[str, ...]:
        """Return one sentence a kind, in the order in which they were met.

        They end with a count, so that those of several files can be added up; see
        :func:`limner.corpus.notes.joined_notes`.
        """
        return tuple(f"Passed over in SVG: {kind} ({n:,} in 1 file)." for kind, n in self.items())
