# Boligsak. Every target does its own set-up: a private uv, then the locked dependencies in .venv.
# Needs Python 3.11 or newer, make, and the package index.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

UV_VERSION := 0.13.9
# Whatever the caller's shell has active: this project's own environment, and no Python from elsewhere.
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME UV_PYTHON
export UV_PROJECT_ENVIRONMENT := .venv
export UV_PYTHON_DOWNLOADS := never
export UV_NO_PROGRESS := 1

# A uv that runs here (a shim without its version does not) and is new enough for pyproject.toml, else our own.
UV := $(shell uv cache dir >/dev/null 2>&1 && echo uv || echo .uv/bin/uv)
# In two halves, since tests wait for other processes. Each half has servers of its own; given ones are not shared.
SAMTIDIG := $(if $(BOLIGSAK_DATABASE_URL)$(BOLIGSAK_BROKER_URL),,--numprocesses 2 --dist loadfile --max-worker-restart 0)
# The first Python on PATH that is new enough.
PYTHON := $(shell for p in python3 python3.11 python3.12 python3.13 python3.14 python3.15 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo "$$p"; break; }; done)
BIN := .venv/bin
KLAR := .venv/.klar

##@ Use
.PHONY: demo
demo: $(KLAR) ## Servers, API, workers and register simulator; 24+ example claims from event to decision
	$(BIN)/boligsak demo $(ARGS)

.PHONY: test
test: $(KLAR) ## The whole test suite, through real PostgreSQL, Valkey and Celery
	$(BIN)/python -m pytest $(SAMTIDIG) $(ARGS)

.PHONY: bench
bench: $(KLAR) ## Measure throughput and latency; a table, and JSON under bench/
	$(BIN)/python -m tests.bench $(ARGS)

##@ Develop
.PHONY: lint
lint: $(KLAR) ## Formatting, ruff, the arrows between the rooms, types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/mypy

.PHONY: typecheck
typecheck: $(KLAR) ## Types alone
	$(BIN)/mypy

.PHONY: format
format: $(KLAR) ## Format, and mend what ruff can mend
	$(BIN)/ruff check --fix-only --exit-zero .
	$(BIN)/ruff format .

.PHONY: audit
audit: $(KLAR) ## Known vulnerabilities in the locked dependencies (asks a database on the net)
	$(UV) export --locked --quiet --no-dev --no-emit-project --format requirements-txt --output-file build/krav.txt
	$(BIN)/pip-audit --disable-pip --require-hashes --progress-spinner off --strict --requirement build/krav.txt

.PHONY: sbom
sbom: $(KLAR) ## Bill of materials of the locked dependencies: build/sbom.cdx.json (CycloneDX)
	$(UV) export --locked --quiet --no-dev --no-emit-project --format requirements-txt --output-file build/krav.txt
	$(BIN)/cyclonedx-py requirements build/krav.txt --pyproject pyproject.toml --output-reproducible -o build/sbom.cdx.json

.PHONY: clean
clean: ## Remove the environment, the embedded servers with their data, and every cache
	rm -rf .venv .uv .boligsak build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

.PHONY: help
help: ## This list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} \
		/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

# --- set-up ---------------------------------------------------------------------------------------------------------
$(KLAR): pyproject.toml uv.lock | $(filter .uv/%,$(UV)) build
	@[ -n "$(PYTHON)" ] || { echo "Boligsak needs Python 3.11 or newer on PATH" >&2; exit 1; }
	@[ ! -e .venv ] || $(BIN)/python -c '' 2>/dev/null || { echo "the Python of .venv is gone; making it anew"; rm -rf .venv; }
	@# The second try trusts the machine's own certificates, for networks that have theirs.
	$(UV) sync --locked --python "$$(command -v $(PYTHON))" || UV_SYSTEM_CERTS=true $(UV) sync --locked --python "$$(command -v $(PYTHON))"
	@touch $@

# Debian's Python may come without ensurepip; then pip alone, if there is one, does as well.
.uv/bin/uv:
	@[ -n "$(PYTHON)" ] || { echo "Boligsak needs Python 3.11 or newer on PATH" >&2; exit 1; }
	@rm -rf .uv
	@if $(PYTHON) -m venv .uv >/dev/null 2>&1; then .uv/bin/python -m pip install --quiet uv==$(UV_VERSION); \
	elif rm -rf .uv && $(PYTHON) -m pip install --quiet --target .uv uv==$(UV_VERSION); then :; \
	else echo "cannot make a virtual environment with $(PYTHON): it has neither venv nor pip" >&2; exit 1; fi

build:
	@mkdir -p $@
