"""``manage.py change_address OLD NEW``: another address for a column, a topic or an article. The old one leads to it
for ever.

OLD is the path as readers know it, NEW the last part of the one to be: ``change_address /plain/ plainer`` ·
``change_address /plain/2026/is-it-normal/ is-this-normal``.
"""

from __future__ import annotations

import argparse
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from columns import moving
from columns.models import Article, Column, Topic


def _at(path: str) -> moving.Movable | None:
    """What readers find at the path."""
    parts = path.strip("/").split("/")
    if len(parts) == 1:
        return Column.objects.filter(slug=parts[0]).first()
    if len(parts) != 3:
        return None
    column, middle, slug = parts
    if middle == "topics":
        return Topic.objects.select_related("column").filter(column__slug=column, slug=slug).first()
    found = Article.objects.select_related("column").filter(column__slug=column, slug=slug).first()
    return found if found and str(found.year) == middle else None


class Command(BaseCommand):
    help = "Give a column, a topic or an article another address; the old one leads to it for ever."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("old", metavar="OLD", help="the path, for example /plain/2026/is-it-normal/")
        parser.add_argument("new", metavar="NEW", help="the last part of its new address, for example is-this-normal")

    def handle(self, *args: Any, **options: Any) -> None:
        thing = _at(options["old"])
        if thing is None:
            raise CommandError(f"There is no column, topic or article at {options['old']}.")
        try:
            moving.move(thing, options["new"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"It is at {thing.get_absolute_url()} now; {options['old']} leads there.")
