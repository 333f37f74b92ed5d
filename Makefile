# Everything here works on a fresh clone with Python 3.11 or newer and nothing else installed.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
# More than cores: tests often wait for the processes that they started.
JOBS   ?= 4

.PHONY: help install dev-install run dev admin test test-long lint conformance conformance-server bench certs sample snapshots docs/tools.md doctor bundle clean

help: ## Show what there is
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.installed: requirements.txt
	@echo "==> Creating the virtual environment and installing the server's packages (once; it takes a minute)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12 …"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "python -m venv failed: on Debian install python3-venv"; exit 1; }
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt || { echo "Installing failed: see pip's message above; is the package index reachable?"; exit 1; }
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.txt
	@echo "==> Installing the packages that tests and checks need (once)"
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt || { echo "Installing failed: see pip's message above; is the package index reachable?"; exit 1; }
	@touch $@

install: $(VENV)/.installed ## Install what the server needs into .venv

dev-install: $(VENV)/.installed-dev ## Install what tests and checks need as well

# exec: make hands a signal to the process that it started, which has to be the server and not a shell.
run: install ## Serve HTTP and WebSocket on this machine
	@MCP_TRANSPORT=$${MCP_TRANSPORT:-all} exec $(BIN)/python manage.py runmcp

dev: dev-install ## Serve, and restart when a file changes
	@MCP_TRANSPORT=$${MCP_TRANSPORT:-all} exec $(BIN)/python -m watchfiles --filter python "$(BIN)/python manage.py runmcp" gauzy_mcp mcp_tools oauth_resource

test: dev-install ## Run every test
	@echo "==> Running the tests on $(JOBS) processes"
	@$(BIN)/python -m pytest -n $(JOBS) --dist worksteal

test-long: dev-install ## Run the tests that take minutes: ten thousand sessions, memory flat
	@$(BIN)/python -m pytest -m long tests/long -s

lint: dev-install ## Check style, types and who imports whom
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy gauzy_mcp mcp_tools oauth_resource && $(BIN)/lint-imports

bench: dev-install ## Measure, as ratios to the floor of the same server
	@$(BIN)/python -m tests.bench

conformance: dev-install ## Run the official conformance suite in every revision
	@$(BIN)/python -m tests.conformance

conformance-server: dev-install ## Serve the suite's fixtures at http://127.0.0.1:3999/mcp (PORT=…)
	@exec $(BIN)/python -m tests.conformance.server

admin: install ## Make a user for the admin at /admin/
	@$(BIN)/python manage.py migrate --verbosity 0 --skip-checks && $(BIN)/python manage.py createsuperuser --skip-checks

certs: ## Make a self-signed certificate for MCP_WS_TLS=true
	@mkdir -p certs && openssl req -x509 -newkey rsa:4096 -keyout certs/key.pem -out certs/cert.pem -days 365 -nodes -subj "/CN=localhost" -addext "subjectAltName=DNS:localhost,IP:127.0.0.1" 2>/dev/null
	@chmod 600 certs/key.pem && chmod 644 certs/cert.pem
	@echo "MCP_WS_TLS=true MCP_WS_KEY_PATH=$(CURDIR)/certs/key.pem MCP_WS_CERT_PATH=$(CURDIR)/certs/cert.pem"

docs/tools.md: dev-install
	@$(BIN)/python manage.py tools docs > $@

snapshots: docs/tools.md ## Write docs/tools.md and tests/snapshots anew, after a change to tools that is meant
	@$(BIN)/python -m tests.snapshots.written

sample: install ## Write .env.sample and docs/configuration.md from the table of variables
	@$(BIN)/python -m gauzy_mcp.env > .env.sample
	@$(BIN)/python -m gauzy_mcp.env --markdown > docs/configuration.md

doctor: install ## Check this installation, and say what to mend
	@$(BIN)/python manage.py doctor

bundle: install ## Write dist/gauzy-mcp.mcpb for Claude Desktop, and server.json
	@$(BIN)/python -m gauzy_mcp.bundle dist/gauzy-mcp.mcpb
	@$(BIN)/python -m gauzy_mcp.bundle --registry > server.json

clean: ## Remove what the other targets made
	@rm -rf $(VENV) .cache var dist build *.egg-info .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache
