"""uvicorn, bounded, and always ended by a second Ctrl-C."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
from collections.abc import Callable
from types import FrameType

import uvicorn

from limner.studio.connections import Doorway, protocols
from limner.studio.limits import Limits

GRACE_SECONDS = 3
"""How long answers that are being given may take when the studio is closed."""
LATEST_SECONDS = 10.0
"""How long closing may take altogether."""
INTERRUPTED = 130
"""Exit status of what Ctrl-C has ended at once, as shells have it."""


def config_for(app: object, limits: Limits) -> uvicorn.Config:
    """Return the server's settings: quiet, without compression of small messages, bounded."""
    for name in ("python_multipart", "asyncio"):  # damaged forms, and those who go away, are not told of
        logging.getLogger(name).setLevel(logging.ERROR)
    http, web_socket = protocols(Doorway(limits))
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
    """Ends at the first Ctrl-C in order, at the second one at once, and in any case after a while.

    Parameters
    ----------
    config : uvicorn.Config
    hurry : callable
        Called once when the end has begun: gives up what is being worked at.
    """

    def __init__(self, config: uvicorn.Config, hurry: Callable[[], object]) -> None:
        super().__init__(config)
        self._hurry = hurry

    def heed(self) -> None:
        """Follow Ctrl-C from now on; once it runs, the server's loop does so itself."""
        signal.signal(signal.SIGINT, self._before_the_loop)

    def _before_the_loop(self, sig: int, frame: FrameType | None) -> None:
        if self.started:  # the loop has followed it, and hands it on now that it has ended
            raise KeyboardInterrupt
        self.handle_exit(sig, frame)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Follow a signal."""
        if self.should_exit:
            _leave(self._hurry, INTERRUPTED if sig == signal.SIGINT else 128 + sig)
        end_after(LATEST_SECONDS, self._hurry)
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close: what is cut off now is no fault of anybody's."""
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        self._hurry()
        await super().shutdown(sockets)


def end_after(seconds: float, hurry: Callable[[], object]) -> None:
    """End this process after a while, unless it has ended by itself."""
    timer = threading.Timer(seconds, _leave, (hurry, 0))
    timer.daemon = True
    timer.start()


def _leave(hurry: Callable[[], object], status: int) -> None:
    """End at once, whatever threads are doing; files are written whole or not at all."""
    try:
        hurry()
    finally:
        os._exit(status)
