from __future__ import annotations

from hashlib import blake2b

import numpy as np

from limner.corpus.names import Names
from limner.recipes.stable_hash import hash_names, mix, to_unit_interval


def test_names_have_the_same_numbers_on_every_machine() -> None:
    digests = [blake2b(name.encode(), digest_size=8).digest() for name in ("cat.ndjson#1", "é")]
    expected = [int.from_bytes(digest, "little") for digest in digests]
    assert hash_names(["cat.ndjson#1", "é"]).tolist() == expected
    assert hash_names(Names.of(["é"])).tolist() == hash_names(["é"]).tolist()
    assert hash_names([]).tolist() == []


def test_numbers_are_even_and_salts_are_independent() -> None:
    keys = hash_names([f"f#{i}" for i in range(20_000)])
    one, two = (to_unit_interval(mix(keys, 0, salt)) for salt in (1, 2))
    assert abs(one.mean() - 0.5) < 0.01
    assert abs(one.std() - 12**-0.5) < 0.01
    assert (one >= 0).all()
    assert (one < 1).all()
    assert abs(np.corrcoef(one, two)[0, 1]) < 0.03


def test_every_salt_counts() -> None:
    key = hash_names(["a"])
    found = [int(mix(key, *salts)[0]) for salts in ((), (0,), (1,), (0, 1), (1, 0), (2**63, 1))]
    assert len(set(found)) == 5  # no salt is the salt 0
