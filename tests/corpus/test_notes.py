"""Notes of several files become one."""

from __future__ import annotations

from limner.corpus.notes import joined_notes, losses


def test_counts_are_added_up() -> None:
    first = (
        "A.",
        "Passed over in SVG: texts (1,200 in 1 file).",
        "Passed over in SVG: scripts (1 in 1 file).",
    )
    second = ("Passed over in SVG: texts (3 in 2 files).", "A.", "B.")
    joined = joined_notes(first, second)
    assert joined == (
        "A.",
        "Passed over in SVG: texts (1,203 in 3 files).",
        "Passed over in SVG: scripts (1 in 1 file).",
        "B.",
    )
    assert joined_notes(joined) == joined
    assert losses(joined) == list(joined[1:3])
