from __future__ import annotations

from hashlib import blake2b

import numpy as np

from limner.corpus.packed_strings import PackedStrings
from limner.recipes.stable_hash import evenly, hashes, mixed


def test_names_have_the_same_numbers_on_every_machine() -> None:
    digests = [blake2b(name.encode(), digest_size=8).digest() for name in ("cat.ndjson#1", "é")]
    expected = [int.from_bytes(digest, "little") for digest in digests]
    assert hashes(["cat.ndjson#1", "é"]).tolist() == expected
    assert hashes(PackedStrings.of(["é"])).tolist() == hashes(["é"]).tolist()
    assert hashes([]).tolist() == []


def test_chance_is_even_and_salts_are_independent() -> None:
    keys = hashes([f"f#{i}" for i in range(20_000)])
    one, two = (evenly(mixed(keys, 0, salt)) for salt in (1, 2))
    assert abs(one.mean() - 0.5) < 0.01
    assert abs(one.std() - 12**-0.5) < 0.01
    assert (one >= 0).all()
    assert (one < 1).all()
    assert abs(np.corrcoef(one, two)[0, 1]) < 0.03


def test_every_salt_counts() -> None:
    key = hashes(["a"])
    found = [int(mixed(key, *salts)[0]) for salts in ((), (0,), (1,), (0, 1), (1, 0), (2**63, 1))]
    assert len(set(found)) == 5  # no salt is the salt 0
