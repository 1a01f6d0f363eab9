"""The engine that runs jobs on a Ray cluster, or on a Ray of its own on this machine."""

from __future__ import annotations

import logging
import os
import socket
from contextlib import contextmanager, nullcontext
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, TypeVar

from limner.errors import DataError, LimnerError, MissingExtraError, cause_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import TracebackType

T = TypeVar("T")
R = TypeVar("R")

WAIT_S = 10.0
"""For an answer from the address of a cluster."""

_QUIET = {"RAY_USAGE_STATS_ENABLED": "0"}
_AT_HOME = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
"""A Ray that knows of no other machines listens on 127.0.0.1 alone; else it does on the machine's address."""
_LOGGERS = ("ray", "ray.data")


class RayEngine:
    """Runs jobs as rows of a Ray Data set, one task each; a job of a lost worker is run again elsewhere.

    What is read and written does not pass through Ray: jobs name files, which all machines see. So every
    machine must see the same disk under the same path, and have the same version of limner.

    Parameters
    ----------
    jobs : int, optional
        Jobs at a time; as many as there are cores unless given.
    address : str, optional
        Of a cluster, as in ``ray://head:10001`` or ``auto``; without it a Ray is started on this machine,
        which listens on 127.0.0.1 only, and stopped in the end.

    Raises
    ------
    MissingExtraError
        If Ray is not installed.
    """

    def __init__(self, jobs: int | None = None, address: str | None = None) -> None:
        if find_spec("ray") is None:
            raise MissingExtraError("cluster", "The engine ray")
        self.jobs, self.address = jobs, address
        self._ours = False

    def __enter__(self) -> RayEngine:
        """Connect to Ray, unless this process is connected already.

        Raises
        ------
        LimnerError
            If there is no cluster at the address.
        """
        os.environ.update(_QUIET if self.address else _QUIET | _AT_HOME)
        _check_listens(self.address)
        import ray

        if ray.is_initialized():
            return self
        cores = None if self.address else self.jobs
        try:
            ray.init(
                address=self.address or "local",
                num_cpus=cores,
                include_dashboard=None if self.address else False,
                logging_level=logging.ERROR,
                log_to_driver=False,
            )
        except (ConnectionError, ValueError, TimeoutError) as error:
            raise LimnerError(_no_cluster(self.address)) from error
        self._ours = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Disconnect, and stop the Ray that was started here."""
        if self._ours:
            import ray

            ray.shutdown()
            self._ours = False

    def map(self, function: Callable[[T], R], jobs: Iterable[T]) -> Iterator[R]:
        """Apply a function to jobs and yield the results in order; see ``Engine``."""
        rows = [{"job": job} for job in jobs]
        if not rows:
            return
        import ray.data

        with nullcontext() if ray.is_initialized() else self, self._settings():
            data = ray.data.from_items(rows, override_num_blocks=len(rows))
            at_once = min(self.jobs, len(rows)) if self.jobs else None
            done = data.map(partial(_run, function), num_cpus=1, concurrency=at_once)
            for row in done.iter_rows():
                if row["kind"]:
                    raise _ERRORS[row["kind"]](row["result"])
                yield row["result"]

    @contextmanager
    def _settings(self) -> Iterator[None]:
        """Configure Ray Data: results in order, no progress output."""
        from ray.data import DataContext

        context = DataContext.get_current()
        former = (context.execution_options.preserve_order, context.enable_progress_bars)
        context.execution_options.preserve_order, context.enable_progress_bars = True, False
        levels = {name: logging.getLogger(name).level for name in _LOGGERS}
        for name in levels:
            logging.getLogger(name).setLevel(logging.ERROR)
        try:
            yield
        finally:
            context.execution_options.preserve_order, context.enable_progress_bars = former
            for name, level in levels.items():
                logging.getLogger(name).setLevel(level)


def _check_listens(address: str | None) -> None:
    """Refuse an address at which nothing listens: Ray itself would retry for many minutes."""
    host, mark, port = (address or "").removeprefix("ray://").rpartition(":")
    if not mark or not port.isdecimal():
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), WAIT_S).close()
    except (OSError, OverflowError) as error:
        raise LimnerError(_no_cluster(f"{address} ({cause_of(error)})")) from error


def _no_cluster(where: str | None) -> str:
    return f"There is no Ray cluster at {where}; start one with  ray start --head"


_ERRORS: dict[str, type[LimnerError]] = {"data": DataError, "limner": LimnerError}


def _run(function: Callable[[Any], Any], row: dict[str, Any]) -> dict[str, Any]:
    """Run a job; return a ``LimnerError`` instead of raising it, so that its sentence survives Ray."""
    try:
        return {"kind": "", "result": function(row["job"])}
    except DataError as error:
        return {"kind": "data", "result": str(error)}
    except LimnerError as error:
        return {"kind": "limner", "result": str(error)}
