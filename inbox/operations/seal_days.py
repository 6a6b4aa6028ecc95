"""Days that a version before left in rows of letters, sealed as ``models/times/days.py`` says, in restored dumps."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.db import transaction
from django.db.models.functions import TruncMonth

from inbox.crypto import sealing
from inbox.models import EventKey, Letter, LetterEvent, NoKey, Note, SecondLook
from inbox.models.event import MARKED
from inbox.models.letter import GONE, days_of, months_beside
from inbox.models.times.days import ENDED, month_after, months_alone


def seal_left() -> int:
    """Seal what is left; returns the number of letters. Each is a transaction of its own."""
    left = LetterEvent.objects.filter(sealed=None, letter__events_public=None).values("letter")
    letters = Letter.objects.filter(pk__in=left).select_related("column")
    ids = list(letters.values_list("pk", flat=True))
    for pk in ids:
        with transaction.atomic():
            _seal(letters.get(pk=pk))
    return len(ids)


def _seal(letter: Letter) -> None:
    private = None if letter.status in GONE else X25519PrivateKey.generate()
    if private is not None:
        more = {
            "came": letter.received_on.isoformat(),
            "messages": {str(one.number): one.on.isoformat() for one in letter.messages.all()},
        }
        if letter.status in ENDED:
            known = days_of([letter])[letter.pk]
            more["days"] = {name: day.isoformat() for name, day in known.items() if day}
        try:
            EventKey.give(letter, letter.recipients(), private, **more)
        except NoKey:  # nobody could open it
            private = None
    letter.events_public = sealing.public_half(private) if private else None
    for event in letter.events.filter(sealed=None):
        held = {name: getattr(event, name) for name in MARKED["wait"]}
        sealed = LetterEvent.sealed_of(letter, event.pk, by=event.by_id, on=event.on, **held)
        row = LetterEvent.objects.filter(pk=event.pk)
        row.update(sealed=sealed, on=TruncMonth("on"), by=None, **dict.fromkeys(MARKED["wait"]))
    Note.objects.filter(letter=letter).update(on=TruncMonth("on"), by=None)
    looks = {name: TruncMonth(name) for name in ("asked_on", "looked_on")}
    SecondLook.objects.filter(letter=letter).update(**looks)
    fields = {"events_public": letter.events_public}
    if letter.status in ENDED:
        months_beside([letter])
        fields |= months_alone() | {"quiet_since": month_after(letter.quiet_since)}
    Letter.objects.filter(pk=letter.pk).update(**fields)
