"""Every text field of the desk and of sign-in, alone, with what breaks programs: no error page, wherever it is typed.

Fields are those of the forms on every page of the desk, and what ``test_matrix.py`` sends; parameters of an address
those that the desk's code reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import resolve, reverse

from columns.models import Column
from inbox.models import User
from inbox.triage import queues
from inbox.workflow import Role
from tests import factories
from tests.access_checks import client_of
from tests.reader import forms
from tests.test_matrix import made, requests, things
from tests.world import Things, freshen

__all__ = ["made", "things"]
pytestmark = pytest.mark.databases

#: A NUL, which PostgreSQL refuses in a text, an override of direction, and halves of a pair.
ODD = "a\x00\x08\u202eb\ud800c\udfff"
#: That, much too much, and nothing that anybody sees.
TYPED = [ODD, "x" * 10_000, "\x00\u202e\u200b"]


def sent(fields: Mapping[str, Any]) -> str:
    """As a browser sends a form, but with halves of a pair too, which no browser sends."""
    return urlencode(fields, doseq=True, errors="surrogatepass")


def answered(client: Client, path: str, fields: Mapping[str, Any]) -> int:
    """The status of the answer, or of the page after it; nothing of what was done stays."""
    with transaction.atomic():
        response: Any = client.post(path, sent(fields), content_type="application/x-www-form-urlencoded", follow=True)
        if response.streaming:
            b"".join(response.streaming_content)
        transaction.set_rollback(True)
    return int(response.status_code)


def wrong(client: Client, path: str, fields: Mapping[str, Any]) -> Iterator[str]:
    """Each field alone, and all of them at once: those that were answered by an error page."""
    tries = [({**fields, name: ODD}, name) for name in fields]
    tries += [({**fields, **dict.fromkeys(fields, text)}, f"all as {text[:9]!a}") for text in TYPED]
    for typed, name in tries:
        try:
            status = answered(client, path, typed)
        except Exception as error:  # noqa: BLE001 - what the client raises, a visitor sees as an error page
            yield f"{path} {name}: {error!r:.200}"
        else:
            if status >= 500:
                yield f"{path} {name}: {status}"


@pytest.fixture
def everybody(things: Things, column: Column) -> User:
    """Somebody with every seat."""
    return factories.make_user("everybody", column, *Role)


@pytest.fixture
def column(things: Things) -> Column:
    return things.column


def test_no_text_in_a_field_of_the_desk_is_an_error(things: Things, everybody: User) -> None:
    client = freshen(client_of(everybody), everybody)
    pages = {one.path for one in requests(things)}
    fields: dict[str, dict[str, Any]] = {}
    for path in pages:
        with transaction.atomic():
            response = client.get(path)
            transaction.set_rollback(True)
        if response.status_code == 200 and not response.streaming:
            for action, shown in forms(response.content.decode()).items():
                if (where := action or path).startswith("/desk/"):
                    fields.setdefault(where.split("?")[0], {}).update(shown)
    for one in requests(things):
        fields.setdefault(one.path, {}).update(one.data)
    tried, found = set[tuple[str, ...]](), list[str]()
    for path, shown in sorted(fields.items()):
        at = resolve(path)
        kind = (str(at.url_name), str(at.kwargs.get("verb", "")), *sorted(shown))
        if kind not in tried:  # of many letters and drafts with the same form, one
            tried.add(kind)
            found += wrong(client, path, shown)
    assert len(tried) > 60
    assert found == []


def parameters() -> set[str]:
    """The parameters of addresses that the desk's code reads."""
    code = "".join(path.read_text() for path in Path(settings.BASE_DIR, "inbox", "desk").rglob("*.py"))
    return {*re.findall(r'request\.GET\.get\("(\w+)"', code), *queues.Filters.__dataclass_fields__}


def test_no_parameter_of_an_address_is_an_error(things: Things, everybody: User) -> None:
    client = freshen(client_of(everybody), everybody)
    found, tried = list[str](), set[str]()
    for one in requests(things):
        if one.name in tried:
            continue
        tried.add(one.name)
        for text in TYPED:
            query = sent(dict.fromkeys(parameters(), text[:3000]))
            try:
                status = client.get(f"{one.path}?{query}").status_code
            except Exception as error:  # noqa: BLE001 - as above
                found.append(f"{one.name} {text[:12]!r}: {error!r:.200}")
            else:
                found += [f"{one.name} {text[:12]!r}: {status}"] if status >= 500 else []
    assert found == []


def test_no_text_in_a_field_of_sign_in_is_an_error(things: Things, everybody: User) -> None:
    found = list[str]()
    for client in (Client(), freshen(client_of(everybody), everybody)):
        for name in (
            "account_login",
            "account_reset_password",
            "account_change_password",
            "account_reauthenticate",
            "mfa_activate_totp",
            "mfa_reauthenticate",
            "mfa_add_webauthn",
            "mfa_list_webauthn",
            "mfa_generate_recovery_codes",
        ):
            path = reverse(name)
            response = client.get(path, follow=True)
            for action, shown in forms(response.content.decode()).items():
                found += wrong(client, action or path, {**shown, "next": ""})
        for text in TYPED:
            path = reverse("invitation", args=["token"]).replace("token", quote(text[:3000], errors="surrogatepass"))
            assert client.get(path).status_code < 500
    assert found == []
