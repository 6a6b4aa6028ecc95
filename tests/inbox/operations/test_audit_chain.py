"""The audit trail is joined into chains, and whoever changes it is found out."""

from __future__ import annotations

import datetime as dt
import io
import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F
from django.db.models.functions import TruncMonth

from columns.models import Column
from inbox import tasks
from inbox.models import Actor, Chain, ColumnEvent, DraftEvent, Letter, LetterEvent, User
from inbox.operations import audit_chain, kept_heads
from inbox.workflow import DraftStatus
from tests import factories

pytestmark = pytest.mark.databases


@pytest.fixture
def letter(column: Column, moderator: User, at: dt.datetime) -> Letter:
    """A letter with five joined events."""
    letter = factories.make_letter(column)
    letter.hold(by=moderator, at=at)
    letter.release(by=moderator, at=at)
    letter.shortlist(by=moderator, at=at)
    letter.note("Seen.", by=moderator, at=at)
    audit_chain.join()
    return letter


def events(letter: Letter) -> list[LetterEvent]:
    return list(LetterEvent.objects.filter(letter=letter).order_by("number"))


def named(earlier: audit_chain.Kept | None = None) -> set[tuple[str, str]]:
    return {(one.kind, one.subject) for one in audit_chain.broken(earlier)}


def kept_now() -> audit_chain.Kept:
    file = io.StringIO()
    kept_heads.write_heads(file)
    return kept_heads.read_heads(file.getvalue().splitlines())


def test_every_event_is_joined_once_and_all_chains_hold(column: Column, owner: User, at: dt.datetime) -> None:
    factories.make_draft(column, DraftStatus.PUBLISHED, at=at)
    ColumnEvent.write(column, "retention", by=owner, at=at, about="declined: 60 days")
    tasks.join_chains()
    every = sum(model.objects.count() for model in (LetterEvent, DraftEvent, ColumnEvent))
    assert audit_chain.join() == 0
    chains = Chain.objects.exclude(kind="root")
    assert sum(chains.values_list("upto", flat=True)) == Chain.objects.get(kind="root").upto == every
    assert set(chains.values_list("kind", flat=True)) == {"letter", "draft", "column"}
    assert audit_chain.broken() == []


def test_a_chain_grows_as_it_would_have_been_made_at_once(letter: Letter, moderator: User, at: dt.datetime) -> None:
    letter.put_back(by=moderator, at=at)
    assert audit_chain.join() == 1
    grown = Chain.objects.get(subject=letter.pk).head
    audit_chain.begin(at=at, why="")
    assert Chain.objects.get(subject=letter.pk).head == grown


#: Of a letter's event, what stands in it only where a version before sealed nothing: what is sealed says it.
UNSEALED = {"by_id", *audit_chain._UNSEALED}


@pytest.mark.parametrize("kind", list(audit_chain.TRAILS))
def test_a_link_is_made_of_every_field(kind: str) -> None:
    trail = audit_chain.TRAILS[kind]
    left = UNSEALED if kind == Chain.Kind.LETTER else set()
    assert {*trail.fields, *trail.later} == {field.attname for field in trail.events._meta.concrete_fields} - left
    assert len({*trail.fields, *trail.later}) == len((*trail.fields, *trail.later))


def linked(head: str, row: dict[str, Any], fields: tuple[str, ...], later: tuple[str, ...] = ()) -> str:
    return audit_chain.link(head, row, audit_chain._Trail(LetterEvent, "letter_id", fields, Letter, later))


def test_no_two_events_share_a_form() -> None:
    """Lengths stand before values, so nothing can be moved from one field into the next."""
    head, fields = "00" * 32, ("verb", "before")
    made = [
        linked(head, {"verb": verb, "before": before}, fields)
        for verb, before in [("ab", "c"), ("a", "bc"), ("abc", ""), ("", "abc"), ("abc", None), (None, "abc")]
    ]
    assert len(set(made)) == len(made)


def test_a_later_field_is_covered_where_it_is_set_and_earlier_links_stay() -> None:
    head, fields, later = "00" * 32, ("verb",), ("need_before", "need_after")
    row = {"verb": "mark_urgent", "need_before": None, "need_after": None}
    assert linked(head, row, fields, later) == linked(head, row, fields)
    made = {
        linked(head, {**row, "need_before": before, "need_after": after}, fields, later)
        for before, after in [(None, None), (0, 2), (2, 0), (None, 0), (0, None), (2, 2)]
    }
    assert len(made) == 6


def test_a_day_that_becomes_a_month_breaks_no_chain(letter: Letter) -> None:
    LetterEvent.objects.filter(letter=letter).update(on=TruncMonth("on"))
    assert audit_chain.broken() == []


def test_without_the_key_nothing_is_linked_and_with_another_nothing_holds(letter: Letter, settings: Any) -> None:
    settings.AUDIT_SECRET = "another secret, as long as any of the others"
    assert ("letter", str(letter.pk)) in named()
    settings.AUDIT_SECRET = ""
    with pytest.raises(audit_chain.NoAuditKey):
        audit_chain.broken()


def change(letter: Letter) -> None:
    LetterEvent.objects.filter(pk=events(letter)[2].pk).update(verb="receive")


def change_a_date(letter: Letter) -> None:
    LetterEvent.objects.filter(pk=events(letter)[1].pk).update(on=dt.date(2020, 1, 1))


def delete(letter: Letter) -> None:
    LetterEvent.objects.filter(pk=events(letter)[1].pk).delete()


def delete_and_close_the_gap(letter: Letter) -> None:
    LetterEvent.objects.filter(pk=events(letter)[1].pk).delete()
    for event in LetterEvent.objects.filter(letter=letter, number__gt=2).order_by("number"):
        LetterEvent.objects.filter(pk=event.pk).update(number=F("number") - 1)
    Letter.objects.filter(pk=letter.pk).update(events_count=F("events_count") - 1)


def swap(letter: Letter) -> None:
    _, second, third, *_ = events(letter)
    for event, number in ((second, 99), (third, 2), (second, 3)):
        LetterEvent.objects.filter(pk=event.pk).update(number=number)


def add_far_away(letter: Letter) -> None:
    LetterEvent.objects.create(letter=letter, number=40, verb="note", actor=Actor.STAFF, on=dt.date(2026, 1, 1))


def add_next(letter: Letter) -> None:
    number = len(events(letter)) + 1
    LetterEvent.objects.create(letter=letter, number=number, verb="note", actor=Actor.STAFF, on=dt.date(2026, 1, 1))


def truncate(letter: Letter) -> None:
    LetterEvent.objects.filter(letter=letter, number__gt=3).delete()


def truncate_and_count(letter: Letter) -> None:
    truncate(letter)
    status = LetterEvent.objects.filter(letter=letter).latest("number").status_after
    Letter.objects.filter(pk=letter.pk).update(events_count=3, status=status)


def delete_all(letter: Letter) -> None:
    LetterEvent.objects.filter(letter=letter).delete()


def rewrite_the_head(letter: Letter) -> None:
    Chain.objects.filter(subject=letter.pk).update(head="ab" * 32)


def lower_the_head(letter: Letter) -> None:
    Chain.objects.filter(subject=letter.pk).update(upto=2)


TAMPERINGS = [
    change,
    change_a_date,
    delete,
    delete_and_close_the_gap,
    swap,
    add_far_away,
    add_next,
    truncate,
    truncate_and_count,
    delete_all,
    rewrite_the_head,
    lower_the_head,
]
#: These are seen by the heads alone.
OF_HEADS = [rewrite_the_head, lower_the_head]


@pytest.mark.parametrize("tamper", TAMPERINGS)
def test_whoever_changes_the_trail_is_found_out(
    letter: Letter, column: Column, tamper: Callable[[Letter], None], capsys: pytest.CaptureFixture[str]
) -> None:
    factories.make_letter(column)
    tamper(letter)
    audit_chain.join()
    assert named() - {("root", "")} == {("letter", str(letter.pk))}
    assert (("root", "") in named()) == (tamper in OF_HEADS)
    with pytest.raises(CommandError):
        call_command("verify_chains")
    said = capsys.readouterr().err.splitlines()
    assert said
    assert all(line.startswith((f"letter {letter.pk}: ", "root")) for line in said)


@pytest.mark.parametrize("tamper", [change, delete_and_close_the_gap, truncate_and_count, delete_all])
def test_a_chain_that_is_deleted_and_joined_anew_is_found_out(
    letter: Letter, column: Column, tamper: Callable[[Letter], None]
) -> None:
    """Without the file that is kept elsewhere: whatever else is joined afterwards, the root remembers its head."""
    tamper(letter)
    if tamper is delete_all:
        Letter.objects.filter(pk=letter.pk).delete()
    Chain.objects.filter(subject=letter.pk).delete()
    factories.make_letter(column)
    audit_chain.join()
    audit_chain.join()
    assert ("root", "") in named()


def test_whoever_saw_each_change_of_the_root_sets_no_chain_back(
    letter: Letter, column: Column, moderator: User, at: dt.datetime
) -> None:
    """Somebody copies the database between two sweeps; later they take a letter's last event away, with its head, and
    take from the root what that event had added to it."""
    audit_chain.join()
    before, root_before = Chain.objects.get(subject=letter.pk), Chain.objects.get(kind=Chain.Kind.ROOT)
    letter.refresh_from_db()
    letter.note("What is to vanish.", by=moderator, at=at)
    audit_chain.join()
    root_after = Chain.objects.get(kind=Chain.Kind.ROOT)
    factories.make_letter(column)
    audit_chain.join()
    assert named() == set()
    LetterEvent.objects.filter(letter=letter, number__gt=before.upto).delete()
    Letter.objects.filter(pk=letter.pk).update(events_count=before.upto)
    Chain.objects.filter(pk=before.pk).update(head=before.head, upto=before.upto)
    root = Chain.objects.get(kind=Chain.Kind.ROOT)
    added = int(root_after.head, 16) - int(root_before.head, 16)
    for upto in (root.upto, root.upto - 1):
        head = f"{(int(root.head, 16) - added) % (1 << 256):x}"
        Chain.objects.filter(pk=root.pk).update(head=head, upto=upto)
        assert named() == {("root", "")}


def test_the_root_cannot_be_begun_anew_without_the_key(letter: Letter, column: Column) -> None:
    """Nor does a sweep begin it in silence: the column's history says that chains begin."""
    change(letter)
    root = Chain.objects.get(kind="root")
    Chain.objects.filter(pk=root.pk).delete()
    assert (audit_chain.join(), named()) == (0, {("root", ""), ("letter", str(letter.pk))})
    Chain.objects.all().delete()
    Chain.objects.create(kind="root", subject="", upto=0, head="0")
    audit_chain.join()
    assert named() == {("root", "")}
    told = ColumnEvent.objects.filter(column=column, verb="begin_chains")
    before = told.count()
    Chain.objects.all().delete()
    audit_chain.join()
    assert (named(), told.count()) == (set(), before + 1)


@pytest.mark.parametrize("tamper", [change, delete_and_close_the_gap, truncate_and_count])
def test_beginning_all_chains_anew_is_found_with_what_was_kept_elsewhere(
    letter: Letter, tamper: Callable[[Letter], None], tmp_path: Path
) -> None:
    kept = tmp_path / "heads"
    call_command("verify_chains", write_heads=kept)
    tamper(letter)
    Chain.objects.all().delete()
    audit_chain.join()
    call_command("verify_chains")
    with pytest.raises(CommandError):
        call_command("verify_chains", heads=kept)
    found = named(kept_heads.read_heads(kept.read_text().splitlines()))
    assert found == {("letter", str(letter.pk)), ("root", "")}


def test_a_database_that_was_set_back_is_found_with_what_was_kept_elsewhere(
    letter: Letter, column: Column, moderator: User, at: dt.datetime
) -> None:
    """Rows and heads together, as they once were: only the file tells."""
    events_then, chains_then = list(LetterEvent.objects.values()), list(Chain.objects.values())
    letter.put_back(by=moderator, at=at)
    audit_chain.join()
    kept = kept_now()
    LetterEvent.objects.exclude(pk__in=[row["id"] for row in events_then]).delete()
    Letter.objects.filter(pk=letter.pk).update(events_count=F("events_count") - 1)
    Chain.objects.all().delete()
    Chain.objects.bulk_create(Chain(**row) for row in chains_then)
    assert named() == set()
    assert named(kept) == {("letter", str(letter.pk)), ("root", "")}


def test_a_letter_that_vanished_is_told_by_what_was_kept(letter: Letter) -> None:
    kept = kept_now()
    LetterEvent.objects.filter(letter=letter).delete()
    Letter.objects.filter(pk=letter.pk).delete()
    Chain.objects.all().delete()
    assert audit_chain.broken() == []
    assert {kind for kind, _ in named(kept)} == {"kept", "root"}


def test_kept_heads_still_hold_when_more_has_happened(
    letter: Letter, column: Column, moderator: User, at: dt.datetime, tmp_path: Path
) -> None:
    kept = tmp_path / "heads"
    call_command("verify_chains", write_heads=kept)
    letter.put_back(by=moderator, at=at)
    factories.make_letter(column)
    call_command("verify_chains", heads=kept)
    audit_chain.join()
    call_command("verify_chains", heads=kept)


def test_what_is_kept_elsewhere_says_nothing_without_the_key(letter: Letter, column: Column) -> None:
    """One root over all heads, and keyed names and hashes: neither an id nor what a day could be tried with."""
    file = io.StringIO()
    assert kept_heads.write_heads(file) == len(audit_chain.heads())
    first, *others = map(json.loads, file.getvalue().splitlines())
    assert sorted(first) == ["root"]
    assert [sorted(line) for line in others] == [["chain", "head", "upto"]] * len(others)
    assert str(letter.pk) not in file.getvalue()
    assert letter.pk.hex not in file.getvalue()


@pytest.mark.parametrize(
    "line",
    ["{}", "nonsense", "[]", "3", '{"kind":"letter","subject":"1","upto":1,"head":"aa"}', '{"root":"no number"}', ""],
)
def test_a_file_that_is_none_of_heads_is_refused(db: None, line: str, tmp_path: Path) -> None:
    (tmp_path / "heads").write_text(line and line + "\n")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify_chains", heads=tmp_path / "heads")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify_chains", heads=tmp_path / "nowhere")


def test_a_gap_is_not_passed(letter: Letter) -> None:
    add_far_away(letter)
    assert audit_chain.join() == 0
    assert Chain.objects.get(subject=letter.pk).upto == 5


def test_what_is_not_joined_yet_is_guarded_by_the_count(letter: Letter, moderator: User, at: dt.datetime) -> None:
    letter.put_back(by=moderator, at=at)
    assert audit_chain.broken() == []
    LetterEvent.objects.filter(letter=letter, verb="put_back").delete()
    assert named() == {("letter", str(letter.pk))}


def test_the_last_events_of_a_column_are_counted_too(column: Column, owner: User, at: dt.datetime) -> None:
    """What no chain covers yet is guarded by the count, of columns as of letters."""
    for verb in ("retention", "export"):
        ColumnEvent.write(column, verb, by=owner, at=at)
    assert audit_chain.broken() == []
    ColumnEvent.objects.filter(column=column, verb="export").delete()
    assert named() == {("column", str(column.pk))}


def test_of_two_sweeps_at_once_one_writes(letter: Letter, moderator: User, at: dt.datetime) -> None:
    stale = Chain.objects.get(subject=letter.pk)
    letter.put_back(by=moderator, at=at)
    audit_chain.join()
    assert not audit_chain._keep(stale, upto=6, head="ab" * 32)
    fresh = Chain(kind="letter", subject=str(letter.pk), upto=0, head="")
    assert not audit_chain._keep(fresh, upto=1, head="ab" * 32)
    assert audit_chain.broken() == []


def test_a_chain_of_nothing_known_is_named(column: Column) -> None:
    audit_chain.join()
    subject = str(uuid.uuid4())
    Chain.objects.create(kind="draft", subject=subject, upto=1, head="ab" * 32)
    Chain.objects.create(kind="other", subject="1", upto=1, head="ab" * 32)
    assert named() == {("draft", subject), ("other", "1"), ("root", "")}


def test_a_changed_column_event_and_draft_event_are_found(column: Column, owner: User, at: dt.datetime) -> None:
    draft = factories.make_draft(column, DraftStatus.APPROVED, at=at)
    event = ColumnEvent.write(column, "export", by=owner, at=at, about="everything")
    audit_chain.join()
    DraftEvent.objects.filter(draft=draft, number=1).update(verb="approve")
    ColumnEvent.objects.filter(pk=event.pk).update(about="nothing")
    assert named() == {("draft", str(draft.pk)), ("column", str(column.pk))}
