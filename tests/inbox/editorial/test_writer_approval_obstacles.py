"""What a writer who was asked about the edited question holds up, and what goes out without their answer."""

from __future__ import annotations

import datetime as dt

import pytest

from columns.models import Column
from inbox.editorial import draft_case, publishing, writer_approval
from inbox.keys import vault
from inbox.letters import writer_acts
from inbox.models import Consent, Letter, User
from inbox.workflow import LetterStatus, NotAllowed
from tests.approval_scene import DAY, OWN, QUESTION, Scene, approved_draft, rewrite, scene_of


@pytest.fixture
def scene(column: Column, author: User, at: dt.datetime, keys: vault.Vault) -> Scene:
    return scene_of(column, author, at, keys)


# --- what it holds up -----------------------------------------------------------------------------------------------


def publish(scene: Scene, at: dt.datetime, keys: vault.Vault) -> None:
    publishing.publish(scene.draft, by=scene.by, at=at, publish_at=at, slug="an-answer", keys=keys)


def test_a_letter_that_was_never_asked_holds_nothing_up(scene: Scene, at: dt.datetime, keys: vault.Vault) -> None:
    approved_draft(scene, at, keys)
    assert publishing.obstacles(draft_case.of(scene.draft, keys), at=at) == []
    publish(scene, at, keys)


def test_while_an_answer_may_come_nothing_goes_out(scene: Scene, at: dt.datetime, keys: vault.Vault) -> None:
    scene.show(at, keys)
    approved_draft(scene, at, keys)
    last = at + 15 * DAY  # it went out on the next day, and fourteen follow
    for day in (at, at + DAY, last):
        with pytest.raises(NotAllowed, match=f"may answer until {last.day} {last:%B}"):
            publish(scene, day, keys)
    publish(scene, last + DAY, keys)


def test_a_wish_holds_it_up_until_a_new_text_is_shown_and_approved(
    scene: Scene, at: dt.datetime, keys: vault.Vault
) -> None:
    message = scene.show(at, keys)
    writer_approval.correct(scene.letter, message, "Shorter.", at=at + DAY, keys=scene.writer)
    for day in (at + DAY, at + 60 * DAY):
        assert "asked for a change" in writer_approval.obstacles(draft_case.of(scene.draft, keys), at=day)[0]
    rewrite(scene, at, question="Is it my fault?")
    assert "asked for a change" in writer_approval.obstacles(draft_case.of(scene.draft, keys), at=at + DAY)[0]
    second = scene.show(at + DAY, keys)
    assert "may answer until" in writer_approval.obstacles(draft_case.of(scene.draft, keys), at=at + DAY)[0]
    writer_approval.approve(scene.letter, second, at=at + 2 * DAY, keys=scene.writer)
    assert writer_approval.obstacles(draft_case.of(scene.draft, keys), at=at + 2 * DAY) == []


@pytest.mark.parametrize("changed", [{"question": QUESTION + " Or not?"}, {"pen_name": "Somebody else"}])
def test_a_yes_is_to_these_words_alone(
    scene: Scene, at: dt.datetime, keys: vault.Vault, changed: dict[str, str]
) -> None:
    message = scene.show(at, keys)
    writer_approval.approve(scene.letter, message, at=at + DAY, keys=scene.writer)
    approved = keys.open(scene.draft.newest())
    rewrite(scene, at, answer="Another answer is nobody's affair but the second reader's.")
    assert writer_approval.obstacles(draft_case.of(scene.draft, keys), at=at + DAY) == []
    rewrite(scene, at, **changed)
    assert "said yes to another text" in writer_approval.obstacles(draft_case.of(scene.draft, keys), at=at + DAY)[0]
    scene.draft.save_version(approved, by=scene.by, at=at, base=scene.draft.latest)
    assert writer_approval.obstacles(draft_case.of(scene.draft, keys), at=at + DAY) == []


@pytest.mark.parametrize("consent", ["rewritten", "light"])
@pytest.mark.parametrize("answered", [True, False])
def test_without_a_yes_their_own_words_do_not_go_out(
    column: Column, author: User, at: dt.datetime, keys: vault.Vault, consent: str, *, answered: bool
) -> None:
    scene, late = scene_of(column, author, at, keys, consent=consent), at + 16 * DAY
    rewrite(scene, at, question=f"A reader writes: {OWN}")
    message = scene.show(at, keys)
    if answered:
        writer_approval.approve(scene.letter, message, at=at + 2 * DAY, keys=scene.writer)
        assert writer_approval.obstacles(draft_case.of(scene.draft, keys), at=late) == []
        return
    found = writer_approval.obstacles(draft_case.of(scene.draft, keys), at=late)
    assert "nobody has said yes to their own words" in found[0]
    assert "partner falls asleep before" in found[0]
    rewrite(scene, at, question=QUESTION)
    assert writer_approval.obstacles(draft_case.of(scene.draft, keys), at=late) == []


def test_a_yes_that_comes_late_is_a_yes(column: Column, author: User, at: dt.datetime, keys: vault.Vault) -> None:
    scene = scene_of(column, author, at, keys, consent="light")
    rewrite(scene, at, question=OWN)
    message, late = scene.show(at, keys), at + 30 * DAY
    assert writer_approval.obstacles(draft_case.of(scene.draft, keys), at=late)
    writer_approval.approve(scene.letter, message, at=late, keys=scene.writer)
    assert writer_approval.obstacles(draft_case.of(scene.draft, keys), at=late) == []


def test_to_allow_a_private_answer_only_after_a_yes_stops_it(scene: Scene, at: dt.datetime, keys: vault.Vault) -> None:
    message, later = scene.show(at, keys), at + DAY
    writer_approval.approve(scene.letter, message, at=later, keys=scene.writer)
    approved_draft(scene, later, keys)
    assert publishing.obstacles(draft_case.of(scene.draft, keys), at=later) == []
    writer_acts.allow(Letter.objects.get(), Consent.PRIVATE, at=later)
    assert "allowed a private answer only" in publishing.obstacles(draft_case.of(scene.draft, keys), at=later)[0]
    with pytest.raises(NotAllowed, match="private answer only"):
        publish(scene, later, keys)


def test_a_wish_that_comes_while_it_is_published_stops_it(
    scene: Scene, at: dt.datetime, keys: vault.Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The desk looks once more when the letters' rows are held."""
    message, later = scene.show(at, keys), at + DAY
    writer_approval.approve(scene.letter, message, at=later, keys=scene.writer)
    approved_draft(scene, later, keys)
    looked = publishing.obstacles

    def slowly(case: draft_case.Case, *, at: dt.datetime) -> list[str]:
        found = looked(case, at=at)
        writer_approval.correct(Letter.objects.get(), message, "Wait!", at=at, keys=scene.writer)
        return found

    monkeypatch.setattr(publishing, "obstacles", slowly)
    with pytest.raises(NotAllowed, match="asked for a change"):
        publish(scene, later, keys)
    assert Letter.objects.get().status == LetterStatus.ANSWERING


def test_who_allowed_other_words_is_not_published_in_their_own(
    column: Column, author: User, at: dt.datetime, keys: vault.Vault
) -> None:
    scene = scene_of(column, author, at, keys, consent="rewritten")
    rewrite(scene, at, question=f"A reader writes: {OWN}")
    approved_draft(scene, at, keys)
    with pytest.raises(NotAllowed, match="allowed their question in other words"):
        publish(scene, at, keys)
    writer_acts.allow(scene.letter, Consent.LIGHT, at=at)
    publish(scene, at, keys)


def test_what_is_allowed_is_looked_at_when_it_goes_out(
    column: Column, author: User, at: dt.datetime, keys: vault.Vault
) -> None:
    scene = scene_of(column, author, at, keys, consent="light")
    rewrite(scene, at, question=f"A reader writes: {OWN}")
    approved_draft(scene, at, keys)
    writer_acts.allow(scene.letter, Consent.REWRITTEN, at=at)
    assert "allowed their question in other words" in publishing.obstacles(draft_case.of(scene.draft, keys), at=at)[0]
