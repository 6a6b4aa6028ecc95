import datetime as dt
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.db import models

from columns.search import meaning
from columns.site_time import day_of
from inbox.screening import encoder, lexicons


class InboxConfig(AppConfig):
    """The app of the private side: letters, drafts, staff and the desk."""

    name = "inbox"

    def ready(self) -> None:
        lexicons.extend_from(settings.LEXICONS)
        meaning.use(encoder.vectors)
        # no table says when somebody of the staff signed in: beside the rows of letters it would be a clock
        user_logged_in.disconnect(dispatch_uid="update_last_login")
        authenticator = self.apps.get_model("mfa", "Authenticator") if self.apps else None
        for name in ("created_at", "last_used_at"):
            if authenticator is not None:
                _keep_days(authenticator._meta.get_field(name))


def _keep_days(field: Any) -> None:
    """Let a field of another package store the day alone."""
    as_before = field.pre_save

    def day(row: models.Model, add: bool) -> dt.datetime | None:  # noqa: FBT001 - Django's own
        at = as_before(row, add)
        setattr(row, field.attname, at and day_of(at))
        return at and day_of(at)

    field.pre_save = day
