"""What looks at drawings for figures of samples."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from limner.corpus.doodles.make import make_doodles
from limner.curation.embedder import Embedder
from limner.errors import LimnerError
from limner.evaluation.protocol.encoder import shipped_encoder
from limner.interchange.feature_extractor import EmbeddingLooker, find_looker

DRAWINGS = make_doodles(5, seed=1)


def test_own() -> None:
    assert find_looker("sketch") is shipped_encoder()


@pytest.mark.parametrize("name", ["shape", "page", "model:doodles"])
def test_embedders(name: str) -> None:
    extractor = find_looker(name)
    found = extractor.features(DRAWINGS)
    assert found.shape[0] == 5
    assert np.isfinite(found).all()
    assert extractor.version.startswith(name)
    assert ("px" in extractor.version) == (name == "page")


def test_weights_are_part_of_the_version(tmp_path: Path) -> None:
    versions = set()
    for content in (b"a", b"b"):
        (tmp_path / "w").write_bytes(content)
        embedder = Embedder("net", "drawings", lambda some: np.zeros((len(some), 2), np.float32))
        versions.add(EmbeddingLooker(embedder, tmp_path / "w").version)
    assert len(versions) == 2


def test_unknown() -> None:
    with pytest.raises(LimnerError, match="no features 'sketches'"):
        find_looker("sketches")
