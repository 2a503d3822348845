#!/usr/bin/env bash
# Measures: the Go benchmarks, then how fast the release program starts and how
# much memory it takes (bench.py). Quiet machines give figures worth comparing.
set -euo pipefail
cd "$(dirname "$0")/.."
build/setup.sh build walkthrough
build/build.sh
go test -run='^$' -bench=. -benchmem ./...
exec build/desktop.py --limit 300 build/bench.py build/bin/bookring
