"""Rate limits of letters and of typed receipts.

The policy, in full:

* A letter is always taken, and its sender always gets a receipt. A limit decides only whether a person looks at the
  letter first (it is *held*, with the reasons sealed beside its words) or whether it goes straight to the inbox.
* Letters are counted for the network they came from and for the whole site. Up to ``PER_NETWORK`` in half an hour
  nothing happens. When the site takes more than ``SITE_BUSY`` in ten minutes, a network has ``PER_NETWORK_BUSY``.
  A quiet network is therefore never asked for a proof, however busy the site is.
* Above that, the check page asks the browser for a small proof of work, which is cheap for one letter and expensive
  for very many. A letter with the proof is treated like any other. A letter without it (no script, an old browser) is
  held.
* The same words sent from a third form within half an hour are held too, and get a receipt like every letter.
* Receipts that are well formed are counted for a network. Above ``RECEIPTS`` in half an hour the page asks for the
  proof of work, or for a minute of patience where no script runs. So people who share one address
  never lock each other out.

The state is in the cache alone: counts under an HMAC of the network, and an HMAC of the words. Both HMACs use a random
key, also in the cache, which is replaced every half hour. No address and no word is stored. What a clock that was ahead
has counted ends once the clock is right: the keys say when they were made.
"""

from __future__ import annotations

import datetime as dt
import functools
import hmac
import logging
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext_noop as _
from redis.exceptions import RedisError

from inbox.crypto import client_address
from inbox.letters import proof_of_work

logger = logging.getLogger(__name__)
F = TypeVar("F", bound=Callable[..., Any])

WINDOW = 30 * 60
BUSY_WINDOW = 10 * 60
#: Letters in half an hour from one network: a clinic, a school or a Tor exit is one network.
PER_NETWORK = 20
PER_NETWORK_BUSY = 3
#: Letters in ten minutes on the whole site.
SITE_BUSY = 120
#: Forms from which the same words may come without a remark.
SAME_WORDS = 2
#: Well-formed receipts in half an hour from one network.
RECEIPTS = 30

MANY = _("Many letters came from the same network within half an hour, and the browser sent no proof of work.")
SAME = _("The same words came from several forms within half an hour.")


def _or_nothing(*, nothing: Any) -> Callable[[F], F]:
    """A decorator: where the cache cannot be reached, the function returns ``nothing``, so letters and receipts are
    still taken."""

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


@_or_nothing(nothing="")
def network_of(meta: Mapping[str, object]) -> str:
    """A pseudonym of the network of a request, valid for half an hour; never the address.

    ``meta``: the request's WSGI environment. The key is in the cache alone.
    """
    header = settings.CLIENT_ADDRESS_HEADER
    told = meta.get("HTTP_" + header.upper().replace("-", "_")) if header else None
    return client_address.blurred(str(told or meta.get("REMOTE_ADDR") or "::"), key=_key("networks", WINDOW))


# --- letters --------------------------------------------------------------------------------------------------------


@_or_nothing(nothing=False)
def crowded(network: str) -> bool:
    """Whether the next letter from this network should bring a proof of work. Counts nothing."""
    sent = int(cache.get(_letters(network), 0))
    return sent >= (PER_NETWORK_BUSY if int(cache.get(_letters_of_the_site(), 0)) >= SITE_BUSY else PER_NETWORK)


@_or_nothing(nothing=())
def remarks(network: str, text: str, *, nonce: str, proof: str = "") -> list[str]:
    """Count a letter that is being sent; returns the reasons why a person should look at it first, usually none.

    ``network``: by ``network_of``. ``nonce``: the form's; the same form sent again is no second letter, and its proof
    of work stays valid. ``proof``: the field ``altcha``.
    """
    reasons = [SAME] if _seen(text, nonce) > SAME_WORDS else []
    busy = crowded(network)
    _count(_letters_of_the_site(), BUSY_WINDOW)
    _count(_letters(network), WINDOW)
    if busy and not proof_of_work.proven(proof, for_form=nonce):
        reasons.append(MANY)
    return reasons


def _letters(network: str) -> str:
    return f"letters-{network}"


def _letters_of_the_site() -> str:
    return f"letters-site-{_key('site', BUSY_WINDOW)}"


def _seen(text: str, nonce: str) -> int:
    """The number of forms from which these words came, with this one; counted to one above ``SAME_WORDS``."""
    words, form = _keyed("words", " ".join(text.casefold().split())), _keyed("form", nonce)
    forms: list[str] = cache.get(f"words-{words}", [])
    if form not in forms and len(forms) <= SAME_WORDS:
        forms = [*forms, form]
        cache.set(f"words-{words}", forms, WINDOW)
    return forms.index(form) + 1 if form in forms else SAME_WORDS + 1


# --- receipts -------------------------------------------------------------------------------------------------------


@_or_nothing(nothing=True)
def may_look(network: str, *, at: dt.datetime, proof: str = "", patience: str = "") -> bool:
    """Count a well-formed receipt; returns whether it may be looked up now."""
    typed = _count(f"receipts-{network}", WINDOW)
    return typed <= RECEIPTS or proof_of_work.proven(proof) or proof_of_work.was_patient(patience, at=at)


# --- counting -------------------------------------------------------------------------------------------------------


def _count(name: str, seconds: int) -> int:
    """Raise a counter and return it; the counter expires that many seconds after its first use."""
    cache.add(name, 0, seconds)
    try:
        return int(cache.incr(name))
    except ValueError:  # the counter expired between the two calls
        cache.set(name, 1, seconds)
        return 1


def _keyed(purpose: str, value: str) -> str:
    message = f"{purpose}\n{value}".encode("utf-8", "surrogatepass")
    return hmac.new(_key("words", WINDOW).encode(), message, "sha256").hexdigest()[:32]


def _key(name: str, seconds: int) -> str:
    """The random key of this name, which is replaced after that many seconds, or once it is of a time that is further
    ahead: the cache keeps what a clock that was ahead had stored until that clock would have come true."""
    now = time.time()
    made, key = cast("tuple[float, str]", cache.get_or_set(f"key-of-{name}", lambda: (now, secrets.token_hex()), seconds))
    if made > now + seconds:
        made, key = now, secrets.token_hex()
        cache.set(f"key-of-{name}", (made, key), seconds)
    return key
