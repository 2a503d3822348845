#!/usr/bin/env bash
# Runs the rows of backend/stress at full size: all rows, or the named rows. Each row
# tries to lose a sign-in and prints a line with the faults and the outcome. The exit
# code is 0 only if no sign-in was lost. All rows together run for hours.
#
#     build/stress.sh [ROW...]
set -euo pipefail
cd "$(dirname "$0")/.."
go test -c -o build/bin/stress.test ./backend/stress
cd backend/stress
BOOKRING_TEST_KEYRING=1 exec ../../build/bin/stress.test -test.timeout=0 -test.run='^TestRows$' -full "$@"
