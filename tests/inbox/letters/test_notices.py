"""Mail that is owed: once found, claimed, sent, marked; and nothing of a letter in it."""

from __future__ import annotations

import datetime as dt
from smtplib import SMTPDataError, SMTPRecipientsRefused
from unittest import mock

import pytest
from django.core import mail
from django.utils import timezone

from columns.models import Column
from inbox.editorial import decisions, publishing
from inbox.keys import vault
from inbox.letters import notices, writer_acts
from inbox.letters.intake import Taken
from inbox.models import Draft, Letter, Notice, User, WriterAddress
from inbox.models.keystore import SealedKey
from inbox.workflow import DraftStatus, LetterStatus
from tests import factories

pytestmark = pytest.mark.databases

EMAIL = "somebody.private@example.org"


@pytest.fixture
def with_address(column: Column) -> Taken:
    return factories.take_letter(column, email=EMAIL)


def test_a_question_is_mailed_without_a_word_of_it(with_address: Taken, moderator: User, at: dt.datetime) -> None:
    decisions.ask(with_address.letter, "Since when do you feel this unmistakable thing?", by=moderator, at=at)
    factories.ten_minutes_pass()
    assert notices.send_due(at=at) == 1
    (message,) = mail.outbox
    assert message.to == [EMAIL]
    assert "unmistakable" not in message.subject + str(message.body)
    assert factories.LETTER_TEXT[:20] not in str(message.body)
    assert with_address.receipt not in str(message.body)
    assert notices.send_due(at=at) == 0
    assert WriterAddress.objects.count() == 1


def test_no_mail_speaks_of_what_its_reader_would_not_find_yet(
    with_address: Taken, moderator: User, at: dt.datetime
) -> None:
    decisions.ask(with_address.letter, "Since when do you feel this?", by=moderator, at=at)
    assert notices.send_due(at=at + dt.timedelta(minutes=9)) == 0
    assert notices.send_due(at=at + dt.timedelta(minutes=10)) == 1


def test_nobody_is_owed_anything_without_an_address(writer: Taken, moderator: User, at: dt.datetime) -> None:
    decisions.decline(writer.letter, "We are sorry that we cannot answer this one.", by=moderator, at=at)
    factories.ten_minutes_pass()
    assert Notice.objects.count() == 0


def test_of_two_that_are_due_the_last_news_goes_last(with_address: Taken, at: dt.datetime) -> None:
    """It takes the address with it, so in whatever order the rows lie, the other mail goes first."""
    for kind in (Notice.Kind.END, Notice.Kind.QUESTION, Notice.Kind.QUESTION):
        notices.owe(with_address.letter, kind, due_on=at.date())
    assert notices.send_due(at=at) == 3


def test_the_address_is_erased_with_the_last_news(with_address: Taken, moderator: User, at: dt.datetime) -> None:
    address = WriterAddress.objects.get()
    decisions.decline(with_address.letter, "We are sorry that we cannot answer this one.", by=moderator, at=at)
    factories.ten_minutes_pass()
    assert notices.send_due(at=at) == 1
    assert WriterAddress.objects.count() == 0
    assert SealedKey.objects.filter(item=address.pk).count() == 0


def test_a_refused_mail_is_tried_again_later_and_does_not_stop_the_queue(
    column: Column, moderator: User, at: dt.datetime, caplog: pytest.LogCaptureFixture
) -> None:
    for email in ("refused@example.org", "taken@example.org"):
        letter = factories.take_letter(column, email=email).letter
        decisions.decline(letter, "We are sorry that we cannot answer this one.", by=moderator, at=at)
    factories.ten_minutes_pass()
    real, tried = notices._mail, []

    def send(notice: Notice, email: str) -> None:
        tried.append(email)
        if email.startswith("refused"):
            raise SMTPRecipientsRefused({email: (550, b"no such user refused@example.org")})
        real(notice, email)

    with mock.patch.object(notices, "_mail", send):
        assert notices.send_due(at=at) == 1
        assert notices.send_due(at=at) == 0
        assert sorted(tried) == ["refused@example.org", "taken@example.org"]
        notices.send_due(at=at + dt.timedelta(minutes=20))
    assert tried.count("refused@example.org") == 2
    assert "refused@example.org" not in caplog.text
    assert Notice.objects.filter(sent_on=None).count() == 1


def test_after_all_tries_it_rests_and_the_desk_is_told(with_address: Taken, moderator: User, at: dt.datetime) -> None:
    decisions.decline(with_address.letter, "We are sorry that we cannot answer this one.", by=moderator, at=at)
    factories.ten_minutes_pass()
    with mock.patch.object(notices, "_mail", side_effect=SMTPDataError(550, b"no")):
        for day in range(20):
            notices.send_due(at=at + dt.timedelta(days=day))
    assert Notice.objects.get().failures == notices.MOST_FAILURES
    assert notices.stuck() == 1


def test_two_workers_at_once_send_one_mail(with_address: Taken, moderator: User, at: dt.datetime) -> None:
    decisions.decline(with_address.letter, "We are sorry that we cannot answer this one.", by=moderator, at=at)
    factories.ten_minutes_pass()
    real = notices._mail

    def while_sending(notice: Notice, email: str) -> None:
        assert notices.send_due(at=at) == 0  # another worker, in the middle of it
        real(notice, email)

    with mock.patch.object(notices, "_mail", while_sending):
        assert notices.send_due(at=at) == 1
    assert len(mail.outbox) == 1


def test_a_claim_left_by_a_killed_worker_is_taken_up_again(
    with_address: Taken, moderator: User, at: dt.datetime
) -> None:
    decisions.decline(with_address.letter, "We are sorry that we cannot answer this one.", by=moderator, at=at)
    factories.ten_minutes_pass()
    with mock.patch.object(notices, "_mail", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        notices.send_due(at=at)
    assert notices.send_due(at=at + dt.timedelta(minutes=5)) == 0
    assert notices.send_due(at=at + dt.timedelta(minutes=11)) == 1


def test_withdrawing_cancels_what_is_owed(with_address: Taken, moderator: User, at: dt.datetime) -> None:
    decisions.ask(with_address.letter, "Since when do you feel this?", by=moderator, at=at)
    factories.ten_minutes_pass()
    letter, derived = writer_acts.find(with_address.receipt)
    assert letter is not None
    writer_acts.withdraw(letter, vault.writer(derived.key), at=at)
    assert notices.send_due(at=at) == 0
    assert mail.outbox == []
    assert Notice.objects.count() == 0


def test_news_of_a_scheduled_article_waits_until_it_is_out(column: Column, author: User) -> None:
    at = timezone.now()
    taken = factories.take_letter(column, email=EMAIL, at=at)
    taken.letter.shortlist(by=author, at=at)
    draft = factories.make_draft(
        column, DraftStatus.SCHEDULED, letters=[taken.letter], at=at, publish_at=at + dt.timedelta(days=3)
    )
    assert Draft.objects.get(pk=draft.pk).status == DraftStatus.SCHEDULED
    for days, expected in ((0, 0), (3, 0), (4, 1), (5, 0)):
        assert notices.send_due(at=at + dt.timedelta(days=days)) == expected
    assert publishing.follow_articles(at=at + dt.timedelta(days=4)) == 1
    assert Letter.objects.get(pk=taken.letter.pk).status == LetterStatus.PUBLISHED
