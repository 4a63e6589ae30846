# Certway. `make help` lists what can be made; everything is set up on first use.
PORT ?= 8000
DATA ?= var/data
DEMO ?= 1
WORKERS ?= 2

TOO_OLD = Certway needs Python 3.11 or newer, and none was found. Install it, or name it: make run PYTHON=/path/to/python3
PYTHON ?= $(or $(shell for p in .venv/bin/python python3 python3.14 python3.13 python3.12 python3.11; do \
  "$$p" -S -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done), $(error $(TOO_OLD)))
SETUP = @$(PYTHON) -m tools.setup
BIN = .venv/bin
WITH_DEMO = $(filter-out 0 no false,$(DEMO))

.DEFAULT_GOAL := help
.PHONY: help run test lint bench setup lock clean
.SUFFIXES:

help: ## List what can be made
	@echo "Certway: readiness and evidence for ISO/IEC 20000-1"
	@echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: ## Serve Certway with its demo on port 8000 (PORT=8123 DATA=some/folder DEMO=0)
	$(SETUP) run $(if $(WITH_DEMO),demo) certway site catalogue
	@exec $(BIN)/certway serve --port "$(PORT)" --data "$(DATA)" $(if $(WITH_DEMO),--demo)

test: ## Run every test, the browser tests in a real Chromium (ARGS="-k gate" for some)
	$(SETUP) run demo aws dev ministack deploy certway site catalogue browser
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile $(ARGS)

lint: ## Check style and the direction of imports
	$(SETUP) run demo dev certway
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports

bench: ## Measure speed (OUT=figures.json QUICK=1)
	$(SETUP) run demo dev certway site catalogue browser
	@$(BIN)/python -m tests.bench

setup: ## Set everything up without starting anything
	$(SETUP) run demo aws dev ministack deploy certway site catalogue browser

lock: ## Compile the lock files again (UPGRADE=1 takes newer versions)
	$(SETUP) run lock
	@$(BIN)/python -m tools.lock

clean: ## Remove what set-up made; the data stays
	rm -rf .venv node_modules static/vendor portal/catalogue/compiled/* certway.egg-info
