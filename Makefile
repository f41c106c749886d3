# make demo and make test do all their own set-up; PYTHON names another Python 3.11 or newer.
# Commands and tests start many processes, each of which would compile everything again.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check install --quiet --constraint constraints.txt
# One thread in each process: two threads in two processes collapse to a fifth.
export OMP_NUM_THREADS := 1
export TOKENIZERS_PARALLELISM := false

DEMO_BUDGET ?= 5m

.PHONY: help demo smoke test lint format example bench coverage clean
help:
	@echo "make demo   study the bundled corpus and end with a verdict and a report"
	@echo "make smoke  run the main commands, on a few documents"
	@echo "make test   run the tests"
	@echo "make lint   check style, types and import contracts"
	@echo "make example  make the file of the bundled corpus again"
	@echo "make coverage  how often 95 % intervals cover, by simulation (some 20 minutes)"
	@echo "make bench  measure the figures of docs/measurements.md (hours)"

$(VENV)/base: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(PIP) "$$(grep '^torch==' constraints.txt)"
	$(PIP) --editable ".[train]"
	touch $@

$(VENV)/all: $(VENV)/base
	$(PIP) --editable ".[train,spacy,test,lint]"
	touch $@

# In a fresh environment, before the extras of the tests are there: what users have.
smoke: $(VENV)/base
	$(BIN)/python tests/environments/main_commands.py train

demo: $(VENV)/base
	@mkdir -p demo
	@$(BIN)/suffice example demo/disclosures.jsonl
	@$(BIN)/suffice run demo/disclosures.jsonl --target-f1 0.95 --budget $(DEMO_BUDGET)

test: $(VENV)/all
	$(BIN)/python -m pytest --numprocesses auto $(PYTEST)

lint: $(VENV)/all
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/all
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

example: $(VENV)/base
	$(BIN)/python -m tools.disclosures

bench: $(VENV)/all
	$(BIN)/python bench/learners.py
	$(BIN)/python bench/examples.py
	$(BIN)/python bench/threshold.py
	$(BIN)/python bench/smooth.py
	$(BIN)/python bench/forecast.py
	$(BIN)/python bench/coverage.py
	$(BIN)/python bench/pool_part.py
	$(BIN)/python bench/pieces.py
	$(BIN)/python bench/inspecting.py
	$(BIN)/python bench/checks.py
	$(BIN)/python bench/density.py simulate
	$(BIN)/python bench/density.py corpora
	$(BIN)/python bench/agreement.py
	$(BIN)/python bench/studies.py --out demo/bench-studies

coverage: $(VENV)/all
	$(BIN)/python bench/coverage.py

clean:
	rm -rf $(VENV) demo .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
