"""The web server of ``make run``: waitress, in one process, on the loopback address.

    python -m config.embedded.web_server PORT

One loop reads requests and writes answers for all connections; a thread is busy only while Django works. So slow or
silent clients do not block others, although there is no nginx in front (docs/decisions.md). SIGTERM ends the server
after the running requests.
"""

from __future__ import annotations

import resource
import signal
import sys
from types import FrameType

from django.conf import settings
from waitress.server import create_server

from config.wsgi import application

HOST = "127.0.0.1"
THREADS = 4
#: The most open connections; further ones wait in the kernel. A silent connection is closed after two minutes.
CONNECTIONS = 1000
#: Open files other than connections: database, static files, logs.
OTHER_FILES = 200
#: Django refuses larger bodies than its setting in a page of the site; the server refuses bodies larger than this.
LARGEST_BODY = 2 * settings.DATA_UPLOAD_MAX_MEMORY_SIZE
LARGEST_HEADERS = 64 * 1024


def allow_connections() -> int:
    """Raise the limit of open files as far as needed and allowed. Returns the number of connections that the limit
    allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        return max(soft - OTHER_FILES, 50)
    return CONNECTIONS


def serve(port: int) -> None:
    """Serve until SIGTERM."""
    server = create_server(
        application,
        listen=f"{HOST}:{port}",
        threads=THREADS,
        connection_limit=allow_connections(),
        asyncore_use_poll=True,  # select() fails at the 1,024th open file
        max_request_header_size=LARGEST_HEADERS,
        max_request_body_size=LARGEST_BODY,
        # neither a request's body nor an answer is ever written to a temporary file
        inbuf_overflow=2 * LARGEST_BODY,
        outbuf_overflow=2**40,
        # its log about a broken connection would contain the request's path
        log_socket_errors=False,
        ident="",
    )
    signal.signal(signal.SIGTERM, _stop)
    server.run()


def _stop(number: int, frame: FrameType | None) -> None:
    raise SystemExit


if __name__ == "__main__":
    serve(int(sys.argv[1]))
