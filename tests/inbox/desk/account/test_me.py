"""“Your desk”: what one person sets for themselves, whatever columns they work at."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from columns.models import Column
from inbox import shortcuts
from inbox.models import User

SignIn = Callable[[User], Client]
PATH = "/desk/me/"


def fields(**said: str) -> dict[str, str]:
    """What the page sends, with the keys that everybody begins with."""
    keys = {f"key_{act.name}": act.key for act in shortcuts.acts() if not act.fixed}
    return {"act": "save", "heavy_a_day": "", "stops_at": "", "away_until": "", "shortcuts_on": "on", **keys, **said}


def test_keeps_what_they_say_and_shows_it(column: Column, moderator: User, signed_in: SignIn) -> None:
    client = signed_in(moderator)
    day = timezone.localdate() + dt.timedelta(days=9)
    said = {"heavy_a_day": "12", "stops_at": "17:30", "away_until": day.isoformat(), "key_decline": "1", "key_hold": ""}
    response = client.post(PATH, fields(**said), follow=True)
    assert response.redirect_chain == [(PATH, 302)]
    assert "Your desk is as you want it." in response.text
    moderator.refresh_from_db()
    assert (moderator.heavy_a_day, moderator.stops_at, moderator.away_until) == (12, dt.time(17, 30), day)
    assert (moderator.shortcuts, moderator.shortcuts_on) == ({"decline": "1", "hold": ""}, True)
    for value in ("12", "17:30", day.isoformat(), "1"):
        assert f'value="{value}"' in response.text


def test_keys_can_be_switched_off(column: Column, moderator: User, signed_in: SignIn) -> None:
    without = {name: value for name, value in fields().items() if name != "shortcuts_on"}
    signed_in(moderator).post(PATH, without)
    moderator.refresh_from_db()
    assert (moderator.shortcuts_on, moderator.shortcuts) == (False, {})


def test_one_button_gives_every_key_back_and_nothing_else(column: Column, moderator: User, signed_in: SignIn) -> None:
    User.objects.filter(pk=moderator.pk).update(shortcuts={"decline": "1"}, heavy_a_day=7)
    response = signed_in(moderator).post(PATH, fields(key_decline="1", act="defaults"), follow=True)
    moderator.refresh_from_db()
    assert (moderator.shortcuts, moderator.heavy_a_day) == ({}, 7)
    assert "Every key does again what it does for everybody." in response.text


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"key_decline": "s"}, "Decline kindly: “Shortlist” has the key s as well."),
        ({"key_decline": "ab"}, "Decline kindly: type one character, or nothing for no key."),
        ({"heavy_a_day": "-1"}, "greater than or equal to 0"),
        ({"stops_at": "soon"}, "Enter a valid time."),
        ({"away_until": "2020-01-01"}, "Choose a day that is still to come"),
    ],
)
def test_what_cannot_be_kept_stays_on_the_page(
    column: Column, moderator: User, signed_in: SignIn, wrong: dict[str, str], why: str
) -> None:
    response = signed_in(moderator).post(PATH, {**fields(heavy_a_day="33"), **wrong})
    assert response.status_code == 400
    assert why in response.text
    assert all(f'value="{value}"' in response.text for value in wrong.values())
    moderator.refresh_from_db()
    assert (moderator.shortcuts, moderator.heavy_a_day) == ({}, None)


def test_every_act_has_its_row_and_a_label(column: Column, moderator: User, signed_in: SignIn) -> None:
    page = signed_in(moderator).get(PATH).text
    for act in shortcuts.acts():
        assert act.title in page
        assert act.fixed or re.search(rf'<label for="id_key_{act.name}">', page)


def test_half_a_form_takes_no_key_away(column: Column, moderator: User, signed_in: SignIn) -> None:
    client = signed_in(moderator)
    client.post(PATH, {"act": "save", "shortcuts_on": "on", "key_hold": ""})
    moderator.refresh_from_db()
    assert moderator.shortcuts == {"hold": ""}
    assert client.post(PATH, {"password": "wrong"}).status_code == 400
    moderator.refresh_from_db()
    assert (moderator.shortcuts, moderator.shortcuts_on) == ({"hold": ""}, True)


def test_somebody_who_is_back_is_not_shown_as_away(column: Column, moderator: User, signed_in: SignIn) -> None:
    User.objects.filter(pk=moderator.pk).update(away_until=timezone.localdate())
    page = signed_in(moderator).get(PATH).text
    assert timezone.localdate().isoformat() not in page


def test_wrong_method(moderator: User, signed_in: SignIn) -> None:
    assert signed_in(moderator).delete(PATH).status_code == 405
