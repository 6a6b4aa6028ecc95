# Everything starts here: each target says in one sentence what it does.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PORT ?= 8000
PYTHON := .venv/bin/python
UV := .venv/bin/uv pip
BIOME := node_modules/.bin/biome
SOURCES := bench bin columns config inbox manage.py tests
TEMPLATES := $(shell find templates columns inbox -name '*.html' -not -path '*/node_modules/*' 2>/dev/null)

# A production environment in which the system checks run; its values open nothing.
PRODUCTION := env -u STEADY_DEMO -u DEBUG STEADY_PROCESS=desk \
	SITE_URL=https://column.example ALLOWED_HOSTS=desk.column.example \
	CLIENT_ADDRESS_HEADER=X-Real-IP REDIS_URL=redis://127.0.0.1:6379/0 \
	DATABASE_URL=postgres://steady@/steady DEFAULT_FROM_EMAIL=column@column.example \
	SECRET_KEY=checks-only-0-abcdefghijklmnopqrstuvwxyz-0123456789-ABCDEFGHIJKLM \
	RECEIPT_SALT=checks-only-1-abcdefghijklmnopqrstuvwxyz \
	RECEIPT_PEPPER=checks-only-2-abcdefghijklmnopqrstuvwxyz \
	FORM_SECRET=checks-only-3-abcdefghijklmnopqrstuvwxyz \
	SIGN_IN_KEY=checks-only-4-abcdefghijklmnopqrstuvwxyz
# The same without a database server, for commands that ask the tables nothing.
WITHOUT_SERVER := $(PRODUCTION) DATABASE_URL=sqlite://:memory:

.PHONY: help install run reset test test-heavy valid lighthouse check format lock screenshots

help: ## Print this list.
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | awk -F'|' '{ printf "make %-12s %s\n", $$1, $$2 }'

install: .venv/dev.stamp ## Make .venv and install everything that work on the code needs, hashes checked.
	@echo "Everything is in .venv."

run: .venv/run.stamp ## Start the demonstration column on http://127.0.0.1:8000 (another port: make run PORT=8001).
	@exec $(PYTHON) bin/run.py $(PORT)

reset: ## Throw away what make run has made: the demonstration's database, keys, mails and static files.
	@$(if $(wildcard .venv/bin/python),$(PYTHON),python3) bin/run.py --reset

test: .venv/dev.stamp ## Run the suite on SQLite, then what a database can change on PostgreSQL with Redis (ARGS="tests/inbox": a part).
	@$(PYTHON) bin/suite.py $(ARGS)

test-heavy: .venv/dev.stamp ## Hold thousands of connections to the whole site behind nginx: letters must get through (ARGS="-k tor": a part).
	@$(PYTHON) -m pytest -q -s -p no:cacheprovider tests/heavy/one_client.py $(ARGS)

valid: .venv/dev.stamp tests/valid/node_modules/.stamp ## Hold every public page against the W3C's checker, and its linked data against schema.org (needs Java and npm).
	@$(PYTHON) -m pytest -q -p no:cacheprovider tests/valid/pages.py $(ARGS)

lighthouse: .venv/dev.stamp tests/valid/node_modules/.stamp ## Let Lighthouse judge the public pages of a site that runs (another port: make lighthouse PORT=8001).
	@$(PYTHON) bin/lighthouse.py http://127.0.0.1:$(PORT)

check: .venv/dev.stamp node_modules/.stamp ## Run every static check: style, types, imports, templates, scripts, security, settings, migrations, documents.
	.venv/bin/ruff check $(SOURCES)
	.venv/bin/ruff format --check $(SOURCES)
	.venv/bin/mypy
	.venv/bin/lint-imports
	@echo "bin/untranslated.py: every sentence that people see is marked for translation"
	@$(PYTHON) bin/untranslated.py
	@echo "djade and djlint over the templates"
	@.venv/bin/djade --target-version 5.2 --check $(TEMPLATES)
	@.venv/bin/djlint --lint --quiet $(TEMPLATES)
	@echo "biome over scripts and stylesheets"
	@$(BIOME) ci --error-on-warnings
	.venv/bin/bandit -q -c pyproject.toml -r columns config inbox manage.py
	@echo "manage.py check --deploy, in a production environment"
	@$(PRODUCTION) $(PYTHON) manage.py check --deploy --fail-level WARNING
	@echo "manage.py makemigrations --check, workflow_doc --check, privacy_doc --check, bin/clean_tree.py"
	@$(WITHOUT_SERVER) $(PYTHON) manage.py makemigrations --check --dry-run
	@$(WITHOUT_SERVER) $(PYTHON) manage.py workflow_doc --check
	@$(WITHOUT_SERVER) $(PYTHON) manage.py privacy_doc --check
	@$(PYTHON) bin/clean_tree.py

format: .venv/dev.stamp node_modules/.stamp ## Bring Python, templates, scripts and stylesheets into the project's form.
	.venv/bin/ruff check --fix $(SOURCES)
	.venv/bin/ruff format $(SOURCES)
	@.venv/bin/djade --target-version 5.2 $(TEMPLATES)
	@$(BIOME) check --write

lock: .venv/uv.stamp ## Pin the newest allowed versions, with hashes, into requirements/ and package-lock.json.
	$(UV) compile -q --upgrade --generate-hashes --python-version 3.11 requirements/uv.in -o requirements/uv.txt
	$(UV) compile -q --upgrade --generate-hashes --python-version 3.11 --extra dev pyproject.toml -o requirements/dev.txt
	$(UV) compile -q --upgrade --generate-hashes --python-version 3.11 -c requirements/dev.txt pyproject.toml -o requirements/run.txt
	npm update --package-lock-only --no-audit --no-fund

screenshots: .venv/dev.stamp ## Take the pictures of the README from a demonstration of their own (needs Chromium).
	$(PYTHON) bin/screenshots.py docs/img

.venv/uv.stamp: requirements/uv.txt
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Steady Hands needs Python 3.11 or newer as python3.")'
	python3 -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

.venv/run.stamp: requirements/run.txt | .venv/uv.stamp
	@rm -f .venv/dev.stamp
	$(UV) sync --quiet --python $(PYTHON) --require-hashes requirements/run.txt
	@touch $@

# what work on the code needs contains what running needs
.venv/dev.stamp: requirements/dev.txt | .venv/uv.stamp
	$(UV) sync --quiet --python $(PYTHON) --require-hashes requirements/dev.txt
	@touch .venv/run.stamp $@

# only the static checks need it; the site has no package of npm
node_modules/.stamp: package-lock.json
	@command -v npm >/dev/null || { echo "make check and make format need npm (Debian: apt install npm)." >&2; exit 1; }
	npm ci --silent --no-audit --no-fund
	@touch $@

# what make valid and make lighthouse use, apart from what make check uses
tests/valid/node_modules/.stamp: tests/valid/package-lock.json
	@command -v npm >/dev/null || { echo "make valid and make lighthouse need npm (Debian: apt install npm)." >&2; exit 1; }
	cd tests/valid && npm ci --silent --ignore-scripts --no-audit --no-fund
	@touch $@
