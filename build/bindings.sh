#!/usr/bin/env bash
# Writes frontend/wailsjs anew: what the window can ask of App in app.go, in
# TypeScript. Run it after changing a method or a type there, and commit it.
#
# Wails makes it by running main() of a program built with the tag "bindings"
# as far as wails.Run.
set -euo pipefail
cd "$(dirname "$0")/.."
build/setup.sh build

generator=build/bin/bindings
go build -tags bindings -buildvcs=false -o "$generator" .
"$generator"
rm "$generator"
