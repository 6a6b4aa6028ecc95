"""The proof of work asked of a crowded network, and the waiting time instead where no script runs."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass

import altcha
from django.conf import settings
from django.core.cache import cache

from inbox.crypto import sealing

#: The waiting time for browsers without script.
PATIENCE = dt.timedelta(minutes=1)
#: Seconds after which a waiting token expires.
_PATIENCE_ENDS = 30 * 60

_ALGORITHM = "PBKDF2/SHA-256"
#: About a second of a phone's work; checking the answer takes less than a millisecond.
_COST = 5_000
_TURNS = range(100, 200)
_PROOF_LASTS = dt.timedelta(hours=2)
_LONGEST_PROOF = 4_096


@dataclass(frozen=True)
class Asked:
    """The content of a page that asks for a proof: the challenge as JSON, and a waiting token."""

    challenge: str
    patience: str
    seconds: int = int(PATIENCE.total_seconds())


def ask(at: dt.datetime) -> Asked:
    """A new challenge: signed, valid for two hours, to be used once."""
    challenge = altcha.create_challenge(
        _ALGORITHM,
        _COST,
        counter=secrets.choice(_TURNS),
        expires_at=at + _PROOF_LASTS,
        hmac_secret=_secret("challenge"),
        hmac_key_secret=_secret("challenge-key"),
    )
    content = {"from": int(at.timestamp()), "nonce": secrets.token_hex(16)}
    return Asked(json.dumps(challenge.to_dict()), sealing.seal_token(settings.FORM_SECRET, "patience", content))


def proven(proof: str, *, for_form: str = "") -> bool:
    """Whether this proof of work (the field ``altcha``) is correct and was not used for anything else before."""
    if not proof or len(proof) > _LONGEST_PROOF:
        return False
    try:
        payload = altcha.Payload.from_base64(proof)
        result = altcha.verify_solution(payload, _secret("challenge"), hmac_key_secret=_secret("challenge-key"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False  # malformed: not made by a page of this site
    return result.verified and _first_use(payload.challenge.parameters.nonce, for_form)


def _first_use(nonce: str, for_form: str) -> bool:
    """Whether the nonce was not used before, or only for the same form."""
    # not under the rotating key: a proof is valid for longer, and its nonce is a random number of this site
    name = f"proof-{hashlib.sha256(nonce.encode()).hexdigest()[:32]}"
    form = hashlib.sha256(for_form.encode()).hexdigest()[:32] if for_form else secrets.token_hex(8)
    lasts = int(_PROOF_LASTS.total_seconds())
    return cache.add(name, form, lasts) or cache.get(name) == form


def _secret(purpose: str) -> str:
    return hmac.new(settings.FORM_SECRET.encode(), purpose.encode(), hashlib.sha256).hexdigest()


def was_patient(patience: str, *, at: dt.datetime) -> bool:
    """Whether the waiting time of the token is over; each token counts once."""
    try:
        content = sealing.open_token(settings.FORM_SECRET, "patience", patience)
    except sealing.CannotOpen:
        return False
    waited = at.timestamp() - content["from"]
    return PATIENCE.total_seconds() <= waited <= _PATIENCE_ENDS and _first_use(content["nonce"], "")
