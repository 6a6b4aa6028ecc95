"""The writer changes what may be done with the letter."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction

from columns.models import Column
from inbox.editorial import drafts, publishing
from inbox.keys import vault
from inbox.letters import writer_acts
from inbox.letters.intake import Taken
from inbox.models import Consent, Letter, User, bulk_moves
from inbox.workflow import AlreadyMoved, DraftStatus, LetterStatus, NotAllowed
from inbox.writer.guard import LETTER_PAGE
from tests import factories
from tests.reader import Reader, forms


@pytest.mark.parametrize("wanted", [Consent.PRIVATE, Consent.LIGHT])
def test_less_and_more_can_be_allowed(column: Column, writer: Taken, wanted: Consent) -> None:
    reader = Reader()
    reader.open_letter(writer.receipt)
    assert forms(reader.page)["/plain/letter/allow/"]["consent"] == Consent.REWRITTEN
    page = reader.press("letter/allow/", consent=wanted.value)
    assert f"From now on you allow: {wanted.label}." in page
    assert len(reader.response.content) % LETTER_PAGE == 0
    assert Letter.objects.get().consent == wanted
    event = writer.letter.events.last()
    assert event is not None
    assert (event.verb, event.actor) == ("allow", "writer")
    assert event.changes == {"consent_before": "rewritten", "consent_after": wanted.value}


def test_pressing_twice_is_one_change(column: Column, writer: Taken) -> None:
    reader = Reader()
    reader.open_letter(writer.receipt)
    before = reader.response
    for _ in range(2):
        reader.response = before
        assert "From now on you allow" in reader.press("letter/allow/", consent="private")
    assert writer.letter.events.count() == 2


def test_a_draft_is_not_published_any_more(
    column: Column, writer: Taken, author: User, at: dt.datetime, keys: vault.Vault
) -> None:
    writer.letter.shortlist(by=author, at=at)
    draft = factories.make_draft(column, DraftStatus.APPROVED, letters=[writer.letter], at=at)
    reader = Reader()
    reader.open_letter(writer.receipt)
    reader.press("letter/allow/", consent="private")
    assert drafts.letters(draft, keys)[0].status == LetterStatus.ANSWERING
    with pytest.raises(NotAllowed, match="allowed a private answer only"):
        publishing.publish(draft, by=author, at=at, publish_at=at, slug="an-answer", keys=keys)


def test_the_database_refuses_what_a_stale_page_would_publish(
    column: Column, writer: Taken, author: User, at: dt.datetime, keys: vault.Vault
) -> None:
    writer.letter.shortlist(by=author, at=at)
    drafts.start(column, [writer.letter], by=author, at=at, keys=keys)
    stale = Letter.objects.get()
    writer_acts.allow(Letter.objects.get(), Consent.PRIVATE, at=at)
    with pytest.raises(NotAllowed, match="now allows a private answer only"), transaction.atomic():
        bulk_moves.publish([stale], by=author, at=at, out_at=at)
    assert Letter.objects.get().status == LetterStatus.ANSWERING


@pytest.mark.parametrize("status", [DraftStatus.SCHEDULED, DraftStatus.PUBLISHED, DraftStatus.TAKEN_DOWN])
def test_not_once_the_article_is_written(
    column: Column, writer: Taken, author: User, at: dt.datetime, status: DraftStatus
) -> None:
    writer.letter.shortlist(by=author, at=at)
    reader = Reader()
    reader.open_letter(writer.receipt)
    before = reader.response
    factories.make_draft(column, status, letters=[writer.letter], at=at)
    assert 'action="/plain/letter/allow/"' not in Reader().open_letter(writer.receipt)
    reader.response = before
    assert "this cannot be changed any more" in reader.press("letter/allow/", consent="private")
    assert Letter.objects.get().consent == Consent.REWRITTEN


def test_two_at_once_make_one_change(column: Column, writer: Taken, at: dt.datetime) -> None:
    first, second = Letter.objects.get(), Letter.objects.get()
    writer_acts.allow(first, Consent.PRIVATE, at=at)
    with pytest.raises(AlreadyMoved):
        writer_acts.allow(second, Consent.LIGHT, at=at)
    assert Letter.objects.get().consent == Consent.PRIVATE


def test_the_desk_reads_what_happened(column: Column, writer: Taken, moderator: User, signed_in: object) -> None:
    assert callable(signed_in)
    reader = Reader()
    reader.open_letter(writer.receipt)
    reader.press("letter/allow/", consent="private")
    page = signed_in(moderator).get(f"/desk/plain/letters/{writer.letter.pk}/").content.decode()
    assert "its writer changed what they allow" in page


@pytest.mark.parametrize("wanted", ["", "everything", "\x00"])
def test_what_is_no_choice_changes_nothing(column: Column, writer: Taken, wanted: str) -> None:
    reader = Reader()
    reader.open_letter(writer.receipt)
    assert "Choose what you allow." in reader.press("letter/allow/", consent=wanted)
    assert Letter.objects.get().consent == Consent.REWRITTEN


def test_without_an_open_letter_nothing_is_changed(column: Column, writer: Taken) -> None:
    assert "Your letter has closed" in Reader().post("letter/allow/", {"consent": "light", "token": "00"})
    assert Letter.objects.get().consent == Consent.REWRITTEN


def test_a_letter_of_another_column_is_not_open_here(column: Column, other_column: Column, writer: Taken) -> None:
    reader = Reader()
    reader.open_letter(writer.receipt)
    fields = {**forms(reader.page)["/plain/letter/allow/"], "consent": "light"}
    assert "Your letter has closed" in Reader("elsewhere").post("letter/allow/", fields)
    assert Letter.objects.get().consent == Consent.REWRITTEN


def test_opened_without_a_form_leads_to_the_receipt(column: Column) -> None:
    reader = Reader()
    reader.open("letter/allow/")
    assert reader.response.headers["Location"] == "/plain/letter/"


def test_another_sites_form_is_refused(column: Column) -> None:
    reader = Reader()
    reader.post("letter/allow/", {}, headers={"sec-fetch-site": "cross-site"})
    assert reader.response.status_code == 403


def test_wrong_method_is_refused(column: Column) -> None:
    assert Reader().client.put("/plain/letter/allow/").status_code == 405
