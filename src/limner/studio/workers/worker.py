"""A worker process: ``python -m limner.studio.workers.worker MEMORY_BYTES``.

Its address space (RLIMIT_AS) and the processor time of each request (RLIMIT_CPU) are limited. It exits when
its standard input is closed, hence together with the studio.
"""

from __future__ import annotations

import ctypes
import gc
import json
import math
import os
import resource
import select
import signal
import sys
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from limner.errors import LimnerError
from limner.studio.workers import messages

IDLE_SECONDS = 20.0
"""Time without a request after which caches are dropped."""
TOO_MUCH_MEMORY = "This needs more memory than the studio gives to one request; send something smaller."
TOO_DEEP = "This is nested too deeply to be read."
FAILED = "This could not be read; the studio's terminal says why."
DIE_WITH_PARENT = 1
"""PR_SET_PDEATHSIG of Linux."""

Jobs = Mapping[str, Callable[[dict[str, Any]], bytes]]


def main() -> None:
    """Serve until standard input is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # SIGINT is meant for the studio, which kills its workers
    _die_with_parent()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # output of print does not mix with the answers
    from limner.studio.workers.jobs import JOBS, clear_caches

    limit_memory(int(sys.argv[1]))
    serve(sys.stdin.buffer, answers, JOBS, clear_caches)


def serve(requests: BinaryIO, answers: BinaryIO, jobs: Jobs, clear_caches: Callable[[], object]) -> None:
    """Run the jobs that are requested, one after another."""
    while True:
        if not select.select([requests], [], [], IDLE_SECONDS)[0]:
            clear_caches()
            release_memory()
            select.select([requests], [], [])
        message = messages.receive(requests)
        if message is None:
            return
        arguments = json.loads(message[1])
        limit_cpu_time(arguments.pop("seconds"))
        kind, data = run_job(jobs[arguments.pop("do")], arguments, clear_caches)
        if kind == messages.ERROR:
            clear_caches()
        release_memory(thoroughly=kind == messages.ERROR)
        with suppress(BrokenPipeError):
            messages.send(answers, kind, data)


def run_job(
    job: Callable[[dict[str, Any]], bytes], arguments: dict[str, Any], clear_caches: Callable[[], object]
) -> tuple[bytes, bytes]:
    """Run a job, and again without caches if memory is short; return the kind and data of the answer."""
    try:
        try:
            return messages.ANSWER, job(arguments)
        except MemoryError:
            clear_caches()
            release_memory()
        return messages.ANSWER, job(arguments)
    except LimnerError as error:
        sentence = str(error)
    except MemoryError:
        sentence = TOO_MUCH_MEMORY
    except RecursionError:
        sentence = TOO_DEEP
    except Exception:
        traceback.print_exc()
        sentence = FAILED
    return messages.ERROR, sentence.encode("utf-8", "replace")


def limit_memory(more_bytes: int) -> None:
    """Limit the address space to ``more_bytes`` above its present size, where the system supports that."""
    with suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + more_bytes
        resource.setrlimit(resource.RLIMIT_AS, (limit, resource.getrlimit(resource.RLIMIT_AS)[1]))


def limit_cpu_time(seconds: float) -> None:
    """Limit processor time to ``seconds`` from now, after which SIGXCPU ends the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = math.ceil(used.ru_utime + used.ru_stime + seconds)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def release_memory(*, thoroughly: bool = True) -> None:
    """Return free memory to the system, where the C library supports that."""
    if thoroughly:
        gc.collect()
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)


def _die_with_parent() -> None:
    """Ask the kernel to kill this process when the studio dies; Linux only."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)


if __name__ == "__main__":
    main()
