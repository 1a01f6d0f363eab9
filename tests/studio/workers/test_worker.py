"""What a worker makes of whatever happens in a job."""

from __future__ import annotations

from typing import Any

import pytest

from limner.errors import LimnerError
from limner.studio.limits import Limits
from limner.studio.workers import messages, worker
from limner.studio.workers.jobs import JOBS


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
    kind, data = worker.run_job(_job(error), {}, lambda: None)
    assert (kind, data.decode()) == (messages.ERROR, words)
    assert ("Traceback" in capfd.readouterr().err) == isinstance(error, ValueError)


@pytest.mark.slow
def test_short_of_memory_a_job_is_done_again_with_nothing_remembered() -> None:
    remembered = ["a large picture"]

    def job(_: dict[str, Any]) -> bytes:
        if remembered:
            raise MemoryError
        return b"done"

    assert worker.run_job(job, {}, remembered.clear) == (messages.ANSWER, b"done")


def test_every_job_has_its_time() -> None:
    assert set(Limits().worker_cpu_seconds) == set(JOBS)
