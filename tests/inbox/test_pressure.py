"""A flood is asked for a proof of work, or held; nothing is refused, and nothing of it can be read in the cache."""

from __future__ import annotations

import datetime as dt
import json
import time
from typing import Any

import altcha
import pytest
import time_machine
from django.core.cache import cache
from django.http import HttpRequest
from django.test import RequestFactory
from redis.exceptions import RedisError

from inbox import intake, pressure

NOON = dt.datetime(2026, 5, 12, 12, 0, tzinfo=dt.UTC)
TEXT = "It hurts every time, and I have told nobody about it for a year."


def request(address: str = "192.0.2.7", **posted: str) -> HttpRequest:
    return RequestFactory().post("/", posted, REMOTE_ADDR=address)


def solved(challenge: str) -> str:
    """What a browser sends for a challenge."""
    made = altcha.Challenge.from_dict(json.loads(challenge))
    solution = altcha.solve_challenge(made)
    assert solution is not None
    return altcha.Payload(made, solution).to_base64()


def send(number: int, address: str = "192.0.2.7", **posted: str) -> list[str]:
    return pressure.remarks(request(address, **posted), f"{TEXT} {number}", nonce=intake.new_nonce())


def fill(address: str = "192.0.2.7") -> None:
    for number in range(pressure.PER_NETWORK):
        assert send(number, address) == []


def test_a_quiet_network_is_asked_nothing() -> None:
    assert not pressure.crowded(request())
    fill()
    assert pressure.crowded(request())


def test_above_the_limit_a_letter_without_a_proof_is_remarked_on_and_others_are_not() -> None:
    fill()
    assert send(100) == [pressure.MANY]
    assert send(101, "192.0.2.200") == [pressure.MANY], "the same /24"
    assert send(102, "198.51.100.1") == []


def test_with_a_proof_it_passes_once() -> None:
    fill()
    proof = solved(pressure.ask(dt.datetime.now(dt.UTC)).challenge)
    assert send(100, altcha=proof) == []
    assert send(101, altcha=proof) == [pressure.MANY]
    cache.delete("pressure-key")  # as it is each half hour
    assert send(102, altcha=proof) == [pressure.MANY]


def test_the_same_form_may_bring_its_proof_again() -> None:
    fill()
    proof, nonce = solved(pressure.ask(dt.datetime.now(dt.UTC)).challenge), intake.new_nonce()
    for _ in range(3):
        assert pressure.remarks(request(altcha=proof), TEXT, nonce=nonce) == []


def test_when_the_window_is_over_it_is_quiet_again(monkeypatch: pytest.MonkeyPatch) -> None:
    assert pressure.WINDOW == 30 * 60
    monkeypatch.setattr(pressure, "WINDOW", 2)  # in earnest: Redis has a clock of its own
    fill()
    assert send(100) == [pressure.MANY]
    time.sleep(2.2)
    assert send(101) == []


def test_a_busy_site_gives_each_network_less_but_never_nothing() -> None:
    for number in range(pressure.SITE_BUSY):
        send(number, f"10.0.{number}.1")
    for number in range(pressure.PER_NETWORK_BUSY):
        assert send(number, "203.0.113.5") == []
    assert send(100, "203.0.113.5") == [pressure.MANY]
    assert not pressure.crowded(request("198.51.100.1"))


def test_the_same_words_from_a_third_form_are_remarked_on_whoever_sends_them() -> None:
    for number in range(pressure.SAME_WORDS):
        assert pressure.remarks(request(f"10.1.{number}.1"), TEXT, nonce=intake.new_nonce()) == []
    again = f"  {TEXT.upper()}\n "
    assert pressure.remarks(request("10.2.0.1"), again, nonce=intake.new_nonce()) == [pressure.SAME]


def test_the_same_form_pressed_often_is_one_form() -> None:
    nonce = intake.new_nonce()
    for _ in range(5):
        assert pressure.remarks(request(), TEXT, nonce=nonce) == []


def changed(proof: str, **parameters: Any) -> str:
    payload = altcha.Payload.from_base64(proof).to_dict()
    payload["challenge"]["parameters"].update(parameters)
    return altcha.Payload.from_dict(payload).to_base64()


def test_a_proof_ends_and_cannot_be_made_up() -> None:
    with time_machine.travel(NOON, tick=False):
        proof = solved(pressure.ask(NOON).challenge)
        assert not pressure.proven(request(altcha=changed(proof, cost=1)))
        assert not pressure.proven(request(altcha=changed(proof, expiresAt=2**33)))
    with time_machine.travel(NOON + dt.timedelta(hours=2, seconds=1), tick=False):
        assert not pressure.proven(request(altcha=proof))
    with time_machine.travel(NOON + dt.timedelta(hours=1), tick=False):
        assert pressure.proven(request(altcha=proof))


@pytest.mark.parametrize(
    "proof", ["", "x", "é", "e30=", "bnVsbA==", "W10=", "MQ==", "eyJjaGFsbGVuZ2UiOiAxfQ==", "A" * 9000]
)
def test_nonsense_is_no_proof_and_no_error(proof: str) -> None:
    assert not pressure.proven(request(altcha=proof))


def test_receipts_are_counted_and_patience_lets_one_pass() -> None:
    for _ in range(pressure.RECEIPTS):
        assert pressure.may_look(request(), at=NOON)
    assert not pressure.may_look(request(), at=NOON)
    assert pressure.may_look(request("198.51.100.1"), at=NOON)
    token = pressure.ask(NOON).patience
    early, late = NOON + dt.timedelta(seconds=59), NOON + dt.timedelta(seconds=60)
    assert not pressure.may_look(request(patience=token), at=early)
    assert pressure.may_look(request(patience=token), at=late)
    assert not pressure.may_look(request(patience=token), at=late), "once"
    old = pressure.ask(NOON).patience
    assert not pressure.may_look(request(patience=old), at=NOON + dt.timedelta(hours=1))


def test_a_proof_lets_a_receipt_pass() -> None:
    for _ in range(pressure.RECEIPTS):
        pressure.may_look(request(), at=NOON)
    proof = solved(pressure.ask(dt.datetime.now(dt.UTC)).challenge)
    assert pressure.may_look(request(altcha=proof), at=NOON)
    assert not pressure.may_look(request(altcha=proof), at=NOON)


def test_nothing_in_the_cache_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[str] = []
    for verb in ("add", "set", "get_or_set", "incr"):
        real = getattr(cache, verb)

        def spy(*args: Any, real: Any = real, **kwargs: Any) -> Any:
            kept.append(repr(args))
            return real(*args, **kwargs)

        monkeypatch.setattr(cache, verb, spy)
    fill()
    nonce = intake.new_nonce()
    pressure.remarks(request(altcha=solved(pressure.ask(dt.datetime.now(dt.UTC)).challenge)), TEXT, nonce=nonce)
    pressure.may_look(request(), at=NOON)
    assert kept
    for secret in ("192.0.2", TEXT, "hurts", nonce):
        assert not any(secret in line for line in kept)


def test_without_the_cache_nothing_is_counted_and_nothing_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*args: object, **kwargs: object) -> None:
        raise RedisError("with an address in it")

    for name in ("get", "add", "incr", "set", "get_or_set"):
        monkeypatch.setattr(cache, name, gone)
    assert not pressure.crowded(request())
    assert not send(1)
    assert pressure.may_look(request(), at=NOON)
