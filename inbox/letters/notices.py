"""The queue of mails to writers. A row is written in the transaction of the news; a sweep claims, sends and marks it.

Delivery is at least once: a process killed between sending and marking sends the mail twice. The mail only says that
there is news.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Exists, OuterRef, Q, When
from django.utils import timezone

from columns import language
from inbox import mail
from inbox.crypto.sealing import CannotOpen
from inbox.keys import vault
from inbox.letters import outbox
from inbox.models import Letter, Notice, WriterAddress, erase_words

logger = logging.getLogger(__name__)

#: A claim older than this was left by a process that died; the row is taken up again.
CLAIM_LASTS = dt.timedelta(minutes=10)
#: The longest pause after a failure, in minutes.
_LONGEST_PAUSE = 1024
#: After so many failures the row rests and is shown on the desk.
MOST_FAILURES = 8


def owe(letter: Letter, kind: Notice.Kind, *, due_on: dt.date) -> None:
    """Queue a mail to the writer of the letter, if they left an address. Part of the caller's transaction."""
    owe_each([letter], kind, due_on=due_on)


def owe_each(letters: Iterable[Letter], kind: Notice.Kind, *, due_on: dt.date) -> None:
    """Queue a mail to each writer of the letters who left an address. Part of the caller's transaction."""
    left = set(WriterAddress.objects.filter(letter__in=list(letters)).values_list("letter_id", flat=True))
    if left:
        Notice.objects.bulk_create(Notice(letter_id=letter_id, kind=kind, due_on=due_on) for letter_id in left)


def send_due(*, at: dt.datetime) -> int:
    """Send every notice that is due; returns the number sent. Safe to run concurrently and to kill at any point."""
    keys = vault.notice()
    # a claim after every pause is one of a clock that was ahead
    ahead = at + dt.timedelta(minutes=_LONGEST_PAUSE)
    free = Q(claimed_at=None) | Q(claimed_at__lt=at - CLAIM_LASTS) | Q(claimed_at__gt=ahead)
    due = Notice.objects.filter(free, sent_on=None, due_on__lte=timezone.localdate(at), failures__lt=MOST_FAILURES)
    # no mail before the writer can see the news on their page
    unseen = outbox.waiting(at).filter(letter=OuterRef("letter"), message__isnull=False)
    due = due.filter(~Exists(unseen))
    sent = 0
    # the final notice last: the address is erased with it
    ends = Case(When(kind=Notice.Kind.END, then=1), default=0)
    for notice_id in list(due.order_by(ends, "due_on").values_list("pk", flat=True)):
        if Notice.objects.filter(free, pk=notice_id, sent_on=None).update(claimed_at=at) == 1:
            sent += _send_one(Notice.objects.select_related("letter__column").get(pk=notice_id), keys, at=at)
    return sent


def _send_one(notice: Notice, keys: vault.Vault, *, at: dt.datetime) -> int:
    address = WriterAddress.objects.filter(letter=notice.letter_id).first()
    if address is None:  # withdrawn meanwhile: no mail is sent
        notice.delete()
        return 0
    try:
        email = str(keys.open(address)["email"])
        _mail(notice, email)
    except (OSError, CannotOpen, ValueError) as error:
        # the type alone: a mail server's refusal quotes the address
        logger.warning("a notice could not be sent: %s", type(error).__name__)
        pause = at + dt.timedelta(minutes=min(2**notice.failures, _LONGEST_PAUSE))
        Notice.objects.filter(pk=notice.pk).update(failures=notice.failures + 1, claimed_at=pause - CLAIM_LASTS)
        return 0
    with transaction.atomic():
        # a day would tell of a letter when it came to its end
        notice.delete()
        if notice.kind == Notice.Kind.END:
            erase_words([address])
            address.delete()
    return 1


def _mail(notice: Notice, email: str) -> None:
    column = notice.letter.column
    with language.site_language():
        language.activate(column)
        mail.send(email, str(notice.kind), {"column": column, "site_url": settings.SITE_URL})


def stuck() -> int:
    """The number of notices that could not be sent after all tries, for the desk."""
    return Notice.objects.filter(sent_on=None, failures__gte=MOST_FAILURES).count()
