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

.PHONY: run test test-fast test-slow lint docs report publish validate bench shell lock clean

run: $(VENV)/ready  ## the simulated lake (DATA=live: the real one), dbt build, the answer
ifeq ($(DATA),sample)
	$(BIN)/dataelec sample
else
	$(BIN)/dataelec load || echo "Not every source could be loaded (see above): building on what the lake holds."
endif
	$(BIN)/dbt --quiet build --target $(DATA)
	$(BIN)/dbt --quiet compile --target $(DATA) --select resource_type:analysis
	$(BIN)/python -m report.summary --target $(DATA)

test: $(VENV)/ready  ## lint and type check beside pytest and the dbt tests on freshly built warehouses
	@$(MAKE) --no-print-directory --jobs=2 lint test-fast

test-fast: $(VENV)/ready
	$(BIN)/python -m pytest -m "not slow"

test-slow: $(VENV)/ready  ## what takes minutes
	$(BIN)/python -m pytest -m slow

lint: $(VENV)/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint models analyses tests/singular --processes 2 --disable-progress-bar

docs: $(VENV)/ready  ## one page with every table, column and the lineage: target/static_index.html
	$(BIN)/dbt --quiet docs generate --static --target $(DATA)
	$(BIN)/python -m report.docs_page target/static_index.html

report: $(VENV)/ready  ## the page people look at: report/dist/index.html
	$(BIN)/python -m report.page --target $(DATA)
	$(BIN)/python -m report.pictures --target $(DATA) --output report/dist --language fr preview

publish: $(VENV)/ready  ## every mart as Parquet and CSV with its description: published/$(DATA)
	$(BIN)/python -m publish --target $(DATA)

validate: $(VENV)/ready  ## coverage of the intervals on simulated truth, other tools' models on a hold-out year (an hour)
	$(BIN)/python -m research.validation.coverage
	$(BIN)/python -m research.validation.other_models
	$(BIN)/python -m research.validation.areas

bench: $(VENV)/ready  ## what the whole fit costs at real size, and the landing of the largest files (12 GB of disk)
	$(BIN)/python -m research.bench.sensitivity
	$(BIN)/python -m research.bench.landing
	$(BIN)/python -m research.validation.areas --bench

shell: $(VENV)/ready  ## the DuckDB command line on the warehouse, read-only
	@$(BIN)/python -m report.shell --target $(DATA)

lock:  ## after a change of dependencies: pins and hashes, no index addresses
	uv pip compile pyproject.toml --extra dev --extra gcs --extra metrics --universal --generate-hashes \
	    --no-emit-index-url --no-header --output-file requirements.lock

clean:
	rm -rf $(VENV) target logs

$(VENV)/ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@
