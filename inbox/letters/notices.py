"""The queue of mails to writers. A row is written in the transaction of the news; a sweep claims, sends and marks it.

A mail says only that there is news. Where nobody knows whether the mail server took one (it went away after the text,
or the process was killed in between), it is sent once more and never a third time.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
import uuid
from collections.abc import Callable, Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, Q, When
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
#: After so many failures, which take two days, the row rests and is shown on the desk.
MOST_FAILURES = 8
#: The most mails of a notice, where it is unknown what became of them; then it counts as sent.
MOST_HANDOVERS = 2
#: A run begins no further mail after this time: beat starts the next one.
RUN_LASTS = dt.timedelta(seconds=20)
#: No change of the time alters it, and it goes on while the machine sleeps, where the system has such a clock.
_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def owe(letter: Letter, kind: Notice.Kind, *, due_on: dt.date) -> None:
    """Queue a mail to the writer of the letter, if they left an address. Part of the caller's transaction."""
    owe_each([letter], kind, due_on=due_on)


def owe_each(letters: Iterable[Letter], kind: Notice.Kind, *, due_on: dt.date) -> None:
    """Queue a mail to each writer of the letters who left an address. Part of the caller's transaction."""
    left = set(WriterAddress.objects.filter(letter__in=list(letters)).values_list("letter_id", flat=True))
    if left:
        Notice.objects.bulk_create(Notice(letter_id=letter_id, kind=kind, due_on=due_on) for letter_id in left)


def send_due(*, at: dt.datetime) -> int:
    """Send the notices that are due; returns the number sent. Safe to run concurrently and to kill at any point.

    The run ends where the mail server is not to be had, and after ``RUN_LASTS``; what is left waits for a later one.
    """
    known = mail.outage(at=at)
    if known is not None and at < known.until:
        return 0
    keys = vault.notice()
    due = Notice.objects.filter(_free(at), due_on__lte=timezone.localdate(at))
    # no mail before the writer can see the news on their page
    unseen = outbox.waiting(at).filter(letter=OuterRef("letter"), message__isnull=False)
    due = due.filter(~Exists(unseen))
    # the final notice last: the address is erased with it
    ends = Case(When(kind=Notice.Kind.END, then=1), default=0)
    now, sent = _from(at), 0
    for notice_id in list(due.order_by(ends, "due_on").values_list("pk", flat=True)):
        if now() - at > RUN_LASTS:
            break
        notice = _claim(notice_id, at=now())
        if notice is None:
            continue
        try:
            sent += _send_one(notice, keys, now)
        except _ServerAway:
            break
    return sent


def _from(at: dt.datetime) -> Callable[[], dt.datetime]:
    """A clock that shows ``at`` now and goes on from there."""
    began = time.clock_gettime(_STEADY)
    return lambda: at + dt.timedelta(seconds=time.clock_gettime(_STEADY) - began)


def _free(at: dt.datetime) -> Q:
    """Those that nobody sends at that moment, and that do not rest."""
    # a claim after every pause is one of a clock that was ahead
    ahead = at + dt.timedelta(minutes=_LONGEST_PAUSE)
    free = Q(claimed_at=None) | Q(claimed_at__lt=at - CLAIM_LASTS) | Q(claimed_at__gt=ahead)
    return free & Q(sent_on=None, failures__lt=MOST_FAILURES)


def _claim(notice_id: uuid.UUID, *, at: dt.datetime) -> Notice | None:
    """Claim the notice for this run; ``None`` where another one has it, or it is owed no more. Whoever falls after that
    may have sent it, so a handover is counted before it begins."""
    claimed = Notice.objects.filter(_free(at), pk=notice_id).update(claimed_at=at, handovers=F("handovers") + 1)
    return Notice.objects.select_related("letter__column").filter(pk=notice_id).first() if claimed else None


class _ServerAway(Exception):
    """The mail server is not to be had: no other mail would go out now."""


def _send_one(notice: Notice, keys: vault.Vault, now: Callable[[], dt.datetime]) -> int:
    """Send a notice that was just claimed; returns the number sent. Raises ``_ServerAway``."""
    address = WriterAddress.objects.filter(letter=notice.letter_id).first()
    if address is None:  # withdrawn meanwhile: no mail is sent
        notice.delete()
        return 0
    if notice.handovers > MOST_HANDOVERS:
        _done(notice, address)
        return 0
    try:
        email = str(keys.open(address)["email"])
        _mail(notice, email)
    except (OSError, CannotOpen, ValueError) as error:
        # the type alone: a mail server's refusal quotes the address
        logger.warning("a notice could not be sent: %s", type(error).__name__)
        if isinstance(error, mail.OutcomeUnknown) and notice.handovers >= MOST_HANDOVERS:
            _done(notice, address)
        if isinstance(error, OSError) and not mail.is_refusal(error):
            _wait_for_server(notice, error, at=now())
            raise _ServerAway from None
        _wait(notice, at=now())
        return 0
    except Exception:  # a fault of ours: no mail left, and whoever runs the site has to see it
        _wait(notice, at=now())
        raise
    _done(notice, address)
    mail.succeeded()
    return 1


def _wait(notice: Notice, *, at: dt.datetime) -> None:
    """Let a notice wait that was refused, or could not be made."""
    pause = dt.timedelta(minutes=min(4**notice.failures, _LONGEST_PAUSE))
    _let_go(notice, until=at + pause, failures=notice.failures + 1, handovers=notice.handovers - 1)


def _wait_for_server(notice: Notice, error: OSError, *, at: dt.datetime) -> None:
    """Let all mails wait that can, and this notice longer, so that one which makes the server fail keeps back none."""
    known = mail.failed(at=at)
    _let_go(
        notice,
        until=known.until + (known.until - at),
        # a server that is away is no failure of those that it does not take; it may be one of whichever met it first
        failures=notice.failures + (known.tries == 1),
        handovers=notice.handovers - (not isinstance(error, mail.OutcomeUnknown)),
    )


def _let_go(notice: Notice, *, until: dt.datetime, **fields: int) -> None:
    """Give up the claim, unless another run has taken it over; the row is free at ``until``."""
    mine = Notice.objects.filter(pk=notice.pk, claimed_at=notice.claimed_at)
    mine.update(claimed_at=until - CLAIM_LASTS, **fields)


def _done(notice: Notice, address: WriterAddress) -> None:
    """Forget a notice that was sent, or may have been as often as it may."""
    with transaction.atomic():
        # a day would tell of a letter when it came to its end
        notice.delete()
        if notice.kind == Notice.Kind.END:
            erase_words([address])
            address.delete()


def _mail(notice: Notice, email: str) -> None:
    column = notice.letter.column
    with language.site_language():
        language.activate(column)
        mail.send(email, str(notice.kind), {"column": column, "site_url": settings.SITE_URL})


def waiting(*, at: dt.datetime) -> int:
    """The number of notices whose day has come, without those that are stuck."""
    return Notice.objects.filter(sent_on=None, failures__lt=MOST_FAILURES, due_on__lte=timezone.localdate(at)).count()


def stuck() -> int:
    """The number of notices that could not be sent after all tries, for the desk."""
    return Notice.objects.filter(sent_on=None, failures__gte=MOST_FAILURES).count()
