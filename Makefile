# Two commands for a fresh machine: `make run` and `make test`. Everything is installed into .venv from the lock file.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# Inside the environment uv must not remove itself (--inexact) and must not look for another Python.
SYNC = UV_PROJECT_ENVIRONMENT=$(VENV) UV_PYTHON_DOWNLOADS=never $(BIN)/uv sync --quiet --frozen --inexact --python $(BIN)/python

# What is imported once stays compiled: dbt, started dozens of times, else compiles 1,200 modules at each start.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test nightly lint types sql unit lock clean

run: $(VENV)/.installed
	$(BIN)/fundperf run data/reports

# mypy keeps one core busy, so the others check beside it.
test: $(VENV)/.installed-dev
	@$(MAKE) --no-print-directory --jobs=3 lint types sql
	@$(MAKE) --no-print-directory unit

# What takes too long for every change: which lines the tests meet (measuring them doubles the time), twenty thousand
# damaged documents and statements, other ones every day, every attack on the read-only door with its own limits, twenty
# readers while twenty releases are published, and runs that are killed at two hundred moments.
nightly: $(VENV)/.installed-dev
	FUNDPERF_EXAMPLES=100 $(BIN)/pytest -n 2 --cov --cov-report=term
	FUNDPERF_MUTATIONS=20000 FUNDPERF_MUTATION_SEED=$$(date +%Y%m%d) $(BIN)/pytest tests/property
	FUNDPERF_ATTACKS=all $(BIN)/pytest tests/end_to_end/test_sql_door.py
	FUNDPERF_READERS=20 $(BIN)/pytest tests/unit/warehouse/test_readers.py
	FUNDPERF_KILLS=200 FUNDPERF_KILL_SEED=$$(date +%Y%m%d) $(BIN)/pytest tests/end_to_end/test_killed_runs.py

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(VENV)/.installed-dev
	$(BIN)/mypy

sql: $(VENV)/.installed-dev
	$(BIN)/python -m tests.support.lint_sql

unit: $(VENV)/.installed-dev
	$(BIN)/pytest -n 2

$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "fundperf needs Python 3.11 or newer (PYTHON=...)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "The Python module venv is missing. On Debian: apt install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.9,<1"

$(VENV)/.installed: $(BIN)/uv pyproject.toml uv.lock
	@echo "Installing into $(VENV) ..."
	@$(SYNC) --no-dev
	@touch $@

$(VENV)/.installed-dev: $(BIN)/uv pyproject.toml uv.lock
	@echo "Installing with the tools for tests into $(VENV) ..."
	@$(SYNC)
	@touch $@ $(VENV)/.installed

lock:
	$(BIN)/uv lock

clean:
	rm -rf $(VENV) .fundperf .coverage* .pytest_cache .mypy_cache .ruff_cache
