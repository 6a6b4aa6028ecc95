"""Whoever can write SQL tries every way round an approval and a take-down: insert, update, delete, and putting a row in
the place of another."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from columns import triggers
from columns.models import APPROVED_BESIDE, APPROVED_TEXT, Approval, Article, Column, text_sha256
from config import grants
from tests import factories

pytestmark = pytest.mark.databases

OTHER = {
    **dict.fromkeys((*APPROVED_TEXT, *APPROVED_BESIDE), ""),
    "headline": "smuggled",
    "question": "smuggled",
    "answer": "smuggled",
}


class Scene:
    """An article that is out, one that is out with help lines for a kind of concern, one that was taken down with its
    approved words in hand, and an approval of other words that no article has."""

    def __init__(self, column: Column, at: dt.datetime) -> None:
        self.live, self.down = factories.make_article(column, at=at), factories.make_article(column, at=at)
        self.helping = factories.make_article(column, at=at, help_kinds=["self_harm"])
        self.words = self.down.approved_text()
        self.down.take_down(at=at)
        self.spare = Approval.objects.create(text_sha256=text_sha256(**OTHER), approved_at=at)
        self.rows = self.everything()

    def everything(self) -> list[Any]:
        return [list(model.objects.order_by("pk").values()) for model in (Article, Approval)]


def raw(value: Any) -> Any:
    return value.hex if isinstance(value, uuid.UUID) and connection.vendor == "sqlite" else value


def change(table: str, pk: Any, *, way: str = "UPDATE", **values: Any) -> tuple[str, list[Any]]:
    named = ", ".join(f"{name} = %s" for name in values)
    return f"{way} {table} SET {named} WHERE id = %s", [*map(raw, values.values()), raw(pk)]


def insert(row: Article | Approval, *, way: str = "INSERT", **values: Any) -> tuple[str, list[Any]]:
    """A row like this one, but for the values."""
    fields = {str(field.column): getattr(row, field.attname) for field in row._meta.concrete_fields} | values
    columns, marks = ", ".join(fields), ", ".join(["%s"] * len(fields))
    conflict = ""
    if way == "UPSERT":
        way, conflict = "INSERT", " ON CONFLICT (id) DO UPDATE SET " + ", ".join(f"{c} = excluded.{c}" for c in fields)
    table = row._meta.db_table
    return f"{way} INTO {table} ({columns}) VALUES ({marks}){conflict}", [*map(raw, fields.values())]


def shadow(one: Scene) -> tuple[str, list[Any]]:
    """A table of this session alone, which says that the words of the live article are to be others."""
    return (
        f"CREATE TEMPORARY TABLE {APPROVAL} AS SELECT id, '{text_sha256(**OTHER)}' AS text_sha256 FROM {APPROVAL}",
        [],
    )


def in_place_of(row: Approval, **values: Any) -> list[tuple[str, list[Any]]]:
    """An approval in the place that SQLite gave another, which goes without a word; then one with its id."""
    sql, new = insert(row, way="REPLACE", id=uuid.uuid4(), **values)
    sql = sql.replace("(", "(rowid, ", 1).replace("VALUES (", f"VALUES ((SELECT rowid FROM {APPROVAL} WHERE id = %s), ")
    return [(sql, [raw(row.pk), *new]), insert(row, **values)]


def delete(table: str, pk: Any) -> tuple[str, list[Any]]:
    return f"DELETE FROM {table} WHERE id = %s", [raw(pk)]


def execute(statements: list[tuple[str, list[Any]]]) -> None:
    """One transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        for sql, values in statements:
            cursor.execute(sql, values)
        connection.check_constraints()


ARTICLE, APPROVAL = "columns_article", "columns_approval"
NEW_ID = 987_654
Attempt = Callable[[Scene], list[tuple[str, list[Any]]]]
#: By table and way. Each is a transaction of one statement or several.
ATTEMPTS: dict[tuple[str, str], list[Attempt]] = {
    (ARTICLE, "insert"): [
        lambda one: [insert(one.live, id=NEW_ID, slug="x", approval_id=one.spare.pk, headline="not approved")],
        lambda one: [insert(one.live, id=NEW_ID, slug="x")],
        lambda one: [
            insert(one.live, id=NEW_ID, slug="x", approval_id=one.spare.pk, **OTHER | {"help_kinds": "self_harm"})
        ],
    ],
    (ARTICLE, "update"): [
        lambda one: [change(ARTICLE, one.live.pk, headline="other words")],
        lambda one: [change(ARTICLE, one.live.pk, help_kinds="self_harm")],
        lambda one: [change(ARTICLE, one.helping.pk, help_kinds="")],
        lambda one: [change(ARTICLE, one.helping.pk, help_kinds="abuse")],
        lambda one: [change(ARTICLE, one.helping.pk, help_kinds="self_harm abuse")],
        lambda one: [change(ARTICLE, one.down.pk, help_kinds="self_harm")],
        lambda one: [change(ARTICLE, one.live.pk, approval_id=one.spare.pk)],
        lambda one: [shadow(one), change(ARTICLE, one.live.pk, **OTHER)],
        lambda one: [change(ARTICLE, one.down.pk, taken_down_at=None)],
        lambda one: [change(ARTICLE, one.down.pk, taken_down_at=None, **one.words)],
        lambda one: [change(ARTICLE, one.down.pk, taken_down_at=None, approval_id=one.spare.pk, **OTHER)],
        lambda one: [change(ARTICLE, one.down.pk, **one.words)],
        lambda one: [change(ARTICLE, one.down.pk, slug="elsewhere")],
        lambda one: [change(ARTICLE, one.down.pk, id=NEW_ID)],
        lambda one: [change(ARTICLE, one.down.pk, taken_down_at=dt.datetime(2100, 1, 1, tzinfo=dt.UTC))],
    ],
    (ARTICLE, "delete"): [
        lambda one: [delete(ARTICLE, one.down.pk)],
        lambda one: [delete(ARTICLE, one.down.pk), insert(one.down, taken_down_at=None, **one.words)],
    ],
    (ARTICLE, "replace"): [
        lambda one: [insert(one.down, way="REPLACE", taken_down_at=None, **one.words)],
        lambda one: [insert(one.down, way="REPLACE", id=NEW_ID, taken_down_at=None, **one.words)],
        lambda one: [
            insert(one.down, way="INSERT OR REPLACE", slug="x", taken_down_at=None, approval_id=one.spare.pk, **OTHER)
        ],
        lambda one: [insert(one.live, way="REPLACE", id=NEW_ID, slug=one.down.slug, approval_id=one.spare.pk, **OTHER)],
        lambda one: [change(ARTICLE, one.live.pk, way="UPDATE OR REPLACE", slug=one.down.slug)],
        lambda one: [change(ARTICLE, one.live.pk, way="UPDATE OR REPLACE", id=one.down.pk)],
        lambda one: [change(ARTICLE, one.live.pk, way="UPDATE OR REPLACE", approval_id=one.down.approval_id)],
        lambda one: [insert(one.down, way="UPSERT", taken_down_at=None, **one.words)],
        lambda one: [insert(one.live, way="UPSERT", headline="other words")],
        lambda one: [insert(one.helping, way="UPSERT", help_kinds="abuse")],
        lambda one: [insert(one.helping, way="REPLACE", help_kinds="")],
    ],
    (APPROVAL, "insert"): [lambda one: [insert(one.live.approval, text_sha256="0" * 64)]],
    (APPROVAL, "update"): [
        lambda one: [change(APPROVAL, one.live.approval_id, text_sha256="0" * 64)],
        lambda one: [change(APPROVAL, one.live.approval_id, reviewer_name="Somebody Else")],
        lambda one: [change(APPROVAL, one.spare.pk, text_sha256="0" * 64)],
    ],
    (APPROVAL, "delete"): [
        lambda one: [delete(APPROVAL, one.live.approval_id)],
        lambda one: [
            delete(APPROVAL, one.live.approval_id),
            insert(one.live.approval, text_sha256=text_sha256(**OTHER)),
            change(ARTICLE, one.live.pk, **OTHER),
        ],
    ],
    (APPROVAL, "replace"): [
        lambda one: [insert(one.live.approval, way="REPLACE", text_sha256="0" * 64)],
        lambda one: [insert(one.live.approval, way="INSERT OR REPLACE", text_sha256=text_sha256(**OTHER))],
        lambda one: [change(APPROVAL, one.spare.pk, way="UPDATE OR REPLACE", id=one.live.approval_id)],
        lambda one: [insert(one.live.approval, way="UPSERT", text_sha256="0" * 64)],
        lambda one: in_place_of(one.live.approval, text_sha256=text_sha256(**OTHER)),
    ],
}
WAYS = ("insert", "update", "delete", "replace")
EACH = [(*place, number) for place, attempts in ATTEMPTS.items() for number in range(len(attempts))]


def test_each_guarded_table_is_tried_in_every_way() -> None:
    assert ATTEMPTS.keys() == {(table, way) for table in triggers.INSTALLED[connection.vendor] for way in WAYS}
    assert triggers.INSTALLED["sqlite"].keys() == triggers.INSTALLED["postgresql"].keys()


@pytest.mark.parametrize(("table", "way", "number"), EACH)
def test_no_statement_goes_round_an_approval_or_a_take_down(
    column: Column, at: dt.datetime, table: str, way: str, number: int
) -> None:
    scene = Scene(column, at)
    statements = ATTEMPTS[table, way][number](scene)
    if connection.vendor == "postgresql" and any("REPLACE" in sql for sql, _ in statements):
        pytest.skip("PostgreSQL has no such statement")
    with pytest.raises(DatabaseError):
        execute(statements)
    assert scene.everything() == scene.rows


def test_the_public_role_cannot_bring_an_article_back(column: Column, at: dt.datetime) -> None:
    """With every right that it has: it may empty an article, and nothing else."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no roles")
    scene = Scene(column, at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [grants.ROLES["public"]])
        if not cursor.fetchone():
            cursor.execute(f"CREATE ROLE {grants.ROLES['public']}")
        cursor.execute("GRANT USAGE ON SCHEMA public TO steady_public")
        for table, privileges in grants.tables("public").items():
            cursor.execute(f'GRANT {privileges} ON "{table}" TO {grants.ROLES["public"]}')
    for statements in (
        [change(ARTICLE, scene.down.pk, taken_down_at=None, **scene.words)],
        [change(ARTICLE, scene.live.pk, headline="other words")],
        [shadow(scene), change(ARTICLE, scene.live.pk, **OTHER)],
    ):
        with pytest.raises(DatabaseError, match=r"stays down|its approval"):
            execute([("SET LOCAL ROLE steady_public", []), *statements])
    assert scene.everything() == scene.rows


def test_what_the_desk_does_is_let_through(column: Column, at: dt.datetime) -> None:
    """A future article is deleted with its approval, another is taken down, and its topic may go."""
    scene = Scene(column, at)
    scheduled = factories.make_article(column, at=at + dt.timedelta(days=4))
    scheduled.delete()
    scheduled.approval.delete()
    assert scene.live.take_down(at=at)
    column.topics.all().delete()
    assert not Article.objects.filter(topic__isnull=False).exists()


@pytest.mark.parametrize(
    "hostile", ["<script>", "abuse\n", " abuse", "abuse ", "abuse  minor", "Abuse", "a;b", "ábuse", "abuse'", "1"]
)
def test_kinds_of_help_lines_are_names_even_where_they_were_approved(
    column: Column, at: dt.datetime, hostile: str
) -> None:
    article = factories.make_article(column, at=at)
    text = article.approved_text() | {"help_kinds": hostile}
    approval = Approval.objects.create(text_sha256=text_sha256(**text), approved_at=at)
    with pytest.raises(DatabaseError, match="article_help_kinds_are_names"):
        execute([change(ARTICLE, article.pk, help_kinds=hostile, approval_id=approval.pk)])
    assert Article.objects.get().help_kinds == ""


def test_kinds_of_help_lines_that_were_approved_are_let_in_and_go_with_the_words(
    column: Column, at: dt.datetime
) -> None:
    article = factories.make_article(column, at=at)
    text = article.approved_text() | {"help_kinds": "self_harm minor"}
    approval = Approval.objects.create(text_sha256=text_sha256(**text), approved_at=at)
    execute([change(ARTICLE, article.pk, help_kinds="self_harm minor", approval_id=approval.pk)])
    article.refresh_from_db()
    assert article.help_kinds == "self_harm minor"
    assert article.take_down(at=at)
    assert set(article.approved_text().values()) == {""}


def test_a_version_that_does_not_know_the_kinds_takes_an_article_down(column: Column, at: dt.datetime) -> None:
    """For a minute it runs beside the new tables, and a withdrawal must not be refused."""
    article = factories.make_article(column, at=at, help_kinds=["abuse"])
    execute([change(ARTICLE, article.pk, taken_down_at=at, **dict.fromkeys(APPROVED_TEXT, ""))])
    assert not Article.objects.live(at).exists()


def test_the_hash_of_an_article_without_kinds_is_what_it_was() -> None:
    text = dict.fromkeys(APPROVED_TEXT, "") | {"headline": "Is it?", "answer": "Yes, ünïcode."}
    before = hashlib.sha256("6:Is it?0:0:0:0:13:Yes, ünïcode.0:".encode()).hexdigest()
    assert text_sha256(**text) == text_sha256(help_kinds="", **text) == before
    assert text_sha256(help_kinds="abuse", **text) != before
