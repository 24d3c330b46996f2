# The one place for what can be done with the project: make help.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SHELL := bash
UV := UV_PROJECT_ENVIRONMENT=$(VENV) $(BIN)/uv --quiet
EMULATOR := .emulator
BENCH := .bench
SITES := .sites
AUDIT := .audit
CHROMIUM ?= chromium
LOCKED := uv.lock pyproject.toml
# One process more than there are cores, because tests also wait: for processes that they start, and for answers.
ON_ALL_CORES := --numprocesses $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) + 1))) --dist worksteal
# The core tests: all of khobor itself. Left out are the tools that measure it, and the slow tests, which do the same on
# each Python.
CORE := tests layers/khobor --ignore tests/benchmarks --ignore tests/memory -m "not slow"

# Tests start hundreds of Python processes. Without cached bytecode each compiles all that it imports.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo test slow thorough core lowest coverage faults dist wheel layers check docs reference audit licences \
  vulnerabilities format build local local-down e2e browser \
  screenshots cost day queries sites fuzz chains scaling memory startup bench bench-floors variants bench-laptop doors corpus lock clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(foreach group,dev deploy docs browser,$(VENV)/.$(group)) $(EMULATOR)/.installed $(AUDIT)/.installed ## Install what .ci/run needs

demo: $(VENV)/.run ## Take the bundled page through the whole pipeline, in one process
	@$(BIN)/khobor demo

test: $(VENV)/.dev ## Run the tests that need no emulator and no browser, but for those that take seconds each
	@$(BIN)/pytest $(ON_ALL_CORES) -m "not slow" tests layers/khobor

slow: $(VENV)/.dev ## Run the tests that take a second or more each, with a quarter of the examples of their searches
	@$(BIN)/pytest $(ON_ALL_CORES) -m slow tests layers/khobor

thorough: $(VENV)/.dev ## Run the tests that take a second or more each, with all examples
	@$(BIN)/pytest $(ON_ALL_CORES) -m slow --thorough tests layers/khobor

core: $(VENV)/.dev ## Run the core tests, also on another Python: make core PYTHON=python3.13 VENV=.venv-3.13
	@$(BIN)/pytest $(ON_ALL_CORES) $(CORE) $(OPTIONS)

lowest: ## Run the core tests with the lowest versions of the libraries that pyproject.toml allows, in .venv-lowest
	@$(MAKE) --no-print-directory VENV=.venv-lowest .venv-lowest/.dev
	@.venv-lowest/bin/uv --quiet pip install --python .venv-lowest/bin/python --no-deps --require-hashes --only-binary :all: \
	  --requirement tests/lowest/requirements.txt
	@.venv-lowest/bin/pytest $(ON_ALL_CORES) $(CORE)

coverage: $(VENV)/.coverage ## Measure which branches of the layers and functions the tests run
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest $(ON_ALL_CORES) -m "not slow" tests layers/khobor; passed=$$?; \
	  $(BIN)/coverage combine --quiet; $(BIN)/coverage report --skip-covered --sort cover && exit $$passed

faults: $(VENV)/.dev ## Fail every AWS call of the functions in every way, and check that nothing is lost
	@$(BIN)/pytest tests/faults --faults

dist: $(VENV)/.uv ## Build the wheel and the source distribution, in dist/
	@$(UV) build --no-build-isolation --python $(BIN)/python --clear --out-dir dist

wheel: $(VENV)/.dev ## Build the wheel, install it into an empty environment, and run its commands there
	@$(BIN)/pytest tests/wheel --wheel

check: $(VENV)/.dev $(VENV)/.deploy ## Check lint, format, types, the template and the lock files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy layers/khobor/khobor tests
	for name in functions/*/; do $(BIN)/mypy $$name || exit 1; done
	SAM_CLI_TELEMETRY=0 $(BIN)/sam validate --lint
	$(UV) lock --check
	$(MAKE) --no-print-directory lock
	git diff --exit-code -- $(REQUIREMENTS)

docs: $(VENV)/.docs ## Build the manual as a site in .site/; a broken link is an error
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

reference: $(VENV)/.dev ## Write the pages of docs/reference/ that come from the code and the template
	@$(BIN)/python -m tests.docs.reference

audit: $(VENV)/.run $(AUDIT)/.installed ## Check the template against checkov's rules, and the libraries for free licences
	@sed 's/Default: DISABLED/Default: ENABLED/' template.yaml >$(AUDIT)/template.yaml # all that there can be
	@$(AUDIT)/venv/bin/checkov --config-file .checkov.yaml
	@$(call licences,--allow-only="$(FREE)" --partial-match --format=plain) >/dev/null
	@$(call licences,--format=markdown) | cut -d '|' -f 2 | diff - <(cut -d '|' -f 2 docs/reference/licences.md) \
	  || { echo "docs/reference/licences.md does not list what comes with khobor: make licences" >&2; exit 1; }

licences: $(VENV)/.run $(AUDIT)/.installed ## Write the licences of the libraries to docs/reference/licences.md
	@$(call licences,--format=markdown) >docs/reference/licences.md

vulnerabilities: $(VENV)/.uv $(AUDIT)/.installed ## Check all locked libraries for known vulnerabilities; needs pypi.org
	@$(UV) export --locked --all-extras --all-groups --no-emit-project --no-header >$(AUDIT)/locked.txt
	@$(AUDIT)/venv/bin/pip-audit --strict --require-hashes --disable-pip --requirement $(AUDIT)/locked.txt

format: $(VENV)/.dev ## Fix what ruff can fix
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

build: $(VENV)/.deploy ## Build the functions and layers for AWS
	SAM_CLI_TELEMETRY=0 $(BIN)/sam build

layers: build $(VENV)/.dev ## Build, and check that the layers load on Lambda and contain all imports
	@$(BIN)/pytest tests/build --built .aws-sam/build

local: $(VENV)/.deploy $(EMULATOR)/.installed ## Deploy to an emulator of AWS on this machine
	@$(BIN)/khobor local up

local-down: $(VENV)/.run ## Stop the emulator
	@$(BIN)/khobor local down

e2e: $(VENV)/.dev $(VENV)/.deploy $(EMULATOR)/.installed ## Deploy to an emulator that enforces IAM, and test there
	@$(BIN)/pytest tests/e2e --emulator $(EMULATOR)

browser: $(VENV)/.browser ## Test the console in Chromium, also on real pages: make browser CORPUS=folder
	@command -v $(CHROMIUM) >/dev/null || $(install_chromium)
	@test -n "$(CORPUS)" || echo "No CORPUS=folder is given: the console is not tested with real pages"
	@$(BIN)/pytest tests/browser --chromium "$$(command -v $(CHROMIUM))" $(if $(CORPUS),--corpus "$(CORPUS)")

screenshots: $(VENV)/.browser ## Take the screenshots of the console for README and docs
	@$(BIN)/pytest tests/browser/test_screenshots.py --chromium "$$(command -v $(CHROMIUM))" --screenshots docs/images

cost: $(VENV)/.dev ## Compute the cost of 100,000 articles: make cost OPTIONS="saved/*.html --fill 0.5"
	@$(BIN)/python -m tests.benchmarks.cost $(OPTIONS)

day: $(VENV)/.dev ## Simulate days of many sources: make day OPTIONS="--sources 20 --articles 500 --place both"
	@$(BIN)/python -m tests.benchmarks.day $(OPTIONS)

queries: $(VENV)/.dev ## Measure how much the archive's queries read: make queries OPTIONS="--articles 100000"
	@$(BIN)/python -m tests.benchmarks.queries $(OPTIONS)

sites: $(VENV)/.dev $(SITES)/.installed ## Crawl sites that real engines build, and compare: make sites OPTIONS="--engine pelican --mistakes"
	@$(BIN)/python -m tests.benchmarks.sites $(OPTIONS)

chains: $(VENV)/.dev ## Try 1,000 random chains of two sites' answers: make chains OPTIONS="--chains 5000 --seed 2"
	@$(BIN)/pytest tests/frontier/test_two_sites.py -p no:logging --chains 1000 $(OPTIONS)

fuzz: $(VENV)/.fuzz ## Search for input that breaks an invariant: make fuzz OPTIONS="--seconds 300 --target parse"
	@$(BIN)/python -m tests.fuzz.fuzz $(OPTIONS)

scaling: $(VENV)/.dev ## Measure how the time of extraction grows with each construct: make scaling OPTIONS="--forms --largest 1000000"
	@$(BIN)/python -m tests.benchmarks.constructs $(OPTIONS)

memory: $(VENV)/.dev ## Measure the memory for the largest pages, and for many: make memory OPTIONS="--pages 1000 --all"
	@$(BIN)/python -m tests.memory.measure $(OPTIONS)

startup: $(VENV)/.deploy ## Measure the start-up time of the functions, and the size of what is deployed
	@$(BIN)/python tests/benchmarks/startup.py

bench: corpus $(VENV)/.run $(BENCH)/.installed ## Measure quality and speed beside other tools: make bench CORPUS=folder
	@$(BIN)/python -m tests.benchmarks.bench compare "$(CORPUS)" $(OPTIONS)

bench-floors: corpus $(VENV)/.run ## Check khobor against the pinned floors: make bench-floors CORPUS=folder
	@$(BIN)/python -m tests.benchmarks.bench floors "$(CORPUS)" $(OPTIONS)

variants: corpus $(VENV)/.run ## Measure what is found of pages in other markup: make variants CORPUS=folder OPTIONS="--pages 40"
	@$(BIN)/python -m tests.benchmarks.variants "$(CORPUS)" $(OPTIONS)

bench-laptop: corpus $(VENV)/.run $(BENCH)/.installed ## Measure khobor's commands on one machine: make bench-laptop CORPUS=folder
	@$(BIN)/python -m tests.benchmarks.laptop "$(CORPUS)" $(OPTIONS)

doors: corpus $(VENV)/.dev ## Check that all interfaces give the same article: make doors CORPUS=folder
	@$(BIN)/pytest tests/doors --corpus "$(CORPUS)"

corpus:
	@test -n "$(CORPUS)" || { echo "Give the folder of the pages: make bench CORPUS=folder" \
	  "(tests/benchmarks/corpus.py says what it holds)" >&2; exit 2; }

install_chromium = { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; } \
  || { echo "Install Chromium first, in Debian by: apt-get install chromium" >&2; exit 2; }

# Licences under which a program may be passed on with any other.
FREE := Apache;BSD;CNRI-Python;ISC;MIT;MPL;Mozilla Public License;PSF;Python Software Foundation
# The tools of the manual install a library that khobor has on Windows only, so the name alone does not tell.
licences = $(AUDIT)/venv/bin/pip-licenses --python $(BIN)/python --from=mixed --no-version --with-urls $(1) --packages \
  $$($(UV) export --locked --all-extras --no-dev --no-emit-project --no-hashes --no-header --no-annotate \
    | grep -v "sys_platform == 'win32'" | sed 's/[ =;].*//')

REQUIREMENTS := layers/runtime/requirements.txt layers/fetching/requirements.txt layers/parsing/requirements.txt \
  layers/comparing/requirements.txt setup-requirements.txt tests/benchmarks/requirements.txt

# A file that does not change stays as it is, so that nothing is set up again because of it.
export = $(UV) export --locked --only-group $(1) --no-header >$(VENV)/export \
  && { cmp -s $(VENV)/export $(2) || cp $(VENV)/export $(2); }

lock: $(VENV)/.uv ## Write the requirements files from uv.lock
	@$(call export,runtime,layers/runtime/requirements.txt)
	@$(call export,fetching,layers/fetching/requirements.txt)
	@$(call export,parsing,layers/parsing/requirements.txt)
	@$(call export,comparing,layers/comparing/requirements.txt)
	@$(call export,lambda,tests/benchmarks/requirements.txt)
	@$(call export,setup,setup-requirements.txt)

clean: ## Delete what was built here, except the emulator
	rm -rf $(VENV) .venv-* .site .aws-sam dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage*

$(VENV)/.uv: setup-requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "khobor needs Python 3.11 or later: make PYTHON=python3.13")'
	@echo "Setting up $(VENV) …"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes --only-binary :all: \
	  --requirement setup-requirements.txt
	@touch $@

$(VENV)/.run: $(VENV)/.uv $(LOCKED)
	@$(UV) sync --locked --inexact --all-extras
	@touch $@

$(VENV)/.dev: $(VENV)/.uv $(LOCKED)
	@$(UV) sync --locked --inexact --all-extras --group dev
	@touch $@ $(VENV)/.run

$(VENV)/.browser: $(VENV)/.dev
	@$(UV) sync --locked --inexact --all-extras --group browser
	@touch $@

$(VENV)/.docs: $(VENV)/.dev
	@$(UV) sync --locked --inexact --all-extras --group docs
	@touch $@

$(VENV)/.coverage: $(VENV)/.dev
	@$(UV) sync --locked --inexact --all-extras --group coverage
	@touch $@

$(VENV)/.fuzz: $(VENV)/.dev
	@$(UV) sync --locked --inexact --all-extras --group fuzz
	@touch $@

$(VENV)/.deploy: $(VENV)/.uv $(LOCKED)
	@$(UV) sync --locked --inexact --all-extras --group deploy
	@touch $@ $(VENV)/.run

$(EMULATOR)/.installed: $(VENV)/.uv tests/e2e/requirements.txt
	@echo "Setting up the emulator …"
	@$(UV) venv --clear --python $(BIN)/python $(EMULATOR)/venv
	@$(UV) pip sync --python $(EMULATOR)/venv/bin/python --require-hashes --only-binary :all: tests/e2e/requirements.txt
	@touch $@

$(AUDIT)/.installed: $(VENV)/.uv tests/audit/requirements.txt
	@echo "Setting up what audits …"
	@$(UV) venv --clear --python $(BIN)/python $(AUDIT)/venv
	@$(UV) pip sync --python $(AUDIT)/venv/bin/python --require-hashes --only-binary :all: tests/audit/requirements.txt
	@touch $@

$(BENCH)/.installed: $(VENV)/.uv tests/benchmarks/build.txt tests/benchmarks/tools.txt
	@echo "Setting up the tools to compare with …"
	@$(UV) venv --clear --python $(BIN)/python $(BENCH)/venv
	@$(UV) pip sync --python $(BENCH)/venv/bin/python --require-hashes --only-binary :all: tests/benchmarks/build.txt
	@$(UV) pip sync --python $(BENCH)/venv/bin/python --require-hashes tests/benchmarks/tools.txt
	@touch $@

# The engines that are neither on PyPI nor on npm are Debian's. Of the database, the parts that start nothing by themselves.
SITE_PACKAGES := jekyll jekyll-theme-minima ruby-jekyll-feed ruby-jekyll-redirect-from ruby-jekyll-seo-tag \
  ruby-jekyll-sitemap mariadb-client-core mariadb-server-core php-cli php-gd php-mbstring php-mysql php-xml
# Only their files are taken: installed, they would bring a web server that starts with the machine.
WORDPRESS := wordpress wordpress-l10n wordpress-theme-twentytwentyone wordpress-theme-twentytwentythree

$(SITES)/.installed: $(VENV)/.uv tests/benchmarks/engines/engines.txt tests/benchmarks/engines/package-lock.json
	@echo "Setting up the site engines …"
	@[ "$$(id -u)" = 0 ] && apt-get update -qq \
	  && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(SITE_PACKAGES) >/dev/null \
	  || echo "These packages of Debian are not installed here; engines that need them are left out, until: rm $@;" \
	    "$(SITE_PACKAGES)"
	@rm -rf $(SITES)/wordpress $(SITES)/packages && mkdir -p $(SITES)/packages
	@cd $(SITES)/packages && apt-get download -qq -o APT::Sandbox::User="$$(id -un)" $(WORDPRESS) \
	  && for package in *.deb; do dpkg -x $$package ../wordpress || exit 1; done \
	  || { rm -rf ../wordpress; echo "WordPress cannot be downloaded here; it is left out, until: rm $@"; }
	@$(UV) venv --clear --python $(BIN)/python $(SITES)/venv
	@$(UV) pip sync --python $(SITES)/venv/bin/python --require-hashes tests/benchmarks/engines/engines.txt
	@mkdir -p $(SITES)/node && cp tests/benchmarks/engines/package.json tests/benchmarks/engines/package-lock.json $(SITES)/node
	@if command -v npm >/dev/null; then npm ci --ignore-scripts --silent --prefix $(SITES)/node; \
	  else echo "npm (with Node 20 or later) is not installed; engines that need it are left out, until: rm $@"; fi
	@touch $@
