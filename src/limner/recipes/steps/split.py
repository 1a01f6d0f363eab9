"""The step that assigns drawings to train, valid and test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from limner.corpus.few import SHARE
from limner.corpus.split import AT_MOST, share_out, split_sizes
from limner.recipes.stable_hash import mix
from limner.recipes.steps.base import Verdict, WholeStep, check_at_least, check_share

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from limner.recipes.columns import Columns


@dataclass(frozen=True)
class SplitStep(WholeStep):
    """Assign drawings to splits at random, page by page: those of one page are all in the same split."""

    name = "split"

    valid: float = SHARE
    """Share of the pages that go to valid, from 0 to 1; at least one, where there are three."""
    test: float = SHARE
    """The same for test."""
    at_most: int = AT_MOST
    """Pages for valid and for test each; 0 for any number."""
    at_least: int = 0
    """Drawings below which none is set aside."""
    keep_given: bool = True
    """Whether drawings whose file names their split stay in it."""

    def __post_init__(self) -> None:
        check_share(valid=self.valid, test=self.test)
        check_at_least(0, at_most=self.at_most, at_least=self.at_least)
        if self.valid + self.test >= 1:
            raise ValueError("valid and test leave nothing for train")

    def choose(self, columns: Columns, left: NDArray[np.bool_], seed: int, index: int) -> Verdict:
        """Assign splits."""
        given = columns.split if self.keep_given else np.full_like(columns.split, -1)
        splits = given.copy()
        pages = np.unique(columns.page[left])
        order = np.argsort(mix(pages, seed, index), kind="stable")
        enough = (given[left] < 0).sum() >= self.at_least
        sizes = self._sizes if enough else lambda n: {"train": n}
        splits[left] = share_out(columns.page[left], given[left], pages[order], sizes)
        return Verdict(splits=splits)

    def _sizes(self, n: int) -> dict[str, int]:
        return split_sizes(n, valid=self.valid, test=self.test, at_most=self.at_most or None)
