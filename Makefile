# One word each. The first one makes .venv and installs into it; the others use it.
# On Windows, README.md has the same steps as plain pip lines.

PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3 python; do \
	$$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
	2>/dev/null && { echo $$python; break; }; done)
BIN := .venv/bin
READY := .venv/.ready

.PHONY: run test bench lint fix docs pictures clean

## Trains on the tweets for a minute, then writes from what it learned.
run: $(READY)
	@name=minute-$$(date +%Y%m%d-%H%M%S) && \
	$(BIN)/deepzoo train tweets --max-minutes 1 --name $$name && \
	echo && $(BIN)/deepzoo generate "Today I will" -n 3 --run tweets/$$name

## Runs the tests, one process per core; `make test ARGS="-m slow -n 0"` runs others, in one.
test: $(READY)
	$(BIN)/python -m pytest -n auto --dist loadfile $(ARGS)

## Runs every benchmark; each prints its ratio.
bench: $(READY)
	@for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python scripts/lint_imports.py
	$(BIN)/pyright --pythonpath $(BIN)/python

fix: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

## Builds the documentation into site/.
docs: $(READY)
	$(BIN)/python scripts/reference.py
	$(BIN)/zensical build --clean --strict

## Draws the pictures of the documentation from the runs that it names.
pictures: $(READY)
	$(BIN)/python scripts/pictures.py

clean:
	rm -rf .venv site dist build

# Made again when pyproject.toml changes, and not otherwise: later commands need no network.
$(READY): pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed, and none was found." \
		"Name one with: make PYTHON=/path/to/python" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo "Could not make .venv; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev]"
	@touch $@
