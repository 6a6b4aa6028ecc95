"""``manage.py join_columns FIRST OTHER…``: say that the columns are the same in other languages. Search engines are
told on their front pages (``hreflang``). With FIRST alone, it and its translations stand for themselves again."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from columns.models import Column


class Command(BaseCommand):
    help = "Say that columns are the same in other languages; with one column, that it stands for itself."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("columns", nargs="+", metavar="COLUMN", help="addresses of columns, the original first")

    def handle(self, *args: Any, **options: Any) -> None:
        slugs = options["columns"]
        found = {column.slug: column for column in Column.objects.for_readers().filter(slug__in=slugs)}
        if missing := [slug for slug in slugs if slug not in found]:
            raise CommandError(f"There is no column with the address {missing[0]}.")
        first, others = found[slugs[0]], [found[slug] for slug in slugs[1:]]
        languages = [column.language.lower() for column in (first, *others)]
        if len(set(languages)) < len(languages):
            raise CommandError("Two of these columns have the same language.")
        with transaction.atomic():
            Column.objects.filter(translation_of__in=[first, *others]).update(translation_of=None)
            Column.objects.filter(pk=first.pk).update(translation_of=None)
            Column.objects.filter(pk__in=[other.pk for other in others]).update(translation_of=first)
        self.stdout.write("It is said on their front pages." if others else "It stands for itself.")
