"""What happens when very many letters, or very many typed receipts, arrive at once.

The policy, in full:

* A letter is always taken, and its sender always gets a receipt. A limit decides only whether a person looks at the
  letter first (it is *held*, with the reasons sealed beside its words) or whether it goes straight to the inbox.
* Letters are counted for the network they came from and for the whole site. Up to ``PER_NETWORK`` in half an hour
  nothing happens. When the site takes more than ``SITE_BUSY`` in ten minutes, a network has ``PER_NETWORK_BUSY``.
  A network that is quiet is therefore never asked anything, whoever else floods the site.
* Above that, the check page asks the browser for a small proof of work, which costs a person nothing and a flood a
  great deal. A letter with the proof is treated like any other. A letter without it (no script, an old browser) is
  held.
* The same words sent from a third form within half an hour are held too, and get a receipt like every letter.
* Receipts that are well formed are counted for a network. Above ``RECEIPTS`` in half an hour the page asks for the
  proof of work, or for a minute of patience where no script runs. Neither depends on what the neighbours in the same
  network do, so that many people behind one address never shut each other out.

What is kept lies in the cache alone: counts under an HMAC of the network, and an HMAC of the words, each under a random
key that lies in the cache too and is a new one every half hour. No address, no word, nothing that outlives its key.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import hmac
import json
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import altcha
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError

from inbox import sealing
from inbox.addresses import blurred

logger = logging.getLogger(__name__)
F = TypeVar("F", bound=Callable[..., Any])

WINDOW = 30 * 60
BUSY_WINDOW = 10 * 60
#: Letters in half an hour from one network: a clinic, a school or a Tor exit is one network.
PER_NETWORK = 20
PER_NETWORK_BUSY = 3
#: Letters in ten minutes on the whole site.
SITE_BUSY = 120
#: Sendings of the same words, each from a form of its own, that go unremarked.
SAME_WORDS = 2
#: Well-formed receipts in half an hour from one network.
RECEIPTS = 30
#: How long somebody waits whose browser runs no script.
PATIENCE = dt.timedelta(minutes=1)

MANY = "Many letters came from the same network within half an hour, and the browser sent no proof of work."
SAME = "The same words came from several forms within half an hour."

_ALGORITHM = "PBKDF2/SHA-256"
#: About a second of a phone's work; checking the answer takes us less than a millisecond.
_COST = 5_000
_TURNS = range(100, 200)
_PROOF_LASTS = dt.timedelta(hours=2)
_LONGEST_PROOF = 4_096


def _or_nothing(*, nothing: Any) -> Callable[[F], F]:
    """Without the cache nothing can be counted, and a letter, or a receipt, is taken as if nothing had been."""

    def decorate(function: F) -> F:
        @functools.wraps(function)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            try:
                return function(*args, **kwargs)
            except (RedisError, OSError) as error:
                logger.warning("nothing could be counted: %s", type(error).__name__)
                return nothing

        return cast("F", guarded)

    return decorate


# --- letters --------------------------------------------------------------------------------------------------------


@_or_nothing(nothing=False)
def crowded(request: HttpRequest) -> bool:
    """Whether the next letter from this network should bring a proof of work. Counts nothing."""
    sent = int(cache.get(_letters(request), 0))
    return sent >= (PER_NETWORK_BUSY if int(cache.get("letters-site", 0)) >= SITE_BUSY else PER_NETWORK)


@_or_nothing(nothing=())
def remarks(request: HttpRequest, text: str, *, nonce: str) -> list[str]:
    """Count a letter that is being sent, and say why a person should look at it first; mostly for no reason.

    ``nonce``: the form's. The same form sent again is no second letter, and its proof of work holds for it.
    """
    found = [SAME] if _seen(text, nonce) > SAME_WORDS else []
    busy = crowded(request)
    _count("letters-site", BUSY_WINDOW)
    _count(_letters(request), WINDOW)
    if busy and not proven(request, for_form=nonce):
        found.append(MANY)
    return found


def _letters(request: HttpRequest) -> str:
    return f"letters-{blurred(request)}"


def _seen(text: str, nonce: str) -> int:
    """From how many forms these words came, with this one; it stops counting where it stops mattering."""
    words, form = _keyed("words", " ".join(text.casefold().split())), _keyed("form", nonce)
    forms: list[str] = cache.get(f"words-{words}", [])
    if form not in forms and len(forms) <= SAME_WORDS:
        forms = [*forms, form]
        cache.set(f"words-{words}", forms, WINDOW)
    return forms.index(form) + 1 if form in forms else SAME_WORDS + 1


# --- receipts -------------------------------------------------------------------------------------------------------


@_or_nothing(nothing=True)
def may_look(request: HttpRequest, *, at: dt.datetime) -> bool:
    """Count a well-formed receipt, and say whether it is looked up now."""
    typed = _count(f"receipts-{blurred(request)}", WINDOW)
    return typed <= RECEIPTS or proven(request) or _was_patient(request, at)


def _was_patient(request: HttpRequest, at: dt.datetime) -> bool:
    try:
        content = sealing.open_token(settings.FORM_SECRET, "patience", request.POST.get("patience", ""))
    except sealing.CannotOpen:
        return False
    waited = at.timestamp() - content["from"]
    return PATIENCE.total_seconds() <= waited <= WINDOW and _first_use(content["nonce"], "")


# --- the proof of work, and patience instead of it ------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """What a page carries that asks for a proof: the challenge as JSON, and the token of somebody who waits."""

    challenge: str
    patience: str
    seconds: int = int(PATIENCE.total_seconds())


def ask(at: dt.datetime) -> Asked:
    """A new challenge. It is signed, ends after two hours, and counts once."""
    made = altcha.create_challenge(
        _ALGORITHM,
        _COST,
        counter=secrets.choice(_TURNS),
        expires_at=at + _PROOF_LASTS,
        hmac_secret=_secret("challenge"),
        hmac_key_secret=_secret("challenge-key"),
    )
    content = {"from": int(at.timestamp()), "nonce": secrets.token_hex(16)}
    return Asked(json.dumps(made.to_dict()), sealing.seal_token(settings.FORM_SECRET, "patience", content))


def proven(request: HttpRequest, *, for_form: str = "") -> bool:
    """Whether the request brings a proof of work that was used for nothing else before."""
    proof = str(request.POST.get("altcha", ""))
    if not proof or len(proof) > _LONGEST_PROOF:
        return False
    try:
        payload = altcha.Payload.from_base64(proof)
        result = altcha.verify_solution(payload, _secret("challenge"), hmac_key_secret=_secret("challenge-key"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False  # whatever that was, it was made by no page of ours
    return result.verified and _first_use(payload.challenge.parameters.nonce, for_form)


def _first_use(nonce: str, for_form: str) -> bool:
    """Whether the nonce was not used before, or only for the very same form, pressed again."""
    # not under the key that changes: a proof lasts longer than that, and its nonce is a random number of ours
    name = f"proof-{hashlib.sha256(nonce.encode()).hexdigest()[:32]}"
    form = hashlib.sha256(for_form.encode()).hexdigest()[:32] if for_form else secrets.token_hex(8)
    lasts = int(_PROOF_LASTS.total_seconds())
    return cache.add(name, form, lasts) or cache.get(name) == form


def _secret(purpose: str) -> str:
    return hmac.new(settings.FORM_SECRET.encode(), purpose.encode(), hashlib.sha256).hexdigest()


# --- counting -------------------------------------------------------------------------------------------------------


def _count(name: str, seconds: int) -> int:
    """One more; the count starts anew that many seconds after its first."""
    cache.add(name, 0, seconds)
    try:
        return int(cache.incr(name))
    except ValueError:  # it ended between the two lines
        cache.set(name, 1, seconds)
        return 1


def _keyed(purpose: str, value: str) -> str:
    key = cache.get_or_set("pressure-key", secrets.token_hex, WINDOW)
    return hmac.new(str(key).encode(), f"{purpose}\n{value}".encode("utf-8", "surrogatepass"), "sha256").hexdigest()[
        :32
    ]
