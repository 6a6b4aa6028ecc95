"""A real nginx with nothing behind it: which host names it answers without TLS, and what it says of HSTS."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
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
from tests.config.test_compose import NGINX
from tests.stack import HOSTS, Site, ask, free_port, nginx

pytestmark = pytest.mark.skipif(NGINX is None, reason="no nginx on this machine")

ASKED = {"HSTS_INCLUDE_SUBDOMAINS": "true", "HSTS_PRELOAD": "Yes"}


@contextmanager
def alone(folder: Path, **hsts: str) -> Iterator[tuple[int, int]]:
    """nginx with no process behind it; gives its ports for HTTP and HTTPS."""
    site = object.__new__(Site)
    site.folder, site.hosts = folder, HOSTS
    site.ports = {"public": free_port(), "desk": free_port()}
    static = folder / "var" / "static" / "column"
    static.mkdir(parents=True)
    (static / "column.css").write_text("body {}")
    with nginx(site, folder / "front", hsts=hsts) as ports:
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
    with alone(tmp_path, **asked) as (plain, secure):
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
