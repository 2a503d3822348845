#!/usr/bin/env bash
# Tries at full size to lose a sign-in: all rows of the table in backend/stress,
# or those named. Prints what was done and what came of it, a line a row; the exit
# code is 0 only if nothing was lost. All rows take some hours.
#
#     build/stress.sh [ROW...]
set -euo pipefail
cd "$(dirname "$0")/.."
go test -c -o build/bin/stress.test ./backend/stress
cd backend/stress
BOOKRING_TEST_KEYRING=1 exec ../../build/bin/stress.test -test.timeout=0 -test.run='^TestRows$' -full "$@"
