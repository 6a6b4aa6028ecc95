"""An approved article gets another date, or none, and keeps its approval: what is approved is its words."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from columns.models import Approval, Article, Column
from inbox.editorial import drafts, publishing
from inbox.keys.vault import Vault
from inbox.models import Draft, Letter, Notice, User
from inbox.models.times.days import month_after
from inbox.operations import as_recorded
from inbox.workflow import AlreadyMoved, DraftStatus, LetterStatus, NotAllowed
from tests import factories
from tests.access_checks import client_of

DAY = dt.timedelta(days=1)


@pytest.fixture
def draft(column: Column, at: dt.datetime) -> Draft:
    draft = factories.make_draft(column, DraftStatus.SCHEDULED, at=at, email="w@example.org")
    return Draft.objects.select_related("article", "column", "bundle").get(pk=draft.pk)


@pytest.fixture
def client(author: User) -> Client:
    return client_of(author)


def path(draft: Draft) -> str:
    return reverse("desk:reschedule", args=[draft.column.slug, draft.pk])


def sent(when: dt.datetime) -> dict[str, str]:
    local = timezone.localtime(when)
    return {"date": local.date().isoformat(), "time": f"{local:%H:%M}"}


def test_another_date_keeps_the_approval_and_moves_what_follows_it(
    draft: Draft, client: Client, at: dt.datetime, keys: Vault
) -> None:
    assert draft.article is not None
    when = (at + 60 * DAY).replace(second=0, microsecond=0)
    approval = draft.article.approval_id
    page = client.get(path(draft)).text
    assert sent(draft.article.publish_at)["date"] in page
    said = client.post(path(draft), sent(when), follow=True).text
    assert "Its approval stays." in said
    assert "got another date" in said
    article = Article.objects.get()
    assert (article.publish_at, article.approval_id) == (when, approval)
    assert Draft.objects.get().status == DraftStatus.SCHEDULED
    day = timezone.localdate(when)
    assert [notice.due_on for notice in Notice.objects.all()] == [day + DAY]
    assert [letter.quiet_since for letter in drafts.letters(draft, keys)] == [month_after(day)]
    assert as_recorded.differing() == []


def test_a_date_that_is_past_or_no_time_at_all_changes_nothing(draft: Draft, client: Client, at: dt.datetime) -> None:
    before = Article.objects.values().get()
    for data in (sent(at - DAY), {"date": "", "time": ""}, {"date": "2026-13-01", "time": "x"}):
        assert client.post(path(draft), data).status_code == 400
    assert Article.objects.values().get() == before


@pytest.mark.parametrize("status", [one for one in DraftStatus if one != DraftStatus.SCHEDULED])
def test_only_what_waits_for_its_date_gets_another(
    column: Column, client: Client, status: DraftStatus, at: dt.datetime
) -> None:
    draft = factories.make_draft(column, status)
    assert "Only an article with a date that has not come yet" in client.get(path(draft)).text
    assert client.post(path(draft), sent(at + DAY)).status_code == 409


def test_what_is_out_before_the_sweep_has_said_so_keeps_its_date(
    draft: Draft, author: User, at: dt.datetime, keys: Vault
) -> None:
    later = at + 4 * DAY
    with pytest.raises(AlreadyMoved, match="out already"):
        publishing.reschedule(draft, by=author, at=later, publish_at=later + DAY, keys=keys)
    with pytest.raises(NotAllowed, match="past"):
        publishing.reschedule(draft, by=author, at=at, publish_at=at, keys=keys)


def test_the_button_says_do_not_publish_and_does_so(
    draft: Draft, client: Client, author: User, at: dt.datetime, keys: Vault
) -> None:
    page = client.get(reverse("desk:draft", args=[draft.column.slug, draft.pk])).text
    assert "Do not publish" in page
    assert "Change the date" in page
    assert "Take down" not in page
    address = reverse("desk:draft_move", args=[draft.column.slug, draft.pk, "unschedule"])
    assert "It is still approved" in client.post(address, follow=True).text
    assert not Article.objects.exists()
    assert not Approval.objects.exists()
    assert not Notice.objects.exists()
    stopped = Draft.objects.select_related("column", "bundle").get()
    assert (stopped.status, stopped.article_id) == (DraftStatus.APPROVED, None)
    assert {letter.status for letter in Letter.objects.all()} == {LetterStatus.ANSWERING}
    # the approval stands, so it goes out without another reading
    publishing.publish(stopped, by=author, at=at, publish_at=at, slug="again", keys=keys)
    assert Client().get(Article.objects.get().get_absolute_url()).status_code == 200


def test_what_is_out_cannot_be_stopped_in_silence(draft: Draft, author: User, at: dt.datetime, keys: Vault) -> None:
    with pytest.raises(AlreadyMoved, match="out already"):
        publishing.unschedule(draft, by=author, at=at + 4 * DAY, keys=keys)
    assert Article.objects.exists()
    assert Draft.objects.get().status == DraftStatus.SCHEDULED
