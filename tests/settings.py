"""Settings of the test run: the real ones, in demo mode, with their state in a folder that goes away."""

import atexit
import os
import shutil
import tempfile

_var = tempfile.mkdtemp(prefix="steady-test-")
atexit.register(shutil.rmtree, _var, ignore_errors=True)
os.environ["STEADY_VAR"] = _var
os.environ["STEADY_DEMO"] = "1"
os.environ["STEADY_PROCESS"] = "both"

from config.settings import *  # noqa: E402, F403

# plain names of static files, since nothing is collected for a test run
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
STAFF_KEY_COST = {"memory": 64, "iterations": 1}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = True
# each process of a test run empties its cache after every test, so each has a database of its own in Redis
_number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) + 1
if REDIS_URL:  # noqa: F405
    CACHES["default"]["LOCATION"] = f"{REDIS_URL}?db={_number}"  # noqa: F405
# a database with the newest tables, which ``bin/suite.py`` made once for its run; without it each process makes its own
TEMPLATE = os.environ.get("TEST_DATABASE_TEMPLATE", "")
# a connection that outlives its request would keep the test database from being dropped
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":  # noqa: F405
    # a file, not memory: threads of a test must meet in one database, as processes do
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(_var, "test.sqlite3")}  # noqa: F405
    # what only matters after a power cut is off, as it is in the cluster of ``servers.py``
    options = DATABASES["default"]["OPTIONS"]  # noqa: F405
    options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
if TEMPLATE:
    DATABASES["default"].setdefault("TEST", {}).update(TEMPLATE=TEMPLATE, MIGRATE=False)  # noqa: F405
