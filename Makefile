# Everything a developer or a lecturer types; `make demo` and `make test` set up what they need.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
OUT ?= out

.PHONY: demo test lint types bench golden fuzz clean

$(BIN)/fullmarks: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable .
	$(BIN)/python -m compileall -q src  # as pip does for what it does not install for editing
	touch $(BIN)/fullmarks

$(VENV)/test-tools: $(BIN)/fullmarks pyproject.toml
	$(BIN)/python -m pip install --quiet --group test
	touch $(VENV)/test-tools

demo: $(BIN)/fullmarks  ## set an exam from the bank: the paper and its marking scheme as PDF
	@if grep -qs '"blueprint": "ee6427-part4.toml"' $(OUT)/exam.lock.json && \
	  grep -qs '"key": "2026"' $(OUT)/exam.lock.json; then \
	  rm -rf $(OUT)/papers $(OUT)/schemes $(OUT)/exam.lock.json; fi  # an older demo, which its seed brings back
	$(BIN)/fullmarks exam ee6427-part4 --seed 2026 --output $(OUT)

test: $(VENV)/test-tools lint types  ## every test, with the checks of style, types and imports
	$(BIN)/python -m pytest --numprocesses 2

lint: $(VENV)/test-tools
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/test-tools
	$(BIN)/mypy

golden: $(VENV)/test-tools  ## write the golden files anew; read the difference before you commit it
	$(BIN)/python -m pytest --rewrite-golden

EXAMPLES ?= 2000
fuzz: $(VENV)/test-tools  ## throw EXAMPLES odd files, formulas and calls of each kind at the program, others every time
	FUZZ_EXAMPLES=$(EXAMPLES) $(BIN)/python -m pytest tests/fuzz --numprocesses 2 --hypothesis-show-statistics

clean:
	rm -rf $(VENV) $(OUT) .mypy_cache .ruff_cache .pytest_cache .hypothesis

bench: $(BIN)/fullmarks  ## speed, as ratios to something measured in the same run
	$(BIN)/python -m compileall -q src
	$(BIN)/python benchmarks/run.py
