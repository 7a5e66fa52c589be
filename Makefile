# `make serve` shows the map, `make test` runs every test; both set up what they need.
# Works with GNU make 3.81 (macOS) and newer.

PORT ?= 8000
HOST ?= 127.0.0.1
BIN := .venv/bin
NPM := deploy/npm.sh
RUNTIME := .venv/.runtime
DEV := .venv/.dev
OGCTESTS := .venv/.ogctests
S3 := .venv/.s3
MODULES := web/node_modules/.installed
DIST := web/dist/index.html
WEB := $(shell find web/src web/public -print 2>/dev/null) \
       $(wildcard web/*.html web/*.ts web/*.mjs web/*.json web/.npmrc)
COMPILE := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes \
           --no-emit-index-url --no-header --annotation-style=line --quiet

# Half as many again as there are cores, as tests wait for servers and browsers half of their time.
PROCESSES = $(shell $(BIN)/python -c 'import os; print(min(4, (os.cpu_count() or 1) * 3 // 2))')

# A virtual environment that was moved, or whose Python is gone, is made anew.
STALE := $(shell [ "$$(cat .venv/.home 2>&1)" = "$(CURDIR)" ] && .venv/bin/python -c '' \
           || rm -f $(RUNTIME) $(DEV) $(OGCTESTS) $(S3))

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help serve test audit soak lint format bench data shots setup browser postgis qgis lock

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

serve: $(RUNTIME) $(DIST) ## Show the map on http://127.0.0.1:8000 (PORT=8001 for another port)
	@exec $(BIN)/cotmoc serve --host $(HOST) --port $(PORT) $(ARGS)

test: $(DEV) $(OGCTESTS) $(S3) $(DIST) browser postgis qgis ## Run every test, in a browser too
	$(NPM) run test
	$(BIN)/python -m pytest -n $(PROCESSES) --dist loadfile --no-loadscope-reorder

audit: $(DEV) $(MODULES) ## Look up known faults of the packages in the locks (asks the network)
	@deploy/audit.sh

soak: $(DEV) $(OGCTESTS) $(S3) $(DIST) browser postgis qgis ## Run the long campaigns
	$(BIN)/python -m pytest -m soak

lint: $(DEV) $(MODULES) ## Check style and types: ruff, mypy, biome, tsc
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy -n 2
	$(NPM) run lint
	$(NPM) run check

format: $(DEV) $(MODULES) ## Put the code into the house's form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(NPM) run format

bench: $(DEV) $(DIST) postgis ## Measure our speed and our peers' on this machine (about 20 minutes)
	$(BIN)/python -m bench

data: $(DEV) ## Make the files of data/ anew
	$(BIN)/python -m data.build

shots: $(DEV) $(DIST) browser ## Photograph every screen into shots/
	$(BIN)/python -m tests.shots

setup: $(RUNTIME) $(DIST) ## Set up what serve needs and run nothing

browser: $(DEV)
	@$(BIN)/python -m tests.browser

postgis: $(DEV)
	@$(BIN)/python -m tests.postgres

qgis: $(DEV)
	@$(BIN)/python -m tests.qgis

lock: $(DEV) ## Choose package versions anew: the Python locks and web/package-lock.json
	$(COMPILE) --upgrade pyproject.toml --group build -o requirements.lock
	$(COMPILE) --upgrade pyproject.toml --group build --extra dev -c requirements.lock -o requirements-dev.lock
	$(COMPILE) --upgrade --group node -o requirements-node.lock
	$(COMPILE) --upgrade --group ogctests --override tests/clients/ogctests-overrides.txt -o requirements-ogctests.lock
	$(COMPILE) --upgrade --group s3 -o requirements-s3.lock
	$(NPM) update --package-lock-only
	$(NPM) exec -- node ../deploy/complete-lock.mjs package-lock.json

$(RUNTIME): requirements.lock pyproject.toml deploy/setup.sh
	@deploy/setup.sh requirements.lock
	@touch $@

$(DEV): requirements-dev.lock $(RUNTIME)
	@deploy/setup.sh requirements-dev.lock
	@touch $@

$(OGCTESTS): requirements-ogctests.lock $(DEV)
	@deploy/setup.sh $< .venv/ogctests
	@touch $@

$(S3): requirements-s3.lock $(DEV)
	@deploy/setup.sh $< .venv/s3
	@touch $@

$(MODULES): web/package.json web/package-lock.json web/.npmrc | $(RUNTIME)
	$(NPM) ci
	@touch $@

$(DIST): $(WEB) $(MODULES)
	$(NPM) run build
	@touch $@
