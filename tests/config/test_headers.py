"""Every address × every process × every kind of answer: the headers and cookies of a real site."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import URLResolver, clear_url_caches, get_resolver

from columns.models import Column
from config.env import Process
from inbox.models import User
from inbox.workflow import Role
from tests import factories
from tests.config.production import production
from tests.config.test_compose import ROOT
from tests.test_structure import PARTS, addresses

HOST = "column.example"
#: What every answer has, and what it says.
ALWAYS = {
    "Strict-Transport-Security": "max-age=63072000",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}
#: The content policy: nothing but our own files, and nothing written into a page.
POLICY = {
    "default-src": {"'none'"},
    "script-src": {"'self'"},
    "style-src": {"'self'"},
    "img-src": {"'self'"},
    "font-src": {"'self'"},
    "connect-src": {"'self'"},
    "form-action": {"'self'"},
    "manifest-src": {"'self'"},
    "base-uri": {"'none'"},
    "frame-ancestors": {"'none'"},
}
POLICY_IN_FRAME = {**POLICY, "frame-ancestors": {"'self'"}}
#: Addresses of the letter's path.
LETTER = ("before-you-write/", "write/", "letter/")
#: Pages of the desk that the desk itself shows in a frame.
FRAMED = ("/preview/", "/text/")
STATIC = ["/static/column/column.css", "/static/desk/shortcuts.js", "/static/icon.svg"]


class Breaks:
    """A fault in the middle of any view, where somebody asks for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: Any) -> None:
        if "X-Break" in request.headers:
            raise RuntimeError


def paths() -> list[str]:
    """Every address, those of allauth too; these come last, since they end sessions and second factors."""
    found = {path for _, _, path in addresses()}

    def sign_in(resolver: URLResolver, prefix: str) -> Iterator[str]:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                yield from sign_in(entry, prefix + str(entry.pattern))
            elif "<" not in str(entry.pattern) and "(" not in str(entry.pattern):
                yield prefix + str(entry.pattern).strip("^$")

    found |= {path for path in sign_in(get_resolver("config.urls"), "/") if path.startswith("/accounts/")}
    return sorted(found, key=lambda path: (path.startswith("/accounts/"), path))


@contextmanager
def as_in_production(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, process: Process) -> Iterator[None]:
    values = production(monkeypatch, tmp_path, process)
    values["MIDDLEWARE"] = [*values["MIDDLEWARE"], "tests.config.test_headers.Breaks"]
    with override_settings(**values, WHITENOISE_AUTOREFRESH=True, WHITENOISE_USE_FINDERS=True):
        clear_url_caches()
        yield
    clear_url_caches()


@pytest.fixture(params=["public", "desk", "both"])
def process(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Process]:
    with as_in_production(monkeypatch, tmp_path, request.param):
        yield request.param


def people(column: Column, process: Process) -> list[Client]:
    """A stranger, somebody with every seat, and an owner, who opens no letter (where anybody can sign in)."""
    clients = [new_client()]
    if process != "public":
        from allauth.mfa.totp.internal.auth import TOTP  # noqa: PLC0415 - needs the tables

        for name, roles in (("everyone", list(Role)), ("owner", [Role.OWNER])):
            user = factories.make_user(name, column, *roles)
            User.objects.filter(pk=user.pk).update(demo=False)
            TOTP.activate(user, "JBSWY3DPEHPK3PXP")
            client = new_client()
            client.force_login(User.objects.get(pk=user.pk))
            clients.append(client)
    return clients


def new_client() -> Client:
    return Client(raise_request_exception=False, headers={"Host": HOST, "X-Forwarded-Proto": "https"})


def answers(clients: list[Client], real: dict[str, str] | None = None) -> Iterator[tuple[str, str, Any]]:
    """Every address asked in every way by everybody: method, path, answer. ``real``: parts of addresses that exist."""
    for client in clients:
        for pattern in paths():
            path = reduce(lambda found, one: found.replace(*one), (real or {}).items(), pattern)
            for method in ("get", "put", "post"):
                yield method, path, getattr(client, method)(path)
            yield "a fault in", path, client.get(path, headers={"X-Break": "1"})
        for path in STATIC:
            file = client.get(path)
            assert file.getvalue(), "read to its end, so that it is closed"
            yield "get", path, file
            yield "put", path, client.put(path)
        yield "get", "/nothing/here/", client.get("/nothing/here/")
        yield "no slash", "/plain/about", client.get("/plain/about")
        yield "a wrong host", "/plain/", client.get("/plain/", headers={"Host": "elsewhere.example"})


def complaints(path: str, response: Any) -> list[str]:
    """What is wrong with the headers of an answer to somebody who asked for the path."""
    headers, at_desk = response.headers, path.startswith(("/desk/", "/accounts/"))
    framed = at_desk and path.endswith(FRAMED) and response.status_code == 200
    private = at_desk or any(part in path for part in LETTER) or response.status_code >= 400
    policy, features = headers.get("Content-Security-Policy", ""), headers.get("Permissions-Policy", "")
    right = {name: headers.get(name) == value for name, value in ALWAYS.items()}
    right |= {
        "Content-Security-Policy": directives(policy, at_desk=at_desk) == (POLICY_IN_FRAME if framed else POLICY),
        "X-Frame-Options": headers.get("X-Frame-Options") == ("SAMEORIGIN" if framed else "DENY"),
        "Permissions-Policy": features.count("=()") == features.count("=") > 20,
        "Referrer-Policy": headers.get("Referrer-Policy")
        in ({"no-referrer", "same-origin"} if at_desk else {"no-referrer"}),
        "Cache-Control": "no-store" in headers.get("Cache-Control", "") if private else "Cache-Control" in headers,
        "Access-Control-Allow-Origin": "Access-Control-Allow-Origin" not in headers,
        "X-Powered-By": "X-Powered-By" not in headers,
    }
    found = [f"{name}: {headers.get(name)}" for name, fine in right.items() if not fine]
    return found + [
        f"cookie {cookie.OutputString()}" for cookie in response.cookies.values() if not narrow(cookie, path)
    ]


def directives(policy: str, *, at_desk: bool) -> dict[str, set[str]]:
    """A content policy, read; without what pages of the desk may add: a frame with one of its own pages."""
    read = {name: set(values) for name, *values in (part.split() for part in policy.split(";") if part.strip())}
    if at_desk and read.get("frame-src") == {"'self'"}:
        del read["frame-src"]
    return read


def narrow(cookie: Any, path: str) -> bool:
    """Whether the cookie belongs to the desk and reaches nobody else."""
    wanted = {"secure": True, "httponly": True, "samesite": "Strict", "path": "/", "domain": ""}
    fine = {name: cookie[name] for name in wanted} == wanted and cookie.key.startswith("__Host-")
    return fine and path.startswith(("/desk/", "/accounts/"))


def test_every_answer_has_every_header(process: Process, column: Column) -> None:
    wrong, seen, real = [], set(), {}
    if process != "public":  # where nobody can open a letter, none can be put into a draft
        letter, draft, nobody = factories.make_letter(column), factories.make_draft(column), PARTS["uuid"]
        real = {f"{kind}/{nobody}": f"{kind}/{draft.pk}" for kind in ("drafts", "reviews")}
        real |= {f"letters/{nobody}": f"letters/{letter.pk}"}
    for method, path, response in answers(people(column, process), real):
        seen.add(response.status_code)
        wrong += [f"{method} {path} ({response.status_code}): {one}" for one in complaints(path, response)]
    assert wrong == []
    assert {200, 302, 400, 404, 405, 500} - seen == set(), "every kind of answer was looked at"
    assert process == "public" or 403 in seen
    assert process == "public" or 301 in seen, "the desk has addresses that end in a slash"


def test_the_public_process_sets_no_cookie(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, column: Column) -> None:
    with as_in_production(monkeypatch, tmp_path, "public"):
        for method, path, response in answers([new_client()]):
            assert not response.cookies, (method, path)
            assert "Cookie" not in response.headers.get("Vary", ""), (method, path)


def test_a_post_from_elsewhere_is_refused_with_all_headers(process: Process, column: Column) -> None:
    client = new_client()
    response = client.post("/plain/write/", headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403
    assert complaints("/plain/write/", response) == []


def test_without_tls_the_visitor_is_led_to_it(process: Process, column: Column) -> None:
    response = Client(headers={"Host": HOST}).get("/plain/")
    assert (response.status_code, response.headers["Location"]) == (301, f"https://{HOST}/plain/")
    # a browser must ignore it there; everything else holds
    assert complaints("/plain/", response) == ["Strict-Transport-Security: None"]


def test_the_sign_in_sets_its_cookies_as_narrow_as_can_be(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, column: Column
) -> None:
    with as_in_production(monkeypatch, tmp_path, "desk"):
        client = new_client()
        page = client.get("/accounts/login/")
        assert set(page.cookies) == {"__Host-csrf"}
        factories.make_user("everyone", column, *Role, demo=False)
        signed = client.post("/accounts/login/", {"login": "everyone@example.org", "password": factories.PASSWORD})
        assert (signed.status_code, complaints("/accounts/login/", signed)) == (302, [])
        assert {"__Host-desk", "__Host-desk-unlock"} <= set(signed.cookies)
        # gone with the browser, all of them
        assert [cookie["max-age"] for cookie in (*page.cookies.values(), *signed.cookies.values())] == [""] * (
            len(page.cookies) + len(signed.cookies)
        )
        inside = client.get("/desk/")
        assert (inside.status_code, complaints("/desk/", inside)) == (302, [])


def test_a_missing_header_would_be_seen() -> None:
    """The judge itself: an answer without headers has every fault there is."""
    bare = HttpResponse()
    bare.set_cookie("desk", "x")
    said = " ".join(complaints("/plain/write/", bare))
    for name in (
        *ALWAYS,
        "Content-Security-Policy",
        "X-Frame-Options",
        "Permissions-Policy",
        "Referrer-Policy",
        "cookie",
    ):
        assert name in said
    assert "Cache-Control" in said


def test_nginx_fills_in_the_same_values(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    maps = (ROOT / "deploy" / "nginx" / "maps.conf").read_text()
    sent = (ROOT / "deploy" / "nginx" / "headers.conf").read_text()
    values = production(monkeypatch, tmp_path, "public")
    for name, value in ALWAYS.items():
        assert f"add_header {name} $" in sent
        # what is added where it is asked for: test_nginx.py
        added = "$hsts_subdomains$hsts_preload" if name == "Strict-Transport-Security" else ""
        assert f'"{value}{added}";' in maps
    for value in ("no-referrer", "DENY", ", ".join(f"{name}=()" for name in sorted(values["PERMISSIONS_POLICY"]))):
        assert f'"" "{value}";' in maps
    assert "unsafe" not in maps
