# Two commands set up everything on a fresh machine with Go: `make demo` and `make test`.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := build

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
COMMIT  ?= $(shell git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)
LDFLAGS := -s -w -X main.version=$(VERSION) -X main.commit=$(COMMIT)
BIN     := bin/llmadvise
# Tools are built from their modules at a fixed version into .cache, never taken from the machine.
TOOLS         := $(CURDIR)/.cache/tools
GOLANGCI      := v2.15.0
GOVULNCHECK   := v1.9.0
ARGS ?=

.PHONY: build demo test explore e2e race lint vuln bench accuracy ollama ollama-eval tools help

build: ## build the static binary into bin/
	CGO_ENABLED=0 go build -trimpath -ldflags '$(LDFLAGS)' -o $(BIN) ./cmd/llmadvise

demo: build ## run the bot against the built-in local Slack and print the page's address (ARGS="--port 8080")
	./$(BIN) demo $(ARGS)

test: ## vet and run every test that needs nothing but Go (under 5 minutes on 2 cores)
	go vet ./...
	CGO_ENABLED=0 go test -timeout 280s ./...

race: ## the same tests under the race detector (needs a C compiler)
	CGO_ENABLED=1 go test -race -timeout 40m ./...

explore: ## the engine's properties with thousands of cases, others each time; about 30 minutes (RAPID_CHECKS=3000)
	RAPID_CHECKS=$${RAPID_CHECKS:-3000} go test -count=1 -timeout 120m $$(grep -rl --include=*_test.go rapid.Check advisor | xargs -n1 dirname | sort -u | sed 's|^|./|')

e2e: build ## the long tests: browser, Slack's own client, kill and restart (installs what it needs)
	CGO_ENABLED=0 go test -tags e2e -timeout 40m -count=1 -p 1 ./...

ollama: ## the tests against a real Ollama server, built from its module on first use
	bash .ci/ollama

ollama-eval: ## answer the whole question set with that server; about 40 minutes (ARGS="--set heldout --misses")
	bash .ci/ollama-eval $(ARGS)

lint: tools ## gofmt, go vet, golangci-lint
	@out=$$(gofmt -l $$(git ls-files '*.go')); if [ -n "$$out" ]; then echo "not gofmt-clean:"; echo "$$out"; exit 1; fi
	go vet -tags e2e ./...
	$(TOOLS)/golangci-lint run ./...

vuln: tools ## known vulnerabilities in what is called (needs the vulnerability database)
	$(TOOLS)/govulncheck ./...

bench: ## benchmarks with allocations
	go test -run '^$$' -bench . -benchmem ./...

accuracy: build ## rewrite advisor/ACCURACY.md from the public measurements (ROWS=rows.csv, VRAM=memory.csv)
	./$(BIN) eval engine --csv '$(ROWS)' $(if $(VRAM),--vram-csv '$(VRAM)') --foresight advisor/sizing/measure/testdata/h100 --markdown > advisor/ACCURACY.md

tools:
	@mkdir -p $(TOOLS)
	@test -x $(TOOLS)/golangci-lint-$(GOLANGCI) || { GOBIN=$(TOOLS) CGO_ENABLED=0 go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI) && mv $(TOOLS)/golangci-lint $(TOOLS)/golangci-lint-$(GOLANGCI); }
	@ln -sf golangci-lint-$(GOLANGCI) $(TOOLS)/golangci-lint
	@test -x $(TOOLS)/govulncheck-$(GOVULNCHECK) || { GOBIN=$(TOOLS) CGO_ENABLED=0 go install golang.org/x/vuln/cmd/govulncheck@$(GOVULNCHECK) && mv $(TOOLS)/govulncheck $(TOOLS)/govulncheck-$(GOVULNCHECK); }
	@ln -sf govulncheck-$(GOVULNCHECK) $(TOOLS)/govulncheck

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9_-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
