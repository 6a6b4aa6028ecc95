"""Honest factories: later states are reached by the real verbs, so no impossible state can be made."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.utils import timezone

from columns.models import Article, Author, Column, HelpLine, Topic
from inbox.crypto import sealing
from inbox.desk import session
from inbox.editorial import decisions, drafts, publishing
from inbox.keys import keyring, opened_events, vault
from inbox.letters import intake, outbox, writer_acts
from inbox.models import Draft, Letter, LetterEvent, PublicKey, Seat, User
from inbox.operations import care_cards
from inbox.staff import installation
from inbox.workflow import DraftStatus, LetterStatus, Role
from tests import recordings

_numbers = itertools.count(1)
PASSWORD = "correct horse battery"
LETTER_TEXT = "I have wondered about this for years and never dared to ask anybody until tonight."


#: The printed recovery key of every test's site: it holds each desk key, so it is how tests look into what is sealed.
RECOVERY = X25519PrivateKey.from_private_bytes(hashlib.sha256(b"the recovery key of the tests").digest())


def make_recovery_key() -> None:
    public = sealing.public_half(RECOVERY)
    PublicKey.objects.get_or_create(
        id=sealing.key_id(public), kind=PublicKey.Kind.RECOVERY, defaults={"month": "2020-01-01", "public": public}
    )


#: The notice key of each folder that this run has made one in.
_notice_keys: dict[Path, dict[str, Any]] = {}


def make_site_keys(column: Column) -> None:
    """The keys of ``installation.make_keys``. It makes the notice key once a run: later tests get the same row and
    file, for every column would leave a file with a key of its own otherwise."""
    kind, folder = PublicKey.Kind.NOTICE, settings.NOTICE_KEY_DIR
    known = _notice_keys.get(folder)
    if known and (folder / f"{known['id']}.key").exists() and not PublicKey.objects.filter(kind=kind).exists():
        PublicKey(**known).save(force_insert=True)
    installation.make_keys(column, at=timezone.now())
    if not known:
        _notice_keys[folder] = dict(PublicKey.objects.filter(kind=kind).values()[0])


def desk_keys() -> vault.Vault:
    """Every desk key, as an unlocked session of somebody with all seats would hold them."""
    return vault.holder(RECOVERY)


def opened(events: Iterable[LetterEvent], keys: vault.Vault | None = None) -> list[LetterEvent]:
    """The events with their days and people, as an unlocked session opens them; by default with every desk key."""
    found = list(events)
    opened_events.open_events(found, keys or desk_keys())
    people = User.objects.in_bulk({event.by_id for event in found if event.by_id})
    for event in found:
        event.by = people.get(event.by_id or 0)
    return found


def make_column(**fields: Any) -> Column:
    """A column with topics, a help line and its keys."""
    if "author" in fields:  # of rows that the caller made
        return _make_column(**fields)
    return recordings.again(lambda: _make_column(**fields), "column", *sorted(fields.items()))


def _make_column(**fields: Any) -> Column:
    number = next(_numbers)
    author = fields.pop("author", None) or Author.objects.create(name="Nurse Test", credential="Registered nurse")
    values = {
        "slug": f"column-{number}",
        "title": f"Column {number}",
        "tagline": "Questions, answered",
        "sign_off": "With care, the nurse",
        "about": "About this column.",
        "terms": "What becomes of a letter.",
    }
    column = Column.objects.create(author=author, **{**values, **fields})
    Topic.objects.create(column=column, slug="pain", name="Pain", description="When it hurts")
    Topic.objects.create(column=column, slug="desire", name="Desire", description="Wanting and not wanting", position=1)
    HelpLine.objects.create(column=column, name="Night Line", number="555 0100", about="Any hour")
    make_recovery_key()
    make_site_keys(column)
    return column


def confirm_cards(column: Column, owner: User, *but: str) -> None:
    """The owner has confirmed the care cards, but those of these kinds."""
    for card in care_cards.states(column):
        if card.ships.kind not in but:
            care_cards.confirm(column, card.ships.kind, seen=card.shown.sha256, by=owner, at=timezone.now())


def make_user(name: str, column: Column | None = None, *roles: Role, demo: bool = True) -> User:
    """A member of staff with the seats; signs in with ``PASSWORD``. ``demo=False``: a second factor is asked for."""
    where = column.pk if column else None
    return recordings.again(lambda: _make_user(name, column, *roles, demo=demo), "user", name, where, *roles, demo)


def _make_user(name: str, column: Column | None, *roles: Role, demo: bool) -> User:
    user = User.objects.create_user(
        f"{name}@example.org", PASSWORD, name=name.title(), demo=demo, credential="Nurse practitioner"
    )
    keyring.make_pair(user, PASSWORD, at=timezone.now())
    for role in roles:
        assert column is not None
        Seat.objects.create(user=user, column=column, role=role)
    if column is not None and keyring.holders(column).filter(pk=user.pk).exists():
        keyring.grant(column, user, by=None, at=timezone.now(), keys=desk_keys())
    return user


def give_address(user: User) -> None:
    """A verified sign-in address, as ``installation.add_staff`` gives one."""
    EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})


def grant_all(column: Column, user: User) -> None:
    """Every key that the column has by now, old ones too."""
    keyring.grant(column, user, by=None, at=timezone.now(), keys=desk_keys())


def sign_in(client: Client, user: User, password: str = PASSWORD) -> Client:
    """The client with that person's session, unlocked (demonstration accounts: no second factor asked)."""
    client.force_login(user)
    request, at = HttpRequest(), timezone.now()
    session.begin(request, user, password, at=at)
    assert session.is_open(request, user, at=at)
    response = HttpResponse()
    session.answer(request, response)
    client.cookies.update(response.cookies)
    return client


def someone(column: Column, role: Role) -> User:
    """Whoever holds the seat already, or somebody new."""
    seat = Seat.objects.filter(column=column, role=role).select_related("user").first()
    if seat:
        return seat.user
    return recordings.again(
        lambda: _make_user(f"{role.value}{next(_numbers)}", column, role, demo=True), "someone", column.pk, role
    )


def take_letter(column: Column, *, at: dt.datetime | None = None, **words: Any) -> intake.Taken:
    """A letter through the real intake, with its receipt."""
    values: dict[str, Any] = {"text": LETTER_TEXT, "consent": "rewritten", "pen_name": "Awake", "topic": "pain"}
    return intake.take(column, intake.Words(**{**values, **words}), nonce=intake.new_nonce(), at=at or timezone.now())


def make_letter(
    column: Column, status: LetterStatus = LetterStatus.RECEIVED, *, at: dt.datetime | None = None, **words: Any
) -> Letter:
    """A letter in the status, moved there by the verbs."""
    at = at or timezone.now()
    if status == LetterStatus.PUBLISHED:
        return drafts.letters(make_draft(column, DraftStatus.PUBLISHED, at=at, **words), desk_keys())[0]
    taken = take_letter(column, at=at, **words)
    letter = taken.letter
    moderator, author = (someone(column, role) for role in (Role.MODERATOR, Role.AUTHOR))
    match status:
        case LetterStatus.RECEIVED:
            pass
        case LetterStatus.HELD:
            letter.hold(by=moderator, at=at)
        case LetterStatus.SHORTLISTED:
            letter.shortlist(by=moderator, at=at)
        case LetterStatus.DECLINED:
            decisions.decline(letter, "We cannot answer every letter, and we are sorry.", by=moderator, at=at)
        case LetterStatus.REPLIED:
            decisions.reply(letter, "Here is a private answer.", by=author, at=at, keys=desk_keys())
        case LetterStatus.WITHDRAWN:
            _, derived = writer_acts.find(taken.receipt)
            writer_acts.withdraw(letter, vault.writer(derived.key), at=at)
        case LetterStatus.ANSWERING:
            letter.shortlist(by=moderator, at=at)
            drafts.start(column, [letter], by=author, at=at, keys=desk_keys())
        case LetterStatus.ERASED:
            decisions.decline(letter, "We cannot answer every letter, and we are sorry.", by=moderator, at=at)
            letter.erase(at=at)
    ten_minutes_pass()
    letter.column = column
    return letter


def ten_minutes_pass() -> None:
    """What the desk has decided so far is out: its writers see it, and none of it can be taken back any more."""
    outbox.let_go(at=timezone.now() + dt.timedelta(days=2))


def draft_words(**words: Any) -> dict[str, Any]:
    number = next(_numbers)
    return {
        "headline": f"Is it normal to ask {number}: a nurse's view",
        "standfirst": "A short answer first.",
        "content_note": "",
        "pen_name": "Awake",
        "question": "I have been wondering whether this is *normal*.",
        "answer": "Nothing is wrong with you.\n\n## What is happening\n\nMuch.\n\n## When to worry\n\n- If it bleeds.",
        **words,
    }


def make_draft(
    column: Column,
    status: DraftStatus = DraftStatus.WRITING,
    *,
    letters: list[Letter] | None = None,
    at: dt.datetime | None = None,
    publish_at: dt.datetime | None = None,
    words: dict[str, Any] | None = None,
    **letter_words: Any,
) -> Draft:
    """A draft in the status, moved there by the verbs, by the column's author and reviewer."""
    at, keys = at or timezone.now(), desk_keys()
    author, reviewer = someone(column, Role.AUTHOR), someone(column, Role.REVIEWER)
    letters = letters or [make_letter(column, LetterStatus.SHORTLISTED, at=at, **letter_words)]
    draft = drafts.start(column, letters, by=author, at=at, keys=keys)
    text = draft_words(**(words or {}))
    draft.save_version(text, by=author, at=at, base=1)
    if status == DraftStatus.SHELVED:
        drafts.shelve(draft, by=author, at=at, keys=keys)
    if status in (DraftStatus.WRITING, DraftStatus.SHELVED):
        return draft
    publishing.send_for_review(draft, by=author, at=at, keys=keys)
    if status == DraftStatus.IN_REVIEW:
        return draft
    publishing.decide(draft, draft.newest(), approve=True, summary="", remarks=[], by=reviewer, at=at, keys=keys)
    if status == DraftStatus.APPROVED:
        return draft
    when = publish_at or (at + dt.timedelta(days=3) if status == DraftStatus.SCHEDULED else at)
    slug = publishing.suggest_slug(column, text["headline"])
    publishing.publish(draft, by=author, at=at, publish_at=when, slug=slug, keys=keys)
    if status == DraftStatus.TAKEN_DOWN:
        publishing.take_down(draft, by=author, at=at)
    return draft


def make_article(column: Column, *, at: dt.datetime | None = None, **words: Any) -> Article:
    """A published article, through draft and review. ``at``: when it went out; ``words``: of its version."""
    draft = make_draft(column, DraftStatus.PUBLISHED, at=at, words=words)
    assert draft.article is not None
    return draft.article
