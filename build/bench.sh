#!/usr/bin/env bash
# Runs the Go benchmarks, then measures the release program's start time and
# memory use (build/walks/startup.py). Only figures from an idle machine compare.
set -euo pipefail
cd "$(dirname "$0")/.."
build/setup/setup.sh build desktop
build/build.sh
go test -run='^$' -bench=. -benchmem ./...
exec build/walks/desktop.py --limit 300 build/walks/startup.py build/bin/bookring
