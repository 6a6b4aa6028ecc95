"""The ticket list and the search of django-helpdesk with so many tickets, for ``inbox_scale.py``; prints JSON.

Run by an interpreter that has django-helpdesk: ``python helpdesk_tickets.py COUNT FOLDER ROUNDS``.
"""

from __future__ import annotations

import base64
import json
import os
import sys
import time
from pathlib import Path

TEXT = "I have wondered about this for years and never dared to ask anybody until tonight. " * 24


def main() -> int:
    count, folder, rounds = int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    from django.conf import settings  # noqa: PLC0415

    settings.configure(
        SECRET_KEY="bench-" * 9,
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF="helpdesk_tickets",
        SITE_ID=1,
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        STATIC_URL="/static/",
        USE_TZ=True,
        LOGIN_URL="/admin/login/",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "helpdesk.sqlite3")}},
        INSTALLED_APPS=[
            "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.sites",
            "django.contrib.messages", "django.contrib.admin", "django.contrib.humanize", "rest_framework", "helpdesk",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware", "django.middleware.common.CommonMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
                "OPTIONS": {"context_processors": [
                    "django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages"]},
            }
        ],
        HELPDESK_TEAMS_MODE_ENABLED=False,
    )  # fmt: skip
    import django  # noqa: PLC0415

    django.setup()
    from django.contrib.auth import get_user_model  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from helpdesk.models import Queue, Ticket  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    user = get_user_model().objects.create_superuser("bench", "bench@example.org", "bench")
    queue = Queue.objects.create(title="Letters", slug="letters", allow_public_submission=True)
    made = 0
    while made < count:
        batch = [
            Ticket(
                queue=queue, title=f"Letter {number}", description=f"{TEXT}\n\nLetter {number}.", status=1, priority=3
            )
            for number in range(made, min(count, made + 2000))
        ]
        Ticket.objects.bulk_create(batch)
        made += len(batch)
    client = Client()
    client.force_login(user)

    def list_of(search: str) -> None:
        query = {
            "filtering": {"status__in": [1, 2]},
            "sorting": "created",
            "sortreverse": False,
            "search_string": search,
        }
        asked = base64.b64encode(json.dumps(query).encode()).decode()
        table = {"draw": "1", "start": "0", "length": "50", "order[0][column]": "0", "order[0][dir]": "asc"}
        table |= {"search[value]": "", "columns[0][data]": "id"}
        answer = client.get(f"/datatables_ticket_list/{asked}", table)
        if answer.status_code != 200 or (not search and len(answer.json()["data"]) != 50):
            raise SystemExit("the list has no tickets")

    def page() -> None:
        if client.get("/tickets/").status_code != 200:
            raise SystemExit("there is no list")
        list_of("")

    page()
    result = {
        "list": [timed(page) for _ in range(rounds)],
        "search": [timed(lambda: list_of("unfindable")) for _ in range(max(2, rounds // 5))],
    }
    print(json.dumps(result))
    return 0


def timed(act: object) -> float:
    start = time.perf_counter()
    act()  # type: ignore[operator]
    return time.perf_counter() - start


def _patterns() -> list[object]:
    from django.contrib import admin  # noqa: PLC0415
    from django.urls import include, path  # noqa: PLC0415

    return [path("admin/", admin.site.urls), path("", include("helpdesk.urls", namespace="helpdesk"))]


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    raise SystemExit(main())

urlpatterns = _patterns()
