# Every target needs Go only, unless it says otherwise. What a target installs goes to the Go module cache.
STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2
PYTHON ?= python3
VENV ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/lbprobe-peers
PEERS ?= ../shared/peers

.PHONY: check test bench fuzz cross picture calibrate

check: ## what must hold before a commit: format, vet, staticcheck, tests
	@test -z "$$(gofmt -s -l .)" || { echo "gofmt -s would change:"; gofmt -s -l .; exit 1; }
	go vet ./...
	go run $(STATICCHECK) ./...
	$(MAKE) test

test: ## all tests
	go test ./...

bench: ## Go benchmarks, and CSV writing beside polars (PyPI) in the same run
	go test -run '^$$' -bench . -benchtime 3x ./...
	$(MAKE) bench-csv

.PHONY: bench-csv
bench-csv: ## 100 submissions of 25,000 rows, CPU seconds, taking turns with polars
	@test -f $(PEERS)/csv_write.py || { echo "bench-csv: $(PEERS)/csv_write.py is not here: skipped"; exit 0; }; \
	$(PYTHON) -m venv $(VENV) && $(VENV)/bin/pip install -q polars==2.1.0 numpy && \
	go test -c -o $(VENV)/submission.test ./probes/submission && \
	for i in 1 2 3 4 5; do \
		$(VENV)/submission.test -test.run '^$$' -test.bench 'Write' -test.benchtime 1x | grep Benchmark; \
		$(VENV)/bin/python $(PEERS)/csv_write.py --algo polars; \
	done

fuzz: ## every fuzz target for FUZZTIME each
	@for p in $$(go list ./...); do \
		for f in $$(go test -list '^Fuzz' $$p | grep '^Fuzz'); do \
			echo "$$p $$f"; go test -run '^$$' -fuzz "^$$f$$" -fuzztime $(or $(FUZZTIME),10s) $$p || exit 1; \
		done; \
	done

cross: ## the default build needs no cgo, anywhere
	@for t in linux/amd64 linux/arm64 darwin/arm64 windows/amd64; do \
		echo "build $$t"; CGO_ENABLED=0 GOOS=$${t%/*} GOARCH=$${t#*/} go build -o /dev/null ./... || exit 1; \
	done

picture: ## docs/report.svg, the picture that opens the README
	mkdir -p docs
	d=$$(mktemp -d) && go run ./cmd/lbprobe run experiments/demo.toml --results $$d && cp $$d/demo/analysis/shifts.svg docs/report.svg

calibrate: ## docs/calibration.md and .svg from thousands of simulated competitions; CALIBRATE=short prints a few hundred's and writes nothing
	go run ./internal/calibrate $(if $(filter short,$(CALIBRATE)),-short,-out docs)

.PHONY: goals
goals: ## docs/goals.md and .svg: ten thousand competitions of 6,500 public rows and 20 unknowns, a thousand of 40, a hundred of 59; hours
	go run ./internal/calibrate -goals -out docs

.PHONY: searches
searches: ## docs/searches.md and .svg: those of them with long searches, a tenth of them; what such searches leave out; half an hour
	go run ./internal/calibrate -goals -scale 0.1 -only 'rows|cells|K=50' -out docs -page searches
	go test ./analysis -run TestLeftOut -v -count 1 -timeout 1h -leftout 2097152

.PHONY: bench-profile
CHATS ?= $(VENV)/chats.parquet
ROWS ?= 100000
bench-profile: ## reading generated conversations as Parquet, taking turns with pyarrow and polars, and profiling them
	@$(PYTHON) -m venv $(VENV) && $(VENV)/bin/pip install -q pyarrow==26.0.1 polars==2.1.0 && \
	go test -c -o $(VENV)/corpus.test ./experiments/corpus && \
	$(VENV)/corpus.test -test.run TestGenerate -generate $(CHATS) -rows $(ROWS) >/dev/null && \
	for i in 1 2 3 4 5; do \
		CHATS=$(CHATS) bash -c 'TIMEFORMAT="%U s of CPU, %S s of the system for it"; time $(VENV)/corpus.test -test.run "^$$" -test.bench ReadParquet -test.benchtime 1x' \
			2>&1 | grep -E 'Benchmark|CPU'; \
		for peer in pyarrow polars; do $(VENV)/bin/python experiments/corpus/testdata/parquet/read.py $$peer $(CHATS); done; \
	done; \
	CHATS=$(CHATS) $(VENV)/corpus.test -test.run '^$$' -test.bench Survey -test.benchtime 1x | grep Benchmark; \
	rm -f $(CHATS)

.PHONY: bench-duplicates bench-million pii hashes
ROUNDS ?= 5
bench-duplicates: ## near duplicates of 100,000 prompts, one thread, taking turns with rensa (PyPI); then precision and recall of both
	@test -f $(PEERS)/mh_rensa.py || { echo "bench-duplicates: $(PEERS)/mh_rensa.py is not here: skipped"; exit 0; }; \
	$(PYTHON) -m venv $(VENV) && $(VENV)/bin/pip install -q rensa==0.5.0 numpy && \
	{ test -f $(VENV)/prompts.txt || $(VENV)/bin/python $(PEERS)/gen_text.py --n 100000 --out $(VENV)/prompts.txt; } && \
	go test -c -o $(VENV)/duplicates.test ./experiments/corpus/duplicates && \
	$(VENV)/bin/python experiments/corpus/duplicates/testdata/beside_rensa.py $(VENV)/duplicates.test $(PEERS)/mh_rensa.py $(VENV)/prompts.txt $(ROUNDS)

bench-million: ## near duplicates of 62,500 to 1,000,000 prompts: time a prompt, and the heap at the end
	GOMAXPROCS=1 go test -run '^$$' -bench '^BenchmarkIndex$$' -benchtime 1x ./experiments/corpus/duplicates

pii: ## precision and recall of each kind of personal data, over generated cases
	go test -count 1 -v -run 'TestTable|TestRealData' ./experiments/corpus/pii

hashes: ## the sums that testdata/hashes.py, which knows the format's description alone, makes of testdata/texts.jsonl
	cd experiments/corpus/duplicates/testdata && $(PYTHON) hashes.py --sum < texts.jsonl > texts.sums

.PHONY: e2e-bundle
e2e-bundle: ## hidden tests end to end: the real probe.py in an emulated rerun, with numpy (PyPI)
	$(PYTHON) -m venv $(VENV) && $(VENV)/bin/pip install -q numpy
	PATH="$(VENV)/bin:$$PATH" go test -tags e2e -run E2E -v -timeout 20m ./internal/pipeline

.PHONY: channel
channel: ## what the score channel of a hidden test carries, over COMPETITIONS simulated competitions of each kind; half an hour of one core
	go test ./probes/channel -run 'TestFigures|TestExactTotals|TestClassShares|TestBits|Mistyped' -v -count 1 -timeout 1h -competitions $(or $(COMPETITIONS),1000) -slips $(or $(COMPETITIONS),1000)

.PHONY: fused
fused: ## the channel's tests with fused multiply-adds, as arm64 rounds: notebook and reader must agree (needs an x86-64-v3 processor)
	GOAMD64=v3 go test ./probes/channel

.PHONY: weeks
weeks: ## exact private counts of hidden tests by channel and lattice, against the joint bound; lattices that start from misread totals; small competitions of which no claim may be wrong
	go test ./analysis -run 'TestWeeks$$|TestMisread$$' -v -count 1 -timeout 4h -weeks $(or $(COMPETITIONS),40) -misreads $(or $(MISREADS),40)
	LBPROBE_GAMES=$(or $(GAMES),600) go test ./analysis -run 'TestTalks$$' -v -count 1 -timeout 1h
