"""People who sign in, and the seats they hold."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext

from columns.models import Column
from inbox import shortcuts
from inbox.workflow import Role


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """A member of staff. What they may do comes from their seats alone; there is no superuser."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    credential = models.CharField(max_length=200, blank=True, help_text="Published beside an approval, if given")
    is_active = models.BooleanField(default=True)
    key_epoch = models.PositiveIntegerField(
        default=0, editable=False, help_text="Counts what changed in the keys they hold; an unlocked session notices"
    )
    session_epoch = models.PositiveIntegerField(
        default=0, editable=False, help_text="Counts how often all of their sessions were ended"
    )
    shortcuts = models.JSONField(
        default=dict, blank=True, db_column="keys", help_text="Keys of the desk that they gave to other acts"
    )
    shortcuts_on = models.BooleanField(
        default=True, db_column="keys_on", help_text="Whether single keys do something at the desk"
    )
    heavy_a_day = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="After so many heavy letters on a day the light ones are offered"
    )
    stops_at = models.TimeField(null=True, blank=True, help_text="When they want to be told to stop for the day")
    away_until = models.DateField(null=True, blank=True, help_text="What was given to them is everybody's until then")
    demo = models.BooleanField(default=False, help_text="A demonstration account; it works in demo mode only")

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_session_auth_hash(self) -> str:
        """The value stored in the person's sessions; a session with another value ends at its next request."""
        return self._of_this_epoch(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        return map(self._of_this_epoch, super().get_session_auth_fallback_hash())

    def _of_this_epoch(self, known: str) -> str:
        return f"{known}-{self.session_epoch}" if self.session_epoch else known

    @property
    def shortcuts_in_use(self) -> str:
        """The key of each act, as JSON; only named keys where the person has switched single keys off."""
        keys = shortcuts.keys_of(self.shortcuts)
        return json.dumps(keys if self.shortcuts_on else {name: key for name, key in keys.items() if len(key) > 1})

    @property
    def shown_shortcuts(self) -> list[tuple[str, str]]:
        """The title and the key of each act."""
        keys = shortcuts.keys_of(self.shortcuts)
        return [(gettext(act.title), keys[act.name]) for act in shortcuts.acts()]


class Seat(models.Model):
    """A role of a person in a column. A person can have several."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="seats")
    column = models.ForeignKey(Column, on_delete=models.CASCADE, related_name="seats")
    role = models.CharField(max_length=12, choices=[(role.value, role.value.capitalize()) for role in Role])

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "column", "role"], name="seat_once"),
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in Role]), name="seat_has_a_known_role"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class Invitation(models.Model):
    """The offer of seats in a column to whoever reads mail at an address. It holds what the owner typed and nothing
    about a person who may have an account; ``digest`` is the SHA-256 of the random token in its link. The row is
    deleted when it is accepted, declined or called back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    column = models.ForeignKey(Column, on_delete=models.CASCADE, related_name="+")
    email = models.EmailField()
    name = models.CharField(max_length=120)
    credential = models.CharField(max_length=200, blank=True)
    offered = models.JSONField(help_text="The roles, in the order of their names")
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    invited_on = models.DateField()
    last_day = models.DateField(help_text="The last day on which it can be accepted")

    class Meta:
        ordering: ClassVar = ["email"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["column", "email"], name="one_invitation_a_column_and_address"),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def roles(self) -> list[Role]:
        return [Role(role) for role in self.offered]


class SavedView(models.Model):
    """A view of the inbox that somebody named: filters, and whether colleagues see it too. Never words of a letter."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    column = models.ForeignKey(Column, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    filters = models.JSONField(default=dict)
    shared = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["column", "user", "name"], name="saved_view_name_once"),
        ]

    def __str__(self) -> str:
        return self.name
