"""Whoever changes a row that no chain covers is found out by its events, and nothing is erased on such a row's word."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from columns.models import Column
from inbox.models import ColumnEvent, Consent, Draft, Letter, User
from inbox.operations import as_recorded, audit_chain, retention
from inbox.workflow import DraftStatus, LetterStatus
from tests import factories

pytestmark = pytest.mark.databases

LONG_AGO = dt.date(2020, 1, 1)


def whys() -> list[str]:
    return [one.why for one in as_recorded.differing()]


def said() -> str:
    out = io.StringIO()
    call_command("verify_chains", stdout=out, stderr=out)
    return out.getvalue()


def test_every_letter_and_draft_is_as_its_verbs_leave_it(column: Column, moderator: User, at: dt.datetime) -> None:
    for days in (0, 40, 400):
        for status in LetterStatus:
            factories.make_letter(column, status, at=at - dt.timedelta(days=days))
        for draft in DraftStatus:
            factories.make_draft(column, draft, at=at - dt.timedelta(days=days))
    undone = factories.make_letter(column, at=at)
    undone.allow(Consent.LIGHT, at=at)
    undone.allow(Consent.PRIVATE, at=at)
    retention.erase_due(at=at)
    assert whys() == []


def test_a_letter_that_was_edited_is_named_and_not_swept(column: Column, at: dt.datetime) -> None:
    letter = factories.make_letter(column, at=at)
    audit_chain.join()
    assert "Every chain holds: 2. Letters and drafts are as their events say." in said()
    Letter.objects.filter(pk=letter.pk).update(status=LetterStatus.DECLINED, quiet_since=LONG_AGO)
    assert audit_chain.broken() == [], "no chain covers it"
    assert retention.erase_due(at=at) == 0
    assert factories.desk_keys().open(Letter.objects.get(pk=letter.pk))
    err = io.StringIO()
    with pytest.raises(CommandError, match="Every chain holds, but the letters and drafts"):
        call_command("verify_chains", stderr=err)
    assert f"letter {letter.pk}: its status is “declined”, and its events say “received”." in err.getvalue()
    out = io.StringIO()
    call_command("verify_chains", as_events_say=True, stdout=out)
    assert "Set right by their events: 1." in out.getvalue()
    again = Letter.objects.get(pk=letter.pk)
    assert (again.status, again.quiet_since >= at.date()) == (LetterStatus.RECEIVED, True)
    event = ColumnEvent.objects.get(column=column, verb="set_right")
    assert (event.about, event.by) == ("1", None)


def test_a_day_alone_that_was_edited(column: Column, at: dt.datetime) -> None:
    letter = factories.make_letter(column, LetterStatus.DECLINED, at=at)
    draft = factories.make_draft(column, DraftStatus.SHELVED, at=at)
    Letter.objects.filter(pk=letter.pk).update(quiet_since=LONG_AGO)
    Draft.objects.filter(pk=draft.pk).update(quiet_since=LONG_AGO)
    assert whys() == ["its retention counts from a day before its last event"] * 2
    assert retention.erase_due(at=at) == 0
    assert as_recorded.set_right(at=at) == 2
    assert whys() == []
    later = at + dt.timedelta(days=800)
    assert retention.erase_due(at=later) == 2, "what is as its events say is erased in its time"


def test_a_draft_that_was_edited(column: Column, at: dt.datetime) -> None:
    draft = factories.make_draft(column, DraftStatus.IN_REVIEW, at=at)
    Draft.objects.filter(pk=draft.pk).update(status=DraftStatus.SHELVED, quiet_since=LONG_AGO)
    assert retention.erase_due(at=at) == 0
    assert whys()[-1] == "its status is “shelved”, and its events say “in_review”"


def test_a_consent_that_allows_more_than_was_said(column: Column, at: dt.datetime) -> None:
    letter = factories.make_letter(column, at=at)
    letter.allow(Consent.LIGHT, at=at)
    letter.allow(Consent.PRIVATE, at=at)
    Letter.objects.filter(pk=letter.pk).update(consent=Consent.REWRITTEN)
    assert whys() == ["it allows more than its writer said last"]
    as_recorded.set_right(at=at)
    assert Letter.objects.get(pk=letter.pk).consent == Consent.PRIVATE
    letter.allow(Consent.LIGHT, at=at)
    Letter.objects.filter(pk=letter.pk).update(consent=Consent.PRIVATE)
    assert whys() == [], "less than was said harms nobody"


def test_before_any_chain_there_is_nothing_to_verify(column: Column, at: dt.datetime, tmp_path: Path) -> None:
    factories.make_letter(column, at=at)
    assert said() == ("There is nothing to verify yet: no chain has begun. The worker joins events by and by.\n")
    call_command("verify_chains", write_heads=tmp_path / "heads")
    assert not (tmp_path / "heads").exists()
