# limner: make install, make demo, make quick, make test, make check

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet
RUNS := $(VENV)/.runs
TESTS := $(VENV)/.tests
CHECKS := $(VENV)/.checks

.PHONY: install demo quick test check format wheel clean

install: $(RUNS)

# What running needs.
$(RUNS): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(PIP) --upgrade pip
	$(PIP) -c constraints.txt torch
	$(PIP) -c constraints.txt -e .
	touch $@

# All extras, and what runs the tests.
$(TESTS): $(RUNS)
	$(PIP) -c constraints.txt -e '.[test]'
	touch $@

# What reads the code; mypy reads what the tests import, too.
$(CHECKS): $(TESTS)
	$(PIP) -c constraints.txt -e '.[dev]'
	touch $@

demo: install
	rm -rf demo
	$(BIN)/limner demo --out demo

# The tests to run while thinking: all that need neither seconds nor a browser.
quick: $(TESTS)
	$(BIN)/pytest -n auto -q -m "not slow and not browser"

test: $(TESTS)
	$(BIN)/pytest -n auto

check: $(CHECKS)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/python scripts/house.py --check

format: $(CHECKS)
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# What is published: dist/limner-VERSION.tar.gz and the wheel.
wheel: $(TESTS)
	rm -rf dist
	$(BIN)/python -m build
	$(BIN)/python scripts/check_wheel.py dist

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
