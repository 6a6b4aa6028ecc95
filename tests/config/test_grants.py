"""On PostgreSQL each process has a role that can do its work and no more. Run as the roles themselves."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress

import pytest
from django.conf import settings
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from columns.models import Article, Column, HelpLine, Topic
from config import grants
from inbox.editorial import decisions, draft_case, drafts, publishing, writer_approval
from inbox.keys import vault
from inbox.letters import intake, notices, retention_periods, screened, waiting_time, writer_acts
from inbox.models import (
    Arrival,
    Bundle,
    Chain,
    ColumnEvent,
    Consent,
    Draft,
    DraftEvent,
    DraftVersion,
    EyeCount,
    KeyGrant,
    Letter,
    LetterEvent,
    LetterTemplate,
    Note,
    Notice,
    Period,
    Review,
    RuleCount,
    Seat,
    StaffKey,
    User,
)
from inbox.models.times import row_order as order
from inbox.operations import audit_chain, column_settings, export, health, practice, retention, row_order
from inbox.triage import assignment, wellbeing
from inbox.workflow import DraftStatus, LetterStatus, Role
from tests import approval_scene, factories

pytestmark = pytest.mark.databases

AsRole = Callable[[str], AbstractContextManager[None]]


@pytest.fixture
def as_role(db: None) -> Iterator[AsRole]:
    """``with as_role("public"):`` the connection may do what that process's role may do. All of it is rolled back."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no roles")
    with connection.cursor() as cursor:
        for role in grants.ROLES.values():
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
            if not cursor.fetchone():
                cursor.execute(f"CREATE ROLE {role}")
        for statement in grants.statements():
            cursor.execute(statement)

        @contextmanager
        def switch(process: str) -> Iterator[None]:
            cursor.execute(f"SET ROLE {grants.ROLES[process]}")
            try:
                yield
            finally:
                cursor.execute("RESET ROLE")

        yield switch


def refused(act: Callable[[], object]) -> bool:
    """Whether the database says that the role may not do it."""
    try:
        with transaction.atomic():
            act()
    except ProgrammingError as error:
        return "permission denied" in str(error)
    return False


def test_every_model_is_named_for_at_most_what_it_needs() -> None:
    """A new model is out of reach of the public process and of the worker until somebody decides."""
    public, worker = grants.tables("public"), grants.tables("worker")
    for word in ("user", "seat", "draft", "bundle", "review", "session", "mfa_", "account_"):
        assert [table for table in public if word in table] == []
    assert [table for table in worker if "user" in table or "session" in table or "staff" in table] == []
    assert [table for table in (*public, *worker) if "grant" in table] == []
    assert worker["inbox_draftversion"] == "SELECT (id, draft_id), UPDATE (sealed)"
    assert public["inbox_letterevent"] == "INSERT"
    assert worker["inbox_letterevent"] == worker["inbox_draftevent"] == "SELECT, INSERT"


def test_the_whole_letter_path_runs_as_the_public_role(as_role: AsRole, column: Column) -> None:
    with as_role("public"):
        taken = factories.take_letter(column, email="somebody@example.org")
        letter, derived = writer_acts.find(taken.receipt)
        assert letter is not None
        keys = vault.writer(derived.key)
        writer_acts.write_back(letter, "One thing more.", at=timezone.now())
        turns = writer_acts.open_letter(letter, keys, at=timezone.now()).turns
        assert [text for _, text in turns] == ["One thing more."]
        writer_acts.allow(letter, Consent.LIGHT, at=timezone.now())
        changed = writer_acts.change_code(letter, derived.key, nonce=intake.new_nonce(), at=timezone.now())
        letter, derived = writer_acts.find(changed)
        assert letter is not None
        keys = vault.writer(derived.key)
        turns = writer_acts.open_letter(letter, keys, at=timezone.now()).turns
        assert [text for _, text in turns] == ["One thing more."]
        writer_acts.withdraw(letter, keys, at=timezone.now())
    letter.refresh_from_db()
    assert letter.status == LetterStatus.WITHDRAWN
    assert letter.addresses.count() == 0
    assert LetterEvent.objects.filter(letter=letter).count() == 5


def test_a_practice_day_begins_and_ends_as_the_desk(
    as_role: AsRole, column: Column, moderator: User, author: User
) -> None:
    content = practice.read(settings.BASE_DIR / "demo" / "practice.toml")
    few, at = {**content, "letter": content["letter"][:2]}, timezone.now()
    letter = factories.make_letter(column)
    with as_role("desk"):
        made = practice.begin(moderator, few, at=at)
        again = practice.begin_again(moderator, few, at=at)
        practice.throw_away(again, by=moderator, at=at)
        letter.mark("give", moderator.pk, by=moderator, at=at)
        passed = assignment.reassign(column, moderator, author, by=moderator, at=at)
        assert (
            len(
                assignment.undo_reassignment(
                    column, [event.pk for event in passed], by=moderator, at=at, keys=factories.desk_keys()
                )
            )
            == 1
        )
        wellbeing.keep(moderator, heavy_a_day=1)
        assert wellbeing.today(moderator, [column], at, factories.desk_keys()).heavy == 0
    assert practice.columns(moderator) == []
    assert not Letter.objects.filter(column__in=[made, again]).exclude(sealed=b"").exists()
    with as_role("public"):
        assert list(Column.objects.for_readers()) == [column]


def test_the_edited_question_is_answered_as_the_public_role(as_role: AsRole, column: Column) -> None:
    at, author = timezone.now(), factories.someone(column, Role.AUTHOR)
    scene = approval_scene.scene_of(column, author, at, factories.desk_keys())
    with as_role("desk"):
        event = writer_approval.show(scene.draft, scene.letter, by=author, at=at, keys=factories.desk_keys())
        decisions.undo(scene.letter, event, by=author, at=at, keys=factories.desk_keys())
        message = scene.show(at, factories.desk_keys())
        assert len(writer_approval.obstacles(draft_case.of(scene.draft, factories.desk_keys()), at=at)) == 1
    with as_role("public"):
        writer_approval.correct(scene.letter, message, "Shorter.", at=at + approval_scene.DAY, keys=scene.writer)
        writer_approval.approve(scene.letter, message, at=at + approval_scene.DAY, keys=scene.writer)
        assert (
            writer_approval.shown_to_writer(scene.letter, scene.writer, at + approval_scene.DAY).stand
            == writer_approval.Stand.APPROVED
        )
        assert waiting_time.of(column, at=at) is None


def test_a_receipt_takes_the_article_down_as_the_public_role(as_role: AsRole, column: Column) -> None:
    taken = factories.take_letter(column)
    taken.letter.note("Seen before.", by=factories.someone(column, Role.MODERATOR), at=timezone.now())
    taken.letter.shortlist(by=factories.someone(column, Role.MODERATOR), at=timezone.now())
    draft = factories.make_draft(column, DraftStatus.PUBLISHED, letters=[taken.letter])
    with as_role("public"):
        letter, derived = writer_acts.find(taken.receipt)
        assert letter is not None
        keys = vault.writer(derived.key)
        article = writer_acts.open_letter(letter, keys, at=timezone.now()).article
        assert article == draft.article
        assert writer_acts.withdraw(letter, keys, at=timezone.now())
        assert not Article.objects.live(timezone.now()).exists()
    assert bytes(Note.objects.get().sealed) == b""


def test_the_public_role_sees_nothing_of_the_desk(as_role: AsRole, column: Column) -> None:
    factories.make_draft(column, DraftStatus.PUBLISHED)
    with as_role("public"):
        for model in (Bundle, Draft, DraftVersion, DraftEvent, Review, Seat, User, LetterEvent):
            assert refused(model.objects.first), model
        with connection.cursor() as cursor:
            for table in ("django_session", "mfa_authenticator", "account_emailaddress"):
                assert refused(functools.partial(cursor.execute, f"SELECT * FROM {table}"))


def test_the_public_role_cannot_publish(as_role: AsRole, column: Column) -> None:
    article = factories.make_article(column)
    with as_role("public"), connection.cursor() as cursor:
        assert refused(lambda: cursor.execute("INSERT INTO columns_approval DEFAULT VALUES"))
        assert refused(lambda: cursor.execute("INSERT INTO columns_article (slug) VALUES ('x')"))
        assert refused(lambda: cursor.execute("UPDATE columns_article SET publish_at = now()"))
        assert refused(lambda: cursor.execute("UPDATE columns_article SET approval_id = gen_random_uuid()"))
        assert refused(lambda: cursor.execute("DELETE FROM columns_article"))
    article.refresh_from_db()
    assert article.is_live(timezone.now())


@pytest.mark.parametrize("process", ["public", "worker", "desk"])
@pytest.mark.parametrize("table", ["inbox_letterevent", "inbox_draftevent"])
def test_no_process_rewrites_the_audit_trail(as_role: AsRole, column: Column, process: str, table: str) -> None:
    factories.make_draft(column)
    with as_role(process), connection.cursor() as cursor:
        assert refused(lambda: cursor.execute(f"UPDATE {table} SET verb = 'other'"))
        assert refused(lambda: cursor.execute(f"DELETE FROM {table}"))


def test_a_raised_letter_is_taken_opened_and_denied_by_the_roles(
    as_role: AsRole, column: Column, moderator: User, keys: vault.Vault
) -> None:
    heavy, at = "Some nights I think about ending my life and I cannot tell anyone.", timezone.now()
    with as_role("public"):
        raised = factories.take_letter(column, text=heavy).letter
        calm = factories.take_letter(column).letter
        writer_acts.write_back(calm, heavy, at=at)
        gone = factories.take_letter(column, text=f"{heavy} Again.").letter
        gone.withdraw(at=at)
        assert refused(lambda: list(RuleCount.objects.all()))
        assert refused(lambda: list(EyeCount.objects.all()))
        assert refused(lambda: list(Arrival.objects.all()))
    assert Arrival.objects.count() == 2
    with as_role("desk"):
        for letter in (raised, calm):
            screened.opened(letter, keys, at=at)
            event = screened.not_so(letter, (), by=moderator, at=at, keys=keys)
        decisions.undo(calm, event, by=moderator, at=at, keys=keys)
        assert refused(RuleCount.objects.all().delete)
    assert Arrival.objects.count() == 0
    assert {(one.raised, one.not_so) for one in RuleCount.objects.all()} == {(2, 1)}


def test_the_whole_work_of_the_desk_runs_as_its_role(as_role: AsRole, column: Column, keys: vault.Vault) -> None:
    letters = [factories.take_letter(column).letter for _ in range(6)]
    people = {role: factories.make_user(role.value, column, role) for role in Role}
    moderator, author, reviewer = (people[role] for role in (Role.MODERATOR, Role.AUTHOR, Role.REVIEWER))
    at = timezone.now()
    with as_role("desk"):
        first, second, third, fourth, fifth, sixth = letters
        first.hold(by=moderator, at=at)
        first.release(by=moderator, at=at)
        first.note("A remark.", by=moderator, at=at)
        decisions.ask(first, "Since when?", by=author, at=at)
        decisions.decline(first, "We cannot answer every letter.", by=moderator, at=at)
        decisions.reply(second, "A private answer.", by=author, at=at, keys=keys)
        for letter in (third, fourth, fifth, sixth):
            letter.shortlist(by=moderator, at=at)
        draft = drafts.start(column, [third], by=author, at=at, keys=keys)
        drafts.join(draft, [fourth], by=author, at=at, keys=keys)
        drafts.take_out(draft, fourth, by=author, at=at, keys=keys)
        draft.save_version(factories.draft_words(), by=author, at=at, base=1)
        publishing.send_for_review(draft, by=author, at=at, keys=keys)
        publishing.decide(draft, draft.newest(), approve=True, summary="", remarks=[], by=reviewer, at=at, keys=keys)
        later = at + dt.timedelta(days=3)
        publishing.publish(draft, by=author, at=at, publish_at=later, slug="an-answer", keys=keys)
        publishing.edit(draft, by=author, at=at, keys=keys)
        publishing.send_for_review(draft, by=author, at=at, keys=keys)
        publishing.decide(draft, draft.newest(), approve=True, summary="", remarks=[], by=reviewer, at=at, keys=keys)
        publishing.publish(draft, by=author, at=at, publish_at=at, slug="an-answer", keys=keys)
        publishing.take_down(draft, by=author, at=at)
        publishing.write_anew(draft, by=author, at=at, keys=keys)
        publishing.send_for_review(draft, by=author, at=at, keys=keys)
        publishing.decide(draft, draft.newest(), approve=True, summary="", remarks=[], by=reviewer, at=at, keys=keys)
        publishing.publish(draft, by=author, at=at, publish_at=at, slug="an-answer-again", keys=keys)
        publishing.take_down(draft, by=author, at=at)
        shelf = drafts.start(column, [fifth], by=author, at=at, keys=keys)
        drafts.shelve(shelf, by=author, at=at, keys=keys)
        drafts.unshelve(shelf, by=author, at=at, keys=keys)
    draft.refresh_from_db()
    assert draft.status == DraftStatus.TAKEN_DOWN


def test_the_words_of_a_withdrawn_letter_leave_its_draft_as_the_desks_role(
    as_role: AsRole, column: Column, keys: vault.Vault
) -> None:
    taken, at = factories.take_letter(column), timezone.now()
    author = factories.make_user("author", column, Role.AUTHOR)
    taken.letter.shortlist(by=author, at=at)
    draft = drafts.start(column, [taken.letter], by=author, at=at, keys=keys)
    opened = vault.writer(writer_acts.find(taken.receipt)[1].key)
    with as_role("public"):
        writer_acts.withdraw(Letter.objects.select_related("column").get(pk=taken.letter.pk), opened, at=at)
    with as_role("desk"):
        assert drafts.forget_withdrawn(column, at=at, keys=keys) == 1
    assert not DraftVersion.objects.filter(draft=draft, number=1).exclude(sealed=b"").exists()


def test_an_owners_acts_run_as_the_desks_role(as_role: AsRole, column: Column, owner: User) -> None:
    at, topic = timezone.now(), Topic.objects.filter(column=column)[0]
    line: column_settings.Item = HelpLine(column=column, name="Another")
    letter = factories.make_letter(column, topic=topic.slug)
    text: column_settings.Item = LetterTemplate(column=column, kind="decline", title="Ours", text="Kindly said.")
    with as_role("desk"):
        for item in (line, text):
            column_settings.add(item, by=owner, at=at)
            column_settings.shift(item, -1, by=owner, at=at)
        for item in (line, text, topic):
            column_settings.remove(item, by=owner, at=at)
        column_settings.pause(column, reopens_on=None, by=owner, at=at)
        days = Period.of(column)
        column_settings.set_periods(column, {**days, "declined": 1}, seen=days, by=owner, at=at)
        column_settings.export(column, words=False, by=owner, at=at)
        assert b"".join(export.stream(column, at=at))
        assert health.findings(column, at=at)
    letter.refresh_from_db()
    assert letter.topic is None
    with as_role("public"):
        assert next(one.days for one in retention_periods.for_writers(column)) == 1


def test_the_desk_role_loses_no_letter_and_no_key(as_role: AsRole, column: Column) -> None:
    factories.make_letter(column)
    with as_role("desk"), connection.cursor() as cursor:
        assert refused(lambda: cursor.execute("DELETE FROM inbox_letter"))
        assert refused(lambda: cursor.execute("UPDATE inbox_seat SET role = 'owner'"))
        assert refused(lambda: cursor.execute("DELETE FROM inbox_publickey"))


def test_the_sweeps_run_as_the_workers_role(as_role: AsRole, column: Column, mailoutbox: list[object]) -> None:
    at = timezone.now()
    factories.make_letter(column, LetterStatus.DECLINED, email="somebody@example.org", at=at)
    future = factories.make_draft(column, DraftStatus.SCHEDULED, at=at)
    down = factories.make_draft(column, DraftStatus.PUBLISHED, at=at)
    assert down.article is not None
    down.article.take_down(at=at)
    with as_role("worker"):
        assert notices.send_due(at=at) == 1
        assert publishing.follow_articles(at=at + dt.timedelta(days=4)) == 2
    assert len(mailoutbox) == 1
    assert Notice.objects.filter(sent_on=None).count() == 0
    for draft, status in ((future, DraftStatus.PUBLISHED), (down, DraftStatus.TAKEN_DOWN)):
        draft.refresh_from_db()
        assert draft.status == status


def test_retention_runs_as_the_workers_role(as_role: AsRole, column: Column, moderator: User) -> None:
    at = timezone.now()
    letter = factories.take_letter(column, at=at, email="somebody@example.org").letter
    letter.note("A remark of ours.", by=moderator, at=at)
    decisions.decline(letter, "We cannot answer every letter, and we are sorry.", by=moderator, at=at)
    draft = factories.make_draft(column, DraftStatus.SHELVED, at=at)
    with as_role("worker"):
        assert retention.erase_due(at=at + dt.timedelta(days=400)) == 2
    assert bytes(letter.notes.get().sealed) == bytes(draft.newest().sealed) == b""


def test_the_worker_reads_no_draft_and_no_account(as_role: AsRole, column: Column) -> None:
    factories.make_draft(column)
    with as_role("worker"):
        for model in (Bundle, DraftVersion, Review, Seat, User, Note):
            assert refused(model.objects.first), model


def test_the_public_role_reads_neither_words_of_the_desk_nor_anybodys_keys(as_role: AsRole, column: Column) -> None:
    """What the public process could hand out, if somebody took it over, ends here."""
    letter = factories.make_letter(column)
    letter.note("Seen before.", by=factories.someone(column, Role.MODERATOR), at=timezone.now())
    factories.make_draft(column)
    unreadable = (StaffKey, KeyGrant, ColumnEvent, Chain, LetterTemplate, LetterEvent, DraftEvent, DraftVersion, Note)
    with as_role("public"):
        for model in unreadable:
            assert refused(model.objects.first), model


def test_rows_of_ended_letters_are_written_anew_as_the_workers_role_which_changes_no_event(
    as_role: AsRole, column: Column
) -> None:
    letter = factories.make_letter(column, LetterStatus.DECLINED)
    events = list(LetterEvent.objects.order_by("pk").values())
    with as_role("worker"):
        assert row_order.write_anew() == 1
        assert row_order.write_anew() == 0
        assert refused(lambda: LetterEvent.objects.filter(letter=letter).update(verb="receive"))
        assert refused(lambda: LetterEvent.objects.filter(letter=letter).update(sealed=None))
    assert list(LetterEvent.objects.order_by("pk").values()) == events
    assert factories.desk_keys().open(Letter.objects.get(pk=letter.pk))["text"] == factories.LETTER_TEXT


#: A table of the session alone, with a function of its own that runs when a row is changed.
SHADOW = """
CREATE TEMPORARY TABLE inbox_letter AS SELECT gen_random_uuid() AS id, 'declined' AS status, ''::bytea AS sealed,
    false AS in_no_order;
CREATE FUNCTION pg_temp.more_rights() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN DELETE FROM public.inbox_chain; DELETE FROM public.inbox_letterevent; RETURN NEW; END $$;
CREATE TRIGGER more_rights BEFORE UPDATE ON inbox_letter FOR EACH ROW EXECUTE FUNCTION pg_temp.more_rights();
"""


@pytest.mark.parametrize("process", grants.ROLES)
def test_no_table_of_a_session_runs_with_the_rights_of_the_owner(as_role: AsRole, column: Column, process: str) -> None:
    letter = factories.make_letter(column, LetterStatus.DECLINED)
    audit_chain.join()
    with as_role(process), connection.cursor() as cursor:
        with suppress(ProgrammingError), transaction.atomic():
            cursor.execute(SHADOW)
            cursor.execute("SELECT write_ended_letters_anew(ARRAY(SELECT id FROM inbox_letter))")
        cursor.execute("DROP TABLE IF EXISTS pg_temp.inbox_letter")
    assert LetterEvent.objects.filter(letter=letter).exists()
    assert Chain.objects.exists()


@pytest.mark.parametrize("process", ["public", "desk"])
def test_only_the_worker_writes_rows_anew(as_role: AsRole, column: Column, process: str) -> None:
    factories.make_letter(column, LetterStatus.DECLINED)
    with as_role(process):
        assert refused(lambda: order.write_anew([]))


#: Functions that ask no table.
WITHOUT_TABLES = {"letter_need_and_urgent"}


def test_every_function_of_the_database_finds_the_sites_tables_first(as_role: AsRole) -> None:
    """Temporary tables come before all others, unless they are named as the last."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT proname, proconfig::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace")
        found = dict(cursor.fetchall())
    assert len(found) >= 5
    assert [name for name, path in found.items() if name not in WITHOUT_TABLES and "pg_temp" not in (path or "")] == []


def test_the_chains_are_joined_and_looked_at_as_the_workers_role(as_role: AsRole, column: Column) -> None:
    factories.make_draft(column, DraftStatus.PUBLISHED)
    with as_role("worker"):
        assert audit_chain.join() > 0
        assert audit_chain.broken() == []
        Chain.objects.update(head="ab" * 32)
        assert audit_chain.broken()
    for process in ("public", "desk"):
        with as_role(process):
            assert refused(lambda: Chain.objects.update(head="cd" * 32)), process
    with as_role("worker"):
        assert refused(Chain.objects.all().delete)
