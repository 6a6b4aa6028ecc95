"""A Celery broker for one machine without Redis: each message is a file in one folder.

kombu's own file-system transport writes a message in place, so that a reader may meet half of it, and an unreadable
message ends the worker. Here a complete message is published by a rename, claimed by a rename, and set aside if
unreadable.

The suffix of a file is its state: ``.msg`` waits, ``.part`` is being written, ``.taken`` is being read, ``.unreadable``
was set aside. Files left by a killed process (``.part``, ``.taken``) are never read.

There is no routing between processes: only direct exchanges, whose bindings each process declares for itself, and so
no remote control of workers (``CELERY_WORKER_ENABLE_REMOTE_CONTROL``).
"""

from __future__ import annotations

import contextlib
import logging
import os
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import virtual
from kombu.utils import json

logger = logging.getLogger(__name__)


class Channel(virtual.Channel):
    """A channel to the folder that ``transport_options["folder"]`` names; the folder is made where it is missing."""

    def __init__(self, connection: Any, **kwargs: Any) -> None:
        super().__init__(connection, **kwargs)
        self.folder = Path(connection.client.transport_options["folder"])
        self.folder.mkdir(parents=True, exist_ok=True)

    def _put(self, queue: str, message: dict[str, Any], **kwargs: Any) -> None:
        path = self.folder / f"{time.time_ns()}_{uuid.uuid4()}.{queue}.msg"
        part = path.with_suffix(".part")
        try:
            part.write_text(json.dumps(message), encoding="utf-8")
            part.rename(path)
        except OSError:
            with contextlib.suppress(OSError):
                part.unlink()
            raise

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        """Claim and return the oldest message that can be read."""
        for path in self._waiting(queue):
            taken = path.with_suffix(".taken")
            try:
                path.rename(taken)
            except FileNotFoundError:
                continue  # claimed by another reader
            try:
                message: dict[str, Any] = json.loads(taken.read_bytes().decode())
                hash(self.Message(message, channel=self).delivery_tag)  # raises unless the content is a message
            except Exception as error:  # noqa: BLE001 - no content of a file may end the worker
                taken.rename(path.with_suffix(".unreadable"))
                # without the error's message and the file's name: both may quote the content
                logger.warning("a message of the broker was unreadable and is set aside: %s", type(error).__name__)
                continue
            taken.unlink()
            return message
        raise Empty

    def _size(self, queue: str) -> int:
        return len(self._waiting(queue))

    def _purge(self, queue: str) -> int:
        waiting = self._waiting(queue)
        for path in waiting:
            path.unlink(missing_ok=True)
        return len(waiting)

    def _waiting(self, queue: str) -> list[Path]:
        """The messages of the queue, oldest first."""
        names = [name for name in os.listdir(self.folder) if name.partition(".")[2] == f"{queue}.msg"]
        return [self.folder / name for name in sorted(names)]


class Transport(virtual.Transport):
    """Messages as files; the bindings of this process are shared by its connections."""

    Channel = Channel
    implements = virtual.Transport.implements.extend(exchange_type=frozenset({"direct"}))
    default_port = 0
    driver_type = driver_name = "files"
    _bindings = virtual.BrokerState()

    def __init__(self, client: Any, **kwargs: Any) -> None:
        super().__init__(client, **kwargs)
        self.state = self._bindings

    def driver_version(self) -> str:
        return "1"
