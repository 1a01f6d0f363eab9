"""Small helps for sentences with numbers in them."""

from __future__ import annotations


def counted(n: int, noun: str) -> str:
    """Write a number with its noun: ``1 drawing``, ``2,500 drawings``."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"
