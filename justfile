# Tasks of the repository. Each is a short name for plain go commands; .ci/run
# calls the same ones. `just --list` tells them all.

set shell := ["bash", "-euo", "pipefail", "-c"]

# The least that statement coverage of the library may be on Linux, in percent.
coverage_least := "90"

# Systems that the library builds for. The first mips is big-endian and 32 bits
# wide; the last six map nothing, and must still load.
targets := "linux/amd64 linux/386 linux/arm64 linux/s390x linux/ppc64le linux/mips " + \
    "windows/amd64 windows/386 darwin/arm64 freebsd/amd64 openbsd/amd64 netbsd/amd64 " + \
    "dragonfly/amd64 solaris/amd64 illumos/amd64 aix/ppc64 js/wasm wasip1/wasm plan9/amd64"

# Packages whose tests start other programs one by one, or read sources in one
# goroutine: the race detector makes them slow, and has nothing to look at.
sequential := "/(mmapguard/confine|conformance/lab/cmd/lab|tools/cmd/guardvet|tools/guardvet|tools/internal/assure/(check|render))$"

# Show the tasks.
default:
    @just --list --unsorted

# Build the pinned tools.
setup:
    for tool in staticcheck gosec golangci-lint; do tools/lint/run "$tool" --version; done

# Build the tools that releases and audits need (minutes, once).
setup-release:
    tools/lint/run actionlint --version
    for tool in tools/release/*/ tools/audit/*/; do \
        GOWORK=off go -C "$tool" tool -n "$(basename "$tool")"; \
    done
    tools/npm/run git-cliff --version
    tools/pypi/run zizmor --version

# Run the fast part of CI before each commit and push.
hooks:
    tools/npm/run lefthook install

# Build and vet every module for this system.
build:
    go build work
    go vet work

# Build and vet the library for every system it is for.
cross:
    for target in {{ targets }}; do \
        echo "$target"; \
        GOOS="${target%/*}" GOARCH="${target#*/}" go build ./mmapguard/...; \
        GOOS="${target%/*}" GOARCH="${target#*/}" go vet ./mmapguard/...; \
    done

# Test every module.
test:
    go test -p 4 -shuffle=on work

# Test whatever has several goroutines under the race detector (needs a C compiler).
race:
    CGO_ENABLED=1 go test -race -p 4 -short -shuffle=on $(go list work | grep -vE '{{ sequential }}')

# Test the library as a 32-bit program.
test-386:
    GOARCH=386 go test ./mmapguard/...

# Test the library alone, without the workspace, with another Go: `just test-go 1.25.0`.
test-go version:
    GOTOOLCHAIN=go{{ version }} GOWORK=off go -C mmapguard test ./...

# The other tests need a second process, which this system cannot start.

# Test the loading of streams where nothing can be mapped (needs node).
test-js:
    GOOS=js GOARCH=wasm go test -v -run LoadReader -exec "$(go env GOROOT)/lib/wasm/go_js_wasm_exec" ./mmapguard/example_test.go

# Go 1.26 and later delete in a way that Wine 8 does not know (os.RemoveAll), so
# every test with a temporary directory would fail with them.

# Test the library for Windows under Wine.
wine:
    GOTOOLCHAIN=go1.25.0 GOOS=windows GOARCH=amd64 go test -exec "$PWD/conformance/wine/exec" ./mmapguard/...

# Let other processes strike at random while readers run, for longer than the tests do.
soak time="30s":
    MMAPGUARD_SOAK={{ time }} go test -count=1 -run Soak -v ./mmapguard

# Take many snapshots beside every kind of writer: none may be a mix.
snapshots number="1000":
    MMAPGUARD_SNAPSHOTS={{ number }} go test -count=1 -timeout 20m -parallel 8 -run SnapshotsAreNeverMixed -v ./conformance/property | grep -E "^(---|ok|FAIL|PASS)| beside |residual|_test.go.*mixed"

# Test confinement, and what the library can do in it, on each file system (as root).
test-confine *names="ext4 tmpfs xfs btrfs": _lab
    go test -c -o .cache/confine.test ./mmapguard/confine
    for name in {{ names }}; do \
        echo "on $name"; \
        .cache/lab fs "$name" -- bash -o pipefail -c 'TMPDIR=$MMAPGUARD_TEST_DIR .cache/confine.test -test.v -test.run "Guarantee|Mechanism|Rescue|Other" | grep -E "^(---|    ---|PASS|FAIL)|library_linux"'; \
    done

# Hold the assurance case and the repository against each other, both ways.
assure-check *flags:
    go run ./tools/cmd/assure check {{ flags }}

# Run the evidence of the assurance case, and see that each piece can fail.
assure-verify *flags:
    go run ./tools/cmd/assure verify {{ flags }}

# Show what a claim, an attack, a countermeasure or a row rests on: `just explain SR-6`.
explain id:
    go run ./tools/cmd/assure explain {{ id }}

# Write the pages, diagrams and verdicts of the assurance case.
assure-render *flags:
    go run ./tools/cmd/assure render {{ flags }}

# Test confinement on a distribution's older kernel, in virtual machines.
test-confine-vm *machines="x86-64": _lab
    for machine in {{ machines }}; do \
        arch="${machine/x86-64/amd64}"; \
        GOARCH="$arch" CGO_ENABLED=0 go test -c -o ".cache/confine-$arch.test" ./mmapguard/confine; \
        .cache/lab vm "$machine" -- ".cache/confine-$arch.test" -test.v; \
    done

# Install what the laboratory of file systems and machines needs (as root).
lab-setup *archs="x86-64 arm64 ppc64le s390x":
    go run ./conformance/lab/cmd/lab setup {{ archs }}

# The suites wait for other processes most of the time, so that several file systems
# can be tested at once. One test changes a setting of the whole kernel: that one
# has no company.

# Test the library and its guarantees on fresh file systems (as root).
filesystems *names="ext4 tmpfs xfs btrfs overlayfs": _lab
    go test -c -o .cache/mmapguard.test ./mmapguard
    go test -c -o .cache/property.test ./conformance/property
    printf '%s\n' {{ names }} | xargs -P 3 -I NAME just _filesystem NAME
    for name in {{ names }}; do \
        echo "on $name, alone"; \
        MMAPGUARD_TEST_SYSCTL=1 .cache/lab fs "$name" -- bash -c \
            'TMPDIR=$MMAPGUARD_TEST_DIR .cache/mmapguard.test -test.v -test.run "^TestEnforced_StoppedTooLong$"' | grep -E '^(---| )'; \
    done

_filesystem name:
    @.cache/lab fs --size 12G {{ name }} -- bash -c 'export TMPDIR=$MMAPGUARD_TEST_DIR; \
        for suite in mmapguard property; do \
            ".cache/$suite.test" -test.short -test.v >"$TMPDIR/log" 2>&1 || { cat "$TMPDIR/log"; exit 1; }; \
            echo "{{ name }}, $suite: $(grep -c -- "--- PASS" "$TMPDIR/log") passed"; \
            grep -E "^--- SKIP|residual|mixed|snapshots" "$TMPDIR/log" || true; \
        done'

# Test fs-verity, in virtual machines: on ext4, f2fs and btrfs.
verity: _lab
    CGO_ENABLED=0 go test -c -o .cache/verity.test ./conformance/lab/verity
    for disk in ext4-verity f2fs btrfs; do \
        echo "on $disk"; \
        .cache/lab vm --disk "$disk" x86-64 -- .cache/verity.test -test.v; \
    done

# Test the library on the kernel of another processor, in a virtual machine.
test-vm arch="s390x": _lab
    goarch={{ arch }}; CGO_ENABLED=0 GOARCH=${goarch/x86-64/amd64} go test -c -o .cache/vm.test ./mmapguard
    cd mmapguard && ../.cache/lab vm --timeout 20m {{ arch }} -- ../.cache/vm.test -test.short

_lab:
    mkdir -p .cache
    go build -o .cache/lab ./conformance/lab/cmd/lab

# Try every promise on this machine's own file systems and processor (as root).
conformance *flags:
    go run ./conformance/cmd/matrix --rows '^(fs|cpu|go)/' {{ flags }}

# Try every promise in every environment that this machine can make (as root).
matrix *flags:
    mkdir -p .cache
    go run ./conformance/cmd/matrix --json .cache/matrix.json {{ flags }}

# The three places are sound, have a page that cannot be read, and cannot be written.

# Show what an operator learns of a mount: three reports of the stand-alone suite (as root).
reports: _lab
    go build -o .cache/mmapguard-conformance ./conformance/cmd/mmapguard-conformance
    for place in 'fs tmpfs' 'fuse --fault eio=1' 'fs squashfs'; do \
        echo "=== lab $place"; \
        .cache/lab $place --content conformance/testdata -- \
            sh -c '.cache/mmapguard-conformance --dir "$MMAPGUARD_TEST_DIR"'; \
    done

# Break the library on purpose, in many ways, and see that the suite notices.
broken *flags:
    go run ./conformance/cmd/broken {{ flags }}

_trace: _lab
    CGO_ENABLED=0 go build -o .cache/guardtrace ./tools/cmd/guardtrace
    CGO_ENABLED=0 go build -o .cache/suite ./conformance/cmd/mmapguard-conformance

# What takes most of the time under a tracer are calls of the cases themselves,
# the same on every file system: ext4 is enough for those.
slow_under_trace := "TRAP-9/exhaustion-is-an-error TRAP-14/swapped-pipe-does-not-block TRAP-16/closed-handle-shows-no-other-file SR-4/swapped-links-stay-inside"

# Run the suite under the rules of conformance/rules, and hold the library to its profile: on each file system as root, else here.
trace-check *names="ext4 tmpfs xfs btrfs overlayfs": _trace
    check=(.cache/guardtrace check --strict --rules conformance/rules/library.yaml --profile conformance/profile/profile.json); \
    clones='cloned-from-secured,replaced-by-what-is-there'; \
    for case in {{ slow_under_trace }}; do fewer+=(--exclude "$case:its own calls are most of it"); done; \
    if [[ $(id -u) != 0 ]]; then "${check[@]}" --may-be-silent "$clones" -- .cache/suite --no-confine --timeout 2m; exit; fi; \
    rm -rf .cache/checked && mkdir .cache/checked; \
    for name in {{ names }}; do \
        echo "on $name"; \
        [[ $name == ext4 ]] && suite=(.cache/suite --no-confine) || suite=(.cache/suite --no-confine "${fewer[@]}"); \
        [[ $name == xfs || $name == btrfs ]] && silent=() || silent=(--may-be-silent "$clones"); \
        .cache/lab fs "$name" -- bash -c 'exec "$@" --dir "$MMAPGUARD_TEST_DIR" --timeout 2m' trace-check \
            "${check[@]}" "${silent[@]}" --collect ".cache/checked/$name.json" -- "${suite[@]}" >.cache/trace-check.txt 2>&1 || { cat .cache/trace-check.txt; exit 1; }; \
        sed -n '/ looked at /p;$p' .cache/trace-check.txt; \
    done
    CGO_ENABLED=0 go test -count=1 ./tools/internal/trace/profile
    if [[ $(id -u) == 0 ]]; then \
        .cache/lab fs xfs -- bash -c 'TMPDIR=$MMAPGUARD_TEST_DIR CGO_ENABLED=0 go test -count=1 ./tools/internal/trace/observed ./tools/internal/trace/profile'; \
    fi

# See that a rule notices each build of the library that breaks an order (as root, of clones as well).
trace-broken *flags: _trace
    broken=(go run ./conformance/cmd/broken -tracer "$PWD/.cache/guardtrace" {{ flags }}); \
    if [[ $(id -u) != 0 ]]; then "${broken[@]}"; exit; fi; \
    .cache/lab fs xfs -- bash -c 'TMPDIR=$MMAPGUARD_TEST_DIR "$@"' trace-broken "${broken[@]}"

# fs-verity is in no kernel but that of the virtual machine; the machine's clocks
# and its older kernel make the library take ways that are not taken here.

# Write what is seen of the library in a virtual machine into a folder, with fs-verity.
_trace-vm out: _trace
    rm -rf .cache/trace-vm && mkdir -p .cache/trace-vm/testdata
    CGO_ENABLED=0 go test -c -o .cache/trace-vm/testdata/verity ./conformance/lab/verity
    cp .cache/suite conformance/rules/library.yaml .cache/trace-vm/testdata
    cd .cache/trace-vm && vm() { ../lab vm --disk ext4-verity --timeout 10m x86-64 -- ../guardtrace profile --rules testdata/library.yaml -o - "$@" 2>log || { cat log; exit 1; }; }; \
        vm --for fs-verity -- testdata/verity >"../../{{ out }}/vm-verity.json"; \
        vm -- testdata/suite --no-confine --dir /mnt/ext4-verity --timeout 3m --guarantee immutable --run 'SR-5/limits-before-map' >"../../{{ out }}/vm-suite.json"

# Derive the profile of conformance/profile from traces of the suite on each file system and in a virtual machine (as root).
profile *names="ext4 tmpfs xfs btrfs overlayfs": _trace
    rm -rf .cache/profiles && mkdir .cache/profiles
    for name in {{ names }}; do \
        echo "on $name"; \
        .cache/lab fs "$name" -- bash -c '.cache/guardtrace profile --rules conformance/rules/library.yaml -o ".cache/profiles/$MMAPGUARD_TEST_FS.json" \
            -- .cache/suite --no-confine --dir "$MMAPGUARD_TEST_DIR" --timeout 2m >.cache/profile.txt || { cat .cache/profile.txt; exit 1; }'; \
    done
    just _trace-vm .cache/profiles
    .cache/guardtrace profile merge -d conformance/profile .cache/profiles/*.json
    just profile-confine

# Write the profile of mmapguard/confine, which follows from that of conformance/profile.
profile-confine:
    go run ./tools/cmd/guardtrace profile confine --with conformance/profile/confine.yaml -o mmapguard/confine/profile.json conformance/profile/profile.json

# See that the library keeps the rules, and that the profile holds what it needs and nothing else (as root).
profile-check: trace-check (_trace-vm ".cache/checked")
    .cache/guardtrace profile compare conformance/profile/profile.json .cache/checked/*.json

# Test guardtrace on the other processor that it knows, in a virtual machine.
test-trace-vm arch="arm64": _lab
    CGO_ENABLED=0 GOARCH={{ arch }} go test -c -o .cache/session.test ./tools/internal/trace/session
    cd tools/internal/trace/session && ../../../../.cache/lab vm --timeout 9m {{ arch }} -- ../../../../.cache/session.test -test.v | grep -E '^ *(---|PASS|FAIL)|not found|not installed|_test.go'

# Measure what guardtrace costs, beside strace with the same filter.
bench-trace *flags:
    go run ./tools/internal/trace/bench {{ flags }}

# Measure what each mechanism costs here, and how fast a lease is rescued.
bench-ladder *flags:
    go run ./conformance/bench/cmd/ladder {{ flags }}

# Files in memory make fuzzing many times as fast; MMAPGUARD_FUZZ_TMP names
# another folder than /dev/shm.

# Run a fuzz target, or all, each for so long: `just fuzz FuzzLifecycle 1m`.
fuzz target="all" duration="10s":
    go run ./fuzzers/cmd/fuzz run {{ target }} {{ duration }}

# Break the library on purpose, and see how soon the fuzz targets notice.
fuzz-mutants target="all":
    go run ./fuzzers/cmd/fuzz mutants {{ target }}

# Tell what of the library the kept inputs of the fuzz targets reach.
fuzz-coverage target="all":
    go run ./fuzzers/cmd/fuzz coverage {{ target }}

# Keep only the inputs that add to the coverage, those of the go command's cache included.
fuzz-minimize target="all":
    go run ./fuzzers/cmd/fuzz minimize {{ target }}

# Run the commands of the fuzzers' README as they stand there.
fuzz-docs:
    MMAPGUARD_FUZZ_DOCS=1 go test -count=1 -timeout 20m -run README -v ./fuzzers

# Compare what hazards do to the library and to its peers.
peers *flags:
    cd conformance/peers && GOWORK=off go run ./cmd/hazards {{ flags }}

# Write the comparison with the peers as the document that shows it.
peers-table:
    cd conformance/peers && GOWORK=off go run ./cmd/hazards --markdown >TABLE.md

# Test the comparison with the peers.
test-peers:
    cd conformance/peers && GOWORK=off go vet ./... && GOWORK=off go test ./...

# Every test that this machine can run.
test-all: test race test-386 (test-go "1.25.0") (test-go "1.27.1") test-js wine

# Run all linters, over the library also as other systems see it.
lint: gosec lint-workflows
    tools/lint/run staticcheck $(just _packages)
    tools/lint/run golangci-lint run $(just _packages)
    for os in windows darwin; do \
        echo "as $os sees the library"; \
        GOOS="$os" tools/lint/run staticcheck -tests=false ./mmapguard/...; \
        GOOS="$os" tools/lint/run golangci-lint run --tests=false ./mmapguard/...; \
    done

# The suite of conformance, like the fuzzers, makes the files that it opens, starts itself as a
# child, and converts what the kernel says: its rules on those are off.
conformance_rules := "G104,G115,G122,G204,G301,G302,G304,G306,G703"

# It reads one module at a time, and would also read what tests alone load, as the
# unsafe code that guardvet is to find, and modules within the module.

# Look for insecure code.
gosec:
    for module in $(go list -m -f '{{ '{{.Dir}}' }}'); do \
        off=''; [[ $module != */conformance && $module != */fuzzers ]] || off='-exclude={{ conformance_rules }}'; \
        (cd "$module" && "{{ justfile_directory() }}/tools/lint/run" gosec -quiet -exclude-dir=testdata -exclude-dir=corpus $off -nosec-require-rules -nosec-require-justification ./...); \
    done

# The packages of all modules, in the form that linters know.
_packages:
    @go list -m -f '{{ '{{.Dir}}' }}/...'

# Look for uses of mapped bytes that no library can make safe.
guardvet: _guardvet
    go vet -vettool="$PWD/.cache/guardvet" -boundary.packages=github.com/mmapguard/go/mmapguard/internal/boundary work

# Count what guardvet says about public programs that map files (downloads them).
vet-corpus *flags: _guardvet
    go build -o .cache/sites ./tools/guardvet/internal/sites
    cd tools/guardvet/corpus && GOWORK=off go vet . && GOWORK=off go run . -bin "$PWD/../../../.cache" {{ flags }}

_guardvet:
    mkdir -p .cache
    go build -o .cache/guardvet ./tools/cmd/guardvet

# Format the code.
fmt:
    tools/lint/run golangci-lint fmt $(just _packages)

# Fail if code is not formatted.
fmt-check:
    test -z "$(gofmt -l $(git ls-files '*.go' | grep -v /testdata/) | tee /dev/stderr)"

# Mend what the linters can mend by themselves.
fix:
    tools/lint/run golangci-lint run --fix $(just _packages)

# Clones exist on some file systems alone, so as root the tests run on one of
# those as well, and what either run reaches counts.

# Print the library's statement coverage by function.
coverage: _lab
    go test -coverpkg=./mmapguard/... -coverprofile=.cache/coverage.out ./mmapguard/...
    if [[ $(id -u) == 0 ]]; then \
        go test -c -cover -coverpkg=./mmapguard/... -o .cache/covered.test ./mmapguard; \
        rm -rf .cache/covered && mkdir .cache/covered; \
        .cache/lab fs xfs -- bash -c 'TMPDIR=$MMAPGUARD_TEST_DIR .cache/covered.test -test.short \
            -test.coverprofile=.cache/covered.out -test.gocoverdir=.cache/covered'; \
        tail -n +2 .cache/covered.out >>.cache/coverage.out; \
    fi
    go tool cover -func=.cache/coverage.out

# Fail if the library's statement coverage is below the least.
coverage-check: coverage
    go tool cover -func=.cache/coverage.out | awk '$1 == "total:" { seen = 1; have = $3 + 0 } \
        END { printf "coverage %.1f %%, at least {{ coverage_least }} %% is wanted\n", have; exit !(seen && have >= {{ coverage_least }}) }'

# Show what the tests cover, line by line (opens a browser, or writes .cache/coverage.html).
coverage-report: coverage
    go tool cover -html=.cache/coverage.out -o .cache/coverage.html
    @echo 'see .cache/coverage.html'

# Look for known vulnerabilities that calls can reach; MMAPGUARD_VULNDB may name a snapshot of the database.
audit:
    for module in $(grep -Ev '^(#|$)' release/modules.txt); do \
        echo "$module"; \
        tools/audit/vulnerabilities "$module" ./...; \
    done

# Hold dependencies against release/policy.yaml: sources, bans, pins, lock files.
policy:
    cd release && GOWORK=off go run ./cmd/policy -root ..

# Check the dependency policy, and the licences of what is linked.
deny: policy
    licences=$(cd release && GOWORK=off go run ./cmd/policy -root .. -licences); \
    judged=$(cd release && GOWORK=off go run ./cmd/policy -root .. -judged); \
    checker=$(GOWORK=off go -C tools/audit/go-licenses tool -n go-licenses); \
    mkdir -p .cache; \
    for module in $(grep -Ev '^(#|$)' release/modules.txt); do \
        for os in linux windows darwin; do \
            GOOS=$os "$checker" check --include_tests=false --allowed_licenses="$licences" --ignore "github.com/mmapguard/go,$judged" "./$module/..." 2>.cache/licences.log \
                || { cat .cache/licences.log; exit 1; }; \
        done; \
        echo "$module: licences are among $licences; judged: $judged"; \
    done

# The other checks of OpenSSF Scorecard ask the hosting of the repository.

# Score the repository's practices, as far as files show them; the reasons: `just scorecard --show-details`.
scorecard *flags:
    git diff --quiet HEAD || echo 'what is in no commit is left out'
    rm -rf .cache/scorecard && git clone --quiet --no-tags . .cache/scorecard
    scorecard=$(GOWORK=off go -C tools/audit/scorecard tool -n scorecard); \
    "$scorecard" --local .cache/scorecard \
        --checks Binary-Artifacts,Dangerous-Workflow,Dependency-Update-Tool,License,Packaging,Pinned-Dependencies,SAST,Security-Policy,Token-Permissions {{ flags }}
    rm -rf .cache/scorecard

# Lint the workflows.
lint-workflows:
    tools/lint/run actionlint
    tools/pypi/run zizmor --offline --no-progress .github

# Write CHANGELOG.md of the commits; with a tag, as of its release: `just changelog tools/v0.1.0`.
changelog tag="":
    tools/npm/run git-cliff --offline --output CHANGELOG.md {{ if tag == "" { "" } else { "--tag " + tag } }}

# Tell whether HEAD may be released: `just release-check tools/v0.1.0`.
release-check tag:
    release/check {{ tag }}

# Build what a release has, once, and publish nothing.
release-dry-run:
    release/rehearse --dry

# Do a whole release on this machine: build twice, sign, verify, forge, install.
release-rehearsal:
    mkdir -p .cache
    release/rehearse

# Test the release's own programs, and the tasks.
test-release:
    cd release && GOWORK=off go vet ./... && GOWORK=off go test ./...
    cd release/rehearsal && GOWORK=off go vet ./... && GOWORK=off go test ./...

# Write the attestation of the assurance case into a folder, for a release: `just attest out --vex vex.json`.
attest out *flags:
    mkdir -p {{ out }}
    go run ./tools/cmd/assure attest --out {{ out }}/assurance.intoto.json {{ flags }}

# Measure the library against its peers and goals (minutes; the machine should be idle).
bench *flags:
    go run ./conformance/bench/cmd/ratios {{ flags }}

# Build the book into .cache/book/html.
docs: _bookpages
    tools/book/run build site
    go run ./site/cmd/bookmend .cache/book/html

# Show the book, and build it again whenever a chapter changes.
docs-serve *flags: _bookpages
    tools/book/run serve site --dest-dir "$PWD/.cache/book/serve" {{ flags }}

# Hold the book to its gates: its text, its HTML, and every page in a real Chromium.
docs-check: docs
    tools/book/npm markdownlint-cli2 --config site/.markdownlint-cli2.yaml 'site/src/**/*.md'
    tools/book/npm cspell lint --no-progress --config site/cspell.yaml 'site/src/**/*.md'
    tools/book/npm html-validate --config site/htmlvalidate.json '.cache/book/html/**/*.html'
    cd site/check && GOWORK=off go run ./cmd/bookcheck

# The recipe that reads DWARF needs a program that has it, and go test alone makes none.

# Test the gates of the book: each must find what is planted for it.
test-docs:
    mkdir -p .cache
    go test -c -o .cache/recipes.test ./site/recipes && .cache/recipes.test -test.v -test.run '^TestELF$' | grep -E '^--- PASS'
    tools/book/npm html-validate --version # installs axe-core, too
    cd site/check && GOWORK=off go vet ./... && GOWORK=off go test ./...

_bookpages:
    mkdir -p .cache
    go build -o .cache/bookpages ./site/cmd/bookpages

# The pages of the book look for these files; those of the matrix and the verdicts
# come from `just matrix` and `just assure-verify`.

# Measure what the book plots (minutes; the machine should be idle).
docs-data *flags:
    mkdir -p .cache
    just bench -o .cache/bench.txt {{ flags }}
    just bench-ladder >.cache/ladder.txt
    just bench-trace -rounds 5 >.cache/trace.txt

# Show what the library is for.
demo:
    go run ./tools/cmd/mmapguard demo

# Everything that must pass before a change lands.
ci-check:
    .ci/run
