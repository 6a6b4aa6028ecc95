"""One client does not close the site: the real nginx before the real public process, PostgreSQL and Redis, while a
client holds thousands of connections of which nothing comes to an end. ``make test-heavy`` runs it; ``make test`` does
not, since it counts seconds and takes thousands of open files.
"""

from __future__ import annotations

import http.client
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from tests import servers
from tests.config.test_compose import ONION
from tests.stack import ROOT, ask, free_port, nginx, set_up, write_letter
from tests.tor import circuit

HELD = 3_000
#: Limits by client (deploy/nginx/connections.conf).
BY_ADDRESS, BY_CIRCUIT = 100, 8
#: The address of the client that holds, and that of a reader.
CLIENT, READER = "127.0.0.2", "127.0.0.3"
#: Over Tor: ports of the kernel's own choice from an address that is this machine's.
TOR = "127.0.0.4"
#: A circuit that the client does not have.
READERS_CIRCUIT = circuit(9_000_000)
LETTERS = 5
#: Seconds in which a letter goes through while the application itself is kept busy.
BUSY = 3


@dataclass
class Front:
    """The site's ports."""

    plain: int
    secure: int
    onion: int


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("site")
    with servers.postgres() as postgres, servers.redis() as redis:
        site = set_up(folder, postgres, redis)
        onion = free_port()
        with site.running("public"), nginx(site, folder / "front", onion=onion) as (plain, secure):
            write_letter(secure, tls=True)  # whoever is first waits for what the process loads
            yield Front(plain, secure, onion)


@contextmanager
def held(port: int, number: int, what: str, *more: str) -> Iterator[int]:
    """A client that holds; gives how many of its connections are open."""
    command = [sys.executable, "-m", "tests.heavy.holder", str(port), str(number), what, *more]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield int(process.stdout.readline())


def clearnet(front: Front) -> None:
    write_letter(front.secure, tls=True, over={"source": READER})


def over_tor(front: Front) -> None:
    write_letter(front.onion, over={"source": TOR, "circuit": READERS_CIRCUIT, "host": ONION})


def seconds(send: Callable[[Front], None], front: Front) -> float:
    """The median of what a letter takes, from the empty form to its receipt."""
    took = []
    for _ in range(LETTERS):
        began = time.monotonic()
        send(front)
        took.append(time.monotonic() - began)
    print(f"{send.__name__}: {' '.join(f'{one:.2f}' for one in took)} s")
    return statistics.median(took)


def until_there(front: Front) -> float:
    """Seconds until somebody who tries again has a page over Tor."""
    began = time.monotonic()
    while True:
        try:
            page = ask(front.onion, "/plain-answers/", host=ONION, source=TOR, circuit=READERS_CIRCUIT)
        except (OSError, http.client.HTTPException):
            time.sleep(0.5)
        else:
            assert page.status == 200
            took = time.monotonic() - began
            print(f"a page over Tor: {took:.2f} s")
            return took


@pytest.mark.parametrize("what", ["header", "nothing"])
def test_connections_of_one_address(front: Front, what: str) -> None:
    tls = ["--tls"] if what == "header" else []
    with held(front.secure, HELD, what, *tls, "--source", CLIENT) as taken:
        assert taken <= BY_ADDRESS
        assert seconds(clearnet, front) < 1
        assert seconds(over_tor, front) < 1


def test_connections_without_tls(front: Front) -> None:
    with held(front.plain, HELD, "header", "--source", CLIENT) as taken:
        assert taken <= BY_ADDRESS
        assert seconds(clearnet, front) < 1


def test_half_bodies_of_one_address(front: Front) -> None:
    with held(front.secure, 200, "body", "--tls", "--source", CLIENT) as taken:
        assert taken == BY_ADDRESS
        assert seconds(clearnet, front) < 1
        assert seconds(over_tor, front) < 1


def test_pages_of_one_address(front: Front) -> None:
    """One that asks as fast as it can, over all the connections it may have."""
    with held(front.secure, BY_ADDRESS, "pages", "--tls", "--source", CLIENT):
        assert seconds(clearnet, front) < BUSY
        assert seconds(over_tor, front) < BUSY


def test_pages_of_many_circuits(front: Front) -> None:
    with held(front.onion, BY_ADDRESS, "pages", "--host", ONION, "--circuits", "100", "--source", TOR):
        assert seconds(clearnet, front) < BUSY
        until_there(front)


def test_connections_of_one_circuit(front: Front) -> None:
    with held(front.onion, HELD, "header", "--circuits", "1", "--source", TOR) as taken:
        assert taken <= BY_CIRCUIT
        assert seconds(over_tor, front) < 1
        assert seconds(clearnet, front) < 1


def test_half_bodies_of_many_circuits(front: Front) -> None:
    with held(front.onion, 200, "body", "--host", ONION, "--circuits", "200", "--source", TOR) as taken:
        assert taken == 200
        assert seconds(over_tor, front) < 1
        assert seconds(clearnet, front) < 1


def test_all_connections_of_the_onion_service(front: Front) -> None:
    """As many circuits as there may be connections: the column is as quick as ever, and over Tor there is a page as
    soon as what is half is let go."""
    with held(front.onion, HELD, "header", "--circuits", str(HELD), "--source", TOR) as taken:
        assert taken > HELD / 2
        assert seconds(clearnet, front) < 1
        assert until_there(front) < 15
        assert seconds(clearnet, front) < 1
