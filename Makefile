# Everything runs in a virtual environment of its own, .venv, made from the pinned requirements.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

TRAIN_VENV := .venv-train
TRAIN_BIN := $(TRAIN_VENV)/bin

.PHONY: demo test test-training check bench format requirements docs clean

## demo: a real OpenSearch node, the sample shop indexed, searches explained, then the search page.
demo: $(VENV)/runtime
	$(BIN)/shopkeeper demo

## test: every tier, against a real OpenSearch node that the tests start themselves.
test: $(VENV)/dev
	$(BIN)/python -m pytest tests $(PYTEST_ARGS)

## test-training: trains and exports small models; installs torch (some 6 GB) into .venv-train.
test-training: $(TRAIN_VENV)/train
	$(TRAIN_BIN)/python -m pytest tests/integration/model_training \
	  tests/integration/reranker/test_training.py \
	  tests/integration/reranker/test_low_rank_adapters.py \
	  tests/integration/reranker/test_judged_training.py \
	  tests/integration/reranker/test_export.py \
	  tests/integration/reranker/test_multilingual_start.py \
	  tests/integration/query_understanding/test_category_training.py \
	  tests/integration/query_understanding/test_intent_transformer.py \
	  tests/integration/reranker/test_starting_encoder.py \
	  tests/e2e/test_reranker_commands.py $(PYTEST_ARGS)

## check: format, lint, types, import floors, generated docs.
check: $(VENV)/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tools.settings_reference --check

## bench: ratios against a baseline in the same run; needs the extra `train` for the torch baseline.
bench: $(VENV)/dev
	$(BIN)/python -m benchmarks

## format: mend what can be mended.
format: $(VENV)/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

## docs: write the pages that are made from the code.
docs: $(VENV)/dev
	$(BIN)/python -m tools.settings_reference

## requirements: resolve anew and pin with hashes, without any address.
requirements: $(VENV)/dev
	$(BIN)/python -m tools.pin_requirements

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/runtime: requirements/runtime.txt pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/runtime.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/dev: requirements/dev.txt pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@ $(VENV)/runtime

$(TRAIN_VENV)/train: requirements/train.txt pyproject.toml
	$(PYTHON) -m venv $(TRAIN_VENV)
	$(TRAIN_BIN)/python -m pip install --quiet --require-hashes -r requirements/train.txt
	$(TRAIN_BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

clean:
	rm -rf $(VENV) $(TRAIN_VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
