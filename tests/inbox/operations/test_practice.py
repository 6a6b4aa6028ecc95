"""A practice day: real verbs on invented letters, which no reader, no mail and no figure ever meets."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from columns import urls as column_urls
from columns.models import Article, Column, Topic
from inbox.desk.inbox.limit_and_practice import LETTERS
from inbox.editorial import decisions, drafts
from inbox.keys import keyring, vault
from inbox.letters import writer_acts
from inbox.models import (
    ColumnEvent,
    Draft,
    KeyGrant,
    Letter,
    LetterEvent,
    Message,
    Notice,
    Outgoing,
    SealedKey,
    Seat,
    User,
)
from inbox.models.keystore import sealed_models
from inbox.operations import audit_chain, health, practice
from inbox.screening import language, spam
from inbox.workflow import LetterStatus, NotAllowed, Role
from inbox.writer import urls
from tests import factories

CONTENT = practice.read(LETTERS)
FEW = {**CONTENT, "letter": [entry for entry in CONTENT["letter"] if entry.get("more") or entry["days_ago"] == 0]}


@pytest.fixture
def practised(column: Column, moderator: User, at: dt.datetime) -> Column:
    return practice.begin(moderator, FEW, at=at)


def test_the_letters_are_as_varied_as_a_day() -> None:
    letters = CONTENT["letter"]
    texts = [entry["text"] for entry in letters]
    assert len(letters) == len(set(texts)) == 50
    assert {entry.get("topic", "") for entry in letters} == {"", *(topic["slug"] for topic in CONTENT["topic"])}
    assert sum(language.foreign(text, "en") != "" for text in texts) == 2
    assert sum(bool(spam.judge(text).reasons) for text in texts) == 3
    assert min(map(len, texts)) < 130
    assert max(map(len, texts)) > 1500


@pytest.mark.databases
def test_the_whole_day_comes_in_through_the_real_intake(column: Column, moderator: User, at: dt.datetime) -> None:
    made = practice.begin(moderator, CONTENT, at=at)
    letters = Letter.objects.filter(column=made)
    assert letters.count() == 50
    # seven that cannot wait, two in languages that nobody has screened, and at most two for nothing
    assert 9 <= letters.filter(need__gt=0).count() <= 11
    assert letters.filter(status=LetterStatus.HELD, need=0).count() == 3
    assert letters.filter(newest=Message.Kind.FROM_WRITER).count() == 2
    assert {(at.date() - letter.received_on).days for letter in letters} == set(range(10))
    assert set(Seat.objects.filter(column=made).values_list("user", "role")) == {
        (moderator.pk, "moderator"),
        (moderator.pk, "author"),
    }


def test_the_person_holds_the_keys_and_opens_every_letter(practised: Column, moderator: User) -> None:
    assert [(one.user, one.missing) for one in keyring.holdings(practised)] == [(moderator, 0)]
    assert practised.slug.startswith("practice-")
    assert (practised.title, practised.practice, practised.intake_open) == ("Practice", True, False)
    words = factories.desk_keys().open_many(Letter.objects.filter(column=practised))
    assert {str(one["text"]) for one in words.values()} == {entry["text"].strip() for entry in FEW["letter"]}


def test_who_has_one_gets_that_one(practised: Column, moderator: User, author: User, at: dt.datetime) -> None:
    assert practice.begin(moderator, FEW, at=at) == practised
    assert practice.begin(author, FEW, at=at) != practised
    assert practice.columns(moderator) == [practised]


def test_nothing_is_sent_to_anybody(practised: Column, moderator: User, at: dt.datetime) -> None:
    letters = list(Letter.objects.filter(column=practised, status=LetterStatus.RECEIVED))
    decisions.decline(letters[0], "We cannot answer every letter, and we are sorry.", by=moderator, at=at)
    decisions.ask(letters[1], "Since when, if we may ask?", by=moderator, at=at)
    assert not Notice.objects.exists()
    assert mail.outbox == []


# --- readers ---------------------------------------------------------------------------------------------------------

_PARTS = {"topic": "body", "year": 2031, "month": 5, "slug": "some-article", "version": "0123456789abcdef"}
_PUBLIC = sorted(
    f"{space}:{one.name}"
    for space, module in (("columns", column_urls), ("writer", urls))
    for one in module.urlpatterns
    if "<slug:column>" in str(one.pattern)
)


def test_the_public_addresses_are_found() -> None:
    assert {"columns:home", "columns:feed", "columns:article", "writer:write", "writer:receipt"} <= set(_PUBLIC)


@pytest.mark.parametrize("name", _PUBLIC)
def test_for_readers_there_is_no_such_column(practised: Column, name: str) -> None:
    """Each public address answers as it answers for a column that never was: by GET and by POST."""
    pattern = next(
        str(one.pattern)
        for module in (column_urls, urls)
        for one in module.urlpatterns
        if one.name == name.split(":")[1] and "<slug:column>" in str(one.pattern)
    )
    parts = {part: value for part, value in _PARTS.items() if f":{part}>" in pattern}
    client = Client()
    answers: dict[str, list[tuple[int, bytes]]] = {}
    for slug in (practised.slug, f"{practised.slug}x"):
        path = reverse(name, kwargs={"column": slug, **parts})
        for method in (client.get, client.post):
            response = method(path, {"receipt": "7QM2-XRT9", "text": "x" * 60})
            answers.setdefault(slug, []).append((response.status_code, response.content))
    here, nowhere = answers.values()
    assert 404 in {status for status, _ in here}
    assert {status for status, _ in here} <= {302, 404, 405}
    assert [(status, body.replace(b"x/", b"/")) for status, body in nowhere] == [
        (status, body.replace(b"x/", b"/")) for status, body in here
    ]


def test_no_list_for_readers_names_it(practised: Column, column: Column, at: dt.datetime) -> None:
    assert Client().get("/").headers["Location"] == "/plain/"
    assert practised.slug not in Client().get("/sitemap.xml").text
    assert Client().get(f"/sitemap-{practised.slug}.xml").status_code == 404
    column.practice = True
    column.save()
    article = factories.make_article(column)
    assert not Article.objects.live(at + dt.timedelta(days=1)).filter(pk=article.pk).exists()
    assert Client().get(f"/sitemap-{column.slug}.xml").status_code == 404
    assert article.slug not in Client().get("/sitemap.xml").text


def test_no_receipt_opens_a_practice_letter(practised: Column, column: Column, other_column: Column) -> None:
    taken = factories.take_letter(practised, topic="")
    assert writer_acts.find(taken.receipt)[0] is None
    for one in (column, other_column):
        page = Client().post(f"/{one.slug}/letter/", {"receipt": taken.receipt})
        assert page.status_code == 200
        assert page.context["found"] is False


# --- the owner's figures, and what runs by itself --------------------------------------------------------------------


def test_is_in_none_of_the_owners_figures(
    column: Column, moderator: User, at: dt.datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    factories.make_letter(column)
    audit_chain.join()
    before = [one for one in health.findings(column, at=at) if one.title == "History"]
    practice.begin(moderator, FEW, at=at)
    audit_chain.join()
    assert [one for one in health.findings(column, at=at) if one.title == "History"] == before
    assert audit_chain.broken() == []
    call_command("make_keys")
    assert "practice" not in capsys.readouterr().out


# --- the end of it ---------------------------------------------------------------------------------------------------


@pytest.mark.databases
def test_thrown_away_not_a_word_and_not_a_key_is_left(
    practised: Column, moderator: User, column: Column, at: dt.datetime
) -> None:
    kept = factories.make_letter(column)
    keys = factories.desk_keys()
    letters = list(Letter.objects.filter(column=practised, status=LetterStatus.RECEIVED, need=0))
    free = [letter for letter in letters if letter.consent != "private"]
    decisions.decline(letters[0], "We cannot answer every letter, and we are sorry.", by=moderator, at=at)
    free[1].shortlist(by=moderator, at=at)
    free[1].note("So kind.", by=moderator, at=at)
    draft = drafts.start(practised, [free[1]], by=moderator, at=at, keys=keys)
    draft.save_version(factories.draft_words(), by=moderator, at=at, base=1)
    words = list(LetterEvent.objects.filter(letter__column=practised).values_list("letter", flat=True))
    practice.throw_away(practised, by=moderator, at=at)
    for model in sealed_models():
        rows = model._default_manager.filter(**{model.sealed_as.column: practised})
        items = list(rows.values_list("pk", flat=True))
        assert not SealedKey.objects.filter(item__in=items).exists(), model
        assert not model._default_manager.filter(pk__in=items).exclude(sealed=b"").exists(), model
    assert not KeyGrant.objects.filter(key__column=practised).exists()
    assert not Outgoing.objects.filter(letter__column=practised).exists()
    assert set(Letter.objects.filter(column=practised).values_list("status", flat=True)) == {"erased"}
    assert not Topic.objects.filter(column=practised).exists()
    assert practice.columns(moderator) == []
    # the trail stays, as it does for every letter
    assert LetterEvent.objects.filter(letter__in=words, verb="receive").count() == len(FEW["letter"])
    assert list(ColumnEvent.objects.filter(column=practised).values_list("verb", flat=True))[-1] == "throw_away"
    assert audit_chain.join() > 0
    assert audit_chain.broken() == []
    # and nothing of the real column
    assert factories.desk_keys().open(kept)["text"] == factories.LETTER_TEXT
    assert [one.missing for one in keyring.holdings(column)] == [0] * keyring.holders(column).count()


def test_their_unlocked_session_forgets_the_keys(practised: Column, moderator: User, at: dt.datetime) -> None:
    before = User.objects.get(pk=moderator.pk).key_epoch
    practice.throw_away(practised, by=moderator, at=at)
    assert User.objects.get(pk=moderator.pk).key_epoch > before


@pytest.mark.databases
def test_a_real_column_is_never_thrown_away(
    column: Column, practised: Column, moderator: User, author: User, at: dt.datetime
) -> None:
    letter = factories.make_letter(column)
    with pytest.raises(NotAllowed):
        practice.throw_away(column, by=moderator, at=at)
    with pytest.raises(NotAllowed):
        practice.throw_away(practised, by=author, at=at)
    with pytest.raises(NotAllowed):
        keyring.destroy(column)
    column.practice = True  # only what the database says counts
    with pytest.raises(NotAllowed):
        practice.throw_away(column, by=moderator, at=at)
    assert factories.desk_keys().open(letter)["text"] == factories.LETTER_TEXT
    assert Letter.objects.filter(column=practised).exclude(status=LetterStatus.ERASED).exists()


@pytest.mark.databases
def test_starting_again_brings_every_letter_back(practised: Column, moderator: User, at: dt.datetime) -> None:
    again = practice.begin_again(moderator, FEW, at=at)
    assert again != practised
    assert practice.columns(moderator) == [again]
    assert Letter.objects.filter(column=again).exclude(status=LetterStatus.ERASED).count() == len(FEW["letter"])
    assert not Draft.objects.filter(column=again).exists()


def test_after_it_is_thrown_away_the_site_runs_on(
    practised: Column, column: Column, moderator: User, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    practice.throw_away(practised, by=moderator, at=at)
    monkeypatch.setattr(keyring, "recovered", lambda typed: vault.holder(factories.RECOVERY))
    monkeypatch.setattr("sys.stdin.readline", lambda: "typed", raising=False)
    call_command("recovery_drill", "--key-stdin")


def test_practising_takes_no_seat_that_publishes(practised: Column) -> None:
    held = set(Seat.objects.filter(column=practised).values_list("role", flat=True))
    assert not held & {Role.REVIEWER, Role.OWNER}
