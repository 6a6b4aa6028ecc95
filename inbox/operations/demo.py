"""The demonstration: one invented column and its desk, filled by the same acts that people use. No row is written
otherwise, so every state is one that a real desk can reach."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from columns.models import Column, HelpLine, Topic
from columns.site_time import day_of
from inbox.editorial import decisions, publishing, writer_approval
from inbox.editorial import drafts as draft_rules
from inbox.keys import keyring, vault
from inbox.letters import intake, writer_acts
from inbox.models import DRAFT_FIELDS, Arrival, Consent, Draft, Letter, Period, User
from inbox.operations import care_cards, column_settings
from inbox.staff import installation
from inbox.workflow import DraftStatus, LetterStatus, Role

#: A public password: these accounts work in demo mode only.
DEMO_PASSWORD = "quiet-lamp-paper-river"  # noqa: S105  # nosec B105
#: Who signs in, by role: address and name. The author's and the reviewer's names stand in ``column.toml``.
ADDRESSES = {role: f"{role.value}@example.org" for role in Role}
_NAMES = {Role.MODERATOR: "Maren Oduya", Role.OWNER: "Ruth Lindqvist"}
#: How many days lie between the arrival of a letter and its article.
_DAYS_TO_ANSWER = 18
_DAY = dt.timedelta(days=1)
#: For how many days the demonstration keeps what is published.
_YEARS = 1000
#: Statuses of letters in ``letters.toml``. Those in ``_WRITING`` have a draft with the given status.
_WRITING = {
    "answering": DraftStatus.WRITING,
    "in_review": DraftStatus.IN_REVIEW,
    "approved": DraftStatus.APPROVED,
    "scheduled": DraftStatus.APPROVED,
}
_ENDS = {"declined", "erased", "replied", "withdrawn"}
#: A scheduled article goes out after so many days, in the morning.
_DAYS_TO_COME = 4
_STATES = {"received", "held", "shortlisted", *_WRITING, *_ENDS}


class BadContent(ValueError):
    """A file of the demonstration is not as it should be. ``str()`` says which one, and what."""


@dataclass(frozen=True)
class Content:
    """The checked content of the demonstration's folder: tables of TOML."""

    column: dict[str, Any]
    articles: list[dict[str, Any]]
    letters: list[dict[str, Any]]


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


def read(folder: Path) -> Content:
    """Read and check ``column.toml``, ``articles/*.md`` and ``letters.toml``. Articles come with the oldest first."""
    column = _toml(folder / "column.toml", (folder / "column.toml").read_text("utf-8"))
    articles = [_article(path) for path in sorted((folder / "articles").glob("*.md"))]
    letters = _toml(folder / "letters.toml", (folder / "letters.toml").read_text("utf-8"))["letter"]
    topics = {topic["slug"] for topic in column["topic"]}
    for number, entry in enumerate(letters, start=1):
        where = f"letters.toml, letter {number}"
        _check(entry, where, topics, ["state", "text", "days_ago"])
        if entry["state"] not in _STATES:
            raise BadContent(f"{where}: no letter can be {entry['state']}")
        needed = {"declined": "reason", "erased": "reason", "replied": "reply", **dict.fromkeys(_WRITING, "draft")}.get(
            entry["state"]
        )
        if needed and not entry.get(needed):
            raise BadContent(f"{where}: a letter that is {entry['state']} needs {needed}")
    needs = ["headline", "slug", "standfirst", "days_ago", "letter", "question", "answer"]
    for entry in articles:
        _check(entry, entry["file"], topics, needs)
    return Content(column, sorted(articles, key=lambda entry: -entry["days_ago"]), letters)


def _toml(path: Path, text: str) -> dict[str, Any]:
    try:
        return _stripped(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BadContent(f"{path.name}: {error}") from error


def _stripped(table: Mapping[str, Any]) -> dict[str, Any]:
    """The table with the surrounding line ends of TOML's multi-line strings removed."""

    def strip(value: Any) -> Any:
        if isinstance(value, str):
            return value.strip()
        if isinstance(value, list):
            return [strip(one) for one in value]
        return _stripped(value) if isinstance(value, dict) else value

    return {name: strip(value) for name, value in table.items()}


def _article(path: Path) -> dict[str, Any]:
    match path.read_text("utf-8").split("+++\n", 2):
        case ["", front, answer] if answer.strip():
            return {**_toml(path, front), "answer": answer.strip(), "file": path.name}
    raise BadContent(f"{path.name}: it needs front matter between two lines of +++, and an answer")


def _check(entry: Mapping[str, Any], where: str, topics: set[str], needed: list[str]) -> None:
    missing = [name for name in needed if entry.get(name) in (None, "")]
    if missing:
        raise BadContent(f"{where}: {', '.join(missing)} is missing")
    if entry.get("topic", "") not in {"", *topics}:
        raise BadContent(f"{where}: the column has no topic {entry['topic']}")
    if entry.get("consent", Consent.PRIVATE) not in Consent.values:
        raise BadContent(f"{where}: there is no consent {entry['consent']}")


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
        published = [desk.publish(entry) for entry in content.articles]
        taken = [desk.take(entry) for entry in content.letters]
        # nobody has waited for these: the owner's figures begin with what visitors write
        Arrival.drop(Letter.objects.filter(column=column).values_list("pk", flat=True))
        asked = [
            one.receipt
            for one, entry in zip(taken, content.letters, strict=True)
            if entry.get("message") and not entry.get("writer_reply") and entry["state"] not in _ENDS
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
        """The owner confirms the care cards, and the column takes letters."""
        for card in care_cards.states(self.column):
            care_cards.confirm(self.column, card.ships.kind, seen=card.shown.sha256, by=self.owner, at=self.now)
        column_settings.open_intake(self.column, by=self.owner, at=self.now)

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
        if state in _WRITING:
            draft = self._write(letter, entry["draft"], _WRITING[state], moments)
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
