"""Somebody with every seat in one column names things of another one wherever a form takes a name or an id: nothing
there changes, and no word of it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.utils import timezone

from columns.models import Column, HelpLine, Topic
from inbox.models import Letter, LetterTemplate, User
from inbox.workflow import Role
from tests import factories
from tests.access_checks import client_of
from tests.test_matrix import made, patterns, requests, things
from tests.world import Things, freshen

__all__ = ["made", "things"]
WORD = "zanzibarquux"
#: Names under which forms take what is told apart by an id, a label or an address.
NAMES = (
    "about", "after", "batch", "bundle", "card", "colleague", "draft", "event", "finding", "from", "given_to",
    "invitation", "item", "label", "left", "letter", "letters", "person", "rows", "saved", "seen", "take", "template",
    "to", "topic", "user", "version", "with",
)  # fmt: skip
#: What the buttons of an owner's lists do.
ACTS = ("remove", "up", "down", "change", "confirm")


@dataclass
class Elsewhere:
    """A column with one of each thing that a form can name. ``tell``: the ids, labels and names by which they are
    named; of several, a form that takes one takes the last."""

    column: Column
    tell: dict[str, list[Any]]


@pytest.fixture
def elsewhere(things: Things) -> Elsewhere:
    column, at = factories.make_column(slug="second", title=f"Column of {WORD}"), timezone.now()
    owner = factories.make_user("foreign", column, *Role)
    topic = Topic.objects.create(column=column, slug=WORD, name=WORD, position=9)
    line = HelpLine.objects.create(column=column, name=WORD, number="000", position=9)
    template = LetterTemplate.objects.create(column=column, kind="decline", title=WORD, text=f"{WORD} {WORD}")
    letter = factories.take_letter(column, text=f"{WORD} {factories.LETTER_TEXT}", topic=topic.slug).letter
    letter.note(f"{WORD} was noted", by=owner, at=at)
    draft = factories.make_draft(column, words={"headline": f"{WORD} is it normal", "answer": WORD})
    in_draft = Letter.objects.filter(column=column).exclude(pk=letter.pk).get()
    tell: dict[str, list[Any]] = {
        "letters": [letter.label, in_draft.label, draft.pk, in_draft.pk, letter.pk],
        "things": [owner.email, template.title, topic.slug, owner.pk, template.pk, line.pk, topic.pk],
    }
    return Elsewhere(column, tell)


def rows_of(column: Column) -> dict[str, list[Any]]:
    """Every row that belongs to the column, and its people."""
    found: dict[str, list[Any]] = {"people": list(User.objects.filter(seats__column=column).values_list())}
    ways = ("column", "letter__column", "draft__column")
    for model in apps.get_models():
        for way in ways:
            first, _, second = way.partition("__")
            fields = {field.name: field for field in model._meta.concrete_fields}
            target: Any = fields[first].related_model if first in fields else None
            if target is not None and (not second or second in {field.name for field in target._meta.concrete_fields}):
                found[f"{model._meta.label} by {way}"] = sorted(
                    model._base_manager.filter(**{way: column}).values_list(), key=repr
                )
    return found


@pytest.mark.parametrize("tells", ["letters", "things"])
def test_what_a_form_names_is_of_its_own_column(things: Things, elsewhere: Elsewhere, tells: str) -> None:
    everybody = factories.make_user("everybody", things.column, *Role)
    factories.grant_all(things.column, everybody)
    client = freshen(client_of(everybody), everybody)
    client.get(f"/desk/{things.column.slug}/inbox/")
    before, named = rows_of(elsewhere.column), elsewhere.tell[tells]
    assert sum(map(len, before.values())) > 20
    tried = set[tuple[str, str]]()
    for one in requests(things):
        if (one.name, one.verb) in tried:
            continue
        tried.add((one.name, one.verb))
        acts = [{"act": act} for act in ACTS] if "owner" in one.name and not one.data else [{}]
        for data in ({**one.data, **dict.fromkeys(NAMES, named), **act} for act in acts):
            with transaction.atomic():
                response: Any = client.post(one.path, data)
                said = b"".join(response.streaming_content) if response.streaming else response.content
                shown = said.decode(errors="replace")
                if tells != "things":  # names of which the person typed, and is shown again
                    assert WORD not in shown, (one.name, data)
                assert rows_of(elsewhere.column) == before, (one.name, data)
                transaction.set_rollback(True)
    assert {name for name, _ in tried} >= {name for name in patterns() if name != "view_drop"}
