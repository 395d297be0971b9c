# Only CPython 3.11 or 3.12 on x86-64 Linux, make and a package index are needed. `make demo` starts everything.

.DEFAULT_GOAL := help
.PHONY: help setup demo demo-reset test check lint bench lock fmt
SHELL := /bin/sh
PY := .venv/bin/python
BIN := .venv/bin
ROOMS := jefacture exports invoices invitations clients firms outbox accounts common
# One per core, but never so many that small machines swap.
TEST_WORKERS ?= 2

# A candidate on PATH may be a pyenv shim that runs nothing, or a Python without venv: only trying tells.
FIND_PYTHON = \
  for python in "$(PYTHON)" python3.11 python3.12 python3 python; do \
    if "$$python" -I -c 'import sys, venv, ensurepip; sys.exit(not ((3, 11) <= sys.version_info < (3, 13) and sys.implementation.name == "cpython"))' \
      >/dev/null 2>&1; then found="$$python"; break; fi; \
  done

help:
	@echo "make demo        everything on this machine, in the foreground (PORT=8000)"
	@echo "make demo-reset  forget the demo's data"
	@echo "make test        the test suite; make check adds format, lint, types and the rest"
	@echo "make setup       only .venv;  make fmt  format;  make lock  compile the lock files;  make bench  measure"

setup:
	@if [ "$$(uname -s) $$(uname -m)" != "Linux x86_64" ]; then \
	  echo "make: jefacture runs on x86-64 Linux; this machine is $$(uname -s) $$(uname -m)." >&2; exit 1; fi
	@found=""; $(FIND_PYTHON); \
	if [ -z "$$found" ]; then \
	  echo "make: CPython 3.11 or 3.12 with its venv module is needed and was not found (on Debian: apt install python3 python3-venv; or: make setup PYTHON=/path/to/python3.11)." >&2; \
	  exit 1; \
	fi; \
	exec "$$found" -I jefacture/embedded/venv.py

demo: setup
	@exec $(PY) -m jefacture.embedded.demo

demo-reset:
	@$(if $(wildcard $(PY)),$(PY) -m jefacture.embedded.reset,rm -rf var/demo)

test: setup
	$(BIN)/pytest -n $(TEST_WORKERS)

# Slowest last: a misplaced comma is told before the tests run.
check: setup lint
	$(BIN)/pytest -n $(TEST_WORKERS)

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	@if grep -nE '[a-z]+://' requirements.lock requirements-dev.lock; then \
	  echo "make: the lock files must hold names, versions and hashes, no address." >&2; exit 1; fi
	$(BIN)/lint-imports --no-cache
	$(BIN)/djlint templates --check --quiet
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/mypy .
	# There is no database to compare with, and it warns of that.
	DJANGO_SETTINGS_MODULE=jefacture.settings.test $(PY) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	$(PY) -m jefacture.embedded.production $(PY) manage.py check --deploy --fail-level WARNING

bench: setup
	$(PY) -m bench

LOCK = $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --quiet

lock: setup
	$(LOCK) -o requirements.lock
	$(LOCK) --extra dev -o requirements-dev.lock

fmt: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/djlint templates --reformat --quiet || true
