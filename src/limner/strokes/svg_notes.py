"""``Passed``: what was passed over in an SVG document, counted by kind."""

from __future__ import annotations

from collections import Counter


class Passed(Counter[str]):
    """How often something of a kind was passed over; a kind is a noun, such as ``texts``."""

    def add(self, kind: str, n: int = 1) -> None:
        """Count ``n`` more of a kind."""
        if n:
            self[kind] += n
