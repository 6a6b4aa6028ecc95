"""The demonstration: an invented column and its desk, filled by the same acts that people use, so every state is one
that a real desk can reach. What the column had published before, and a second small column, are written by
``archive``."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from columns.models import Column, HelpLine, Topic
from columns.search.fill import fill as fill_index
from columns.site_time import day_of
from inbox.editorial import decisions, publishing, writer_approval
from inbox.editorial import drafts as draft_rules
from inbox.keys import drill, keyring, vault
from inbox.letters import intake, writer_acts
from inbox.models import DRAFT_FIELDS, Arrival, Consent, Draft, Letter, Period, User
from inbox.operations import column_settings
from inbox.operations.demo import archive
from inbox.operations.demo.content import ENDS, WRITING, BadContent, Content, read
from inbox.operations.opening import care_cards
from inbox.staff import installation
from inbox.workflow import DraftStatus, LetterStatus, Role

#: A public password: these accounts work in demo mode only.
DEMO_PASSWORD = "quiet-lamp-paper-river"  # noqa: S105  # nosec B105
#: Who signs in, by role: address and name. The author's and the reviewer's names stand in ``column.toml``.
ADDRESSES = {role: f"{role.value}@example.org" for role in Role}
_NAMES = {Role.MODERATOR: "Maren Oduya", Role.OWNER: "Ruth Lindqvist"}
__all__ = ["ADDRESSES", "DEMO_PASSWORD", "BadContent", "Content", "Filled", "fill", "read"]
#: How many days lie between the arrival of a letter and its article.
_DAYS_TO_ANSWER = 18
_DAY = dt.timedelta(days=1)
#: For how many days the demonstration keeps what is published.
_YEARS = 1000
#: A scheduled article goes out after so many days, in the morning.
_DAYS_TO_COME = 4


@dataclass(frozen=True)
class Filled:
    """The result of ``fill``: the numbers of letters and drafts by status, the receipts of three letters that a visitor
    can open, and the recovery key."""

    column: Column
    letters: Counter[str]
    drafts: Counter[str]
    published: str
    asked: str
    shown: str
    recovery_key: str


def fill(folder: Path, *, at: dt.datetime) -> Filled | None:
    """Fill the demonstration from ``folder`` in one transaction. All acts are dated before ``at``.

    ``None``, without a change, where a demonstration exists already.
    """
    content = read(folder)
    with transaction.atomic():
        if Column.objects.filter(demo=True).exists():
            return None
        if keyring.recovery_key() is not None:
            raise BadContent("this site has a recovery key already; a demonstration begins with an empty site")
        sheet = keyring.make_recovery_key(at=at)
        column = _make_column(content.column, at=at)
        desk = _Desk(column, content.column, at, keyring.recovered(sheet))
        desk.open_intake()
        archive.bring(column, content.archive, content.column["reviewer"], at=at)
        for other in content.others:
            _fill_other(other, at=at, keys=desk.keys)
        published = [desk.publish(entry) for entry in content.articles]
        fill_index()
        taken = [desk.take(entry) for entry in content.letters]
        # nobody has waited for these: the owner's figures begin with what visitors write
        Arrival.drop(Letter.objects.filter(column=column).values_list("pk", flat=True))
        asked = [
            one.receipt
            for one, entry in zip(taken, content.letters, strict=True)
            if entry.get("message") and not entry.get("writer_reply") and entry["state"] not in ENDS
        ]
        shown = [
            one.receipt
            for one, entry in zip(taken, content.letters, strict=True)
            if entry.get("draft", {}).get("shown")
        ]
        if not published or not asked or not shown:
            raise BadContent(
                "a visitor needs an article, a letter in which the desk asked, and one whose draft is shown"
            )
        return Filled(
            column=desk.column,
            letters=Counter(Letter.objects.filter(column=desk.column).values_list("status", flat=True)),
            drafts=Counter(Draft.objects.filter(column=desk.column).values_list("status", flat=True)),
            published=published[-1],
            asked=asked[-1],
            shown=shown[-1],
            recovery_key=sheet,
        )


def _fill_other(content: Content, *, at: dt.datetime, keys: vault.Vault) -> None:
    """A column whose author does everything alone, with the articles that she brought along."""
    column, author = _make_column(content.column, at=at), content.column["author"]
    person = installation.add_staff(
        author["email"], author["name"], column, Role, password=DEMO_PASSWORD, credential=author["credential"],
        demo=True, at=at, keys=keys,
    )  # fmt: skip
    _open_intake(column, by=person, at=at)
    archive.bring(column, content.archive, content.column["reviewer"], at=at)


def _open_intake(column: Column, *, by: User, at: dt.datetime) -> None:
    """The owner confirms the care cards and tries the recovery key, and the column takes letters."""
    for card in care_cards.states(column):
        care_cards.confirm(column, card.ships.kind, seen=card.shown.sha256, by=by, at=at)
    drill.passed(column, by=by, at=at)
    column_settings.open_intake(column, by=by, at=at)


def _make_column(content: Mapping[str, Any], *, at: dt.datetime) -> Column:
    fields, author = dict(content["column"]), content["author"]
    column = installation.create_column(
        fields.pop("slug"), fields.pop("title"), author["name"], author["credential"], at=at
    )
    column.author.bio = author.get("bio", "")
    column.author.save()
    column.demo = True
    for name, value in fields.items():
        setattr(column, name, value)
    column.full_clean()
    column.save()
    for position, topic in enumerate(content["topic"]):
        Topic.objects.create(column=column, position=position, **topic)
    for position, line in enumerate(content["help_line"]):
        HelpLine.objects.create(column=column, position=position, **line)
    # so that the drafts of older articles are there to look at
    for kept in (Period.Kept.PUBLISHED, Period.Kept.DRAFT_PUBLISHED):
        Period.objects.create(column=column, kept=kept, days=_YEARS)
    return column


class _Desk:
    """The people of the demonstration with their keys. ``now``: all of their acts are dated before it."""

    def __init__(self, column: Column, content: Mapping[str, Any], now: dt.datetime, keys: vault.Vault) -> None:
        self.column, self.now = column, now
        people = {Role.AUTHOR: content["author"], Role.REVIEWER: content["reviewer"]}
        staff: dict[Role, User] = {}
        for role in Role:
            name = people[role]["name"] if role in people else _NAMES[role]
            credential = people[role]["credential"] if role in people else ""
            staff[role] = installation.add_staff(
                ADDRESSES[role], name, column, [role], password=DEMO_PASSWORD, credential=credential, demo=True,
                at=now, keys=keys,
            )  # fmt: skip
        self.moderator, self.author, self.reviewer = staff[Role.MODERATOR], staff[Role.AUTHOR], staff[Role.REVIEWER]
        self.owner = staff[Role.OWNER]
        self.keys = keys

    def open_intake(self) -> None:
        _open_intake(self.column, by=self.owner, at=self.now)

    # --- a day at the desk -----------------------------------------------------------------------------------------

    def _day(self, days_ago: int) -> dt.datetime:
        """A time so many days ago; for today, one early enough for later acts."""
        if days_ago:
            return self._awake(self.now - days_ago * _DAY)
        return self.now - (self.now - day_of(self.now)) / 2

    def _awake(self, moment: dt.datetime) -> dt.datetime:
        """The time moved into daytime unless it is today; the order of times stays."""
        if day_of(moment) == day_of(self.now):
            return moment
        midnight = day_of(moment)
        return midnight + 9 * _DAY / 24 + (moment - midnight) / 3

    def _moments(self, start: dt.datetime, end: dt.datetime) -> Iterator[dt.datetime]:
        """Moments between ``start`` and ``end``, each later than the one before: somebody reads a letter within two
        days, and what follows takes its time."""
        moment = start + min((end - start) * 0.3, 2 * _DAY)
        while True:
            yield self._awake(moment)
            moment += (end - moment) * 0.3

    def _receive(self, entry: Mapping[str, Any], text: str, *, at: dt.datetime) -> intake.Taken:
        words = intake.Words(
            text=intake.tidy(text),
            pen_name=entry.get("pen_name", ""),
            topic=entry.get("topic", ""),
            consent=entry.get("consent", Consent.PRIVATE.value),
            email=entry.get("email", ""),
        )
        if not intake.MIN_CHARACTERS <= len(words.text) <= intake.MAX_CHARACTERS:
            raise BadContent(f"a letter of {len(words.text)} characters would not be taken")
        return intake.take(self.column, words, nonce=intake.new_nonce(), at=at)

    def _mark(self, letter: Letter, moments: Iterator[dt.datetime], *, urgent: bool) -> None:
        """A moderator marks the letter urgent or not, where screening decided otherwise."""
        if bool(letter.need) != urgent:
            letter.mark_urgent(by=self.moderator, at=next(moments), urgent=urgent)

    # --- an article ------------------------------------------------------------------------------------------------

    def publish(self, entry: Mapping[str, Any]) -> str:
        """Make a letter and its published article by all acts in between; returns the writer's receipt."""
        came, out = self._day(entry["days_ago"] + _DAYS_TO_ANSWER), self._day(entry["days_ago"])
        taken, moments = self._receive(entry, entry["letter"], at=came), self._moments(came, out)
        self._mark(taken.letter, moments, urgent=bool(entry.get("care")))
        draft = self._write(taken.letter, entry, DraftStatus.APPROVED, moments)
        publishing.publish(draft, by=self.author, at=out, publish_at=out, slug=entry["slug"], keys=self.keys)
        return taken.receipt

    def _write(
        self, letter: Letter, words: Mapping[str, str], until: DraftStatus, moments: Iterator[dt.datetime]
    ) -> Draft:
        """Shortlist the letter and take the draft that answers it as far as ``until``."""
        letter.shortlist(by=self.moderator, at=next(moments))
        draft = draft_rules.start(self.column, [letter], by=self.author, at=next(moments), keys=self.keys)
        begun = self.keys.open(draft.newest())
        text = {name: words.get(name, begun[name]) for name in (*DRAFT_FIELDS, "help_kinds")}
        draft.save_version(text, by=self.author, at=next(moments), base=draft.latest)
        if words.get("shown"):
            writer_approval.show(draft, letter, by=self.author, at=next(moments), keys=self.keys)
        if until == DraftStatus.WRITING:
            return draft
        publishing.send_for_review(draft, by=self.author, at=next(moments), keys=self.keys)
        if until == DraftStatus.IN_REVIEW:
            return draft
        version, at = draft.newest(), next(moments)
        publishing.decide(draft, version, approve=True, summary="", remarks=[], by=self.reviewer, at=at, keys=self.keys)
        return draft

    def _schedule(self, draft: Draft, headline: str, *, at: dt.datetime) -> None:
        out = day_of(self.now) + _DAYS_TO_COME * _DAY + 9 * _DAY / 24
        slug = publishing.suggest_slug(draft.column, headline)
        publishing.publish(draft, by=self.author, at=at, publish_at=out, slug=slug, keys=self.keys)

    # --- a letter --------------------------------------------------------------------------------------------------

    def take(self, entry: Mapping[str, Any]) -> intake.Taken:
        """Make a letter of the inbox with its messages and notes, in the status of the entry."""
        came = self._day(entry["days_ago"])
        taken, moments = self._receive(entry, entry["text"], at=came), self._moments(came, self.now)
        letter = taken.letter
        self._mark(letter, moments, urgent=bool(entry.get("urgent")))
        if entry.get("note"):
            letter.note(entry["note"], by=self.moderator, at=next(moments))
        if entry.get("message"):
            decisions.ask(letter, entry["message"], by=self.author, at=next(moments))
        if entry.get("writer_reply"):
            writer_acts.write_back(letter, entry["writer_reply"], at=next(moments))
        self._move(taken, entry, moments)
        return taken

    def _move(self, taken: intake.Taken, entry: Mapping[str, Any], moments: Iterator[dt.datetime]) -> None:
        letter, state = taken.letter, entry["state"]
        if state in WRITING:
            draft = self._write(letter, entry["draft"], WRITING[state], moments)
            if state == "scheduled":
                self._schedule(draft, entry["draft"]["headline"], at=next(moments))
        elif state == "received" and letter.status == LetterStatus.HELD:  # held by screening, and released by a person
            letter.release(by=self.moderator, at=next(moments))
        elif state == "held" and letter.status == LetterStatus.RECEIVED:
            letter.hold(by=self.moderator, at=next(moments))
        elif state == "shortlisted":
            letter.shortlist(by=self.moderator, at=next(moments))
        elif state in ("declined", "erased"):
            decisions.decline(letter, entry["reason"], by=self.moderator, at=next(moments))
            if state == "erased":
                letter.erase(at=next(moments))
        elif state == "replied":
            decisions.reply(letter, entry["reply"], by=self.author, at=next(moments), keys=self.keys)
        elif state == "withdrawn":
            _, derived = writer_acts.find(taken.receipt)
            writer_acts.withdraw(letter, vault.writer(derived.key), at=next(moments))
