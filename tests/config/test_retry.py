"""A request that the database rolled back for another one's sake is run once more, and once only."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from config.middleware import retry

_left: list[BaseException] = []


class DatabaseSaid(Exception):
    def __init__(self, sqlstate: str | None) -> None:
        self.sqlstate = sqlstate


def busy(request: HttpRequest, word: str) -> HttpResponse:
    if _left:
        raise _left.pop(0)
    return HttpResponse(f"{word} {request.POST['said']}")


urlpatterns = [path("<str:word>/", busy)]


@pytest.fixture(autouse=True)
def _here(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ROOT_URLCONF = __name__
    monkeypatch.setattr(retry, "PAUSE", 0)
    _left.clear()


def conflict(sqlstate: str | None) -> OperationalError:
    error = OperationalError("rolled back")
    error.__cause__ = DatabaseSaid(sqlstate)
    return error


@pytest.mark.parametrize("sqlstate", ["40P01", "40001"])
def test_a_conflict_is_run_again(sqlstate: str) -> None:
    _left[:] = [conflict(sqlstate)]
    assert Client().post("/hello/", {"said": "there"}).content == b"hello there"


def test_a_second_conflict_is_an_error() -> None:
    _left[:] = [conflict("40P01"), conflict("40P01")]
    assert Client(raise_request_exception=False).post("/hello/", {"said": "there"}).status_code == 500
    assert _left == []


@pytest.mark.parametrize("error", [conflict("57014"), conflict(None), OperationalError("gone"), ValueError("no")])
def test_anything_else_is_not_run_again(error: Exception) -> None:
    _left[:] = [error, error]
    assert Client(raise_request_exception=False).post("/hello/", {"said": "there"}).status_code == 500
    assert len(_left) == 1
