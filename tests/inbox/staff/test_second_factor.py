"""Second factors that are used twice, removed while they are used, of another account, or no second factor at all."""

from __future__ import annotations

import hashlib
import json
import os
import time
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.test import Client
from django.utils import timezone
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from columns.models import Column
from inbox.models import User
from inbox.staff import accounts, installation
from inbox.workflow import Role
from tests import factories
from tests.inbox.staff.test_accounts import LOGIN, enrol

pytestmark = pytest.mark.databases

AUTHENTICATE, ADD = "/accounts/2fa/authenticate/", "/accounts/2fa/webauthn/add/"
DESK = "/desk/plain/inbox/"


class Passkey:
    """A passkey in software."""

    def __init__(self) -> None:
        self.id, self.key = os.urandom(16), ec.generate_private_key(ec.SECP256R1())

    def added(self, client: Client) -> dict[str, Any]:
        """The answer to the page at which it is added."""
        client.get(ADD)
        said = self._said(client, CollectedClientData.TYPE.CREATE)
        public = AttestedCredentialData.create(bytes(16), self.id, ES256.from_cryptography_key(self.key.public_key()))
        where = hashlib.sha256(b"testserver").digest()
        data = AuthenticatorData.create(where, AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT, 0, public)
        shown = AttestationObject.create("none", data, {})
        return self._answer(clientDataJSON=said, attestationObject=shown)

    def used(self, client: Client, path: str = AUTHENTICATE) -> dict[str, Any]:
        """The answer to the page that asks for it."""
        client.get(path)
        said = self._said(client, CollectedClientData.TYPE.GET)
        data = AuthenticatorData.create(hashlib.sha256(b"testserver").digest(), AuthenticatorData.FLAG.UP, 1)
        signature = self.key.sign(data + said.hash, ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=said, authenticatorData=data, signature=signature)

    def _said(self, client: Client, act: CollectedClientData.TYPE) -> CollectedClientData:
        challenge = websafe_decode(client.session["mfa.webauthn.state"]["challenge"])
        return CollectedClientData.create(act, challenge, "https://testserver")

    def _answer(self, **response: bytes) -> dict[str, Any]:
        own = websafe_encode(self.id)
        said = {name: websafe_encode(value) for name, value in response.items()}
        return {"id": own, "rawId": own, "type": "public-key", "response": said, "clientExtensionResults": {}}


def add_staff(name: str, column: Column) -> User:
    at, password = timezone.now(), factories.PASSWORD
    return installation.add_staff(
        f"{name}@example.org", name.title(), column, [Role.MODERATOR], password=password, at=at
    )


def after_password(user: User) -> Client:
    client = Client()
    client.post(LOGIN, {"login": user.email, "password": factories.PASSWORD})
    return client


def with_passkey(user: User) -> tuple[Client, Passkey]:
    """Signed in, with an app and a passkey."""
    client, passkey = after_password(user), Passkey()
    enrol(client)
    assert send(client, ADD, passkey.added(client), name="Phone") == 302
    return client, passkey


def send(client: Client, path: str, answer: Any, **more: str) -> int:
    text = answer if isinstance(answer, str) else json.dumps(answer)
    return int(client.post(path, {"credential": text, **more}).status_code)


@pytest.fixture(autouse=True)
def _no_limit(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = False


@pytest.fixture
def nurse(column: Column) -> User:
    return add_staff("nurse", column)


# --- an app ----------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(bool(settings.REDIS_URL), reason="Redis has a clock of its own, which a test cannot turn")
def test_a_code_that_was_used_is_not_taken_again(nurse: User) -> None:
    enrol(after_password(nurse))
    secret = accounts.decrypt_second_factor(Authenticator.objects.get(user=nurse, type="totp").data["secret"])
    answers = []
    with time_machine.travel(timezone.now(), tick=False) as clock:
        # of the half minute that begins next: it is taken from now on, for as long as any
        code = format_hotp_value(hotp_value(secret, int(time.time()) // 30 + 1))
        for _ in range(4):
            answers.append(after_password(nurse).post(AUTHENTICATE, {"code": code}).status_code)
            clock.shift(29)
    assert answers == [302, 200, 200, 200]


def test_a_recovery_code_is_taken_once(nurse: User) -> None:
    enrol(after_password(nurse))
    codes = Authenticator.objects.get(user=nurse, type="recovery_codes").wrap().get_unused_codes()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for years, answer in ((2, 302), (0, 200), (-4, 200)):
            clock.shift(years * 365 * 24 * 3600)
            assert after_password(nurse).post(AUTHENTICATE, {"code": codes[0]}).status_code == answer


# --- a passkey -------------------------------------------------------------------------------------------------------


def test_a_passkey_is_taken_once_for_what_it_was_asked(nurse: User) -> None:
    _, passkey = with_passkey(nurse)
    client = after_password(nurse)
    answer = passkey.used(client)
    again = after_password(nurse)
    again.get(AUTHENTICATE)
    assert send(again, AUTHENTICATE, answer) == 200, "it answers another question"
    assert send(client, AUTHENTICATE, answer) == 302
    assert client.get(DESK).status_code == 200


def test_a_passkey_that_is_removed_meanwhile_lets_nobody_in(nurse: User) -> None:
    inside, passkey = with_passkey(nurse)
    client = after_password(nurse)
    answer = passkey.used(client)
    pk = Authenticator.objects.get(user=nurse, type="webauthn").pk
    assert inside.post(f"/accounts/2fa/webauthn/keys/{pk}/remove/").status_code == 302
    assert send(client, AUTHENTICATE, answer) == 200
    assert client.get(DESK).status_code == 302
    assert inside.get(DESK).status_code == 200, "there is the app"


def test_whose_last_second_factor_is_removed_meanwhile_signs_in_anew(nurse: User) -> None:
    _, passkey = with_passkey(nurse)
    client = after_password(nurse)
    answer = passkey.used(client)
    Authenticator.objects.filter(user=nurse).delete()
    send(client, AUTHENTICATE, answer)
    assert client.get(DESK).headers["Location"].startswith(LOGIN)


def test_a_passkey_of_another_account_lets_nobody_in(nurse: User, column: Column) -> None:
    with_passkey(nurse)
    _, others = with_passkey(add_staff("doctor", column))
    client = after_password(nurse)
    assert send(client, AUTHENTICATE, others.used(client)) == 200
    assert client.get(DESK).status_code == 302


def test_a_signature_of_another_key_is_refused(nurse: User) -> None:
    _, passkey = with_passkey(nurse)
    client, forged = after_password(nurse), Passkey()
    forged.id = passkey.id
    assert send(client, AUTHENTICATE, forged.used(client)) == 200
    assert client.get(DESK).status_code == 302


#: No passkey says this: not an answer, half of one, and what looks like one.
NO_ANSWERS = [
    "null",
    "[]",
    "[" * 5000,
    "NaN",
    *map(
        json.dumps,
        (
            {"id": 1},
            {"response": None},
            {"id": "AA", "rawId": "AA", "type": "public-key", "response": {}},
            {"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "AA"}},
            *(
                {"id": "AA", "rawId": "AA", "type": kind, "response": {"clientDataJSON": said, **more}}
                for kind in ("public-key", "other")
                for said in ("AA", "e30", "____", "\x00", "\ud800")
                for more in (
                    {"attestationObject": "AA"},
                    {"attestationObject": "oA"},
                    {"authenticatorData": "A" * 60, "signature": "AA"},
                )
            ),
        ),
    ),
]


@pytest.mark.parametrize("path", [ADD, AUTHENTICATE, "/accounts/2fa/webauthn/reauthenticate/"])
def test_what_no_passkey_answers_is_refused_and_no_error(nurse: User, path: str) -> None:
    inside, _ = with_passkey(nurse)
    client = after_password(nurse) if path == AUTHENTICATE else inside
    for answer in NO_ANSWERS:
        client.get(path)
        assert send(client, path, answer, name="Phone") in (200, 302), answer[:200]
    assert Authenticator.objects.filter(user=nurse, type="webauthn").count() == 1
    if path == AUTHENTICATE:
        assert client.get(DESK).status_code == 302


def test_what_a_database_cannot_store_is_no_passkey(nurse: User) -> None:
    inside, _ = with_passkey(nurse)
    for beside in ("\x00", "\ud800", float("nan")):
        answer = {**Passkey().added(inside), "beside": beside}
        assert send(inside, ADD, answer, name="Other") == 200
    assert send(inside, ADD, {**Passkey().added(inside), "beside": "é😀"}, name="Other") == 302
    assert Authenticator.objects.filter(user=nurse, type="webauthn").count() == 2
