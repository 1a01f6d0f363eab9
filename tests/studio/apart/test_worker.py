"""What a worker makes of whatever happens in a job."""

from __future__ import annotations

from typing import Any

import pytest

from limner.errors import LimnerError
from limner.studio.apart import wire, worker
from limner.studio.apart.jobs import JOBS
from limner.studio.limits import Limits


def _job(error: BaseException) -> Any:
    def job(_: dict[str, Any]) -> bytes:
        raise error

    return job


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (LimnerError("So it is."), "So it is."),
        (MemoryError(), worker.TOO_MUCH_MEMORY),
        (RecursionError(), worker.TOO_DEEP),
        (ValueError("x"), worker.FAILED),
    ],
)
def test_every_fault_is_a_sentence(error: Exception, words: str, capfd: pytest.CaptureFixture[str]) -> None:
    kind, data = worker.done(_job(error), {}, lambda: None)
    assert (kind, data.decode()) == (wire.FAULT, words)
    assert ("Traceback" in capfd.readouterr().err) == isinstance(error, ValueError)


def test_short_of_memory_a_job_is_done_again_with_nothing_remembered() -> None:
    remembered = ["a large picture"]

    def job(_: dict[str, Any]) -> bytes:
        if remembered:
            raise MemoryError
        return b"done"

    assert worker.done(job, {}, remembered.clear) == (wire.ANSWER, b"done")


def test_every_job_has_its_time() -> None:
    assert set(Limits().apart_seconds) == set(JOBS)
