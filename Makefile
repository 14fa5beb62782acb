# What each target does without make stands in the README.
PYTHON ?= python3
DATA ?= sample
VENV := .venv
BIN := $(VENV)/bin
ifeq ($(filter sample live,$(DATA)),)
$(error DATA is sample or live, not '$(DATA)')
endif
export DATAELEC_HOME := .
export DBT_PROFILES_DIR := .

.PHONY: help run test test-fast test-slow lint docs report site publish validate bench stress figures shell lock extras clean

.DEFAULT_GOAL := run

help:  ## what can be made
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | sed 's/$$(DATA)/$(DATA)/' | expand -t 24
	@echo "DATA=live: the same on the real lake. README.md says more; .venv/bin/dataelec --help lists the commands."

run: $(VENV)/ready  ## the simulated lake (DATA=live: the real one), dbt build, the answer
ifeq ($(DATA),sample)
	@# dbt reads the project meanwhile, if it has not: the build then reads what has changed alone.
	@[ -e target/partial_parse.msgpack ] || $(BIN)/dbt --quiet parse --target $(DATA) >/dev/null 2>&1 & \
	    $(BIN)/dataelec sample; status=$$?; wait; exit $$status
else
	@$(BIN)/dataelec load || { status=$$?; [ $$status -ne 3 ] || exit 1; \
	    echo "Not every source could be loaded (see above): building on what the lake holds."; }
endif
	$(BIN)/dataelec build --target $(DATA)
	$(BIN)/dataelec summary --target $(DATA)

test: $(VENV)/ready-dev  ## lint, types, pytest, and the dbt tests on freshly built warehouses
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target test-fast lint

# Files whole, in the order that tests/conftest.py gives them.
PYTEST := $(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

test-fast: $(VENV)/ready-dev  ## the tests without lint
	$(PYTEST) -m "not slow"

test-slow: $(VENV)/ready-dev .venv-gcs/ready  ## what takes minutes
	$(PYTEST) -m slow

lint: $(VENV)/ready-dev  ## style of Python and SQL, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint models analyses tests/singular --processes 2 --disable-progress-bar
	$(BIN)/dbt --quiet parse
	$(BIN)/dbt-bouncer run

docs: $(VENV)/ready  ## one page with every table, column and the lineage: target/static_index.html
	$(BIN)/dbt --quiet docs generate --static --target $(DATA)
	$(BIN)/dataelec docs target/static_index.html

report: $(VENV)/ready  ## the page people look at: report/dist/index.html
	$(BIN)/dataelec page --target $(DATA)
	$(BIN)/dataelec pictures --target $(DATA) --output report/dist --language fr preview

site: $(VENV)/ready  ## what the portals publish as a site of page, files and documentation: site (monthly by a workflow)
	.ci/refresh site

publish: $(VENV)/ready  ## every mart as Parquet and CSV, described, and a spreadsheet of answers: published/$(DATA)
	$(BIN)/dataelec publish --target $(DATA)

validate: $(VENV)/ready-dev  ## coverage of the intervals on simulated truth, other tools' models on a hold-out year (an hour)
	$(BIN)/python -m research.validation.coverage
	$(BIN)/python -m research.validation.curve
	$(BIN)/python -m research.validation.other_models
	$(BIN)/python -m research.validation.areas
	$(BIN)/python -m research.validation.stations
	$(BIN)/python -m research.validation.form
	$(BIN)/python -m research.validation.gam
	$(BIN)/python -m research.validation.forecast
	$(BIN)/python -m research.validation.vintages

bench: $(VENV)/ready-dev  ## what the whole fit costs at real size, and the landing of the largest files (12 GB of disk)
	$(BIN)/python -m research.bench.sensitivity
	$(BIN)/python -m research.bench.sensitivity --real-size-only --six-terms
	$(BIN)/python -m research.bench.landing
	$(BIN)/python -m research.bench.lake
	$(BIN)/python -m research.validation.areas --bench

stress: $(VENV)/ready-dev  ## 200 commands killed at random moments, 50 pairs of commands at once: nothing lost, doubled or left behind
	$(BIN)/python -m research.stress

figures: $(VENV)/ready-dev  ## the figures of README and docs, computed anew from both warehouses
	$(BIN)/python -m research.written_figures --real warehouse/live.duckdb --simulated warehouse/sample.duckdb

shell: $(VENV)/ready  ## the DuckDB command line on the warehouse, read-only
	@$(BIN)/dataelec shell --target $(DATA)

LOCK := uv pip compile pyproject.toml --extra install --universal --generate-hashes \
    --no-emit-index-url --no-header --output-file

lock:  ## after a change of dependencies: pins and hashes, no index addresses
	$(LOCK) requirements-dev.lock --extra gcs --extra metrics --extra dev
	$(LOCK) requirements.lock --constraint requirements-dev.lock

extras: $(VENV)/ready-dev  ## what `make run` does without: gs:// lakes, the `mf` command, tests and lint

clean:  ## takes the environment and what dbt wrote away, not lakes and warehouses
	rm -rf $(VENV) target logs

.venv-gcs/ready: tests/loaders/emulator-requirements.txt
	$(PYTHON) -m venv .venv-gcs
	.venv-gcs/bin/python -m pip install -qq --no-compile --disable-pip-version-check -r $<
	touch $@

# What is imported gets compiled then: compiling all takes as long as all the rest.
PIP := $(BIN)/python -m pip install -qq --no-compile --disable-pip-version-check --no-deps

$(VENV)/ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-build-isolation -e .
	touch $@

$(VENV)/ready-dev: $(VENV)/ready requirements-dev.lock
	$(PIP) --require-hashes -r requirements-dev.lock
	touch $@
