"""The keys of the desk: everybody's, and what one person made of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox import shortcuts

ANYTHING = st.dictionaries(
    st.sampled_from([*shortcuts.defaults(), "fly"]), st.one_of(st.text("jsd1? é", max_size=3), st.integers())
)


def test_everybody_begins_with_keys_that_do_not_clash() -> None:
    assert shortcuts.clashes(shortcuts.defaults()) == {}
    assert shortcuts.defaults()["next"] == "j"
    assert shortcuts.defaults()["commands"] == "Mod+K"
    assert all(shortcuts.problem(act.key) == "" for act in shortcuts.acts() if not act.fixed)
    assert len({act.title for act in shortcuts.acts()}) == len(shortcuts.acts())


def test_what_somebody_changed_is_theirs() -> None:
    keys = shortcuts.keys_of({"shortlist": "1", "decline": ""})
    assert (keys["shortlist"], keys["decline"], keys["hold"]) == ("1", "", "h")


def test_a_key_that_was_given_to_another_act_does_that_one_alone() -> None:
    keys = shortcuts.keys_of({"shortlist": "d"})
    assert (keys["shortlist"], keys["decline"]) == ("d", "")


@given(ANYTHING)
def test_whatever_was_kept_there_is_a_key_or_none_for_every_act(kept: dict[str, object]) -> None:
    keys = shortcuts.keys_of(kept)
    assert list(keys) == list(shortcuts.defaults())
    assert all(shortcuts.problem(key) == "" for name, key in keys.items() if name in shortcuts.free())
    assert shortcuts.clashes(keys) == {}
    assert (keys["open"], keys["commands"]) == ("Enter", "Mod+K")


@given(ANYTHING)
def test_only_the_differences_are_kept_and_say_the_same(kept: dict[str, object]) -> None:
    keys = shortcuts.keys_of(kept)
    assert shortcuts.keys_of(shortcuts.changes(keys)) == keys


def test_two_acts_with_one_key_are_named() -> None:
    clashing = {**shortcuts.defaults(), "shortlist": "d", "urgent": "", "hold": ""}
    assert shortcuts.clashes(clashing) == {"d": ["shortlist", "decline"]}


@pytest.mark.parametrize("key", ["", "j", "J", "é", "/", "5", "ß", "ж", "字"])
def test_can_be_a_key(key: str) -> None:
    assert shortcuts.problem(key) == ""


@pytest.mark.parametrize("key", [" ", "ab", "\t", "\x00", "\u0301", "Mod+K", "\u200b", "\u2028"])
def test_cannot_be_a_key(key: str) -> None:
    assert shortcuts.problem(key) != ""


def test_a_typed_key_is_freed_of_blanks_and_put_into_one_spelling() -> None:
    assert shortcuts.tidy(" e\u0301 ") == "é"
