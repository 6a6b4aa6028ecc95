"""Requests that no page of ours makes: every address answers each of them without an error of its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from inbox.models import User
from inbox.workflow import Role
from tests import factories
from tests.test_structure import addresses

pytestmark = pytest.mark.databases

PATHS = sorted({path for space, _, path in addresses() if space})
ODD = {
    "json": {"data": b'{"text": ["a", {"b": null}]}', "content_type": "application/json"},
    "half a form": {"data": b"text=%ff%fe&page=%00&letters=%", "content_type": "application/x-www-form-urlencoded"},
    "a broken upload": {"data": b"--x\r\nContent-Dis", "content_type": "multipart/form-data; boundary=x"},
    "an unknown charset": {"data": b"text=a", "content_type": "application/x-www-form-urlencoded; charset=nonsense"},
    "nothing": {"data": b"", "content_type": ""},
}


@pytest.fixture(scope="module")
def everyone(for_the_module: Callable[[Callable[[], User]], User]) -> User:
    """Somebody with every seat, so that no address turns them away before it has read what was sent."""
    return for_the_module(lambda: factories.make_user("everyone", factories.make_column(slug="plain"), *Role))


@pytest.mark.parametrize("path", PATHS)
def test_no_odd_request_is_an_error(db: None, everyone: User, signed_in: Callable[[User], Client], path: str) -> None:
    client = signed_in(everyone)
    client.raise_request_exception = True
    for method in ("head", "options", "put", "patch", "delete", "trace"):
        assert getattr(client, method)(path).status_code < 500
    for sent in ODD.values():
        assert client.generic("POST", path, **sent).status_code < 500  # type: ignore[arg-type]
