"""The export of a column as a zip that is streamed: it is never written to a disk of the site."""

from __future__ import annotations

import datetime as dt
import io
import json
import uuid
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from columns.models import APPROVED_BESIDE, APPROVED_TEXT, Article, Column
from inbox.editorial import bundle_store
from inbox.editorial import drafts as draft_rules
from inbox.keys import opened_events
from inbox.keys.vault import Vault
from inbox.letters import restored_days
from inbox.models import (
    ColumnEvent,
    Draft,
    DraftEvent,
    EyeCount,
    Letter,
    LetterEvent,
    LetterTemplate,
    Message,
    Note,
    Period,
    RuleCount,
    SavedView,
    Seat,
    SecondLook,
)
from inbox.models.keystore import sealed_models
from inbox.models.letter import GONE
from inbox.models.screened import STEPS
from inbox.models.sealed_kind import EndsWith, InLine

#: Letters that are opened at once.
_BATCH = 200
#: Bytes of one piece of the stream.
_CHUNK = 64 * 1024
_OF_COLUMN = (
    "slug",
    "title",
    "tagline",
    "about",
    "terms",
    "sign_off",
    "language",
    "four_eyes",
    "intake_open",
    "reopens_on",
)
_OF_ARTICLE = (
    *APPROVED_TEXT, *APPROVED_BESIDE, "slug", "care", "reading_minutes", "publish_at", "reviewed_on", "corrected_on",
    "taken_down_at",
)  # fmt: skip
_OF_EVENT = ("number", "verb", "actor")
_MOVED = ("status_before", "status_after")
#: Fields of a letter's event. Topics are exported by slug, people by name.
_CHANGED = (
    *_MOVED, "consent_before", "consent_after", "topic_before__slug", "topic_after__slug", "given_to_before__name",
    "given_to_after__name", "held_until_before", "held_until_after", "messages_a_day_before", "messages_a_day_after",
    "need_before", "need_after", "undoes",
)  # fmt: skip
_README = gettext_noop("""\
Everything that the column owns, as it stood when the file was made.

column.json, topics.json, help-lines.json, letter-templates.json, periods.json, staff.json
articles/            each article as Markdown, its particulars in front; articles.jsonl holds the same as data
column-events.jsonl, letter-events.jsonl, draft-events.jsonl
                     who did what and when, one event a line; never a letter's words
inbox-views.json     views of the inbox that somebody named and shares; one that is shared with nobody is its person's
letter-marks.jsonl   what the desk marked each letter with: need (2 is read now, 1 read today), given to, held until,
                     messages a day
second-looks.jsonl   declined letters that somebody else looked at again, or is asked to
screening-counts.json
                     by month: what each rule of screening raised, how often the desk said that it was wrong, and how
                     many raised letters were opened within a quarter of an hour, an hour, four hours, a day, later
%(words)s
""")

File = tuple[str, Iterable[str]]
_Beside = dict[str, dict[uuid.UUID, list[dict[str, Any]]]]


class _Sink(io.RawIOBase):
    """A write-only stream without seek, whose content is taken away piece by piece."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.waiting += data
        return len(data)

    def take(self) -> bytes:
        taken = bytes(self.waiting)
        self.waiting.clear()
        return taken


def stream(
    column: Column, *, at: dt.datetime, letters: Vault | None = None, drafts: Vault | None = None
) -> Iterator[bytes]:
    """The zip, piece by piece. Words of letters and drafts are included only with keys that open them; a scheduled
    article counts as a draft."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, parts in _files(column, letters, drafts, at=at):
            entry = zipfile.ZipInfo(name, date_time=timezone.localtime(at).timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(entry, "w") as file:
                for part in parts:
                    file.write(part.encode())
                    if len(sink.waiting) > _CHUNK:
                        yield sink.take()
    yield sink.take()


def _files(column: Column, letters: Vault | None, drafts: Vault | None, *, at: dt.datetime) -> Iterator[File]:
    words = [line for line, held in (
        (_("letters.jsonl        letters with their conversation and the desk's notes, opened: keep it safe"), letters),
        (_("bundles.jsonl        which letters lie together without a draft, the leading one first"), letters),
        (_("drafts.jsonl         the newest version of each draft, opened: keep it safe"), drafts),
    ) if held]  # fmt: skip
    yield "README.txt", [_(_README) % {"words": "\n".join(words) or _("It holds no words of letters and drafts.")}]
    yield "column.json", [_json(_column(column))]
    yield "topics.json", [_json(list(column.topics.values("slug", "name", "description", "position")))]
    help_lines = column.help_lines.values(
        "name", "number", "url", "about", "country", "concerns", "hours", "ways", "languages", "position"
    )
    yield "help-lines.json", [_json(list(help_lines))]
    templates = LetterTemplate.objects.filter(column=column).values("kind", "title", "text", "position")
    yield "letter-templates.json", [_json(list(templates))]
    yield "periods.json", [_json(Period.of(column))]
    seats = Seat.objects.filter(column=column).order_by("user__name", "role")
    yield (
        "staff.json",
        [_json([{"name": name, "role": role} for name, role in seats.values_list("user__name", "role")])],
    )
    yield "inbox-views.json", [_json(_views(column))]
    articles = Article.objects.filter(column=column)
    if drafts is None:
        articles = articles.filter(publish_at__lte=at)
    yield "articles.jsonl", (_json(_article(one)) for one in _in_order(articles))
    for one in _in_order(articles):
        if one.taken_down_at is None:
            yield f"articles/{one.year}-{one.slug}.md", [_markdown(one)]
    yield "column-events.jsonl", _events(ColumnEvent.objects.filter(column=column).order_by("number"), "at", "about")
    yield "letter-events.jsonl", _letter_events(column, letters)
    of_drafts = DraftEvent.objects.filter(draft__column=column).order_by("draft_id", "number")
    yield "draft-events.jsonl", _events(of_drafts, "draft_id", "at", *_MOVED)
    yield "letter-marks.jsonl", _marks(column)
    yield "second-looks.jsonl", _second_looks(column)
    yield "screening-counts.json", [_json(_screening(column))]
    if letters is not None:
        yield "letters.jsonl", _letters(column, letters, at=at)
        yield "bundles.jsonl", _bundles(column, letters)
    if drafts is not None:
        yield "drafts.jsonl", _drafts(column, drafts, at=at)


def _column(column: Column) -> dict[str, object]:
    author = {name: getattr(column.author, name) for name in ("name", "credential", "bio")}
    return {name: getattr(column, name) for name in _OF_COLUMN} | {"author": author}


def _views(column: Column) -> list[dict[str, object]]:
    """The shared views of the inbox, with their filters."""
    shared = SavedView.objects.filter(column=column, shared=True).select_related("user").order_by("name", "user__name")
    return [{"name": one.name, "by": one.user.name, "shows": one.filters} for one in shared]


def _in_order(articles: models.QuerySet[Article]) -> Iterator[Article]:
    found = articles.select_related("topic", "author", "approval")
    return found.order_by("publish_at", "pk").iterator(_BATCH)


def _article(one: Article) -> dict[str, object]:
    particulars = {
        "topic": one.topic.slug if one.topic else None,
        "author": one.author.name,
        "approved_by": one.approval.reviewer_name,
        "approved_at": one.approval.approved_at,
    }
    return {name: getattr(one, name) for name in _OF_ARTICLE} | particulars


def _markdown(one: Article) -> str:
    """Front matter (each value as JSON, which YAML reads too), then question and answer as they were written."""
    front = {name: value for name, value in _article(one).items() if name not in ("question", "answer")}
    head = "".join(f"{name}: {_json(value)}" for name, value in front.items())
    question, answer = _("The question"), _("The answer")
    return f"---\n{head}---\n\n## {question}\n\n{one.question}\n\n## {answer}\n\n{one.answer}\n"


def _events(rows: models.QuerySet[Any], *also: str) -> Iterator[str]:
    for row in rows.values(*_OF_EVENT, *also, "by__name").iterator(_BATCH):
        yield _json({name.partition("__")[0]: value for name, value in row.items()})


def _letter_events(column: Column, keys: Vault | None) -> Iterator[str]:
    """The events of letters. Their days, and who did them, are sealed: without ``keys`` the months alone."""
    rows = LetterEvent.objects.filter(letter__column=column).select_related(
        "topic_before", "topic_after", "given_to_before", "given_to_after"
    )
    ids = list(Letter.objects.filter(column=column).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), _BATCH):
        events = list(rows.filter(letter__in=ids[start : start + _BATCH]).order_by("letter_id", "number"))
        if keys is not None:
            opened_events.open_events(events, keys)
        opened_events.name_people(events)
        for event in events:
            line = {name: getattr(event, name) for name in (*_OF_EVENT, "letter_id", "on")}
            if event.sealed:
                line["on"] = f"{event.on:%Y-%m}"
            line |= {name.partition("__")[0]: _at(event, name) for name in _CHANGED}
            yield _json(line | {"by": event.by.name if event.by else None})


def _at(row: Any, path: str) -> Any:
    """The value at the end of a path of fields; ``None`` where one of them is empty."""
    for name in path.split("__"):
        row = getattr(row, name, None)
    return row


def _marks(column: Column) -> Iterator[str]:
    """The fields of each letter that need no key and are in no event, in an order unrelated to arrival."""
    rows = Letter.objects.filter(column=column).exclude(status__in=GONE).order_by("pk")
    names = ("pk", "status", "need", "given_to__name", "held_until", "messages_a_day")
    for pk, status, need, given_to, held_until, most in rows.values_list(*names).iterator(_BATCH):
        yield _json(
            {
                "id": pk,
                "status": status,
                "need": need,
                "given_to": given_to,
                "held_until": held_until,
                "messages_a_day": most,
            }
        )


def _second_looks(column: Column) -> Iterator[str]:
    rows = SecondLook.objects.filter(letter__column=column).order_by("letter_id", "asked_on", "pk")
    names = ("letter_id", "asked_on", "agreed", "looked_on", "declined_by__name", "by__name")
    for row in rows.values(*names).iterator(_BATCH):
        row["declined_by"], row["by"] = row.pop("declined_by__name"), row.pop("by__name")
        yield _json(row)


def _screening(column: Column) -> dict[str, list[dict[str, Any]]]:
    rules = RuleCount.objects.filter(column=column).order_by("month", "rule")
    opened = EyeCount.objects.filter(column=column).order_by("month")
    return {
        "rules": list(rules.values("month", "rule", "raised", "not_so")),
        "opened": list(opened.values("month", *(name for name, _end in STEPS))),
    }


def _bundles(column: Column, keys: Vault) -> Iterator[str]:
    together = {one.bundle: one.ids for one in bundle_store.of(column, keys).values()}
    for bundle, ids in sorted(together.items()):
        yield _json({"id": bundle, "letters": ids})


def _letters(column: Column, keys: Vault, *, at: dt.datetime) -> Iterator[str]:
    """Letters that still have words, in an order unrelated to arrival. An edited question that a writer was shown may
    contain words of another letter, so copies of withdrawn words are erased before each batch is opened."""
    letters = Letter.objects.filter(column=column).exclude(status__in=GONE).order_by("pk")
    for ids in _batches(letters):
        draft_rules.forget_withdrawn(column, at=at, keys=keys)
        batch = list(letters.filter(pk__in=ids).select_related("topic"))
        words, beside = keys.open_many(batch), _beside(EndsWith.LETTER, batch, keys)
        for letter in batch:
            if letter.pk not in words:
                continue
            yield _json(
                {
                    "id": letter.pk,
                    "status": letter.status,
                    "topic": letter.topic.slug if letter.topic else None,
                    "consent": letter.consent,
                    "received_on": letter.received_on,
                    "words": words[letter.pk],
                    **{name: rows.get(letter.pk, []) for name, rows in beside.items()},
                }
            )


def _beside(ends_with: EndsWith, owners: Iterable[models.Model], keys: Vault) -> _Beside:
    """The opened rows that are exported within the lines of these letters or drafts: by name, then by owner."""
    beside: _Beside = {}
    for model in sealed_models():
        kind = model.sealed_as
        if kind.ends_with != ends_with or not isinstance(kind.export, InLine):
            continue
        rows = list(model._default_manager.filter(**{f"{kind.path}__in": [one.pk for one in owners]}))
        words, lists = keys.open_many(rows), beside.setdefault(kind.export.name, {})
        for row in rows:
            if row.pk in words:
                owner = getattr(row, f"{kind.path}_id")
                if isinstance(row, Message):
                    restored_days.show([row], words)
                elif isinstance(row, Note):
                    opened_events.show_notes([row], words)
                fields = {name: getattr(row, name) for name in kind.export.fields}
                lists.setdefault(owner, []).append(fields | words[row.pk])
    return beside


def _drafts(column: Column, keys: Vault, *, at: dt.datetime) -> Iterator[str]:
    """The newest version of each draft. Copies of withdrawn words are erased before each batch is read: the export may
    take minutes, and erasing makes a new version of the draft."""
    drafts = Draft.objects.filter(column=column).order_by("pk")
    for ids in _batches(drafts):
        draft_rules.forget_withdrawn(column, at=at, keys=keys)
        batch = list(drafts.filter(pk__in=ids))
        newest = {draft.pk: draft.newest() for draft in batch if draft.latest}
        words, beside = keys.open_many(newest.values()), _beside(EndsWith.DRAFT, batch, keys)
        for draft in batch:
            version = newest.get(draft.pk)
            if version is not None and version.pk in words:
                line = {"id": draft.pk, "status": draft.status, "saved_at": draft.saved_at, "words": words[version.pk]}
                yield _json(line | {name: rows.get(draft.pk, []) for name, rows in beside.items()})


def _batches(rows: models.QuerySet[Any]) -> Iterator[list[uuid.UUID]]:
    """The ids of the rows in batches; the rows are read later, batch by batch."""
    ids = list(rows.values_list("pk", flat=True))
    for start in range(0, len(ids), _BATCH):
        yield ids[start : start + _BATCH]


def _json(value: object) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False) + "\n"
