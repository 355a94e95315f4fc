# Everything runs in an environment of its own, with the versions that .requirements.lock holds.
.DEFAULT_GOAL := help
.PHONY: help check test types lint units again fuzz mutation rates peers bench generated lock clean

PYTHON ?= python3
VENV ?= .venv
TARGET ?= reference
SECONDS ?= 600
SHARE ?= 1
BIN := $(VENV)/bin
READY := $(VENV)/ready

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

check: $(READY)  ## walk through the seed's network, then check TARGET (default: the reference)
	@$(BIN)/nnfs-spec demo
	@echo
	@$(BIN)/nnfs-spec check "$(TARGET)"

test: types lint units  ## everything that must hold: types, style, properties, mutants, examples, package

types: $(READY)  ## mypy --strict and pyright strict over src and tests
	$(BIN)/mypy
	$(BIN)/pyright --pythonpath $(BIN)/python

lint: $(READY)  ## ruff
	$(BIN)/ruff check
	$(BIN)/ruff format --check

units: $(READY)  ## the tests, with branch coverage of src
	$(BIN)/pytest --numprocesses 4 --dist worksteal --cov --cov-report=term  # many wait for other processes, so more than cores

again: $(READY)  ## what a second Python is asked for: types, and the tests that are quick
	$(BIN)/mypy
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/pytest --numprocesses 4 --dist worksteal -m "not slow"

fuzz: $(READY)  ## random cases: the properties, and every reader of files for SECONDS (default: 600) each
	NNFS_SPEC_PROFILE=fuzz NNFS_SPEC_FUZZ_SECONDS=$(SECONDS) $(BIN)/pytest --numprocesses 2 -m fuzz tests

mutation: $(READY)  ## change the source line by line: do the tests notice? Changed modules only; SHARE=0.1 for a sample
	$(BIN)/python -m tests.tools.mutation --share $(SHARE) $(MODULES)

rates: $(READY)  ## what judging costs: rows a second beside the bare cost; and values a second of a port in C
	$(BIN)/python -m tests.tools.benchmarks.kit
	$(BIN)/python -m tests.tools.benchmarks.ports

peers: $(READY)  ## check SciPy, torch and the other peers that are installed, and compare spec/peers.md; minutes each
	$(BIN)/pytest -m peers tests

bench: $(READY)  ## time ours, the seed's formulas and the peers, into build/bench, 15 minutes; two with QUICK=1
	$(BIN)/python -m tests.tools.benchmarks.speed $(if $(QUICK),--quick)

generated: $(READY)  ## write the generated pages of spec/ and README.md anew
	$(BIN)/python -m tests.tools.generated

lock:  ## resolve the versions anew; needs uv
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --extra dev \
		--upgrade pyproject.toml --output-file .requirements.lock

clean:  ## remove the environment and every cache
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage*

$(READY): .requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement .requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
