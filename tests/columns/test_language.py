"""A column's pages and its mails are in the column's language where there is a catalogue; whoever asks."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone, translation

from columns import language
from columns.models import Column
from columns.templatetags.languages import direction
from inbox.editorial import decisions
from inbox.letters import notices
from inbox.workflow import Role
from tests import factories, pseudo


@pytest.fixture
def catalogues(settings: Any, pseudo_catalogues: Path) -> None:
    settings.LOCALE_PATHS = [pseudo_catalogues]
    settings.LANGUAGES = [*settings.LANGUAGES, (pseudo.LEFT, "Longer"), (pseudo.RIGHT, "From the right")]


def test_without_a_catalogue_it_is_english(client: Client, column: Column) -> None:
    Column.objects.filter(pk=column.pk).update(language="de")
    for path in ("", "about/", "before-you-write/"):
        page = client.get(f"/plain/{path}").content.decode()
        assert '<html lang="de">' in page
        assert "Write a letter" in page


@pytest.mark.usefixtures("catalogues")
def test_with_a_catalogue_it_is_the_columns(client: Client, column: Column, other_column: Column) -> None:
    Column.objects.filter(pk=column.pk).update(language=pseudo.LEFT)
    for path in ("", "about/", "before-you-write/", "letter/"):
        assert pseudo.pseudo("If you need somebody now") in client.get(f"/plain/{path}").content.decode()
        # the language ends with the request
        assert translation.get_language() == "en-gb"
        assert pseudo.OPEN not in client.get(f"/elsewhere/{path}").content.decode()


@pytest.mark.usefixtures("catalogues")
def test_no_reader_is_asked(client: Client, column: Column) -> None:
    plain = client.get("/plain/")
    asking = client.get("/plain/", headers={"accept-language": pseudo.LEFT, "cookie": f"django_language={pseudo.LEFT}"})
    assert asking.content == plain.content
    assert "Accept-Language" not in plain.headers.get("Vary", "")
    assert not asking.cookies


@pytest.mark.usefixtures("catalogues")
def test_from_right_to_left(client: Client, column: Column) -> None:
    Column.objects.filter(pk=column.pk).update(language=pseudo.RIGHT)
    assert f'<html lang="{pseudo.RIGHT}" dir="rtl">' in client.get("/plain/").content.decode()
    assert [direction(code) for code in ("ar", "he", "fa-IR")] == ["rtl"] * 3
    assert [direction(code) for code in ("en", "", None)] == ["ltr"] * 3


@pytest.mark.usefixtures("catalogues")
def test_mails_to_writers_are_in_the_columns_language(column: Column) -> None:
    Column.objects.filter(pk=column.pk).update(language=pseudo.LEFT)
    column.refresh_from_db()
    at = timezone.now()
    taken = factories.take_letter(column, email="writer@example.org")
    desk = factories.someone(column, Role.MODERATOR)
    decisions.ask(taken.letter, "Since when has it been like this?", by=desk, at=at)
    factories.ten_minutes_pass()
    assert notices.send_due(at=at + dt.timedelta(days=2)) == 1
    assert mail.outbox[0].subject == pseudo.pseudo("A short note")
    assert pseudo.pseudo("Hello,") in mail.outbox[0].body
    assert translation.get_language() == "en-gb"


@pytest.mark.usefixtures("catalogues")
@pytest.mark.parametrize(
    ("code", "shown"),
    [("en", "en-gb"), ("en-NZ", "en-gb"), ("de", "en-gb"), (pseudo.LEFT, pseudo.LEFT), ('"><img x>', "en-gb")],
)
def test_the_language_of_a_column(code: str, shown: str) -> None:
    assert language.shown(Column(language=code)) == shown
