"""The national help lines that ship: each can be read up, and is a line that a column can have."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from columns import countries, help_lines
from columns.help_lines import KnownLine
from columns.models import WAYS, Column
from inbox.letters.care.texts import CARDS, GENERAL

EACH = pytest.mark.parametrize("line", help_lines.known(), ids=lambda line: line.key)


@EACH
def test_it_says_where_and_when_it_was_looked_up(line: KnownLine) -> None:
    assert line.sources
    for address, dated in line.sources:
        assert urlsplit(address).scheme == "https"
        assert dated is None or dt.date(2000, 1, 1) < dated <= line.looked_up
    assert dt.date(2026, 11, 1) <= line.looked_up <= timezone.localdate()


@EACH
def test_a_column_can_have_it(line: KnownLine) -> None:
    row = line.row(Column(pk=1))
    row.clean_fields(exclude=["column"])
    assert row.country in countries.names()
    assert row.dial, "it can be called at a touch"
    assert row.about
    assert set(row.concerns.split()) <= set(CARDS) - {GENERAL}
    assert row.concerns
    assert set(row.ways.split()) <= set(WAYS)
    assert "phone" in row.ways


def test_no_line_is_there_twice() -> None:
    keys = [line.key for line in help_lines.known()]
    assert len(keys) == len(set(keys)) > 10
