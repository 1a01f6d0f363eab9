"""uvicorn with limits, and a shutdown that always ends: a second Ctrl-C exits immediately."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
from collections.abc import Callable
from types import FrameType

import uvicorn

from limner.studio.connections import ConnectionLimiter, limited_protocols
from limner.studio.limits import Limits

GRACE_SECONDS = 3
"""Time that answers have left when the studio shuts down."""
LATEST_SECONDS = 10.0
"""Time that the whole shutdown may take."""
INTERRUPTED = 130
"""Exit status of a process that SIGINT ended, by the convention of shells."""


def config_for(app: object, limits: Limits) -> uvicorn.Config:
    """Return the server's configuration: limited, quiet, without compression of WebSocket messages."""
    for name in ("python_multipart", "asyncio"):  # malformed forms and lost connections are not logged
        logging.getLogger(name).setLevel(logging.ERROR)
    http, web_socket = limited_protocols(ConnectionLimiter(limits))
    return uvicorn.Config(
        app,  # type: ignore[arg-type]
        http=http,
        ws=web_socket,
        ws_max_size=limits.message_bytes,
        ws_per_message_deflate=False,
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


class Server(uvicorn.Server):
    """Shuts down gracefully at the first Ctrl-C, immediately at the second, and after a timeout in any case.

    Parameters
    ----------
    config : uvicorn.Config
    abort : callable
        Called when the shutdown begins; aborts running jobs.
    """

    def __init__(self, config: uvicorn.Config, abort: Callable[[], object]) -> None:
        super().__init__(config)
        self._abort = abort

    def handle_sigint(self) -> None:
        """Handle SIGINT from now on, until the event loop runs and handles it itself."""
        signal.signal(signal.SIGINT, self._on_early_sigint)

    def _on_early_sigint(self, sig: int, frame: FrameType | None) -> None:
        if self.started:  # the loop has handled the signal, and uvicorn raises it again after its end
            raise KeyboardInterrupt
        self.handle_exit(sig, frame)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Handle a signal."""
        if self.should_exit:
            _exit_now(self._abort, INTERRUPTED if sig == signal.SIGINT else 128 + sig)
        end_after(LATEST_SECONDS, self._abort)
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Shut down; connections that are cut off now are not logged as errors."""
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        self._abort()
        await super().shutdown(sockets)


def end_after(seconds: float, abort: Callable[[], object]) -> None:
    """Exit this process after ``seconds``, unless it has ended before."""
    timer = threading.Timer(seconds, _exit_now, (abort, 0))
    timer.daemon = True
    timer.start()


def _exit_now(abort: Callable[[], object], status: int) -> None:
    """Exit immediately, whatever threads are doing; files are written whole or not at all."""
    try:
        abort()
    finally:
        os._exit(status)
