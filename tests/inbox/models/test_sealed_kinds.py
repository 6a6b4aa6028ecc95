"""Whoever adds a kind of sealed rows declares what it is, and nothing that happens to sealed rows passes it by.

Two kinds are invented here, one of a letter and one of a draft: no line of the product knows them.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models

from columns.models import Column
from config import grants
from inbox.editorial import drafts as draft_rules
from inbox.keys import keyring, vault
from inbox.letters import intake, writer_acts
from inbox.models import Draft, Letter, SealedItem, SealedKey, Seat, User, desk_recipient
from inbox.models.keystore import remove, sealed_models
from inbox.models.sealed_kind import EndsWith, Holder, InLine, Left, SealedKind
from inbox.operations import backups, export, retention
from inbox.workflow import DraftStatus, LetterStatus
from tests import factories

pytestmark = pytest.mark.databases

DAY = dt.timedelta(days=1)
SECRET = "a sentence of an invented kind"


def make_model(name: str, kind: SealedKind, **fields: Any) -> type[SealedItem]:
    attributes = {"__module__": __name__, "sealed_as": kind, **fields}
    attributes["Meta"] = type("Meta", (), {"app_label": "inbox"})
    made: type[SealedItem] = type(name, (SealedItem,), attributes)
    editor = connection.schema_editor()
    editor.deferred_sql = []
    editor.create_model(made)
    for statement in editor.deferred_sql:
        editor.execute(statement)
    return made


@pytest.fixture
def kinds(db: None) -> Iterator[dict[str, type[SealedItem]]]:
    """A voice message of a letter's writer, and a sketch that belongs to a draft and is sealed anew."""
    names = ("Voice", "Sketch")
    try:
        yield {
            "Voice": make_model(
                "Voice",
                SealedKind(
                    holders=frozenset({Holder.DESK, Holder.WRITER}),
                    column="letter__column",
                    ends_with=EndsWith.LETTER,
                    path="letter",
                    export=InLine("voices", ("seconds",)),
                    grants={"public": "INSERT"},
                ),
                letter=models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="+"),
                seconds=models.PositiveIntegerField(default=7),
            ),
            "Sketch": make_model(
                "Sketch",
                SealedKind(
                    holders=frozenset({Holder.DESK}),
                    column="draft__column",
                    ends_with=EndsWith.DRAFT,
                    path="draft",
                    export=InLine("sketches"),
                    resealed=True,
                ),
                draft=models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="+"),
            ),
        }
    finally:
        for name in names:
            apps.all_models["inbox"].pop(name.lower(), None)
        apps.clear_cache()


def voice(kinds: dict[str, type[SealedItem]], letter: Letter) -> SealedItem:
    fields: dict[str, Any] = {"letter": letter}
    made = kinds["Voice"](**fields)
    made.seal({"text": SECRET}, to=letter.recipients())
    return made


def sketch(kinds: dict[str, type[SealedItem]], draft: Draft) -> SealedItem:
    fields: dict[str, Any] = {"draft": draft}
    made = kinds["Sketch"](**fields)
    made.seal({"text": SECRET}, to=[desk_recipient(draft.column)])
    return made


def is_erased(item: SealedItem) -> bool:
    item.refresh_from_db()
    return bytes(item.sealed) == b"" and not SealedKey.objects.filter(item=item.pk).exists()


def test_who_declares_nothing_is_refused() -> None:
    with pytest.raises(TypeError, match="declare sealed_as"):
        type("Nothing", (SealedItem,), {"__module__": __name__, "Meta": type("Meta", (), {"app_label": "inbox"})})
    assert "nothing" not in apps.all_models["inbox"]


def test_every_declaration_leads_where_it_says(db: None) -> None:
    assert len(sealed_models()) >= 7
    for model in sealed_models():
        kind = model.sealed_as
        assert list(model._default_manager.filter(**{kind.column: 1})) == []
        owner = {EndsWith.LETTER: Letter, EndsWith.DRAFT: Draft}[kind.ends_with]
        key = "00000000-0000-4000-8000-000000000000"
        assert list(model._default_manager.filter(**{kind.path: key})) == []
        if kind.path != "pk":
            assert model._meta.get_field(kind.path).related_model is owner, model
        assert not isinstance(kind.export, Left) or kind.export.why.endswith(".")


def test_what_is_not_declared_to_be_replaced_is_sealed_once(
    kinds: dict[str, type[SealedItem]], column: Column, at: dt.datetime
) -> None:
    said, drawn = voice(kinds, factories.make_letter(column)), sketch(kinds, factories.make_draft(column))
    drawn.seal({"text": "another"}, to=[desk_recipient(column)])
    with pytest.raises(TypeError, match="replaced"):
        said.seal({"text": "another"}, to=[desk_recipient(column)])


def test_resealing_reaches_it(
    kinds: dict[str, type[SealedItem]], column: Column, moderator: User, author: User, at: dt.datetime
) -> None:
    items = [voice(kinds, factories.make_letter(column)), sketch(kinds, factories.make_draft(column))]
    Seat.objects.filter(user=moderator).delete()
    keyring.revoke(column, moderator, by=author, at=at)
    assert keyring.left_to_reseal(column) > 0
    held = keyring.unlocked(author, factories.PASSWORD)
    keyring.reseal(column, keys=held)
    assert keyring.left_to_reseal(column) == 0
    newest = desk_recipient(column).id
    for item in items:
        assert SealedKey.objects.filter(item=item.pk, key_id=newest).count() == 1
        assert held.open(item) == {"text": SECRET}
    counted = {model.__name__: (there, opened) for model, there, opened in keyring.tried(column, held)}
    assert counted["Voice"] == counted["Sketch"] == (1, 1)


def test_a_withdrawal_erases_it(
    kinds: dict[str, type[SealedItem]], column: Column, author: User, at: dt.datetime, keys: vault.Vault
) -> None:
    taken = factories.take_letter(column)
    taken.letter.shortlist(by=author, at=at)
    draft = draft_rules.start(column, [taken.letter], by=author, at=at, keys=keys)
    said, drawn = voice(kinds, taken.letter), sketch(kinds, draft)
    other = sketch(kinds, factories.make_draft(column))
    letter, derived = writer_acts.find(taken.receipt)
    assert letter is not None
    writer_acts.withdraw(letter, vault.writer(derived.key), at=at)
    assert is_erased(said)
    draft_rules.forget_withdrawn(column, at=at, keys=keys)
    assert is_erased(drawn)
    assert not is_erased(other)


def test_retention_erases_it(kinds: dict[str, type[SealedItem]], column: Column, at: dt.datetime) -> None:
    gone = voice(kinds, factories.make_letter(column, LetterStatus.DECLINED, at=at))
    drawn = sketch(kinds, factories.make_draft(column, DraftStatus.SHELVED, at=at))
    stays = [voice(kinds, factories.make_letter(column)), sketch(kinds, factories.make_draft(column))]
    retention.erase_due(at=at + 400 * DAY)
    assert is_erased(gone)
    assert is_erased(drawn)
    assert not any(is_erased(item) for item in stays)


def test_a_change_of_receipt_hands_it_over(kinds: dict[str, type[SealedItem]], column: Column, at: dt.datetime) -> None:
    taken = factories.take_letter(column)
    said, drawn = voice(kinds, taken.letter), voice(kinds, factories.make_letter(column))
    letter, derived = writer_acts.find(taken.receipt)
    assert letter is not None
    receipt = writer_acts.change_code(letter, derived.key, nonce=intake.new_nonce(), at=at)
    new = writer_acts.find(receipt)[1].key
    assert vault.writer(new).open(said) == {"text": SECRET}
    assert vault.writer(derived.key).open_many([said]) == {}
    assert vault.writer(new).open_many([drawn]) == {}


def test_the_export_has_it(
    kinds: dict[str, type[SealedItem]], column: Column, at: dt.datetime, keys: vault.Vault
) -> None:
    letter, draft = factories.make_letter(column), factories.make_draft(column)
    voice(kinds, letter)
    sketch(kinds, draft)

    def lines(name: str) -> dict[str, Any]:
        zipped = b"".join(export.stream(column, at=at, letters=keys, drafts=keys))
        with zipfile.ZipFile(io.BytesIO(zipped)) as archive:
            return {line["id"]: line for line in map(json.loads, archive.read(name).decode().splitlines())}

    assert lines("letters.jsonl")[str(letter.pk)]["voices"] == [{"seconds": 7, "text": SECRET}]
    assert lines("drafts.jsonl")[str(draft.pk)]["sketches"] == [{"text": SECRET}]
    closed = b"".join(export.stream(column, at=at))
    with zipfile.ZipFile(io.BytesIO(closed)) as archive:
        assert SECRET not in "".join(archive.read(name).decode() for name in archive.namelist())


def empty_the_database() -> None:
    with connection.cursor() as cursor:
        every: list[type[models.Model]] = [*backups.dumped_models(), SealedKey]
        for model in reversed(every):
            cursor.execute(f'DELETE FROM "{model._meta.db_table}"')


def test_a_restore_brings_it_back_and_what_was_erased_stays_erased(
    kinds: dict[str, type[SealedItem]], column: Column, at: dt.datetime, folder: Path, keys: vault.Vault
) -> None:
    letters = [factories.make_letter(column) for _ in range(2)]
    drafts = [factories.make_draft(column) for _ in range(2)]
    kept, gone = (voice(kinds, letter) for letter in letters)
    anew, lost = (sketch(kinds, draft) for draft in drafts)
    site = backups.backup(folder, at=at).site
    remove([voice(kinds, letters[0])])  # it came after the site dump
    letters[1].withdraw(at=at + DAY)
    drafts[1].lose(at=at + DAY)
    anew.seal({"text": "newer"}, to=[desk_recipient(column)])
    backups.backup(folder, at=at + DAY)
    empty_the_database()
    backups.restore(folder, at=at + DAY, site=site)
    for item, words in ((kept, SECRET), (anew, "newer")):
        item.refresh_from_db()
        assert keys.open(item) == {"text": words}
    assert is_erased(gone)
    assert is_erased(lost)


def test_what_is_not_for_the_long_kept_dump_is_not_in_it(kinds: dict[str, type[SealedItem]]) -> None:
    assert {kinds["Voice"], kinds["Sketch"]} <= set(backups.dumped_models())
    brief = make_model(
        "Brief",
        SealedKind(
            holders=frozenset({Holder.DESK}),
            column="letter__column",
            ends_with=EndsWith.LETTER,
            path="letter",
            export=Left("It is nobody's."),
            dumped=False,
        ),
        letter=models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="+"),
    )
    try:
        assert brief in sealed_models()
        assert brief not in backups.dumped_models()
    finally:
        apps.all_models["inbox"].pop("brief")
        apps.clear_cache()


def test_each_process_has_the_rights_that_it_needs(kinds: dict[str, type[SealedItem]]) -> None:
    tables = {process: grants.tables(process) for process in grants.ROLES}
    assert tables["public"]["inbox_voice"] == "SELECT, INSERT, UPDATE (sealed)"
    assert "inbox_sketch" not in tables["public"]
    assert tables["worker"]["inbox_voice"] == "SELECT (id, letter_id), UPDATE (sealed)"
    assert tables["worker"]["inbox_sketch"] == "SELECT (id, draft_id), UPDATE (sealed)"
    assert tables["desk"]["inbox_voice"] == "SELECT, INSERT, UPDATE (sealed)"
    assert tables["desk"]["inbox_sketch"] == "SELECT, INSERT, UPDATE"
