# Everything by pattern: a new lab needs no line here. Try: make lab-warm-up
#
#   RUNTIME=process|compose|k8s  where the lab runs (default: process)
#   ARGS="..."                more options for `lab` or pytest
#   WORKERS=3                 how many processes run the tests (5 on two cores end no sooner)
#   PYTHON=python3.12         which Python makes the virtual environment

.DEFAULT_GOAL := help
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules --no-print-directory
unexport PYTHONDONTWRITEBYTECODE # or each process of ours compiles all its code: a third of what the tests take

VENV := .venv
PY := $(VENV)/bin/python
LAB := $(PY) -P -m grader.cli
ON := $(if $(RUNTIME),--runtime $(RUNTIME))
ARGS ?=
WORKERS ?= 3

SETUP := $(VENV)/.ready
DEV := $(VENV)/.ready-dev
LOCK := $(VENV)/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links --quiet $(if $(UPGRADE),--upgrade)

.PHONY: help setup list doctor verify test test-all test-hostile proof lint images cluster-images readme pictures locks clean FORCE

help: ## this list
	@echo "usage: make TARGET [RUNTIME=process|compose|k8s]"; echo
	@sed -n 's/^\([a-z%-]*\):[^#]*## \(.*\)/  \1|\2/p' Makefile | sed 's/%/ID/' | \
		while IFS='|' read -r target what; do printf '%-12s %s\n' "$$target" "$$what"; done
	@echo; echo "begin with: make lab-warm-up"

setup: $(SETUP) ## install what the labs need into .venv, and stop

$(SETUP): requirements.txt requirements-setup.txt pyproject.toml
	@PYTHON="$(PYTHON)" sh infra/setup.sh $(VENV)

$(DEV): $(SETUP) requirements-dev.txt
	@PYTHON="$(PYTHON)" sh infra/setup.sh $(VENV) requirements-dev.txt

list: $(SETUP) ## the labs, and how far you are
	@$(LAB) list $(ARGS)

doctor: $(SETUP) ## what this machine can run, and what a crash left behind
	@$(LAB) doctor $(ARGS)

lab-%: $(SETUP) FORCE ## start a lab: its system, traffic and brief
	@$(LAB) start $* $(ON) $(ARGS)

check-%: $(SETUP) FORCE ## try your edits in the short public rehearsal
	@$(LAB) check $* $(ON) $(ARGS)

grade-%: $(SETUP) FORCE ## take the exam with your edits
	@$(LAB) grade $* $(ON) $(ARGS)

hint-%: $(SETUP) FORCE ## the next hint
	@$(LAB) hint $* $(ARGS)

watch-%: $(SETUP) FORCE ## restart and rehearse each time you save
	@$(LAB) watch $* $(ARGS)

logs-%: $(SETUP) FORCE ## what the services wrote
	@$(LAB) logs $* $(ARGS)

open-%: $(SETUP) FORCE ## open the lab's page
	@$(LAB) open $* $(ARGS)

live-%: $(SETUP) FORCE ## all of a running lab on one page
	@$(LAB) live $* $(ARGS)

status-%: $(SETUP) FORCE ## what runs, and where
	@$(LAB) status $* $(ARGS)

report-%: $(SETUP) FORCE ## the last exam's result
	@$(LAB) report $* $(ARGS)

diff-%: $(SETUP) FORCE ## your changes against what shipped
	@$(LAB) diff $* $(ARGS)

debrief-%: $(SETUP) FORCE ## the reasoning behind the lab, once you passed
	@$(LAB) debrief $* $(ARGS)

reset-%: $(SETUP) FORCE ## put the lab's files back as shipped (keeps a copy of your edits)
	@$(LAB) reset $* $(ARGS)

stop-%: $(SETUP) FORCE ## stop a lab; your edits stay
	@$(LAB) stop $* $(ARGS)

verify-%: $(SETUP) FORCE ## prove one lab's grader with its controls
	@$(LAB) verify $* $(ON) $(ARGS)

verify: $(SETUP) ## prove the graders of all labs, every control
	@$(LAB) verify --all $(ON) $(ARGS)

test: $(DEV) ## the tests of every day; what did not change is left out
	@$(PY) -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

test-all: $(DEV) ## the slow ones too, as CI does; ARGS="-m slow": only these
	@$(PY) -m pytest -n $(WORKERS) --dist worksteal -m "not proof and not hostile" $(ARGS)

test-hostile: $(DEV) ## all hostile submissions, in containers, and their table
	@$(PY) -m pytest -m hostile $(ARGS)
	@$(PY) -m tests.hostile.table

proof: $(DEV) ## kill storms and a workshop: half an hour (`verify` proves graders)
	@$(PY) -m pytest -m proof $(ARGS)

lint: $(DEV) ## style, types and the direction of imports
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(PY) -m tests.labs.typed
	@$(VENV)/bin/lint-imports

images: $(SETUP) ## build the shared Docker images (once)
	@$(PY) -m infra.images.build $(ARGS)

cluster-images: $(SETUP) ## load them into the cluster of BROWNOUT_KUBE_CONTEXT
	@$(PY) -m infra.k8s.load $(ARGS)

readme: $(DEV) ## write the tables of README.md
	@$(PY) -m benchmarks.readme --write >/dev/null

pictures: $(DEV) ## the pictures of each lab's live page (needs chromium)
	@$(PY) -m benchmarks.screens $(ARGS)

locks: $(DEV) ## lock dependencies again (UPGRADE=1 for newer ones)
	@$(LOCK) requirements-setup.in -o requirements-setup.txt
	@$(LOCK) pyproject.toml -o requirements.txt
	@$(LOCK) pyproject.toml --extra dev --extra recipe -c requirements.txt -o requirements-dev.txt
	@for folder in infra/images/*/ grader/hiring/batch/*/; do \
		if [ -f "$${folder}requirements.in" ]; then \
			$(LOCK) "$${folder}requirements.in" -o "$${folder}requirements.txt" || exit 1; \
		fi; \
	done
	@$(PY) -m infra.images.lock_debs

clean: ## stop all labs, remove .venv and caches; keeps work/ and results/
	@if [ -x $(PY) ]; then $(LAB) stop --all || true; fi
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache mutants build dist *.egg-info
	@echo "Clean. Your edits are in work/, your results in results/."
