"""A real nginx with nothing behind it: which host names it answers without TLS, what it says of HSTS, and how much of
it one client may take."""

from __future__ import annotations

import ipaddress
import random
import re
import select
import socket
import ssl
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import RemoteDisconnected
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.http import HttpResponse
from django.middleware.security import SecurityMiddleware
from django.test import RequestFactory, override_settings

from tests.config.production import production
from tests.config.test_compose import NGINX, ONION
from tests.stack import HOSTS, PATIENCE, Site, ask, free_port, nginx
from tests.tor import announced, circuit

pytestmark = pytest.mark.skipif(NGINX is None, reason="no nginx on this machine")

ASKED = {"HSTS_INCLUDE_SUBDOMAINS": "true", "HSTS_PRELOAD": "Yes"}


@contextmanager
def alone(folder: Path, onion: int = 0, *, hsts: dict[str, str] | None = None) -> Iterator[tuple[int, int]]:
    """nginx with no process behind it; gives its ports for HTTP and HTTPS. ``onion``: its port for Tor's program."""
    site = object.__new__(Site)
    site.folder, site.hosts = folder, HOSTS
    site.ports = {"public": free_port(), "desk": free_port()}
    static = folder / "var" / "static" / "column"
    static.mkdir(parents=True)
    (static / "column.css").write_text("body {}")
    with nginx(site, folder / "front", onion=onion, hsts=hsts) as ports:
        yield ports


def test_without_tls_only_the_configured_names_are_redirected(tmp_path: Path) -> None:
    with alone(tmp_path) as (plain, _):
        for host in HOSTS:
            for named in (host, host.upper(), f"{host}:80"):
                moved = ask(plain, "/plain-answers/?x=1", host=named)
                assert (moved.status, moved.headers["Location"]) == (301, f"https://{host}/plain-answers/?x=1")
        for other in ("elsewhere.example", f"x.{HOSTS[0]}", f"{HOSTS[0]}.elsewhere.example", "127.0.0.1", "localhost"):
            with pytest.raises(RemoteDisconnected):
                ask(plain, "/plain-answers/", host=other)


def of_application(monkeypatch: pytest.MonkeyPatch, folder: Path, asked: dict[str, str]) -> str:
    """What Django's middleware says with the settings of production."""
    for name, value in asked.items():
        monkeypatch.setenv(name, value)
    values: dict[str, Any] = production(monkeypatch, folder, "public")
    with override_settings(**values):
        answer: Any = SecurityMiddleware(lambda request: HttpResponse())(RequestFactory().get("/", secure=True))
    return str(answer.headers["Strict-Transport-Security"])


@pytest.mark.parametrize("asked", [{}, *({name: value} for name, value in ASKED.items()), ASKED])
def test_nginx_and_the_application_say_the_same_of_hsts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: dict[str, str]
) -> None:
    wanted = "max-age=63072000"
    wanted += "; includeSubDomains" if "HSTS_INCLUDE_SUBDOMAINS" in asked else ""
    wanted += "; preload" if "HSTS_PRELOAD" in asked else ""
    assert of_application(monkeypatch, tmp_path / "settings", asked) == wanted
    with alone(tmp_path, hsts=asked) as (plain, secure):
        for host in HOSTS:
            for path, status in (("/static/column/column.css", 200), ("/static/nothing.css", 404), ("/desk/", 502)):
                answer = ask(secure, path, host=host, tls=True)
                assert answer.status == status
                assert answer.headers.get_all("Strict-Transport-Security") == [wanted]
            assert ask(plain, "/", host=host).headers["Strict-Transport-Security"] is None


def test_every_setting_of_the_template_is_given_by_the_compose_file() -> None:
    """The image's entry point fills in only what is in its environment."""
    root = settings.BASE_DIR
    used = set(re.findall(r"\$\{(\w+)\}", (root / "deploy" / "nginx" / "site.conf.template").read_text()))
    given = yaml.safe_load((root / "docker-compose.yml").read_text())["services"]["nginx"]["environment"]
    assert used == set(given)


# --- what one client may take ----------------------------------------------------------------------------------------

CLIENT, READER = "127.0.0.2", "127.0.0.3"
CIRCUITS = (circuit(1), circuit(2))


def configured(name: str, file: str) -> list[int]:
    text = (settings.BASE_DIR / "deploy" / "nginx" / file).read_text()
    return [int(number) for number in re.findall(rf"^\s*{name} (\d+);", text, re.MULTILINE)]


def test_no_class_of_connections_takes_the_place_of_another() -> None:
    """Each connection takes three of a worker's, and each of a worker's takes a file."""
    (connections,) = configured("worker_connections", "nginx.conf")
    (files,) = configured("worker_rlimit_nofile", "nginx.conf")
    (clearnet,) = set(configured("limit_conn clearnet", "connections.conf"))
    (onion,) = configured("limit_conn onion", "connections.conf")
    assert 3 * (clearnet + onion) < connections < files
    service = yaml.safe_load((settings.BASE_DIR / "docker-compose.yml").read_text())["services"]["nginx"]
    assert service["ulimits"]["nofile"] == files


def test_a_network_is_an_ipv4_address_or_a_64_of_ipv6() -> None:
    text = (settings.BASE_DIR / "deploy" / "nginx" / "networks.conf").read_text()
    patterns = [pattern.replace("?<", "?P<") for pattern in re.findall(r'"~(.+)" \$\w+;', text)]
    assert len(patterns) == 3

    def network(address: str) -> str:
        found = next((match for pattern in patterns if (match := re.search(pattern, address))), None)
        return next(iter(found.groupdict().values())) if found else address

    assert network("192.0.2.1") == "192.0.2.1"
    assert network("2001:db8::1:2:3:4") == network("2001:db8::") == "2001:db8::"
    chosen = random.Random(1)
    networks: dict[str, set[str]] = defaultdict(set)
    names: dict[str, set[str]] = defaultdict(set)
    for _ in range(20_000):
        groups = [chosen.choice(("0", "0", "1", "a", "2001")) for _ in range(8)]
        address = ipaddress.IPv6Address(":".join(groups))
        whole = str(ipaddress.IPv6Network((address, 64), strict=False))
        names[whole].add(network(str(address)))
        networks[network(str(address))].add(whole)
    assert {name: found for name, found in networks.items() if len(found) > 1} == {}
    assert max(map(len, names.values())) == 3, "a network with zeros in it is written in several ways"


@contextmanager
def connections(port: int, number: int, source: str, first: bytes = b"") -> Iterator[list[socket.socket]]:
    """So many connections from an address; ``first`` is sent over each."""
    opened = [socket.create_connection(("127.0.0.1", port), PATIENCE, (source, 0)) for _ in range(number)]
    try:
        for one in opened:
            one.sendall(first)
        yield opened
    finally:
        for one in opened:
            one.close()


def half_body(host: str) -> bytes:
    return f"POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 9\r\n\r\nhalf".encode()


def closed_one(opened: list[socket.socket]) -> socket.socket:
    """The first that the server closes."""
    readable, _, _ = select.select(opened, [], [], PATIENCE)
    with suppress(ConnectionResetError):
        assert readable[0].recv(1) == b""
    return readable[0]


def test_one_address_has_so_many_connections_and_no_more(tmp_path: Path) -> None:
    (allowed,) = set(configured("limit_conn address", "connections.conf"))
    context = ssl._create_unverified_context()  # noqa: S323 - the certificate is made for this test
    with alone(tmp_path) as (_, secure):
        with connections(secure, allowed + 1, CLIENT) as opened:
            closed = closed_one(opened)
            for one in opened:
                if one is not closed:
                    context.wrap_socket(one, server_hostname=HOSTS[0]).close()
        with connections(secure, allowed, CLIENT) as opened:
            assert ask(secure, "/", host=HOSTS[0], tls=True, source=READER).status == 502


def test_one_address_has_so_many_requests_in_hand(tmp_path: Path) -> None:
    allowed = min(configured("limit_conn client", "site.conf.template"))
    context = ssl._create_unverified_context()  # noqa: S323 - the certificate is made for this test
    with alone(tmp_path) as (_, secure), connections(secure, allowed, CLIENT) as opened:
        for number, one in enumerate(opened):
            opened[number] = context.wrap_socket(one, server_hostname=HOSTS[0])
            opened[number].sendall(half_body(HOSTS[0]))
        while (said := ask(secure, "/", host=HOSTS[0], tls=True, source=CLIENT).status) != 503:
            assert said == 502, "until all of them have come"
        assert ask(secure, "/", host=HOSTS[0], tls=True, source=READER).status == 502


def test_one_circuit_of_tor_has_so_many_requests_in_hand(tmp_path: Path) -> None:
    (allowed,) = configured("limit_conn circuit_client", "site.conf.template")
    onion = free_port()
    first = announced(CIRCUITS[0]) + half_body(ONION)
    with alone(tmp_path, onion) as _, connections(onion, allowed, CLIENT, first):
        while (said := ask(onion, "/", host=ONION, circuit=CIRCUITS[0]).status) != 503:
            assert said == 502, "until all of them have come"
        assert ask(onion, "/", host=ONION, circuit=CIRCUITS[1]).status == 502


def test_one_circuit_of_tor_has_so_many_connections_and_no_more(tmp_path: Path) -> None:
    (allowed,) = configured("limit_conn circuit", "connections.conf")
    onion = free_port()
    with alone(tmp_path, onion) as _:
        with connections(onion, allowed + 1, CLIENT, announced(CIRCUITS[0])) as opened:
            closed_one(opened)
            assert ask(onion, "/", host=ONION, circuit=CIRCUITS[1]).status == 502
        with pytest.raises((RemoteDisconnected, ConnectionResetError)):
            ask(onion, "/", host=HOSTS[0], circuit=CIRCUITS[1])
        file = ask(onion, "/static/column/column.css", host=ONION, circuit=CIRCUITS[1])
        assert (file.status, file.headers["Strict-Transport-Security"]) == (200, None)
