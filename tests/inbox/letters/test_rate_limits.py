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
from redis.exceptions import RedisError

from inbox.letters import intake, proof_of_work, rate_limits

pytestmark = pytest.mark.databases

NOON = dt.datetime(2026, 5, 12, 12, 0, tzinfo=dt.UTC)
TEXT = "It hurts every time, and I have told nobody about it for a year."


def network(address: str = "192.0.2.7") -> str:
    return rate_limits.network_of({"REMOTE_ADDR": address})


def solved(challenge: str) -> str:
    """What a browser sends for a challenge."""
    made = altcha.Challenge.from_dict(json.loads(challenge))
    solution = altcha.solve_challenge(made)
    assert solution is not None
    return altcha.Payload(made, solution).to_base64()


def send(number: int, address: str = "192.0.2.7", *, proof: str = "") -> list[str]:
    return rate_limits.remarks(network(address), f"{TEXT} {number}", nonce=intake.new_nonce(), proof=proof)


def fill(address: str = "192.0.2.7") -> None:
    for number in range(rate_limits.PER_NETWORK):
        assert send(number, address) == []


def test_a_quiet_network_is_asked_nothing() -> None:
    assert not rate_limits.crowded(network())
    fill()
    assert rate_limits.crowded(network())


def test_above_the_limit_a_letter_without_a_proof_is_remarked_on_and_others_are_not() -> None:
    fill()
    assert send(100) == [rate_limits.MANY]
    assert send(101, "192.0.2.200") == [rate_limits.MANY], "the same /24"
    assert send(102, "198.51.100.1") == []


def test_with_a_proof_it_passes_once() -> None:
    fill()
    proof = solved(proof_of_work.ask(dt.datetime.now(dt.UTC)).challenge)
    assert send(100, proof=proof) == []
    assert send(101, proof=proof) == [rate_limits.MANY]
    cache.delete("key-of-words")  # as it is each half hour
    assert send(102, proof=proof) == [rate_limits.MANY]


def test_the_same_form_may_bring_its_proof_again() -> None:
    fill()
    proof, nonce = solved(proof_of_work.ask(dt.datetime.now(dt.UTC)).challenge), intake.new_nonce()
    for _ in range(3):
        assert rate_limits.remarks(network(), TEXT, nonce=nonce, proof=proof) == []


def test_when_the_window_is_over_it_is_quiet_again(monkeypatch: pytest.MonkeyPatch) -> None:
    assert rate_limits.WINDOW == 30 * 60
    # in earnest: Redis has a clock of its own; a busy machine may need longer than the first windows
    for window in (2, 20, 200):
        monkeypatch.setattr(rate_limits, "WINDOW", window)
        cache.clear()
        fill()
        if send(100) == [rate_limits.MANY]:
            break
    else:
        pytest.fail("above the limit nothing was remarked on")
    time.sleep(1.1 * window)
    assert send(101) == []


def test_a_busy_site_gives_each_network_less_but_never_nothing() -> None:
    for number in range(rate_limits.SITE_BUSY):
        send(number, f"10.0.{number}.1")
    for number in range(rate_limits.PER_NETWORK_BUSY):
        assert send(number, "203.0.113.5") == []
    assert send(100, "203.0.113.5") == [rate_limits.MANY]
    assert not rate_limits.crowded(network("198.51.100.1"))


def test_the_same_words_from_a_third_form_are_remarked_on_whoever_sends_them() -> None:
    for number in range(rate_limits.SAME_WORDS):
        assert rate_limits.remarks(network(f"10.1.{number}.1"), TEXT, nonce=intake.new_nonce()) == []
    again = f"  {TEXT.upper()}\n "
    assert rate_limits.remarks(network("10.2.0.1"), again, nonce=intake.new_nonce()) == [rate_limits.SAME]


def test_the_same_form_pressed_often_is_one_form() -> None:
    nonce = intake.new_nonce()
    for _ in range(5):
        assert rate_limits.remarks(network(), TEXT, nonce=nonce) == []


def changed(proof: str, **parameters: Any) -> str:
    payload = altcha.Payload.from_base64(proof).to_dict()
    payload["challenge"]["parameters"].update(parameters)
    return altcha.Payload.from_dict(payload).to_base64()


def test_a_proof_ends_and_cannot_be_made_up() -> None:
    with time_machine.travel(NOON, tick=False):
        proof = solved(proof_of_work.ask(NOON).challenge)
        assert not proof_of_work.proven(changed(proof, cost=1))
        assert not proof_of_work.proven(changed(proof, expiresAt=2**33))
    with time_machine.travel(NOON + dt.timedelta(hours=2, seconds=1), tick=False):
        assert not proof_of_work.proven(proof)
    with time_machine.travel(NOON + dt.timedelta(hours=1), tick=False):
        assert proof_of_work.proven(proof)


@pytest.mark.parametrize(
    "proof", ["", "x", "é", "e30=", "bnVsbA==", "W10=", "MQ==", "eyJjaGFsbGVuZ2UiOiAxfQ==", "A" * 9000]
)
def test_nonsense_is_no_proof_and_no_error(proof: str) -> None:
    assert not proof_of_work.proven(proof)


def test_receipts_are_counted_and_patience_lets_one_pass() -> None:
    for _ in range(rate_limits.RECEIPTS):
        assert rate_limits.may_look(network(), at=NOON)
    assert not rate_limits.may_look(network(), at=NOON)
    assert rate_limits.may_look(network("198.51.100.1"), at=NOON)
    token = proof_of_work.ask(NOON).patience
    early, late = NOON + dt.timedelta(seconds=59), NOON + dt.timedelta(seconds=60)
    assert not rate_limits.may_look(network(), at=early, patience=token)
    assert rate_limits.may_look(network(), at=late, patience=token)
    assert not rate_limits.may_look(network(), at=late, patience=token), "once"
    old = proof_of_work.ask(NOON).patience
    assert not rate_limits.may_look(network(), at=NOON + dt.timedelta(hours=1), patience=old)


def test_a_proof_lets_a_receipt_pass() -> None:
    for _ in range(rate_limits.RECEIPTS):
        rate_limits.may_look(network(), at=NOON)
    proof = solved(proof_of_work.ask(dt.datetime.now(dt.UTC)).challenge)
    assert rate_limits.may_look(network(), at=NOON, proof=proof)
    assert not rate_limits.may_look(network(), at=NOON, proof=proof)


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
    proof = solved(proof_of_work.ask(dt.datetime.now(dt.UTC)).challenge)
    rate_limits.remarks(network(), TEXT, nonce=nonce, proof=proof)
    rate_limits.may_look(network(), at=NOON)
    assert kept
    for secret in ("192.0.2", TEXT, "hurts", nonce):
        assert not any(secret in line for line in kept)


def test_without_the_cache_nothing_is_counted_and_nothing_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*args: object, **kwargs: object) -> None:
        raise RedisError("with an address in it")

    for name in ("get", "add", "incr", "set", "get_or_set"):
        monkeypatch.setattr(cache, name, gone)
    assert not rate_limits.crowded(network())
    assert not send(1)
    assert rate_limits.may_look(network(), at=NOON)


@pytest.mark.parametrize("ahead", [dt.timedelta(hours=2), dt.timedelta(days=730)])
def test_what_a_clock_that_was_ahead_counted_is_over_once_it_is_right(ahead: dt.timedelta) -> None:
    with time_machine.travel(NOON + ahead, tick=False) as clock:
        before = network()
        fill()
        for _ in range(rate_limits.SITE_BUSY):
            rate_limits.remarks(network(), TEXT, nonce=intake.new_nonce())
        for _ in range(rate_limits.RECEIPTS):
            rate_limits.may_look(network(), at=NOON + ahead)
        assert rate_limits.crowded(network())
        assert not rate_limits.may_look(network(), at=NOON + ahead)
        clock.move_to(NOON)
        assert network() != before, "no pseudonym of an address is valid for longer than half an hour"
        assert not rate_limits.crowded(network())
        assert rate_limits.may_look(network(), at=NOON)
        assert rate_limits.remarks(network(), TEXT, nonce=intake.new_nonce()) == []
        for number in range(1, rate_limits.PER_NETWORK):
            assert send(number) == [], "the site is not busy"
        assert send(100) == [rate_limits.MANY]


def test_a_clock_that_is_put_right_by_minutes_forgets_no_count() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        fill()
        clock.shift(-9 * 60)
        assert rate_limits.crowded(network())
