"""The WSGI callable: granian serves it on a real site, ``config.embedded.web_server`` under ``make run``."""

import os

from django.core.wsgi import get_wsgi_application

from config.logs import Quiet, keep_quiet

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = Quiet(get_wsgi_application())
keep_quiet()
