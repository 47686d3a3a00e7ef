# Everything a developer or CI does, by name. Needs Python 3.11 or newer and nothing else.

PYTHON ?= python3
ARGS ?=
BIN := .venv/bin
CODE := domain record access projections api demo tests bench

# What one process has compiled, the many others of a run need not: whatever the environment says.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help .venv demo test browser check format docs screenshots bench lock clean

help:
	@echo "make demo     start Annals with a lifelike city, on its own PostgreSQL"
	@echo "make test     run the tests; one file or one rule with ARGS='tests/record -k kept'"
	@echo "make browser  install the distribution's Chromium and a Chinese font for the browser tests"
	@echo "make check    formatting, lint, types, import direction"
	@echo "make format   put the code in order"
	@echo "make docs     write the pages of rules and problems and the API's description anew"
	@echo "make screenshots  take the pictures of the READMEs from a demo that is being served"
	@echo "make bench    measure ours beside a named peer"
	@echo "make lock     resolve the locked dependencies anew"
	@echo "make clean    remove what make made; the records in .annals stay"

.venv: .venv/requirements.lock
	@:

# The copy of the lock says what the environment holds, and is written last: an interrupted
# installation is begun again, and a lock that only looks newer installs nothing.
.venv/requirements.lock: requirements.lock
	@if cmp -s $< $@; then touch $@; else $(MAKE) --no-print-directory install; fi

.PHONY: install
install:
	@command -v $(PYTHON) >/dev/null || { \
	  echo "Annals needs Python 3.11 or newer, and there is no $(PYTHON) here." \
	       "Install it, or name another: make PYTHON=/path/to/python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Annals needs Python 3.11 or newer; $(PYTHON) is `$(PYTHON) -V 2>&1`." \
	       "Name a newer one: make PYTHON=/path/to/python3.12 ..." >&2; exit 1; }
	$(PYTHON) -m venv --clear .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	cp requirements.lock .venv/requirements.lock

demo: .venv
	$(BIN)/annals demo $(ARGS)

test: .venv
	$(BIN)/pytest -n auto $(ARGS)

# The tests in tests/browser are skipped where there is no Chromium.
APT := $(if $(filter 0,$(shell id -u)),,sudo -n )apt-get
browser:
	@if { command -v chromium || command -v chromium-browser || command -v google-chrome; } \
	    >/dev/null && \
	    fc-list :lang=zh-cn 2>/dev/null | grep -q .; then \
	  echo "There is a Chromium, and a Chinese font."; \
	elif command -v apt-get >/dev/null && $(APT) install --yes --no-install-recommends \
	    chromium fontconfig fonts-noto-cjk; then \
	  echo "Installed Chromium and a Chinese font."; \
	else \
	  echo "Could not install Chromium and a Chinese font: it takes apt-get, the right to use it," \
	       "and lists of packages (apt-get update). The browser tests are skipped without." >&2; \
	  exit 1; \
	fi

check: .venv
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv
	$(BIN)/ruff format $(CODE)
	$(BIN)/ruff check --fix $(CODE)

docs: .venv
	$(BIN)/python -m tests.docs

# Of a demo that is being served in another terminal: make screenshots ARGS=http://127.0.0.1:8000
screenshots: .venv
	$(BIN)/python -m tests.browser.pictures $(ARGS)

bench: .venv
	$(BIN)/python -m bench $(ARGS)

# Two locks of one resolution: the second is what a server needs. Neither holds an address.
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-emit-find-links --no-header --no-annotate pyproject.toml $(ARGS)

lock: .venv
	$(COMPILE) --group dev --output-file requirements.lock
	$(COMPILE) --constraint requirements.lock --output-file deploy/requirements.lock

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis dist
	find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
