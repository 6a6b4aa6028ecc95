"""A client that holds connections of which nothing comes to an end.

    python -m tests.heavy.holder PORT NUMBER WHAT [--host HOST] [--tls] [--source ADDRESS] [--circuits COUNT]

WHAT: ``nothing`` (not a byte), ``header`` (half a header), ``body`` (a header, and half a body) or ``pages`` (one
request after the other). A connection that the server closes is opened again after a pause. When each was tried once,
a line says how many the server has let in. With ``--circuits`` the client speaks as Tor's program does, and its
connections are spread over so many circuits. Ends when its standard input does.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import ssl
import sys
import time

from tests.tor import announced, circuit

#: Seconds until a connection that was closed is opened again.
PAUSE = 2
#: Seconds after which one that is open was not refused.
SETTLED = 1.5
#: Connections that are being opened at once.
AT_ONCE = 100
HEADER = "POST /plain-answers/write/ HTTP/1.1\r\nHost: {host}\r\n"
HALF = {
    "nothing": "",
    "header": HEADER + "X-",
    # pages, one after the other
    "pages": "GET /plain-answers/write/ HTTP/1.1\r\nHost: {host}\r\n\r\n" * 500,
    "body": HEADER + "Content-Length: 90000\r\n\r\ntext=" + "x" * 45_000,
}


class Holder:
    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        #: When each was opened that is open.
        self.since: dict[int, float] = {}
        self.tried: set[int] = set()
        self.all_tried = asyncio.Event()
        self.gate = asyncio.Semaphore(AT_ONCE)
        self.sent = HALF[options.what].format(host=options.host).encode()
        self.context = ssl._create_unverified_context() if options.tls else None  # noqa: S323 - the test's certificate

    async def hold(self, number: int) -> None:
        """Keep one connection open."""
        while True:
            try:
                async with self.gate:
                    reader, writer = await asyncio.open_connection(
                        "127.0.0.1",
                        self.options.port,
                        ssl=self.context,
                        server_hostname=self.options.host if self.context else None,
                        local_addr=(self.options.source, 0),
                    )
                    if self.options.circuits:
                        writer.write(announced(circuit(number % self.options.circuits + 1)))
                    writer.write(self.sent)
                self.since[number] = time.monotonic()
                self.note(number)
                try:
                    while await reader.read(65536):
                        pass
                finally:
                    del self.since[number]
                    writer.close()
            except OSError:
                self.note(number)
            await asyncio.sleep(PAUSE)

    def note(self, number: int) -> None:
        """A connection was tried."""
        self.tried.add(number)
        if len(self.tried) == self.options.number:
            self.all_tried.set()

    async def run(self) -> None:
        tasks = [asyncio.create_task(self.hold(number)) for number in range(self.options.number)]
        await self.all_tried.wait()
        await asyncio.sleep(SETTLED)
        now = time.monotonic()
        print(sum(now - since >= SETTLED for since in self.since.values()), flush=True)
        await asyncio.to_thread(sys.stdin.read)
        for task in tasks:
            task.cancel()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("number", type=int)
    parser.add_argument("what", choices=HALF)
    parser.add_argument("--host", default="column.example")
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("--source", default="127.0.0.1")
    parser.add_argument("--circuits", type=int, default=0)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    asyncio.run(Holder(parser.parse_args()).run())


if __name__ == "__main__":
    main()
