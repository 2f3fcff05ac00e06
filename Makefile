# One way to do each thing. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help run setup check check-phone test test-fast test-here test-device test-covered test-thorough test-postgres test-journeys bench faults language forms screenshots walks ci packages
PYTHON ?= python3
BIN := .venv/bin
ARGS ?=
# Many containers say that compiled Python is not to be kept. Each process of each run would compile all of it again.
unexport PYTHONDONTWRITEBYTECODE

help:  ## List what can be done
	@sed -nE 's/^([a-z-]+):.*## /  make \1	/p' Makefile | expand -t 22

run: packages  ## Start a demonstration server and the app, and print where they are
	@$(BIN)/python -m house.run $(ARGS)

setup:  ## Make .venv with the tested versions, and find or install a browser
	@$(PYTHON) -m house.ready

packages:
	@$(PYTHON) -m house.ready packages

# On a busy machine the two workers of mypy may not be up in time, which is no mistake in the types: then one does it.
TYPES = $(BIN)/mypy -n 2 $(1) || $(BIN)/mypy $(1)

check: packages  ## Format, lint, types, import contracts: seconds
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(call TYPES,)
	$(call TYPES,-p house)
	$(BIN)/lint-imports

# Phones run a newer Python than servers. Beside `check`, because it reads everything a second time.
check-phone: packages  ## Types of what a phone is given, for the Python that a phone has
	$(call TYPES,--python-version 3.14 -p booklets -p field_app)

# A core has two threads and more: one process beyond that fills what the others wait.
test: setup test-here test-postgres test-journeys  ## All tests: on SQLite, on PostgreSQL, in the browser

test-fast: packages  ## The tests for while you work: no browser, and nothing that takes its time
	$(BIN)/python -m pytest -m "not journey and not postgres and not thorough" -n 3 $(ARGS)

test-here: packages  ## Every test that needs neither a browser nor PostgreSQL
	$(BIN)/python -m pytest -m "not journey and not postgres" -n 3 $(ARGS)

# The environment of phones is in .venv-device. PYTHON_NEWEST says which Python, where none is found by its name.
# It fails (status 3 of the program, told apart from a failing test) where there is none that is new enough.
test-device: packages  ## What a phone is given, on the newest Python here with the packages of phones
	@$(BIN)/python -m house.device $(ARGS)

# Counting lines doubles the time of these tests. The thorough ones would take four times theirs and are not counted:
# a line that only they run stands in the report as one that nothing ran. CI runs both uncounted and in half the time;
# whoever changes much counts here.
test-covered: packages  ## The fast tests, counting which lines they run: the floor is theirs alone
	$(BIN)/python -m pytest -m "not journey and not postgres and not thorough" -n 3 --cov --cov-report=term $(ARGS)

test-thorough: packages  ## What test-fast leaves out and needs no browser, not counted
	$(BIN)/python -m pytest -m "thorough and not journey and not postgres" -n 3 $(ARGS)

# The same tests of the server. PostgreSQL comes from the packages: nothing is installed by hand.
test-postgres: packages  ## The server's tests once more, on PostgreSQL instead of SQLite
	$(BIN)/python -m house.postgres $(BIN)/python -m pytest -m "not journey" -n 3 tests/sync_server $(ARGS)

# Processes of their own: the journeys' browser driver keeps an event loop running. Four, for a walk waits a lot.
test-journeys: setup  ## Walks through the real app, a real server and a real browser
	$(BIN)/python -m pytest -m journey -n 4 tests/end_to_end $(ARGS)

bench: packages  ## One JSON line per figure (ONLY=store for a part, FULL=1 for large amounts)
	@$(BIN)/python -m bench

faults: packages  ## Break things on purpose and count what was lost (ONLY=, FULL=1)
	@$(BIN)/python -m faults

language: packages  ## Learn anew how much each word counts in judging wording: the same sentences, the same file
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[language]"
	@$(BIN)/python -m house.language

forms: packages  ## Keep outgoing editions, check the form definitions and rebuild docs/forms
	@$(BIN)/python -m house.outgoing
	$(BIN)/python -m booklets.handbook docs/forms

screenshots: setup  ## Pictures of every screen, into docs/pictures (ONLY="home review" WIDTHS="320 1280" LOOKS="dark contrast")
	$(BIN)/python -m tests.end_to_end.screenshots docs/pictures --only "$(ONLY)" --widths "$(WIDTHS)" --looks "$(LOOKS)"

walks: setup  ## Walk three real situations and a quiet return check, count them, and write docs/walks.md
	$(BIN)/python -m tests.end_to_end.walks

ci: check check-phone test-here test-postgres test-journeys faults  ## Everything that CI runs, after `make setup`
