"""The WSGI callable that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

from config.logs import Quiet, keep_quiet

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = Quiet(get_wsgi_application())
keep_quiet()
