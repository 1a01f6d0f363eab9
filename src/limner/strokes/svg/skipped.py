"""``Skipped``: counts of what a reader of SVG left out, by kind."""

from __future__ import annotations

from collections import Counter


class Skipped(Counter[str]):
    """Number of things that were left out, by kind; a kind is a plural noun, such as ``texts``."""

    def add(self, kind: str, n: int = 1) -> None:
        """Count ``n`` more of a kind."""
        if n:
            self[kind] += n
