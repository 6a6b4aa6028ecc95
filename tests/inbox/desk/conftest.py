"""What several pages of the desk are tried on."""

from __future__ import annotations

import datetime as dt

import pytest

from columns.models import Column
from inbox.editorial import bundles
from inbox.keys.vault import Vault
from inbox.models import Letter, User
from tests import factories


@pytest.fixture
def three(column: Column, moderator: User, at: dt.datetime, keys: Vault) -> list[Letter]:
    """Letters that lie together, the first one leading."""
    letters = [factories.make_letter(column) for _ in range(3)]
    bundles.join(letters[0], letters[1:], by=moderator, at=at, keys=keys)
    return letters
