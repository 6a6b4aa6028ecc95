"""``restore``: an empty database is filled from a site file and the newest keys file.

Both files are read to their end before a row is written, and read again while they are written, in one transaction.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core import serializers
from django.core.exceptions import FieldDoesNotExist
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, DataError, IntegrityError, connection, models, transaction

from columns.models import Article, Column
from inbox.models import Draft, Letter, PublicKey, SealedKey
from inbox.models.keystore import sealed_models
from inbox.models.letter import GONE
from inbox.operations import as_recorded, seal_days
from inbox.operations.backups import earlier, folder, kept_state
from inbox.operations.backups.contents import dumped_models, rows
from inbox.operations.backups.dump_file import CannotRestore, DumpFile
from inbox.operations.backups.kept_state import KeptState


@dataclass(frozen=True)
class Restored:
    """``site``, ``keys``: the files that were used. ``erased``: the number of letters of the site file whose keys had
    been destroyed by the time of the keys file. ``older``: published articles whose restored text is older than at the
    time of the keys file, since the site file is from before a correction. ``set_right``: letters and drafts that were
    not as their events say."""

    site: Path
    keys: Path
    rows: int
    letters: int
    erased: int
    older: tuple[Article, ...]
    set_right: int


@dataclass(frozen=True)
class _Pair:
    """Both files, read to their end. ``schema``: of the site file. ``together``: the rows of the keys file have the
    same schema as those of the site file, which is not that of today."""

    site: DumpFile
    keys: DumpFile
    schema: dict[str, str]
    together: bool


def restore(
    where: Path, *, at: dt.datetime, site: Path | None = None, unproven: bool = False, as_events_say: bool = False
) -> Restored:
    """Fill an empty, migrated database from a site file (the newest unless one is named) and the newest keys file.

    All of it or nothing: ``CannotRestore`` where the database is not empty, a file is missing, damaged, of another site
    or of a newer version, the two do not go together, or a letter or draft is not as its events say.

    ``unproven``: the operator answers for the files, which have no proof or were proved with another secret.
    ``as_events_say``: letters and drafts are set right by their events.
    """
    pair = _pair(where, at, site, unproven=unproven)
    with _refused(), _source(pair) as (source, made), transaction.atomic():
        written = _save(source)
        written += _save(made)
        set_right = _compare(at, as_events_say=as_events_say)
        kept = KeptState(at=at, held=not pair.together)
        written += _put(pair, kept)
        kept.take_down()
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), dumped_models()):
                cursor.execute(statement)
        erased = _mark_erased(at)
        seal_days.seal_left()
        connection.check_constraints()
        older, letters = kept.older(), Letter.objects.count()
    return Restored(pair.site.path, pair.keys.path, written, letters, erased, older, set_right)


# --- which files, and whether they go together -----------------------------------------------------------------------


def _pair(where: Path, at: dt.datetime, named: Path | None, *, unproven: bool) -> _Pair:
    sites, keys_files = folder.site_dumps(where), folder.keys_dumps(where)
    if not (named or sites) or not keys_files:
        raise CannotRestore(f"There is no pair of backup files in {where}.")
    if Column.objects.exists():
        raise CannotRestore("The database is not empty. Restore into a new one, after manage.py prepare_database.")
    site = DumpFile(named or folder.newest(sites, at), "site", unproven=unproven)
    keys = DumpFile(folder.newest(keys_files, at), "keys", unproven=unproven)
    if site.header and keys.header:
        if site.header.site != keys.header.site:
            raise CannotRestore(f"{site.path.name} and {keys.path.name} are of different sites.")
        if site.header.at > keys.header.at:
            raise CannotRestore(
                f"{keys.path.name} is older than {site.path.name}: what came between them would count as erased. Put a"
                " newer keys file beside it, or name an older site file with --site."
            )
        if named is None and site.header.pair != keys.header.pair:
            raise CannotRestore(
                f"{site.path.name} and {keys.path.name}, the newest files, are not of one backup. Find the missing one,"
                " or name the site file with --site."
            )
    proved = site.header is not None and keys.header is not None
    (site_shape, there), (keys_shape, opened) = (_walked(one, names=not proved) for one in (site, keys))
    if not proved and there and opened and not there & opened:
        raise CannotRestore(f"{keys.path.name} opens nothing of {site.path.name}: it is of another site.")
    schema = earlier.schema_of(site_shape, site.schema)
    earlier.schema_of(keys_shape, keys.schema)
    together = schema != earlier.schema_of_today() and _of_one_backup(site, keys)
    if not (together or earlier.fits_today(keys_shape)):
        raise CannotRestore(
            f"{keys.path.name} is of an earlier version, and {site.path.name} is not of the same backup. Restore both"
            " with the version that wrote the keys file, and bring that site forward."
        )
    return _Pair(site, keys, schema, together)


def _of_one_backup(site: DumpFile, keys: DumpFile) -> bool:
    if site.header and keys.header:
        return site.header.pair == keys.header.pair
    names = [one.path.name.partition("-")[2] for one in (site, keys)]
    return site.header is keys.header and names[0] == names[1]


def _walked(file: DumpFile, *, names: bool) -> tuple[earlier.Shape, set[str]]:
    """Read a file to its end: the shape of its rows and, with ``names``, the ids of the public keys and sealed rows
    that it has or opens."""
    found: set[str] = set()

    def lines() -> Iterator[dict[str, Any]]:
        for line in file:
            if names and line.get("model") == SealedKey._meta.label_lower:
                found.update((line["fields"]["key_id"], line["fields"]["item"]))
            elif names and (line.get("model") == PublicKey._meta.label_lower or line.get("fields", {}).get("sealed")):
                found.add(line["pk"])
            yield line

    try:
        return earlier.shape_of(lines()), found
    except (KeyError, TypeError, AttributeError) as error:
        raise CannotRestore(f"{file.path.name} holds a line that no backup has.") from error


# --- the rows ---------------------------------------------------------------------------------------------------------

_Rows = Iterator[models.Model]


@contextmanager
def _source(pair: _Pair) -> Iterator[tuple[_Rows, _Rows]]:
    """The rows of the site file in the schema of today, and the data keys that migrations made on the way."""
    if pair.schema == earlier.schema_of_today():
        yield (one.object for one in serializers.deserialize("python", pair.site)), iter(())
        return
    keys = [line for line in pair.keys if "model" in line] if pair.together else []
    with earlier.brought_forward(pair.schema, pair.site, keys, kept_state.writers(pair.keys)) as alias:
        yield rows(dumped_models(), using=alias), rows([SealedKey], using=alias)


def _save(some: _Rows) -> int:
    count = 0
    for row in some:
        row.save_base(raw=True, using=DEFAULT_DB_ALIAS, force_insert=True)
        count += 1
    return count


def _put(pair: _Pair, kept: KeptState) -> int:
    """Save the keystore, where it is not among the rows already, and apply the state behind it; returns the number of
    rows of the keystore."""
    count = 0
    for line in pair.keys:
        if line.get("model") != SealedKey._meta.label_lower:
            kept.take(line)
        elif not pair.together:
            for row in serializers.deserialize("python", [line]):
                row.save()
            count += 1
    return count


def _compare(at: dt.datetime, *, as_events_say: bool) -> int:
    found = as_recorded.differing()
    if found and not as_events_say:
        named = "; ".join(f"{one.kind} {one.subject}: {one.why}" for one in found[:10])
        raise CannotRestore(
            f"{len({one.subject for one in found})} letters and drafts are not as their events say, so somebody changed"
            f" them in the database or in the file ({named}). With --as-events-say they are set right by their events."
        )
    return as_recorded.set_right(at=at) if found else 0


@contextmanager
def _refused() -> Iterator[None]:
    """Whatever a row raises becomes a sentence without anything of the row."""
    try:
        yield
    except (
        DataError,
        IntegrityError,
        FieldDoesNotExist,
        LookupError,
        serializers.base.DeserializationError,
        ValueError,
        TypeError,
        AttributeError,
        OverflowError,
    ) as error:
        raise CannotRestore("A row of these files does not fit the tables of this version.") from error


def _mark_erased(at: dt.datetime) -> int:
    """Mark letters and drafts without keys as erased: they were erased after the site file."""
    late = SealedKey.objects.all()  # keys of rows newer than the site file, which open nothing
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
    ):  # it forgot the words of a letter that is gone; what the author wrote afterwards is not in the site file
        draft.begin_again({}, by=draft.newest().by, at=at)
    return len(erased)
