# Everything runs in an environment of its own, with locked versions: .requirements-base.lock holds what checking
# needs, .requirements.lock what testing needs. uv installs them where it is at hand, and pip elsewhere.
.DEFAULT_GOAL := help
.PHONY: help check test gate quick types pyright style units everything unstable fuzz mutation torture triggered rates peers kernels bench proofs site generated lock clean

PYTHON ?= python3
VENV ?= .venv
TARGET ?= reference
SECONDS ?= 600
SHARE ?= 1
JOBS ?= 4
SEED ?= 0
COUNT ?= 12
RUNS ?= 1000
BIN := $(VENV)/bin
BASE := $(VENV)/base
READY := $(VENV)/ready
PYTEST := $(BIN)/pytest --numprocesses $(JOBS) --dist worksteal  # many tests wait for other processes, so more than cores

ifneq ($(shell command -v uv),)
NEW := uv venv --quiet --allow-existing --python "$(PYTHON)" $(VENV)
INSTALL := uv pip install --quiet --python $(BIN)/python
else
NEW := $(PYTHON) -m venv $(VENV)
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile
endif

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

check: $(BASE)  ## walk through the seed's network, then check TARGET (default: the reference)
	@$(BIN)/nnfs-spec demo
	@echo
	@$(BIN)/nnfs-spec check "$(TARGET)"

test: types style units  ## what a user relies on: types, style, invariants, clauses, mutants, examples, units

gate: pyright proofs unstable everything  ## all the rest: pyright, proofs, newest Pythons, coverage, ports, packages, pages

quick: style  ## for the inner loop, under a minute: style, types by mypy, invariants, reference, traceability
	$(BIN)/mypy
	$(BIN)/pytest --quiet -m "not gate" tests/test_invariants.py tests/reference tests/spec/test_traceability.py

types: $(READY)  ## mypy --strict over src and tests
	$(BIN)/mypy

pyright: $(READY)  ## pyright strict over src and tests
	$(BIN)/pyright --pythonpath $(BIN)/python

style: $(READY)  ## ruff
	$(BIN)/ruff check
	$(BIN)/ruff format --check

units: $(READY)  ## the tests but for those of the gate
	$(PYTEST) -m "not gate"

everything: $(READY)  ## every test, with branch coverage of src
	$(PYTEST) --cov --cov-report=term

unstable:  ## CPython 3.14 and 3.15 from Debian's unstable suite; needs root and debootstrap
	.ci/unstable

fuzz: $(READY)  ## random cases: the properties, and every reader of files for SECONDS (default: 600) each
	NNFS_SPEC_PROFILE=fuzz NNFS_SPEC_FUZZ_SECONDS=$(SECONDS) $(BIN)/pytest --numprocesses 2 -m fuzz tests

mutation: $(READY)  ## change the source line by line: do the tests notice? Changed modules only; SHARE=0.1 for a sample
	$(BIN)/python -m tests.tools.mutation --share $(SHARE) $(MODULES)

torture: $(READY)  ## check hostile targets in odd circumstances, each in a sandbox; RUNS=1000 SEED=0; needs bwrap
	$(BIN)/python -m tests.tools.torture --count $(RUNS) --seed $(SEED)

triggered: $(READY)  ## known mistakes behind random conditions: which share does a check find? Writes spec/triggered.md
	$(BIN)/python -m tests.tools.triggered --seed $(SEED) --count $(COUNT)

rates: $(READY)  ## what judging costs: rows a second beside the bare cost; and values a second of a port in C
	$(BIN)/python -m tests.tools.benchmarks.kit
	$(BIN)/python -m tests.tools.benchmarks.ports

peers: $(READY)  ## check SciPy, torch and the other peers that are installed, and compare spec/peers.md; minutes each
	$(BIN)/pytest -m peers tests

kernels: $(BASE)  ## compile what nnfs_spec.fast computes with; needs a C++ compiler and Python's headers
	$(BIN)/python -m nnfs_spec.fast.build

bench: $(READY)  ## time ours, the seed's formulas and the peers, into build/bench, 15 minutes; two with QUICK=1
	$(BIN)/python -m tests.tools.benchmarks.speed $(if $(QUICK),--quick)

proofs: $(VENV)/proofs  ## prove what spec/proofs claims, in minutes; all with FULL=1; RECORD=1 writes the record
	@$(BIN)/python -m spec.proofs $(if $(FULL),--full) $(if $(RECORD),--record)
	@$(BIN)/pytest --quiet tests/proofs

$(VENV)/proofs: $(READY) spec/proofs/requirements.lock
	$(INSTALL) --no-deps --require-hashes --requirement spec/proofs/requirements.lock
	@touch $@

site: $(READY)  ## the specification as a site of static pages, in build/site
	@$(BIN)/python -m tests.tools.site

generated: $(READY)  ## renew the generated pages of spec/ and README.md; some alone with PAGES="README.md"
	$(BIN)/python -m tests.tools.generated $(PAGES)

lock:  ## resolve the versions anew; needs uv
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --extra dev \
		--upgrade pyproject.toml --output-file .requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--group pyproject.toml:build --constraint .requirements.lock pyproject.toml --output-file .requirements-base.lock

clean:  ## remove the environment and every cache
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage*

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12")'
	@$(NEW)

$(BASE): .requirements-base.lock pyproject.toml | $(BIN)/python
	$(INSTALL) --no-deps --require-hashes --requirement .requirements-base.lock
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(READY): .requirements.lock $(BASE)
	$(INSTALL) --no-deps --require-hashes --requirement .requirements.lock
	@touch $@
