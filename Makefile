# Everything a person does with a checkout. `make` alone lists it.
# Needs Python >= 3.11 with its venv module, and make. Another Python: make PYTHON=python3.12 run

PYTHON ?= python3
# `make lock` runs on the oldest supported Python, so that what only that one needs is pinned too.
LOCK_PYTHON ?= python3.11
PIP_TOOLS = pip-tools==7.6.2

RUN = .venv/bin
DEV = .venv-dev/bin
PIN = build/lock/bin/pip-compile --quiet --generate-hashes --strip-extras --no-header \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options $(if $(UPGRADE),--upgrade)
INSTALL = install --quiet --disable-pip-version-check --require-hashes

define NEW_ENOUGH
"$(1)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Keukentafel needs Python 3.11 or newer; '$(1)' is not. Name another: make PYTHON=python3.12 ..." >&2; \
		exit 1; \
	}
endef

.DEFAULT_GOAL = help
.PHONY: help run check test lint format messages transcripts bench lock wheel clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: .venv/installed ## start the bot (with BOT_TOKEN), or the same companion in this terminal
	@if [ -n "$${BOT_TOKEN:-}$${BOT_TOKEN_FILE:-}" ]; then \
		exec $(RUN)/python -m bot serve; \
	fi; \
	echo "Geen BOT_TOKEN: we praten hier, in de terminal. Met Ctrl-D stop je."; \
	echo "  Op Telegram? Stuur /newbot naar @BotFather, en dan: BOT_TOKEN=123456:ABC... make run"; \
	echo "No BOT_TOKEN: we talk here, in the terminal. Ctrl-D stops."; \
	echo "  On Telegram? Send /newbot to @BotFather, and then: BOT_TOKEN=123456:ABC... make run"; \
	echo; \
	exec $(RUN)/python -m bot chat

check: .venv/installed ## check the dialogs, the directory and the translations
	@$(RUN)/python -m bot check

test: lint ## everything that has to pass: lint, check, tests
	$(DEV)/python -m bot check
	$(DEV)/python -m pytest

lint: .venv-dev/installed ## style, types, architecture, Dockerfile
	$(DEV)/ruff check .
	$(DEV)/ruff format --check .
	$(DEV)/mypy
	$(DEV)/lint-imports
	$(DEV)/hadolint Dockerfile

format: .venv-dev/installed ## put the Python in its one style
	$(DEV)/ruff check --fix .
	$(DEV)/ruff format .

messages: .venv/installed ## carry the sentences of the dialogs over to the translations
	@mkdir -p build
	@$(RUN)/python -m babel.messages.frontend --quiet extract --mapping-file babel.cfg --no-wrap \
		--add-location=file --project Keukentafel --copyright-holder "Keukentafel contributors" \
		--output-file build/dialogs.pot .
	@# A template in which only the date changed is the same template.
	@if ! diff -I '^"POT-Creation-Date' -I '^# ' build/dialogs.pot locales/dialogs.pot >/dev/null 2>&1; then \
		mv build/dialogs.pot locales/dialogs.pot; \
		echo "locales/dialogs.pot"; \
	fi
	@for po in locales/*/LC_MESSAGES/dialogs.po; do \
		[ -e "$$po" ] || continue; \
		language=$${po#locales/}; language=$${language%%/*}; \
		$(RUN)/python -m babel.messages.frontend update --domain dialogs --locale "$$language" \
			--input-file locales/dialogs.pot --output-file "$$po" \
			--no-wrap --previous --ignore-obsolete --ignore-pot-creation-date || exit 1; \
	done

transcripts: .venv-dev/installed ## write the transcripts of the tests anew (then read the difference)
	$(DEV)/python -m pytest tests/transcripts --update

bench: .venv-dev/installed build/bench/installed ## how fast the bot is beside its peers (BENCH="--list" names the figures)
	@$(DEV)/python -m tests.bench $(BENCH)

lock: ## pin all dependencies anew (make lock UPGRADE=1: to their newest versions)
	@$(call NEW_ENOUGH,$(LOCK_PYTHON))
	$(LOCK_PYTHON) -m venv --clear build/lock
	build/lock/bin/pip install --quiet --disable-pip-version-check "$(PIP_TOOLS)"
	$(PIN) --output-file requirements.txt pyproject.toml
	$(PIN) --extra dev --constraint requirements.txt --output-file requirements-dev.txt pyproject.toml
	@# No address and no path of the machine that wrote them.
	@! grep -nE '://|^ *--[^h]|/(home|root|tmp|usr)/' requirements.txt requirements-dev.txt
	rm -rf build/lock

wheel: .venv-dev/installed ## build dist/keukentafel-*.whl
	rm -rf dist
	$(DEV)/hatchling build --target wheel --directory dist

clean: ## take away all that was made here, except data/
	rm -rf .venv .venv-dev build dist .cache .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find bot tests -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamp is written last: an installation that was broken off starts anew.
.venv/installed: requirements.txt
	@$(call NEW_ENOUGH,$(PYTHON))
	@echo "Setting up .venv, once; this takes a minute ..."
	@"$(PYTHON)" -m venv --clear .venv
	@$(RUN)/python -m pip $(INSTALL) -r requirements.txt
	@touch $@

.venv-dev/installed: requirements-dev.txt
	@$(call NEW_ENOUGH,$(PYTHON))
	@echo "Setting up .venv-dev, once; this takes a minute ..."
	@"$(PYTHON)" -m venv --clear .venv-dev
	@$(DEV)/python -m pip $(INSTALL) -r requirements-dev.txt
	@touch $@

# The peers of the benchmark, as they come from their packages, apart from everything else.
build/bench/installed: tests/bench/requirements.txt
	@$(call NEW_ENOUGH,$(PYTHON))
	@echo "Setting up build/bench, once; this takes a minute ..."
	@"$(PYTHON)" -m venv --clear build/bench
	@build/bench/bin/pip install --quiet --disable-pip-version-check -r tests/bench/requirements.txt
	@touch $@
