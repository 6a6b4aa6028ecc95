"""``manage.py prepare_database``: migrate, then grant each process's database role its privileges."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection, transaction

from config import grants


class Command(BaseCommand):
    help = "Bring the tables to the code's state and, on PostgreSQL, grant each process's role its rights."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=options["verbosity"], skip_checks=False)
        if connection.vendor != "postgresql":
            self.stdout.write("This database has no roles; every process may do everything in it.")
            return
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [list(grants.ROLES.values())])
            known = {name for (name,) in cursor.fetchall()}
            missing = sorted(set(grants.ROLES.values()) - known)
            if not missing:
                for statement in grants.statements():
                    cursor.execute(statement)
        if missing:
            self.stderr.write(f"Nothing was granted: there is no role {', '.join(missing)} (deploy/postgres/roles.sh).")
        else:
            self.stdout.write("Each process's role has its rights.")
