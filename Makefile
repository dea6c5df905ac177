# Two commands do everything: `make run` and `make test`. Both set up first.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.ready
# Great Expectations is 1,300 modules: without byte code each command spends ten seconds on
# compiling them again. Some images of Python switch it off for all.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup run test test-quick mutants lint bench same rooms lock clean

help:  ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(STAMP)  ## Install everything that is needed, native libraries included

$(STAMP): deploy/setup.sh deploy/requirements.lock pyproject.toml
	@PYTHON=$(PYTHON) sh deploy/setup.sh
	@touch $(STAMP)

run: $(STAMP)  ## Simulate a venue with a shock day, run it, and say where the packs are
# The two lists are written last: without them the simulation was interrupted. What lies there is
# set aside and not deleted, as somebody may have put it there.
	@test -f build/in/injected_errors.json -a -f build/in/shock.json || { \
		if test -e build/in; then \
			aside=$$(mktemp -d build/in.unfinished.XXXXXX) && mv build/in $$aside && \
			echo "build/in holds no complete simulation; it was moved to $$aside/in"; \
		fi && \
		$(BIN)/reporting simulate --out build/in --seed 1; }
	@$(BIN)/reporting demo --input build/in --home build/home

test: $(STAMP)  ## Run all tests (installs the servers that they need)
	@sh deploy/setup-tests.sh
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/pytest -n 2 --dist loadgroup

test-quick: $(STAMP)  ## Run the tests that need no server and no long run
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/pytest -n 2 --dist loadgroup -m "not slow"

mutants: $(STAMP)  ## Make each rule wrong in one place at a time: its test must notice
	@PYTHONPATH=tests $(BIN)/python -m mutants

lint: $(STAMP)  ## Check style and layers
	@$(BIN)/ruff check reporting tests benchmarks
	@$(BIN)/ruff format --check reporting tests benchmarks
	@$(BIN)/lint-imports --no-cache

bench: $(STAMP)  ## Measure; prints every figure with the peer beside it
	@$(BIN)/python -m benchmarks

same: $(STAMP)  ## Compare tables and packs with those of BASE=<commit>
	@test -n "$(BASE)" || { echo "say with which commit: make same BASE=HEAD~1"; exit 2; }
	@$(BIN)/python tests/house/same.py $(BASE)

rooms: $(STAMP)  ## Draw docs/rooms.svg, who imports whom
	@$(BIN)/python tests/house/rooms.py

lock:  ## Write deploy/requirements.lock again from pyproject.toml (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --all-extras \
		--no-header --no-annotate pyproject.toml -o deploy/requirements.lock

clean:  ## Remove what was made, but not the environment
	rm -rf build
