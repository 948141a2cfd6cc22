# Each target sets up all it needs. `make up` and `make test` are the two commands of the README.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
# Where it is set, each of the processes that a start or the tests begin compiles a thousand files anew.
unexport PYTHONDONTWRITEBYTECODE
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 4000
HOST ?= 127.0.0.1
STAMP := $(VENV)/.installed
STUDIO := router/studio/assets/index.html

.PHONY: help up test test-oldest test-wheel lint types format bench services venv studio lock clean

help: ## the targets and what they do
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

up: venv studio ## everything on one port, embedded stores, demo data; Ctrl-C stops it
	@exec $(BIN)/python -m plait up --host $(HOST) --port $(PORT)

venv: $(STAMP) ## .venv with everything installed, the plait command included

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) scripts/check_python.py
	@echo "plait: installing into $(VENV) (once; about a minute)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --progress-bar off --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.lock \
	  | awk -v all=$$(grep -c '^[a-z].*==' requirements.lock) '/^Collecting/ { printf "\rplait: %d of about %d packages", ++n, all; fflush() } /^Installing/ { printf "\nplait: unpacking" } END { print "" }'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

lock: venv ## rewrite requirements.lock from pyproject.toml
	$(BIN)/uv pip compile --quiet --python-version 3.11 --universal --all-extras --generate-hashes --no-emit-index-url --no-emit-find-links pyproject.toml -o requirements.lock

lint: venv ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: venv
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: venv ## mypy strict
	$(BIN)/python -m mypy

studio: $(STUDIO) ## the page at /, built from its locked packages

$(STUDIO): $(STAMP) router/studio/package-lock.json router/studio/vite.config.js router/studio/index.html router/studio/partner.html router/studio/demo.html $(wildcard router/studio/src/* router/studio/src/*/*)
	@$(BIN)/python scripts/build_studio.py
	@touch $(STUDIO)

services: venv ## what the tests need beside Python: a browser, FerretDB, PostgreSQL 15 with PostGIS, promtool
	@scripts/ensure_chromium.sh
	@scripts/ensure_postgis.sh
	@scripts/ensure_ferretdb.sh
	@scripts/ensure_promtool.sh

test: venv studio services ## every test
	@$(BIN)/python -m pytest -n 4 --dist loadgroup $(ARGS)

test-oldest: venv ## the router's and composer's tests on the oldest libraries allowed
	@nice scripts/test_oldest.sh

test-wheel: venv studio services ## the engine's tests on the installed wheel, beside others' packages
	@$(BIN)/python scripts/test_wheel.py -q $(ARGS)

bench: venv ## the router beside its peers, one table
	@$(BIN)/python -m benchmarks.gateways

clean: ## the virtual environment and what was built; .plait/ (your data) stays
	rm -rf $(VENV) $(VENV)-oldest router/studio/assets router/studio/node_modules .mypy_cache .ruff_cache .pytest_cache
