"""A worker: ``python -m limner.studio.apart.worker MEMORY_BYTES``, which reads requests and writes answers.

Its address space is bounded (RLIMIT_AS), and the processor's time of each request (RLIMIT_CPU). It ends with
its standard input, so with the studio.
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
from limner.studio.apart import wire

IDLE_SECONDS = 20.0
"""After so long without a request, what was remembered is forgotten."""
TOO_MUCH_MEMORY = "This needs more memory than the studio gives to one request; send something smaller."
TOO_DEEP = "This is nested too deeply to be read."
FAILED = "This could not be read; the studio's terminal says why."
DIE_WITH_PARENT = 1
"""PR_SET_PDEATHSIG of Linux."""

Jobs = Mapping[str, Callable[[dict[str, Any]], bytes]]


def main() -> None:
    """Serve until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is meant for the studio, which ends its workers
    _end_with_parent()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints does not disturb the answers
    from limner.studio.apart.jobs import JOBS, forget

    bound_memory(int(sys.argv[1]))
    serve(sys.stdin.buffer, answers, JOBS, forget)


def serve(requests: BinaryIO, answers: BinaryIO, jobs: Jobs, forget: Callable[[], object]) -> None:
    """Do what is asked, one request after another."""
    while True:
        if not select.select([requests], [], [], IDLE_SECONDS)[0]:
            forget()
            give_back_memory()
            select.select([requests], [], [])
        message = wire.receive(requests)
        if message is None:
            return
        asked = json.loads(message[1])
        bound_time(asked.pop("seconds"))
        kind, data = done(jobs[asked.pop("do")], asked, forget)
        if kind == wire.FAULT:
            forget()
        give_back_memory(thoroughly=kind == wire.FAULT)
        with suppress(BrokenPipeError):
            wire.send(answers, kind, data)


def done(
    job: Callable[[dict[str, Any]], bytes], asked: dict[str, Any], forget: Callable[[], object]
) -> tuple[bytes, bytes]:
    """Do a piece of work, once more with nothing remembered if memory is short; a fault is a sentence."""
    try:
        try:
            return wire.ANSWER, job(asked)
        except MemoryError:
            forget()
            give_back_memory()
        return wire.ANSWER, job(asked)
    except LimnerError as error:
        sentence = str(error)
    except MemoryError:
        sentence = TOO_MUCH_MEMORY
    except RecursionError:
        sentence = TOO_DEEP
    except Exception:
        traceback.print_exc()
        sentence = FAILED
    return wire.FAULT, sentence.encode("utf-8", "replace")


def bound_memory(more_bytes: int) -> None:
    """Let this process take so many bytes more than it has now; nothing happens where this cannot be said."""
    with suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + more_bytes
        resource.setrlimit(resource.RLIMIT_AS, (most, resource.getrlimit(resource.RLIMIT_AS)[1]))


def bound_time(seconds: float) -> None:
    """Let this process use the processor for so many seconds more; then SIGXCPU ends it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = math.ceil(used.ru_utime + used.ru_stime + seconds)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def give_back_memory(*, thoroughly: bool = True) -> None:
    """Give free memory back to the system, where the C library can."""
    if thoroughly:
        gc.collect()
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)


def _end_with_parent() -> None:
    """Be killed when the studio dies, even in the middle of something; on Linux alone."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)


if __name__ == "__main__":
    main()
