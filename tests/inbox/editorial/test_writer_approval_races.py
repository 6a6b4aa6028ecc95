"""Writer and desk at the same moment: no wish is lost, and nothing is said twice."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from django.db import connection

from columns.models import Article
from inbox.editorial import publishing, writer_approval
from inbox.keys import vault
from inbox.models import Draft, Letter, Message
from inbox.workflow import DraftStatus, LetterStatus, MoveRefused, Role
from tests import factories
from tests.approval_scene import DAY, Scene, approved_draft, scene_of

pytestmark = pytest.mark.databases

#: Seconds after which what never comes is given up.
HANG = 300
ROUNDS = 5
_K = Message.Kind


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run the acts at the same moment, each with a connection of its own. What they were told where one was refused."""
    gate, told, failed = threading.Barrier(len(acts)), list[str](), list[BaseException]()

    def run(act: Callable[[], object]) -> None:
        try:
            gate.wait(HANG)
            act()
        except MoveRefused as refused:
            told.append(str(refused))
        except BaseException as error:  # noqa: BLE001 - told below
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(HANG)
    assert failed == []
    return told


def scene(at: dt.datetime) -> tuple[Scene, vault.Vault]:
    column = factories.make_column()
    author, keys = factories.someone(column, Role.AUTHOR), factories.desk_keys()
    return scene_of(column, author, at, keys), keys


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_wish_and_the_publication_never_both_happen(at: dt.datetime, _round: int) -> None:
    (made, keys), later = scene(at), at + DAY
    message = made.show(at, keys)
    writer_approval.approve(Letter.objects.get(), message, at=later, keys=made.writer)
    approved_draft(made, later, keys)

    def publish() -> None:
        draft = Draft.objects.select_related("column__author", "bundle", "topic").get()
        publishing.publish(draft, by=made.by, at=later, publish_at=later, slug="a", keys=keys)

    def wish() -> None:
        writer_approval.correct(Letter.objects.get(), message, "Wait!", at=later, keys=made.writer)

    told = at_once(publish, wish)
    out = Article.objects.exists()
    assert out != Message.objects.filter(kind=_K.CORRECTED).exists(), told
    assert (Draft.objects.get().status == DraftStatus.PUBLISHED) is out
    assert len(told) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", range(ROUNDS))
def test_of_three_letters_none_is_published_without_the_one_that_is_taken_back(at: dt.datetime, _round: int) -> None:
    column = factories.make_column()
    author, keys = factories.someone(column, Role.AUTHOR), factories.desk_keys()
    letters = [factories.make_letter(column, LetterStatus.SHORTLISTED) for _ in range(3)]
    factories.make_draft(column, DraftStatus.APPROVED, letters=letters, at=at)
    draft = Draft.objects.select_related("column__author", "bundle", "topic").get()
    second = Letter.objects.get(pk=letters[1].pk)

    told = at_once(
        lambda: publishing.publish(draft, by=author, at=at, publish_at=at, slug="a", keys=keys),
        lambda: second.withdraw(at=at),
    )
    statuses = [Letter.objects.get(pk=letter.pk).status for letter in letters]
    if Article.objects.exists():
        assert statuses == ["published"] * 3, told
    else:
        assert statuses == ["answering", "withdrawn", "answering"], told
    assert len(told) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", range(ROUNDS))
def test_pressed_twice_at_the_same_moment_it_is_one_question_and_one_answer(at: dt.datetime, _round: int) -> None:
    made, keys = scene(at)

    def show() -> None:
        draft = Draft.objects.select_related("column", "bundle").get()
        writer_approval.show(draft, Letter.objects.get(), by=made.by, at=at, keys=keys)

    def approve() -> None:
        writer_approval.approve(Letter.objects.get(), Message.objects.get(number=1).pk, at=at + DAY, keys=made.writer)

    assert len(at_once(show, show)) == 1
    assert at_once(approve, approve) == []
    assert [message.kind for message in made.letter.messages.all()] == [_K.APPROVAL, _K.APPROVED]
    assert [event.verb for event in made.letter.events.all()][-2:] == ["proof", "approve_text"]
