# Chapiao. `make help` lists the targets; each stands on a fresh machine with Python 3.11 or newer and make.
#
# .venv/ready     what running needs       (make demo, make serve)
# .venv/testing   what the tests need too  (make test, make lint, make samples, make bench)
# Both are dated, so that a second run starts at once, and redone when pyproject.toml or constraints.txt changes.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PINS := pyproject.toml constraints.txt
WORKERS ?= 2# test files at a time: most of them wait, each may hold the recognition models (1 GiB)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help setup demo serve test lint samples bench system system-tests clean

help: ## This list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/ready ## Create .venv and install the service
	@echo "ready: $(BIN)/chapiao --help"

demo: $(VENV)/ready ## The main job on the samples: read, match, flag, draft
	@$(BIN)/chapiao demo

serve: $(VENV)/ready ## Web page and worker on http://localhost:8600
	@$(BIN)/chapiao serve

test: lint ## Lint, types and all tests
	$(BIN)/pytest --numprocesses=$(WORKERS) --dist=loadfile $(ARGS)

lint: $(VENV)/testing ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

samples: $(VENV)/testing ## Make the sample documents and ledgers anew
	$(BIN)/python -m samples samples/finished

bench: $(VENV)/testing ## Seconds per document, beside the official pipeline
	$(BIN)/python -m tests.bench

clean: ## Remove .venv and what tools left; data/ stays
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis demo-out

system: # what running needs from the operating system
	@.ci/system.sh run

system-tests: # what the tests need as well: a browser, Chinese fonts and PostgreSQL
	@.ci/system.sh test

$(VENV)/bin/pip:
	@.ci/system.sh run
	$(PYTHON) -m venv $(VENV)

$(VENV)/ready: $(PINS) | $(VENV)/bin/pip
	PYTHONWARNINGS=ignore $(BIN)/pip install --quiet --constraint constraints.txt --editable .
	@.ci/one-opencv.sh $(BIN)
	@touch $@

$(VENV)/testing: $(PINS) | $(VENV)/bin/pip
	@.ci/system.sh test
	PYTHONWARNINGS=ignore $(BIN)/pip install --quiet --constraint constraints.txt --editable '.[test]'
	@.ci/one-opencv.sh $(BIN)
	@touch $(VENV)/ready $@
