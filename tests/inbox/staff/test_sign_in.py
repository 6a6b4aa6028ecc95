"""The pages below /accounts/: which there are, what they say, and what guessing at them brings."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from columns.models import Column
from config import urls_desk
from inbox.keys import unlock
from inbox.models import User
from inbox.staff import installation
from inbox.workflow import Role
from tests import factories
from tests.access_checks import client_of
from tests.inbox.staff.test_accounts import LOGIN, code, enrol

#: Every address below /accounts/ by name; "out": it answers 404 to everybody. A new one has to be decided here.
DECIDED = {
    "account_login": "entrance",
    "account_logout": "entrance",
    "account_reauthenticate": "inside",
    "account_change_password": "inside",
    "account_reset_password": "entrance",
    "account_reset_password_done": "entrance",
    "account_reset_password_from_key": "entrance",
    "account_reset_password_from_key_done": "entrance",
    "invitation": "entrance",
    "mfa_index": "inside",
    "mfa_authenticate": "between",
    "mfa_reauthenticate": "inside",
    "mfa_activate_totp": "inside",
    "mfa_deactivate_totp": "inside",
    "mfa_view_recovery_codes": "inside",
    "mfa_generate_recovery_codes": "inside",
    "mfa_download_recovery_codes": "inside",
    "mfa_list_webauthn": "inside",
    "mfa_add_webauthn": "inside",
    "mfa_reauthenticate_webauthn": "inside",
    "mfa_remove_webauthn": "inside",
    "mfa_edit_webauthn": "inside",
    "account_inactive": "out",
    "account_signup": "out",
    "account_email": "out",
    "account_email_verification_sent": "out",
    "account_confirm_email": "out",
    "account_set_password": "out",
    "account_confirm_login_code": "out",
}
WRONG = "not the password of anybody"


def addresses(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        path = prefix + re.sub(r"<int:\w+>", "1", str(entry.pattern).removeprefix("^").removesuffix("$"))
        path = re.sub(r"<str:\w+>|\(\?P<\w+>[^)]*\)", "x", path)
        if isinstance(entry, URLResolver):
            yield from addresses(entry, path)
        elif entry.name:
            yield entry.name, "/" + path


ADDRESSES = {name: path for name, path in addresses(get_resolver("config.urls_desk")) if path.startswith("/accounts/")}


@pytest.fixture
def nurse(column: Column) -> User:
    at, password = timezone.now(), factories.PASSWORD
    return installation.add_staff("nurse@example.org", "Nurse", column, [Role.MODERATOR], password=password, at=at)


@pytest.fixture
def inside(nurse: User) -> Client:
    """The nurse, signed in with both factors a moment ago."""
    client = Client()
    client.post(LOGIN, {"login": nurse.email, "password": factories.PASSWORD})
    enrol(client)
    return client


def guess(email: str, address: str, password: str = WRONG) -> str:
    response = Client(REMOTE_ADDR=address).post(LOGIN, {"login": email, "password": password})
    return "in" if response.status_code == 302 else "too many" if "Too many" in response.content.decode() else "wrong"


def test_every_address_below_accounts_is_decided() -> None:
    assert set(ADDRESSES) == set(DECIDED)
    assert urls_desk.NOT_OFFERED


@pytest.mark.parametrize("name", sorted(name for name, place in DECIDED.items() if place == "out"))
def test_what_is_not_offered_is_not_there(name: str, inside: Client, stranger: Client) -> None:
    for client in (inside, stranger):
        assert client.get(ADDRESSES[name]).status_code == 404
        assert client.post(ADDRESSES[name], {"email": "new@example.org"}).status_code == 404


@pytest.mark.parametrize("name", sorted(name for name, place in DECIDED.items() if place == "inside"))
def test_what_stands_inside_asks_a_stranger_to_sign_in(name: str, stranger: Client, db: None) -> None:
    for method in (stranger.get, stranger.post):
        assert method(ADDRESSES[name]).headers["Location"].startswith(LOGIN)


@pytest.mark.parametrize("name", sorted(name for name, place in DECIDED.items() if place in ("inside", "entrance")))
def test_every_page_is_ours(name: str, inside: Client, stranger: Client) -> None:
    """Our own template, words and look: none of the library's pages is shown as it comes."""
    response = (inside if DECIDED[name] == "inside" else stranger).get(ADDRESSES[name], follow=True)
    assert response.status_code in (200, 404)
    if response.headers["Content-Type"].startswith("text/html"):
        main = next(one for one in response.templates if one.name and one.name.endswith(".html"))
        assert "site-packages" not in str(main.origin)
        page = response.content.decode()
        assert page.count("<h1") == 1
        assert not re.search(r"Two-Factor|Authenticator code|security key\b.*Are you sure|Reauthenticate", page)


def test_recovery_codes_are_offered_right_after_the_app_is_set_up(inside: Client, nurse: User) -> None:
    client = Client()
    page = inside.get("/accounts/2fa/recovery-codes/").content.decode()
    codes = re.findall(r"<code>(\w+)</code>", page)
    assert len(codes) == 10
    assert codes[0] in inside.get("/accounts/2fa/recovery-codes/download/").content.decode()
    client.post(LOGIN, {"login": nurse.email, "password": factories.PASSWORD})
    assert client.post("/accounts/2fa/authenticate/", {"code": codes[0]}).headers["Location"] == "/desk/"
    kept = Authenticator.objects.get(user=nurse, type=Authenticator.Type.RECOVERY_CODES).data
    assert not any(one in str(kept) for one in codes)


def test_the_codes_that_are_left_are_counted(inside: Client, nurse: User) -> None:
    def left() -> list[str]:
        page = inside.get("/accounts/2fa/").content.decode()
        again = inside.get("/accounts/2fa/recovery-codes/generate/").content.decode()
        return re.findall(r"\d+ recovery codes? left|\d+ of them (?:is|are) unused", page + again)

    page = inside.get("/accounts/2fa/recovery-codes/").content.decode()
    codes = re.findall(r"<code>(\w+)</code>", page)
    assert left() == ["10 recovery codes left", "10 of them are unused"]
    for unused in codes[:9]:
        client = Client()
        client.post(LOGIN, {"login": nurse.email, "password": factories.PASSWORD})
        assert client.post("/accounts/2fa/authenticate/", {"code": unused}).status_code == 302
    assert left() == ["1 recovery code left", "1 of them is unused"]


def test_setting_up_the_app_leads_to_the_codes(nurse: User) -> None:
    client = Client()
    client.post(LOGIN, {"login": nurse.email, "password": factories.PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": factories.PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    found = re.search(r'id="authenticator_secret"[^>]*value="(\w+)"', page)
    assert found
    done = client.post("/accounts/2fa/totp/activate/", {"code": code(found[1])})
    assert done.headers["Location"] == "/accounts/2fa/recovery-codes/"


# --- guessing --------------------------------------------------------------------------------------------------------


@pytest.mark.databases
def test_the_eleventh_failure_is_refused_and_so_is_the_right_password_then(nurse: User) -> None:
    assert [guess(nurse.email, "203.0.113.9") for _ in range(12)] == ["wrong"] * 10 + ["too many"] * 2
    assert guess(nurse.email, "203.0.113.9", factories.PASSWORD) == "too many"


def test_who_guesses_from_one_network_does_not_lock_the_person_out_of_another(nurse: User) -> None:
    for _ in range(12):
        guess(nurse.email, "203.0.113.9")
    assert guess(nurse.email, "198.51.100.7", factories.PASSWORD) == "in"


@pytest.mark.databases
def test_a_limit_ends_by_itself(nurse: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(12):
            guess(nurse.email, "203.0.113.9")
        clock.shift(31 * 60)
        assert guess(nurse.email, "203.0.113.9", factories.PASSWORD) == "in"


@pytest.mark.databases
def test_the_second_factor_cannot_be_guessed_for_long(nurse: User, inside: Client) -> None:
    client = Client()
    client.post(LOGIN, {"login": nurse.email, "password": factories.PASSWORD})
    said = [client.post("/accounts/2fa/authenticate/", {"code": f"{n:06}"}).content.decode() for n in range(12)]
    assert "Too many" in said[-1]


@pytest.mark.databases
@pytest.mark.django_db(transaction=True)
def test_no_address_is_kept_anywhere(
    nurse: User, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    agent = "Mozilla/5.0 (Unheard Of)"
    client = Client(REMOTE_ADDR="203.0.113.9", headers={"user-agent": agent})
    for password in (*[WRONG] * 12, factories.PASSWORD):
        client.post(LOGIN, {"login": nurse.email, "password": password})
    client.post("/accounts/password/reset/", {"email": nurse.email})
    call_command("dumpdata", exclude=["sessions"])
    kept = capsys.readouterr().out + caplog.text + str(getattr(cache, "_cache", "")) + str(dict(client.session))
    kept += "".join(str(message.message()) for message in mail.outbox)
    assert "203.0.113" not in kept
    assert "Unheard Of" not in kept


# --- who has an account ----------------------------------------------------------------------------------------------


def shape(page: str, email: str) -> str:
    return re.sub(r'value="[^"]*"', "", page.replace(email, "EMAIL"))


@pytest.mark.parametrize(
    ("path", "field", "more"),
    [(LOGIN, "login", {"password": WRONG}), ("/accounts/password/reset/", "email", {})],
)
def test_an_unknown_address_is_answered_as_a_known_one(
    path: str, field: str, more: dict[str, str], nurse: User
) -> None:
    known, unknown = nurse.email, "nobod@example.org"
    answers = [Client().post(path, {field: email, **more}, follow=True) for email in (known, unknown)]
    assert answers[0].status_code == answers[1].status_code
    assert answers[0].redirect_chain == answers[1].redirect_chain
    assert shape(answers[0].content.decode(), known) == shape(answers[1].content.decode(), unknown)
    assert [sent.to for sent in mail.outbox] in ([], [[known]])  # a stranger gets none


def test_an_unknown_address_costs_the_same_work(nurse: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """One password hash for either, which is nearly all that a wrong password costs."""
    done: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        done.append(password)
        return str(encode(self, password, salt))

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    for email in (nurse.email, "nobod@example.org"):
        guess(email, "203.0.113.9")
    assert done == [WRONG, WRONG]


def test_an_inactive_account_is_answered_as_an_unknown_one(nurse: User) -> None:
    User.objects.filter(pk=nurse.pk).update(is_active=False)
    answers = [
        Client().post(LOGIN, {"login": email, "password": factories.PASSWORD})
        for email in (nurse.email, "nobod@example.org")
    ]
    assert [one.status_code for one in answers] == [200, 200]
    assert shape(answers[0].content.decode(), nurse.email) == shape(answers[1].content.decode(), "nobod@example.org")


# --- the idle session ------------------------------------------------------------------------------------------------


def redis_forgets() -> None:
    """Redis has a clock of its own, which a test cannot turn: what it would have dropped by now is dropped."""
    if settings.REDIS_URL:
        cache.clear()


def test_thirty_idle_minutes_end_the_session_and_pages_push_that_back(inside: Client) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert inside.get("/desk/plain/inbox/").status_code == 200
        for _ in range(3):
            clock.shift(29 * 60)
            assert inside.get("/desk/plain/inbox/").status_code == 200
        clock.shift(31 * 60)
        redis_forgets()
        assert inside.get("/desk/plain/inbox/").headers["Location"].startswith(LOGIN)


@pytest.mark.parametrize("asks", ["pulse", "news", "unlock"])
def test_what_an_open_page_asks_by_itself_pushes_nothing_back(asks: str, inside: Client) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert inside.get("/desk/plain/inbox/").status_code == 200
        name = unlock._name(bytes.fromhex(inside.cookies[settings.UNLOCK_COOKIE_NAME].value))
        before = inside.session["seen"], cache.get(name)
        for _ in range(29):
            clock.shift(60)
            assert by_itself(inside, asks).status_code == 200
        assert (inside.session["seen"], cache.get(name)) == before


@pytest.mark.skipif(bool(settings.REDIS_URL), reason="Redis has a clock of its own, which a test cannot turn")
@pytest.mark.parametrize("asks", ["pulse", "news"])
def test_a_page_left_open_is_locked_after_thirty_minutes(asks: str, inside: Client) -> None:
    answered = []
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert inside.get("/desk/plain/inbox/").status_code == 200
        for _ in range(120):
            clock.shift(60)
            answered.append(by_itself(inside, asks))
        assert inside.get("/desk/plain/inbox/").headers["Location"].startswith(LOGIN)
    ended = {"pulse": 403, "news": 302}[asks]
    assert [one.status_code for one in answered] == [200] * 29 + [ended] * 91
    if asks == "pulse":
        assert "Your session is over" in answered[-1].content.decode()
    else:
        assert answered[-1].headers["Location"].startswith(LOGIN)


def by_itself(client: Client, asks: str) -> Any:
    """What an open inbox asks every few seconds, and what a page asks that locks itself."""
    if asks == "unlock":
        return client.get("/desk/unlock/", {"next": "/desk/plain/inbox/"})
    path = f"/desk/plain/{asks}/"
    return client.post(path, {"doing": "reading"}) if asks == "pulse" else client.get(path)


def test_a_save_of_the_editor_is_work_and_an_idle_tab_ends(column: Column) -> None:
    author = factories.make_user("author", column, Role.AUTHOR)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        draft = factories.make_draft(column)
        client, path = client_of(author), f"/desk/plain/drafts/{draft.pk}/"
        for number in range(3):
            clock.shift(29 * 60)
            said = {"base": draft.latest + number, "answer": f"Words {number}."}
            assert client.post(path, said, headers={"accept": "application/json"}).status_code == 200
        clock.shift(31 * 60)
        redis_forgets()
        late = client.post(path, {"base": draft.latest + 3, "answer": "Late."}, headers={"accept": "application/json"})
        assert late.status_code in (302, 403)
    draft.refresh_from_db()
    assert draft.latest == 5
