"""Every mail is made in one place, in words of our own, and none goes to an address without an account."""

from __future__ import annotations

import ast
import datetime as dt
import re
import smtplib
from pathlib import Path
from typing import Any

import allauth
import pytest
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from django.conf import settings
from django.core import mail
from django.test import Client, RequestFactory
from django.urls import Resolver404, resolve

from columns.models import Column
from config.views import not_offered
from inbox import mail as ours
from inbox.models import User
from inbox.staff import installation
from inbox.workflow import Role
from tests import factories

ROOT = settings.BASE_DIR
EMAILS = ROOT / "templates" / "emails"
INSTALLED = Path(allauth.__file__).parent
#: Mails of allauth that this site never sends: the page that would cause each and is not offered, the setting that
#: switches it off, or the application of allauth that is not installed.
NEVER_SENT = {
    "account/email/account_already_exists": "/accounts/signup/",
    "account/email/email_confirm": "/accounts/confirm-email/x/",
    "account/email/email_confirmation": "/accounts/confirm-email/",
    "account/email/email_confirmation_signup": "/accounts/signup/",
    "account/email/email_changed": "/accounts/email/",
    "account/email/email_deleted": "/accounts/email/",
    "account/email/login_code": "/accounts/login/code/confirm/",
    "account/email/password_set": "/accounts/password/set/",
    "account/email/password_reset_code": "ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED",
    "account/email/unknown_account": "ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS",
    "socialaccount/email/account_connected": "allauth.socialaccount",
    "socialaccount/email/account_disconnected": "allauth.socialaccount",
}


def prefixes() -> set[str]:
    """Every prefix of a mail that the installed allauth names, in its code or by its templates."""
    named = re.compile(r"""["'](\w+/email/\w+?)["']""")
    found = {
        prefix
        for path in INSTALLED.rglob("*.py")
        if "tests" not in path.parts
        for prefix in named.findall(path.read_text())
    }
    # a mail has a subject and a body; what lies there besides is the frame of several
    templates = {
        f"{path.parts[-3]}/email/{path.name.rpartition('_subject.')[0]}"
        for path in INSTALLED.rglob("email/*_subject.*")
    }
    return found | templates


def is_ours(prefix: str) -> bool:
    folder = EMAILS / "account" / prefix.rpartition("/")[2]
    return (folder / "subject.txt").is_file() and (folder / "body.txt").is_file()


def is_shut(why: str) -> bool:
    if why.startswith("/"):
        try:
            return resolve(why, "config.urls").func is not_offered
        except Resolver404:
            return True
    return not getattr(settings, why, False) if why.isupper() else why not in settings.INSTALLED_APPS


def test_the_mails_of_allauth_are_found() -> None:
    found = prefixes()
    assert {"account/email/password_reset_key", "mfa/email/totp_activated", "mfa/email/webauthn_removed"} <= found
    assert len(found) > 15
    assert {prefix.partition("/")[0] for prefix in found} <= {"account", "mfa", "socialaccount", "usersessions"}


def test_each_has_words_of_ours_or_is_never_sent() -> None:
    assert {prefix for prefix in prefixes() if not is_ours(prefix) and prefix not in NEVER_SENT} == set()
    assert {prefix: why for prefix, why in NEVER_SENT.items() if not is_shut(why)} == {}
    assert NEVER_SENT.keys() <= prefixes(), "no longer a mail of allauth"


OURS = sorted(prefix for prefix in prefixes() if is_ours(prefix))


@pytest.fixture
def nurse(column: Column, at: Any) -> User:
    return installation.add_staff(
        "nurse@example.org", "Nurse", column, [Role.MODERATOR], password=factories.PASSWORD, at=at
    )


@pytest.mark.parametrize("prefix", OURS)
def test_a_mail_about_an_account_holds_neither_address_nor_agent_nor_minute(
    nurse: User, prefix: str, rf: RequestFactory, settings: Any
) -> None:
    settings.USE_TZ = True
    request = rf.post("/accounts/", REMOTE_ADDR="203.0.113.7", HTTP_USER_AGENT="Unheard Of")
    from allauth.core import context  # noqa: PLC0415

    with context.request_context(request):
        if prefix.startswith("mfa/"):
            get_mfa_adapter().send_notification_mail(prefix, nurse)
        elif prefix.endswith("password_reset_key"):
            get_adapter().send_password_reset_mail(nurse, nurse.email, {"password_reset_url": "https://desk.example/x"})
        else:
            get_adapter().send_notification_mail(prefix, nurse)
    (sent,) = mail.outbox
    assert (sent.to, sent.extra_headers["Auto-Submitted"]) == ([nurse.email], "auto-generated")
    said = sent.subject + str(sent.body)
    assert "203.0.113" not in said
    assert "Unheard Of" not in said
    assert nurse.email not in said
    assert not re.search(r"\d\d:\d\d|example\.com|Thank you for using", said)
    assert str(sent.body).startswith("Hello,")
    assert "nobody would read your answer" in said


# --- to whom ---------------------------------------------------------------------------------------------------------


def test_no_mail_goes_to_an_address_that_no_account_has(nurse: User, column: Column, at: Any) -> None:
    gone = installation.add_staff(
        "gone@example.org", "Gone", column, [Role.AUTHOR], password="a long one of hers", at=at
    )
    User.objects.filter(pk=gone.pk).update(is_active=False)
    pages = set()
    for address in ("stranger@example.org", gone.email, "nurſe@example.org"):
        page = Client().post("/accounts/password/reset/", {"email": address}, follow=True)
        pages.add((page.status_code, page.text.replace(address, "")))
        assert mail.outbox == []
    page = Client().post("/accounts/password/reset/", {"email": nurse.email}, follow=True)
    pages.add((page.status_code, page.text.replace(nurse.email, "")))
    assert len(pages) == 1
    assert [sent.to for sent in mail.outbox] == [[nurse.email]]


def test_the_adapter_itself_refuses(nurse: User, settings: Any) -> None:
    """Whatever a later version of allauth thinks of sending."""
    for address in ("stranger@example.org", "nurse@example.org.evil.example"):
        get_adapter().send_mail("account/email/password_reset_key", address, {"password_reset_url": "x"})
    EmailAddress.objects.filter(user=nurse).update(email="other@example.org")
    get_adapter().send_mail("account/email/password_changed", "other@example.org", {})
    demonstration = factories.make_user("shown")
    settings.DEMO = False
    get_adapter().send_mail("account/email/password_changed", demonstration.email, {})
    assert mail.outbox == []


def test_a_mail_server_that_refuses_changes_no_page(
    nurse: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(self: Any) -> int:
        raise smtplib.SMTPRecipientsRefused({self.to[0]: (550, b"nobody here")})

    monkeypatch.setattr("inbox.mail.EmailMessage.send", refuse)
    pages = [
        Client().post("/accounts/password/reset/", {"email": address}, follow=True)
        for address in (nurse.email, "stranger@example.org")
    ]
    assert pages[0].redirect_chain == pages[1].redirect_chain
    assert pages[0].text == pages[1].text
    assert "SMTPRecipientsRefused" in caplog.text
    assert nurse.email not in caplog.text


@pytest.mark.databases
def test_the_pause_of_all_mails_grows_to_its_longest_and_ends_with_the_first_that_is_taken(at: dt.datetime) -> None:
    pauses = [ours.failed(at=at).until - at for _ in range(2000)]
    assert pauses[:6] == [dt.timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 16, 30)]
    assert max(pauses) == ours.LONGEST_PAUSE
    assert ours.outage(at=at) == ours.Outage(2000, at + ours.LONGEST_PAUSE)
    ours.succeeded()
    assert ours.outage(at=at) is None
    ours.failed(at=at + dt.timedelta(days=400))
    assert ours.outage(at=at) is None, "it was dated by a clock that was ahead"


# --- from where ------------------------------------------------------------------------------------------------------

#: Names that make or send a mail, and the one file that may use them; the backend only hands over what that file made.
SENDS = {"EmailMessage", "EmailMultiAlternatives", "send_mail", "send_mass_mail", "mail_admins", "mail_managers"}


def used_names(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
    return names | {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def test_nothing_else_makes_a_mail() -> None:
    files = [path for folder in ("columns", "config", "inbox", "bin") for path in (ROOT / folder).rglob("*.py")]
    found = {path.relative_to(ROOT).as_posix(): names for path in files if (names := used_names(path) & SENDS)}
    assert found == {"inbox/mail.py": {"EmailMessage"}}
    imports = {
        path.relative_to(ROOT).as_posix()
        for path in files
        if re.search(
            r"^\s*(?:import smtplib|from (?:smtplib|django\.core\.mail|django\.core import mail)\b)",
            path.read_text(),
            re.MULTILINE,
        )
    }
    assert imports == {"inbox/mail.py", "config/smtp.py"}


def test_every_text_of_a_mail_is_complete() -> None:
    folders = {path.parent for path in EMAILS.rglob("*.txt") if not path.name.startswith("_")}
    assert len(folders) > 10
    assert {
        folder.name
        for folder in folders
        if not ((folder / "subject.txt").is_file() and (folder / "body.txt").is_file())
    } == set()
