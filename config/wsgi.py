"""The WSGI callable: granian serves it on a real site, ``config.embedded.web_server`` under ``make run``."""

import os

from django.core.wsgi import get_wsgi_application

from config.logs import Quiet, keep_quiet

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = Quiet(get_wsgi_application())
keep_quiet()

from inbox.screening import warm  # noqa: E402 - Django is set up by now, and what a thread raises is written quietly

warm.begin()
