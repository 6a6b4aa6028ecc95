"""The addresses that were. ``columns/moving.py`` makes them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class OldAddress(models.Model):
    """An address that a column, a topic or an article once had; it leads to the one of now, for ever.

    ``path`` begins and ends with a slash. Exactly one of the three is set.
    """

    path = models.CharField(max_length=200, unique=True)
    column = models.ForeignKey(
        "columns.Column", on_delete=models.CASCADE, null=True, blank=True, related_name="old_addresses"
    )
    topic = models.ForeignKey(
        "columns.Topic", on_delete=models.CASCADE, null=True, blank=True, related_name="old_addresses"
    )
    article = models.ForeignKey(
        "columns.Article", on_delete=models.CASCADE, null=True, blank=True, related_name="old_addresses"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(column__isnull=False, topic=None, article=None)
                | Q(column=None, topic__isnull=False, article=None)
                | Q(column=None, topic=None, article__isnull=False),
                name="old_address_of_one_thing",
            )
        ]

    def __str__(self) -> str:
        return self.path
