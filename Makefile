# Self-Attention, from four vectors up. `make` lists what can be made.

PYTHON ?= python3
VENV   ?= .venv
OLDEST ?= .venv-oldest
PORT   ?= 8000
BOOK   := $(VENV)/bin/python
SETUP  := $(PYTHON) tools/setup_env.py --env $(VENV)

.DEFAULT_GOAL := help
.PHONY: help site serve test test-sweep test-machines test-oldest \
        notebooks exercise bench screenshots setup lock links repo zip clean python \
        editor

help:
	@echo "make site         build the book and print where its page is"
	@echo "make serve        build it and serve it on port $(PORT) (PORT=…)"
	@echo "make test         check everything; PARTS=\"unit site\" only these"
	@echo "make test-sweep   more seeds, every page at every width and scheme"
	@echo "make test-machines  run the notebooks as other processors would"
	@echo "make test-oldest  run the package's tests on its lower bounds"
	@echo "make notebooks    run the notebooks, write their numbers (NB=…)"
	@echo "make exercise ID=04.new   begin an exercise: its files and cells"
	@echo "make bench        measure the speed budgets"
	@echo "make zip          pack the whole site into one file to read offline"
	@echo "make screenshots  draw every page in both schemes, and a page of all"
	@echo "make setup        look once more whether the environment is whole"
	@echo "make lock         resolve requirements.in into requirements.txt"
	@echo "make editor       bundle the pages' code editor (needs Node)"
	@echo "make links        try every link to elsewhere (needs the network)"
	@echo "make repo URL=…   set the address of the repository everywhere"
	@echo "make clean        remove what was built, but not $(VENV)"
	@echo
	@echo "PYTHON=python3.12 chooses the Python (3.10 to 3.13), VENV=… the"
	@echo "folder of the environment. The first run of a target fills it."

python:
	@command -v $(PYTHON) >/dev/null || { echo "Set-up: there is no \
	$(PYTHON) here: apt install python3 python3-venv, or name another \
	Python with PYTHON=…" >&2; exit 1; }

site: python
	@$(SETUP) site && $(BOOK) tools/build_site.py

serve: site
	@echo "Serving http://127.0.0.1:$(PORT)/ until Ctrl-C"
	@$(BOOK) -m http.server $(PORT) --bind 127.0.0.1 \
		--directory _build/html || test $$? -eq 130

zip: python
	@$(SETUP) site && $(BOOK) tools/build_site.py --all && \
		$(BOOK) tools/zip_site.py

test: python
	@$(SETUP) test && $(BOOK) tools/run_tests.py $(PARTS)

test-sweep: python
	@$(SETUP) test && $(BOOK) tools/run_tests.py site seeds sweep whole

test-machines: python
	@$(SETUP) test && $(BOOK) tools/machines.py $(MACHINES)

test-oldest: python
	@$(PYTHON) tools/setup_env.py --env $(OLDEST) oldest
	@$(OLDEST)/bin/python tools/run_tests.py oldest

notebooks: python
	@$(SETUP) test && $(BOOK) tools/notebooks.py $(NB)

exercise: python
	@$(SETUP) test && $(BOOK) tools/new_exercise.py "$(ID)"

bench: python
	@$(SETUP) test && $(BOOK) -m pip install -q --no-deps \
		-r requirements-bench.txt && $(BOOK) -m benchmarks $(GROUPS)

screenshots: site
	@$(SETUP) test && $(BOOK) tools/screenshots.py

setup: python
	@$(SETUP) --again test

lock: python
	@$(SETUP) test && $(BOOK) tools/lock.py

# What is bundled is committed: building the site needs no Node.
editor:
	@folder=$$(mktemp -d) && cp -r theme/vendor/editor/. $$folder && \
		(cd $$folder && npm ci && npm run build) && \
		cp $$folder/editor.min.js $$folder/editor.min.css theme/vendor/ \
		&& rm -r $$folder

links: python
	@$(SETUP) site && $(BOOK) tools/build_site.py --links

repo: python
	@$(PYTHON) tools/repo.py "$(URL)"

clean:
	rm -rf _build .pytest_cache .hypothesis .ruff_cache dist
	find . -name __pycache__ -not -path './.venv*' -prune -exec rm -rf {} +
