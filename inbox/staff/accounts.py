"""Second-factor secrets of staff, encrypted under the sign-in key, which the desk process alone holds."""

from __future__ import annotations

import base64
import hashlib
import secrets

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def encrypt_second_factor(secret: str) -> str:
    """The secret of an authenticator app, or the seed of recovery codes, encrypted for the database."""
    return _fernet().encrypt(secret.encode()).decode()


def decrypt_second_factor(encrypted: str) -> str:
    """The decrypted secret. If it was encrypted under another sign-in key: a random secret, so that every code is
    wrong."""
    try:
        return _fernet().decrypt(encrypted.encode()).decode()
    except InvalidToken:
        return base64.b32encode(secrets.token_bytes(20)).decode()


def _fernet() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(settings.SIGN_IN_KEY.encode()).digest()))
