"""The links by which somebody sets a new password."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils.http import base36_to_int

from inbox.models.times import clock

_LASTS = dt.timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)


class ResetTokens(PasswordResetTokenGenerator):
    """Django's, which end with a new password or after ``PASSWORD_RESET_TIMEOUT``; but a token that a clock that was
    ahead has dated is over at once, not after the years by which the clock was wrong."""

    def check_token(self, user: Any, token: str | None) -> bool:
        if not user or not token or not super().check_token(user, token):
            return False
        since = self._now() - dt.timedelta(seconds=self._num_seconds(self._now()) - base36_to_int(token.split("-")[0]))
        return not clock.lapsed(since, _LASTS, at=self._now())
