# Each target sets up what it needs: Python >= 3.11 and make are enough to begin with.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
DEMO   ?= a red fox at dawn

.DEFAULT_GOAL := help
.PHONY: help setup demo maintenance-demo test chaos lint format bench lock image clean

help:  ## Say what there is to make
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

setup: $(VENV)/.done  ## Make .venv, with every extra, from the lock file

demo: $(VENV)/.done  ## Make a video here (DEMO="any words"), then tables of a ZIP of invoices
	@$(BIN)/runjobs submit video-generation --prompt "$(DEMO)" --wait >/dev/null
	@$(BIN)/runjobs show $$($(BIN)/runjobs list --limit 1 --json | sed -n 's/.*"id": "\(.*\)",/\1/p')
	@echo && echo "Twelve invoices in a ZIP archive, unpacked, read and put into tables:"
	@$(BIN)/runjobs submit run-initializer --source examples/invoices.zip --schema invoice --wait
	@echo && echo "All runs: $(BIN)/runjobs list. What one printed: $(BIN)/runjobs logs ID."

maintenance-demo: $(VENV)/.done  ## Fill a store with two years of data, and tidy it up by all seven jobs
	@$(BIN)/python -m examples.maintenance

test: $(VENV)/.done  ## Run the tests (a missing service is a skip, in CI an error)
	$(BIN)/python -m pytest -q $(ARGS)

chaos: $(VENV)/.done  ## Try each fault of docs/reliability.md as often as it says (CHAOS=0.1: a tenth)
	CHAOS=$(or $(CHAOS),1) $(BIN)/python -m pytest -q -n 2 $(ARGS) \
	  $$(grep -rl "chaos.counts import" tests --include="test_*.py")

lint: $(VENV)/.done  ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.done  ## Mend what of the style can be mended
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format --quiet .

bench: $(VENV)/.done  ## Measure: cold start, speed beside Celery and arq, latency, cost
	$(BIN)/python benchmarks/cold_start.py
	$(BIN)/python -m benchmarks

COMPILE = $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	  --no-emit-index-url --no-annotate --no-header pyproject.toml

lock: $(VENV)/.done  ## Choose the newest versions that fit, and write the lock files
	$(COMPILE) --upgrade --all-extras --output-file requirements.lock
	$(COMPILE) --constraint requirements.lock --extra gcp --output-file requirements.image.lock
	$(COMPILE) --constraint requirements.lock --extra gcp --extra media --extra veo \
	  --extra zip --extra extract --extra gemini --extra google \
	  --extra image --extra report --extra billing --output-file requirements.media.lock

image:  ## Build the images runjobs and runjobs:media, by docker's engine or else by buildah
	@if docker info >/dev/null 2>&1; then build="docker build"; \
	elif command -v buildah >/dev/null; then build="buildah build --layers --format docker"; \
	else echo "An image needs docker, with its engine running, or buildah: apt-get install buildah"; \
	  exit 1; fi; set -x; \
	$$build $(IMAGE_ARGS) --target light --tag runjobs . && \
	$$build $(IMAGE_ARGS) --target media --tag runjobs:media .

clean:  ## Remove what the targets made, the local ledger and its videos included
	rm -rf $(VENV) .bench .runjobs build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

PIP    = $(BIN)/python -m pip install --quiet --disable-pip-version-check
LOCKED = --require-hashes --requirement requirements.lock

$(VENV)/.done: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "runjobs needs Python 3.11 or newer: make PYTHON=python3.12 ..."; exit 1; }
	@echo "Setting up $(VENV) (once) ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@# uv is many times as fast; pip steps in where only its own settings know the way out.
	@$(PIP) "uv==$$(sed -n 's/^uv==\([0-9.]*\).*/\1/p' requirements.lock)"
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --compile-bytecode $(LOCKED) || $(PIP) $(LOCKED)
	@$(PIP) --no-deps --no-build-isolation --config-settings editable_mode=compat --editable .
	@touch $@
