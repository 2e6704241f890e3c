# Everything a developer does, on a machine with Python 3.11, make and a package index.
# Each target says what it does in `make help`; nothing needs to be activated.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PORT ?= 8000
TESTS ?=
BENCH ?=

UV_COMPILE = $(BIN)/uv pip compile --quiet pyproject.toml --python $(BIN)/python --universal \
	--generate-hashes --no-emit-index-url --no-header --no-annotate

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help venv demo serve demo-check test check format format-check lint types imports schema schema-check \
	schema-release lock codegen clients fuzz load drain explorer screenshots docs bundle bench bench-quick bench-report \
	wheel clean

help: ## Show this list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

venv: $(READY) ## Make .venv with exactly the locked packages (the other targets do it for you)

$(READY): requirements/dev.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 is needed: install it, or say where it is: make PYTHON=/path/to/python3.11"; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed, $(PYTHON) is older: make PYTHON=/path/to/python3.11"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the locked packages into $(VENV) (about a minute the first time)"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes --requirement requirements/dev.txt
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(READY) ## Start the synthetic city and the hub, with a page, tokens and queries to try (PORT=8000)
	@$(BIN)/python console/build.py --for-demo
	@$(BIN)/hutong demo --port $(PORT)

serve: $(READY) ## Serve with your own settings: HUTONG_SETTINGS=file.toml make serve
	@$(BIN)/hutong serve

demo-check: $(READY) ## Start the demo, ask it its example queries, check the answers, stop it
	$(BIN)/python -m demo.check

test: $(READY) ## Run the tests (TESTS=tests/schema for some of them)
	$(BIN)/python -m pytest --quiet --numprocesses auto $(TESTS)

check: ## Everything that must hold before a change lands; what the continuous integration runs
	@for step in format-check lint types imports schema-check codegen clients explorer test demo-check bench-quick wheel; do \
		printf '\n== %s ==\n' "$$step"; \
		$(MAKE) --no-print-directory $$step || { printf '\n== %s failed ==\n' "$$step"; exit 1; }; \
	done
	@printf '\n== all checks passed ==\n'

format: $(READY) ## Format the code
	@$(BIN)/ruff check --quiet --fix-only --select I .
	@$(BIN)/ruff format .

format-check: $(READY)
	@$(BIN)/ruff format --check .

lint: $(READY) ## Lint the code
	@$(BIN)/ruff check .

types: $(READY) ## Check the types
	@$(BIN)/mypy

imports: $(READY) ## Check who may import whom
	@$(BIN)/lint-imports --no-logo

schema: $(READY) ## Write what is generated: schema/schema.graphql, docs/reference
	@$(BIN)/python -m schema.sdl
	@$(BIN)/python -m hutong.reference docs/reference

schema-check: $(READY)
	@$(BIN)/hutong schema print --catalog schema/catalog | diff -u schema/schema.graphql -
	@$(BIN)/python -m hutong.reference .cache/reference
	@for page in .cache/reference/*; do diff -u docs/reference/$$(basename $$page) $$page || exit 1; done
	@$(BIN)/hutong schema diff schema/released.graphql schema/schema.graphql --changelog CHANGELOG.md
	@echo "generated files are up to date"

schema-release: $(READY) ## At a release: the present schema becomes the contract that later ones are compared with
	@cp schema/schema.graphql schema/released.graphql

codegen: $(READY) ## Check that client code generators like every role's schema (needs Node and npm)
	@$(BIN)/python .ci/check_codegen.py

explorer: $(READY) ## Bundle the explorer page's editor (needs Node and npm; without it the page has a text area)
	@$(BIN)/python console/build.py

screenshots: explorer ## Take the pictures of docs/explorer.md anew, of a demo that is started for it (needs Chromium)
	HUTONG_SCREENSHOTS=1 $(BIN)/python -m pytest --quiet tests/explorer/test_pictures.py

lock: $(READY) ## Resolve the dependencies anew and lock them with hashes
	@$(UV_COMPILE) --upgrade --output-file requirements/runtime.txt
	@$(UV_COMPILE) --upgrade --all-extras --constraint requirements/runtime.txt --output-file requirements/dev.txt
	@$(UV_COMPILE) --upgrade --extra demo --constraint requirements/dev.txt --output-file requirements/demo.txt

clients: $(READY) ## Audit GraphQL over HTTP, build the example application, ask its page as three people (Node, npm)
	@$(BIN)/python .ci/check_clients.py

fuzz: $(READY) ## Ask 4,000 generated operations as five callers (minutes)
	FUZZ_CASES=4000 $(BIN)/python -m pytest --quiet --numprocesses auto tests/fuzz

bench: $(READY) ## Measure the hub against its peers, write docs/benchmarks.md (about ten minutes; BENCH=--resume)
	$(BIN)/python -m benchmarks $(BENCH)

bench-quick: $(READY) ## The same on little data: do all servers start and agree?
	$(BIN)/python -m benchmarks --quick

bench-report: $(READY) ## Make docs/benchmarks.md and its picture anew from docs/benchmarks.json
	@$(BIN)/python -m benchmarks.report
load: $(READY) ## Five times what the hub can do, for a minute: how much is served, how the rest is refused
	$(BIN)/python -m tests.load.overload

drain: $(READY) ## SIGTERM under load, 20 times: is a request cut?
	$(BIN)/python -m tests.load.drain

wheel: $(READY) ## Build the wheel, install it in a clean environment, start it once
	$(BIN)/python .ci/check_wheel.py

docs: $(READY) ## Build the documentation into build/docs; a warning is an error, every link is followed
	@$(BIN)/sphinx-build -q -W --keep-going -d .cache/doctrees docs build/docs
	@echo "open build/docs/index.html"

bundle: $(READY) docs ## Build the bundle for machines without a network, install it and check it with the network cut
	$(BIN)/python .ci/build_bundle.py
	$(BIN)/python .ci/check_bundle.py

clean: ## Remove what was built and the demo's state; .venv stays
	rm -rf .demo .cache build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
