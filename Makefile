# Everything a fresh Debian or Ubuntu with Python 3.11+ and make needs is installed by these targets, into .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
PYTEST := $(BIN)/python -m pytest
OUT ?= out

# The tests start hundreds of processes: compiled modules are kept where the environment says otherwise too.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test check soak bench gatekeeper clean

# The window; on a machine without a screen, the tour: the same window doing its main job by itself.
run: $(INSTALLED)
	@if [ "$$(uname)" = Darwin ] || [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then \
		$(BIN)/forgeapp; \
	else \
		echo 'No screen: the window takes its tour in the background.'; \
		$(BIN)/forgeapp tour --out $(OUT); \
	fi

test: $(INSTALLED)
	$(PYTEST) -n 4 --dist worksteal -m "not soak"

check: $(INSTALLED)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

soak: $(INSTALLED)
	@sh .ci/system-packages soak
	$(PYTEST) -m soak

bench: $(INSTALLED)
	$(BIN)/python -m tests.bench

gatekeeper: $(INSTALLED)
	$(BIN)/python -m forgeapp.gatekeeper.train

$(INSTALLED): pyproject.toml .ci/system-packages
	@PYTHON="$(PYTHON)" sh .ci/system-packages
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --group dev
	@touch $(INSTALLED)

clean:
	rm -rf $(VENV) build dist $(OUT) .mypy_cache .ruff_cache .pytest_cache .hypothesis
