"""What is seen from outside, or in a copy of the database, says nothing of who wrote, nor whether somebody did."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext

from columns.models import Article, Column
from inbox.crypto import receipts, sealing
from inbox.editorial import decisions, publishing
from inbox.letters import writer_acts
from inbox.letters.intake import MAX_CHARACTERS, Taken
from inbox.models import (
    Bundle,
    Draft,
    DraftEvent,
    DraftVersion,
    Letter,
    LetterEvent,
    Message,
    Note,
    Notice,
    Review,
    SealedKey,
    User,
    WriterAddress,
)
from inbox.workflow import DraftStatus, LetterStatus, Role
from inbox.writer.guard import LETTER_PAGE, RECEIPT_PAGE
from tests import factories
from tests.reader import Reader

DATA = "0123456789ABCDEF"
OF_NOBODY = DATA + receipts.check_character(DATA)
#: Tables into which something that a reader does puts a row.
ADDED_BY_A_READER: list[type[models.Model]] = [Letter, Message, Note, LetterEvent, WriterAddress, Notice, SealedKey]
#: Those, and the ones in which it changes a row.
OF_A_READER: list[type[models.Model]] = [*ADDED_BY_A_READER, Article]
#: Finer than a day, with the reason.
FINER_THAN_A_DAY = {
    # a worker's, while it sends; empty before and after
    ("Notice", "claimed_at"),
    # the desk's, and in public
    ("Article", "publish_at"),
    # the beginning of its day, or the article's own publish_at: see test_a_take_down_by_receipt_leaves_its_day_alone
    ("Article", "taken_down_at"),
}


# --- the receipt's page ---------------------------------------------------------------------------------------------


def _withdrawn(column: Column, other: Column) -> str:
    taken = factories.take_letter(column)
    reader = Reader()
    reader.open_letter(taken.receipt)
    reader.press("letter/withdraw/", sure="on")
    return taken.receipt


def _erased(column: Column, other: Column) -> str:
    taken, at = factories.take_letter(column), dt.datetime.now(dt.UTC)
    decisions.decline(taken.letter, "No.", by=factories.make_user("tidy", column), at=at)
    taken.letter.erase(at=at)
    return taken.receipt


def _changed(column: Column, other: Column) -> str:
    taken = factories.take_letter(column)
    reader = Reader()
    reader.open_letter(taken.receipt)
    reader.press("letter/change/")
    return taken.receipt


CASES: dict[str, Callable[[Column, Column], str]] = {
    "hit": lambda column, other: factories.take_letter(column).receipt,
    "urgent": lambda column, other: (
        factories.take_letter(column, text="I want to kill myself, and nobody knows. " * 3).receipt
    ),
    "without topic": lambda column, other: factories.take_letter(column, topic="").receipt,
    "other column": lambda column, other: factories.take_letter(other).receipt,
    "withdrawn": _withdrawn,
    "erased": _erased,
    "changed": _changed,
}


@pytest.mark.parametrize("case", CASES)
def test_every_receipt_is_answered_as_one_of_nobody(column: Column, other_column: Column, case: str) -> None:
    receipt = CASES[case](column, other_column)
    seen = []
    for typed in (OF_NOBODY, receipt):
        reader = Reader()
        reader.open("letter/")
        with CaptureQueriesContext(connection) as queries:
            reader.press("letter/", receipt=typed)
        bare = re.sub(r"'[^']*'", "?", " ".join(query["sql"] for query in queries))
        response = reader.response
        seen.append(
            {
                "status": response.status_code,
                "headers": dict(response.headers),
                "length": len(response.content),
                "templates": [template.name for template in response.templates],
                "queries": len(queries),
                "sql": bare,
            }
        )
    assert seen[0] == seen[1]
    assert seen[0]["length"] == RECEIPT_PAGE


def test_a_slip_of_the_finger_is_answered_at_the_same_size(column: Column) -> None:
    reader = Reader()
    for typed in ("", "7QM2", OF_NOBODY[:-1] + ("0" if OF_NOBODY[-1] != "0" else "1")):
        reader.find(typed)
        assert (reader.response.status_code, len(reader.response.content)) == (200, RECEIPT_PAGE)


@pytest.mark.parametrize("status", [s for s in LetterStatus if s != LetterStatus.ERASED])
def test_the_pages_behind_it_come_in_steps(column: Column, writer: Taken, author: User, status: LetterStatus) -> None:
    reader = Reader()
    reader.open_letter(writer.receipt)
    Letter.objects.filter(pk=writer.letter.pk).update(status=status)
    for action, filled in {
        "letter/open/": {},
        "letter/reply/": {"text": "x" * random.Random(status).randint(1, 16_000)},
        "letter/allow/": {"consent": "light"},
        "letter/withdraw/": {},
    }.items():
        token = reader.post(action, {"token": _token(reader.page), **filled})
        assert token
        assert len(reader.response.content) % LETTER_PAGE == 0


def _token(page: str) -> str:
    found = re.search(r'name="token" value="([0-9a-f]+)"', page)
    return found[1] if found else "00"


def test_a_letter_that_has_closed_is_said_in_one_step(column: Column) -> None:
    reader = Reader()
    reader.post("letter/open/", {"token": "00"})
    assert len(reader.response.content) == LETTER_PAGE


@pytest.mark.parametrize("path", ["letter/", "letter/open/", "letter/change/", "letter/allow/"])
def test_nothing_behind_the_receipt_is_compressed(column: Column, writer: Taken, path: str) -> None:
    """A compressed length says something about the content."""
    reader = Reader(**{"accept-encoding": "gzip, br, zstd"})
    reader.open_letter(writer.receipt)
    reader.post(path, {"receipt": writer.receipt, "token": _token(reader.page), "consent": "light"})
    assert reader.response.status_code == 200
    assert "Content-Encoding" not in reader.response.headers
    assert not any("gzip" in name.lower() for name in settings.MIDDLEWARE)


def test_the_proxy_compresses_no_page() -> None:
    folder = settings.BASE_DIR / "deploy" / "nginx"
    said = {path.name: re.sub(r"#.*", "", path.read_text()) for path in folder.iterdir() if path.is_file()}
    assert re.findall(r"\bgzip\s+(\w+)\s*;", said["nginx.conf"]) == ["off"]
    for name, text in said.items():
        assert not re.findall(r"\b(?:gzip\s+on|brotli\s+on|zstd\s+on|gzip_proxied|gunzip\s+on)\b", text), name
        for block in re.findall(r"location[^{]*\{([^}]*)\}", text):
            if "gzip_static" in block:  # only what lies there compressed, and is everybody's
                assert "alias /srv/static" in block
                assert "proxy_pass" not in block


# --- sizes ------------------------------------------------------------------------------------------------------------


def _length(chance: random.Random, most: int) -> int:
    """As people write: mostly short, some very long, up to the most that the forms take."""
    return min(most, max(1, int(chance.lognormvariate(6.5, 1.2))))


ALPHABETS = ["abcdefgh ", "äöüß é", "愛している", "💌🙂", '"\\\n']


def test_ten_thousand_letters_have_at_most_six_sizes() -> None:
    """The padding alone; what sealing adds to it is the same for all, as the next test holds."""
    chance = random.Random(20261123)
    sizes = set()
    for number in range(10_000):
        most = MAX_CHARACTERS if number % 50 else 10**9
        length = MAX_CHARACTERS if number % 100 == 0 else _length(chance, most)
        length = min(length, MAX_CHARACTERS)
        text = chance.choice(ALPHABETS[number % 5]) * length
        sizes.add(len(sealing.pad(sealing.plain({"text": text, "pen_name": "", "about": {}, "concerns": []}))))
    assert sizes <= set(sealing.SIZES)
    assert len(sizes) == 6, "the longest and the shortest are among them"


@pytest.mark.databases
def test_what_is_stored_of_letters_messages_and_notes_has_at_most_six_sizes(
    column: Column, moderator: User, at: dt.datetime
) -> None:
    chance = random.Random(7)
    for number in range(120):
        text = chance.choice(ALPHABETS[number % 5]) * _length(chance, 8_000)
        letter = factories.take_letter(column, text="x" * 40 + text, email="a@example.org" if number % 2 else "").letter
        letter.note(text, by=moderator, at=at)
        writer_acts.write_back(letter, text, at=at)
    longest = factories.take_letter(column, text="\U0001f48c" * MAX_CHARACTERS).letter
    assert len(longest.sealed) == max(sealing.SIZES) + 37
    every: set[int] = set()
    for model in (Letter, Message, Note, WriterAddress):
        every |= {len(row.sealed) for row in model.objects.all()}
    assert every <= {size + 37 for size in sealing.SIZES}
    assert {len(row.sealed) for row in WriterAddress.objects.all()} == {sealing.SIZES[0] + 37}
    assert len({len(row.sealed) for row in SealedKey.objects.all()}) == 1


# --- what a copy of the database says -------------------------------------------------------------------------------


@pytest.mark.parametrize("model", OF_A_READER, ids=lambda model: model.__name__)
def test_what_a_reader_causes_carries_days_only(model: type[models.Model]) -> None:
    finer = {
        (model.__name__, field.name)
        for field in model._meta.get_fields()
        if isinstance(field, models.DateTimeField | models.TimeField | models.DurationField)
    }
    assert finer <= FINER_THAN_A_DAY


def _every_row() -> dict[tuple[str, str], dict[str, Any]]:
    ours = [
        model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in ("columns", "inbox")
    ]
    rows = serializers.serialize("python", (row for model in ours for row in model._base_manager.all()))
    return {(row["model"], str(row["pk"])): row["fields"] for row in rows}


def _times(rows: dict[tuple[str, str], dict[str, Any]]) -> dict[tuple[str, str, str], dt.datetime]:
    return {
        (*row, name): value
        for row, fields in rows.items()
        for name, value in fields.items()
        if isinstance(value, dt.datetime)
    }


@pytest.mark.databases
@pytest.mark.parametrize(
    ("status", "out_before", "days"),
    [(DraftStatus.PUBLISHED, True, 0), (DraftStatus.PUBLISHED, True, 3), (DraftStatus.SCHEDULED, False, 0)],
)
def test_a_take_down_by_receipt_leaves_its_day_alone(
    column: Column, client: Client, status: DraftStatus, out_before: bool, days: int
) -> None:
    """Whatever row it writes, and whatever the sweep and the desk's next page write because of it: a time in it is the
    beginning of a day, or stood in the database before."""
    published = dt.datetime(2026, 11, 23, 9, 41, 7, 123, tzinfo=dt.UTC)
    with time_machine.travel(published, tick=False) as clock:
        taken = factories.take_letter(column, at=published)
        taken.letter.shortlist(by=factories.someone(column, Role.MODERATOR), at=published)
        factories.make_draft(column, status, letters=[taken.letter], at=published)
        clock.move_to(published + dt.timedelta(days=days, hours=4, minutes=13, seconds=31))
        desk = factories.sign_in(client, factories.someone(column, Role.AUTHOR))
        assert desk.get(f"/desk/{column.slug}/drafts/").status_code == 200
        before = _times(_every_row())
        reader = Reader()
        reader.open_letter(taken.receipt)
        reader.press("letter/withdraw/", sure="on")
        clock.shift(17)
        assert publishing.follow_articles(at=dt.datetime.now(dt.UTC)) == 1
        clock.shift(60)
        assert desk.get(f"/desk/{column.slug}/drafts/").status_code == 200
    after, known = _times(_every_row()), set(before.values())
    written = {place: time for place, time in after.items() if before.get(place) != time}
    assert {place[0] for place in written} >= {"columns.article", "inbox.draftevent", "inbox.draftversion"}
    midnight = dt.time()
    assert {place: time for place, time in written.items() if time.time() != midnight and time not in known} == {}
    article = Article.objects.get()
    assert article.taken_down_at is not None
    assert article.taken_down_at.date() == (published + dt.timedelta(days=days)).date()
    # what is read from it: whether readers ever saw it
    assert (article.taken_down_at >= article.publish_at) == out_before
    assert Client().get(article.get_absolute_url()).status_code == (410 if out_before else 404)


@pytest.mark.parametrize("model", ADDED_BY_A_READER, ids=lambda model: model.__name__)
def test_what_a_reader_causes_is_not_counted(model: type[models.Model]) -> None:
    """A number from a sequence would say in which order things came; a random id says nothing."""
    key = model._meta.pk
    assert isinstance(key, models.UUIDField)
    assert key.default is not None
    assert key.default().version == 4
    assert [field for field in model._meta.get_fields() if isinstance(field, models.AutoField)] == []


@pytest.mark.databases
def test_no_readable_column_joins_a_draft_and_a_letter() -> None:
    """Nor does any table between them: from the tables of drafts no way of foreign keys leads to those of letters."""
    of_letters: set[Any] = {Letter, Message, Note, LetterEvent, WriterAddress, Notice}
    of_drafts: set[Any] = {Draft, DraftVersion, DraftEvent, Bundle, Review}
    for model in apps.get_models(include_auto_created=True):
        leads_to = {field.related_model for field in model._meta.get_fields() if field.is_relation and field.concrete}
        reach = leads_to | {model}
        assert not (reach & of_letters and reach & of_drafts), model
    for model in of_drafts:
        for field in model._meta.concrete_fields:
            assert "letter" not in field.name, (model, field.name)
            if isinstance(field, models.UUIDField) and not field.is_relation:
                assert field.primary_key, (model, field.name)


def test_a_notice_goes_with_its_mail(column: Column, at: dt.datetime, mailoutbox: list[object]) -> None:
    from inbox.letters import notices  # noqa: PLC0415 - beside what it is about

    factories.make_letter(column, LetterStatus.DECLINED, email="somebody@example.org", at=at)
    assert notices.send_due(at=at) == 1
    assert not Notice.objects.exists()
