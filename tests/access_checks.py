"""Who gets in where: asked of every address of the desk in the same words."""

from __future__ import annotations

from django.test import Client

from columns.models import Column
from inbox.models import User
from inbox.staff import access
from inbox.workflow import Role
from tests import factories


def seats_of(user: User) -> dict[Column, frozenset[Role]]:
    """Every column in which the person has a seat, with their seats there."""
    return {one.column: one.seats for one in access.admissions(user)}


def client_of(user: User) -> Client:
    return factories.sign_in(Client(), user)


def access_statuses(column: Column, path: str, *roles: Role, method: str = "get", **data: object) -> dict[str, int]:
    """The status with which a stranger, somebody of another column and each of ``roles`` alone is answered."""
    elsewhere = factories.make_column()
    people = {"stranger": Client()}
    people["elsewhere"] = client_of(factories.make_user(f"at-{elsewhere.slug}", elsewhere, *Role))
    for role in roles:
        people[role.value] = client_of(factories.make_user(f"{role.value}-of-{elsewhere.slug}", column, role))
    return {name: getattr(client, method)(path, data).status_code for name, client in people.items()}
