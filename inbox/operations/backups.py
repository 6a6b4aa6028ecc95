"""Backups, as two files that are stored apart, and their restore.

The *site* dump holds every table but the keystore (and sessions, and open invitations); it opens no words, so it may
be kept for long. The *keys* dump holds the keystore; it is deleted after ``KEYS_KEPT``. So a letter that is erased
today cannot be opened from any site dump once the older keys dumps are deleted, within a week. A restore takes any site
dump and the newest keys dump: letters erased in between stay erased.

So that an older site dump fits the newest keystore, the keys dump also has state that a restore must not undo: keys,
seats and second factors of people, index and consent of each letter, bundles (as sealed bytes), which articles are
published, and the hash of each article's text. It has no words, and all of this is in a site dump of the same moment
too.
"""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import gzip
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core import serializers
from django.core.management.color import no_style
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction

from columns.models import Article, Column
from inbox.models import (
    ColumnEvent,
    Draft,
    Invitation,
    KeyGrant,
    Letter,
    Need,
    PublicKey,
    SealedItem,
    SealedKey,
    Seat,
    StaffKey,
    User,
)
from inbox.models.keystore import sealed_models
from inbox.models.letter import GONE
from inbox.models.times import clock
from inbox.operations import seal_days
from inbox.workflow import LetterStatus

#: A keys dump as old as this is deleted by the next backup; with one backup a day none is older than seven days.
KEYS_KEPT = dt.timedelta(days=6)
_STAMP = "%Y-%m-%dT%H%M%S"
#: Apps whose tables are dumped; Django's own (sessions, content types) are not.
_OURS = ("columns", "inbox", "account", "mfa")
#: In no site dump: the keystore; and invitations, since a restore would bring back one that was called back.
_LEFT_OUT: tuple[type[models.Model], ...] = (SealedKey, Invitation)
#: Rights and keys of people: the keys dump has every row, and a restore takes them from the keys dump alone.
_HELD: tuple[type[models.Model], ...] = (PublicKey, StaffKey, KeyGrant, Seat, Authenticator)
#: The line of a keys dump before the state, with the edition of the format. Older dumps have none.
_EDITION_NAME = "standing"
#: Edition 1 had no second factors, so a restore must not take the missing rows as deleted.
_EDITION = 2


class CannotRestore(Exception):
    """``str()`` is a sentence for the operator."""


@dataclass(frozen=True)
class Dumped:
    """The paths of both files, and the number of deleted older keys dumps."""

    site: Path
    keys: Path
    deleted: int


@dataclass(frozen=True)
class Restored:
    """``site``, ``keys``: the dumps that were used. ``erased``: the number of letters of the site dump whose keys had
    been destroyed by the time of the keys dump. ``older``: published articles whose restored text is older than at the
    time of the keys dump, since the site dump is from before a correction."""

    site: Path
    keys: Path
    rows: int
    letters: int
    erased: int
    older: tuple[Article, ...]


# --- backup ----------------------------------------------------------------------------------------------------------


def backup(folder: Path, *, at: dt.datetime) -> Dumped:
    """Write both dumps into ``folder`` (mode 0600, written atomically) and delete keys dumps that are too old.

    One transaction reads both, so they are of one moment. Each column gets an event.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in folder.glob("*.unfinished"):  # of a backup that was killed; it would keep erased words
        left.unlink()
    stamp = at.astimezone(dt.UTC).strftime(_STAMP)
    site, keys = folder / f"site-{stamp}.jsonl.gz", folder / f"keys-{stamp}.jsonl.gz"
    with _one_moment():
        _write(site, _rows(dumped_models()))
        _write(keys, _rows([SealedKey]), _state())
    with transaction.atomic():
        for column in Column.objects.for_readers():
            ColumnEvent.write(column, "back_up", by=None, at=at)
    # a dump with a future date was made while the clock was ahead: it would not expire
    right = clock.doubt(at) is None
    old = [path for path in keys_dumps(folder) if right and not at - KEYS_KEPT < _moment(path) <= at]
    for path in old:
        path.unlink()
    return Dumped(site, keys, len(old))


@contextlib.contextmanager
def _one_moment() -> Iterator[None]:
    """A transaction that reads one snapshot of the database and blocks no writer."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()  # before it there is no mode to set aside
        sqlite: Any = connection
        usual, sqlite.transaction_mode = sqlite.transaction_mode, "DEFERRED"
        try:
            with transaction.atomic():
                yield
        finally:
            sqlite.transaction_mode = usual
        return
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def site_dumps(folder: Path) -> list[Path]:
    """The site dumps of a folder, the newest last."""
    return sorted(folder.glob("site-*.jsonl.gz"))


def keys_dumps(folder: Path) -> list[Path]:
    """The keys dumps of a folder, the newest last."""
    return sorted(folder.glob("keys-*.jsonl.gz"))


def _newest(paths: list[Path], at: dt.datetime) -> Path:
    """The newest of some paths in order; one with a future date, made by a wrong clock, only if there is no other."""
    return next((path for path in reversed(paths) if _moment(path) <= at), paths[-1])


def _moment(path: Path) -> dt.datetime:
    return dt.datetime.strptime(path.name.partition("-")[2].partition(".")[0], _STAMP).replace(tzinfo=dt.UTC)


def dumped_models() -> list[type[models.Model]]:
    """Every model of the site dump, each after the models it refers to: approvals before articles."""
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in _OURS
        and model not in _LEFT_OUT
        and not (issubclass(model, SealedItem) and not model.sealed_as.dumped)
    ]
    ordered: list[type[models.Model]] = []

    def add(model: type[models.Model]) -> None:
        for field in model._meta.concrete_fields:
            target = field.related_model
            if isinstance(target, type) and target in found and target not in (*ordered, model):
                add(target)
        if model not in ordered:
            ordered.append(model)

    for model in found:
        add(model)
    return ordered


def _rows(dumped: Iterable[type[models.Model]]) -> Iterator[models.Model]:
    for model in dumped:
        yield from model._base_manager.order_by("pk").iterator(chunk_size=500)


def _state() -> Iterator[dict[str, Any]]:
    """The state that an older site dump must not undo, line by line."""
    yield {_EDITION_NAME: _EDITION}
    kept = ("password", "is_active", "key_epoch", "session_epoch")
    for user in User.objects.order_by("pk").values("pk", *kept).iterator():
        yield {"user": user.pop("pk"), **user}
    yield from json.loads(serializers.serialize("json", _rows(_HELD), cls=_Exact))
    letters = Letter.objects.only("index", "writer_public", "form_hash", "code_changed", "consent")
    for letter in letters.order_by("pk").iterator(chunk_size=500):
        found = {name: getattr(letter, name) for name in ("index", "form_hash", "code_changed", "consent")}
        yield {"letter": str(letter.pk), "writer_public": _text(letter.writer_public), **found}
    for model in _resealed():
        for row in model._base_manager.only("sealed").order_by("pk").iterator(chunk_size=500):
            yield {"resealed": model._meta.label, "pk": str(row.pk), "sealed": _text(row.sealed)}
    articles = Article.objects.order_by("pk").values_list("pk", "taken_down_at", "approval__text_sha256")
    for pk, down, text in articles:
        yield {"article": pk, "down": down and down.isoformat(), "text": text}


def _resealed() -> list[type[SealedItem]]:
    """Models whose rows are re-sealed in place: the bytes of an older site dump would not fit the newest keystore."""
    return [model for model in sealed_models() if model.sealed_as.resealed]


def _text(raw: bytes | memoryview) -> str:
    return base64.b64encode(bytes(raw)).decode()


class _Exact(DjangoJSONEncoder):
    """Times to the microsecond, which Django's own encoder cuts off: the chains over the audit trail cover them."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, dt.datetime) else super().default(o)


def _write(path: Path, rows: Iterator[models.Model], more: Iterable[dict[str, Any]] = ()) -> None:
    unfinished = path.with_suffix(".unfinished")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as raw:
        with gzip.open(raw, "wt", encoding="utf-8") as out:
            serializers.serialize("jsonl", rows, stream=out, cls=_Exact)
            out.writelines(json.dumps(line) + "\n" for line in more)
        raw.flush()
        os.fsync(raw.fileno())
    unfinished.replace(path)


# --- restore ---------------------------------------------------------------------------------------------------------


def restore(folder: Path, *, at: dt.datetime, site: Path | None = None) -> Restored:
    """Fill an empty, migrated database from a site dump (the newest unless one is named) and the newest keys dump.

    All of it or nothing. ``CannotRestore`` where the database is not empty or a dump is missing or damaged.
    """
    sites, keys = site_dumps(folder), keys_dumps(folder)
    if not (site or sites) or not keys:
        raise CannotRestore(f"There is no pair of dumps in {folder}.")
    if Column.objects.exists():
        raise CannotRestore("The database is not empty. Restore into a new one, after manage.py migrate.")
    site, newest = site or _newest(sites, at), _newest(keys, at)
    try:
        with transaction.atomic():
            rows = _read(site)[0]
            sealed, state = _read(newest)
            _put(state, at)
            with connection.cursor() as cursor:
                for statement in connection.ops.sequence_reset_sql(no_style(), dumped_models()):
                    cursor.execute(statement)
            erased = _mark_erased(at)
            seal_days.seal_left()
            older = _older(state)
    except (EOFError, gzip.BadGzipFile, serializers.base.DeserializationError, ValueError, KeyError) as error:
        raise CannotRestore("A dump is damaged. Nothing was restored.") from error
    return Restored(site, newest, rows + sealed, Letter.objects.count(), erased, older)


def _read(path: Path) -> tuple[int, list[dict[str, Any]]]:
    """Save the rows of a dump; returns their number and the lines of the state."""
    count, state = 0, list[dict[str, Any]]()
    with gzip.open(path, "rt", encoding="utf-8") as lines:

        def rows() -> Iterator[dict[str, Any]]:
            for line in lines:
                said = json.loads(line)
                if state or _EDITION_NAME in said:
                    state.append(said)
                else:
                    yield _of_today(said)

        for row in serializers.deserialize("python", rows()):
            row.save()
            count += 1
    return count, state


def _of_today(said: dict[str, Any]) -> dict[str, Any]:
    """A row of a dump with the fields that its model has today."""
    if said.get("model") == Letter._meta.label_lower and "urgent" in said["fields"]:
        said["fields"]["need"] = Need.NOW if said["fields"].pop("urgent") else Need.NONE
    return said


def _put(state: list[dict[str, Any]], at: dt.datetime) -> None:
    """Apply the state of the keys dump to the rows of the site dump. Letters and people that are not in the site dump
    are skipped."""
    if not state:
        return
    for model in reversed(_HELD):
        if model is not Authenticator or state[0][_EDITION_NAME] >= _EDITION:
            model._base_manager.all().delete()
    for row in serializers.deserialize("python", (line for line in state if "model" in line)):
        if _fits(row.object):
            row.save()
    for line in state:
        if "user" in line:
            User.objects.filter(pk=line.pop("user")).update(**line)
        elif "letter" in line:
            found, consent = Letter.objects.filter(pk=line.pop("letter")), line.pop("consent")
            found.update(**line | {"writer_public": base64.b64decode(line["writer_public"])})
            found.exclude(status=LetterStatus.PUBLISHED).update(consent=consent)
    _put_resealed(state)
    _take_down({line["article"]: line["down"] for line in state if "article" in line}, at)


def _put_resealed(state: list[dict[str, Any]]) -> None:
    for model in _resealed():
        newest = {line["pk"]: line["sealed"] for line in state if line.get("resealed") == model._meta.label}
        for pk, sealed in newest.items():
            model._base_manager.filter(pk=pk).update(sealed=base64.b64decode(sealed))


def _fits(row: models.Model) -> bool:
    """Whether every row that this row refers to exists."""
    for field in row._meta.concrete_fields:
        target: Any = field.related_model
        value = getattr(row, field.attname)
        if target is not None and value is not None and not target._base_manager.filter(pk=value).exists():
            return False
    return True


def _take_down(days: dict[int, str | None], at: dt.datetime) -> None:
    """Take down the articles that were down. An article that is not listed was stopped before publication."""
    for article in Article.objects.filter(taken_down_at=None):
        day = days.get(article.pk, at.isoformat())
        if day:
            moment = dt.datetime.fromisoformat(day)
            article.take_down(at=moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC))  # older ones: a date


def _older(state: list[dict[str, Any]]) -> tuple[Article, ...]:
    """Published or scheduled articles that were corrected after the site dump. The new text is in neither dump."""
    texts = {line["article"]: line.get("text") for line in state if "article" in line}
    up = Article.objects.filter(taken_down_at=None).select_related("column", "approval").newest_first()
    return tuple(one for one in up if texts.get(one.pk) not in (None, one.approval.text_sha256))


def _mark_erased(at: dt.datetime) -> int:
    """Mark letters and drafts without keys as erased: they were erased after the site dump."""
    late = SealedKey.objects.all()  # keys of rows newer than the site dump, which open nothing
    for model in sealed_models():
        late = late.exclude(item__in=model._base_manager.values("pk"))
    late.delete()
    opens = SealedKey.objects.values("item")
    erased = list(Letter.objects.exclude(status__in=GONE).exclude(pk__in=opens))
    for letter in erased:
        letter.lose(at=at)
    for model in sealed_models():  # letters themselves have been moved to their end
        model._base_manager.exclude(pk__in=opens).update(sealed=b"")
    for draft in Draft.objects.filter(bundle__sealed=b"").exclude(events__verb="erase"):
        draft.lose(at=at)
    for draft in Draft.objects.filter(versions__number=models.F("latest"), versions__sealed=b"").exclude(
        events__verb="erase"
    ):  # it forgot the words of a letter that is gone; what the author wrote afterwards is not in the site dump
        draft.begin_again({}, by=draft.newest().by, at=at)
    return len(erased)
