# Two commands on a fresh machine with Python 3.11 or newer (and its venv) and make:
#   make demo    set up, then run the main job: ten minutes of a synthetic run on the virtual board
#   make test    set up, then ruff, mypy and pytest
# Both leave .venv/bin/backbeat ready to use; make setup does just that.
# make soak runs the firmware for 24 virtual hours with random faults (SEED=1 HOURS=24
# BOARD=Seeed_XIAO_nRF52840_Sense); make test has half an hour of it on each of two boards.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   := .venv
BIN    := $(VENV)/bin
NPM_AT := tests/device/interpreter
OUT    ?= out/demo
SEED   ?= 1
HOURS  ?= 24
BOARD  ?= Seeed_XIAO_nRF52840_Sense

.PHONY: setup demo test soak format clean
.DELETE_ON_ERROR:

setup: $(VENV)/.ready

demo: $(VENV)/.ready
	$(BIN)/backbeat demo --out $(OUT)

test: $(VENV)/.ready-to-test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest -n 2 -q

soak: $(VENV)/.ready-to-test
	$(BIN)/python -m tests.soak.program --hours $(HOURS) --seed $(SEED) --board $(BOARD)

format: $(VENV)/.ready-to-test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) out build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis $(NPM_AT)/node_modules

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.ready: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[all]'
	touch $@

# Node comes from PyPI and MicroPython's WebAssembly build from npm: nothing else on the machine is used.
$(VENV)/.ready-to-test: $(VENV)/.ready $(NPM_AT)/package-lock.json
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[all,test]'
	cd $(NPM_AT) && PATH="$(abspath $(BIN)):$$PATH" npm ci --no-audit --no-fund --loglevel=error
	touch $@
