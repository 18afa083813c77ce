# Everything a developer or a new installation types. `make run` needs Python 3.11 and make, nothing else.
.DEFAULT_GOAL := help
.PHONY: help venv dev run test test-postgres bench check ci lock migrations clean

BIN := .venv/bin
DEMO := DJANGO_SETTINGS_MODULE=bole.project.demo
TESTS ?= tests
WORKERS ?= auto
PYTEST := $(BIN)/pytest -n $(WORKERS) --dist loadfile

help:  ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

venv:  ## the environment that runs Bole
	@sh tools/venv.sh run

dev:  ## the environment that tests Bole
	@sh tools/venv.sh dev

run: venv  ## prepare the demo and serve it on 127.0.0.1:8000
	@$(DEMO) $(BIN)/bole prepare
	@exec env $(DEMO) $(BIN)/bole serve

test: dev  ## all tests on SQLite, browser tests included
	@sh tools/browser.sh
	@sh tools/provider.sh
	env -u BOLE_DATABASE_URL $(PYTEST) $(TESTS)

test-postgres: dev  ## all tests on the PostgreSQL of BOLE_DATABASE_URL
	@sh tools/browser.sh
	@sh tools/provider.sh
	@$(BIN)/python -m tools.postgres
	BOLE_DATABASE_URL="$${BOLE_DATABASE_URL:-postgresql://postgres@127.0.0.1:5432/bole}" $(PYTEST) $(TESTS)

bench: dev  ## speed as ratios, in a database of its own on the PostgreSQL of this machine
	$(BIN)/python -m bench all

check: dev  ## format, lint, types, imports, sizes, catalogue, glossary, templates, lock files, migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m tools.sizes
	$(BIN)/python -m tools.locks
	$(BIN)/python -m tools.templates
	$(BIN)/python -m tools.glossary
	$(BIN)/bole catalogue check
	DJANGO_SETTINGS_MODULE=bole.project.testing $(BIN)/django-admin makemigrations --check --dry-run

ci:  ## what the integration server runs
	@bash .ci/run

lock: dev  ## write both lock files again
	@sh tools/lock.sh

migrations: dev  ## write the migrations that the models ask for
	DJANGO_SETTINGS_MODULE=bole.project.testing $(BIN)/django-admin makemigrations

clean:  ## remove caches; data under var/ stays
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis staticfiles
