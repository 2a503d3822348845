#!/usr/bin/env bash
# Generates frontend/wailsjs: the methods of App (app.go) and their types, in
# TypeScript. Run after changing a method or a type of app.go, and commit the result.
#
# A program built with the tag "bindings" writes the files: main() runs up to
# wails.Run, and Wails generates instead of opening a window.
set -euo pipefail
cd "$(dirname "$0")/../.."
build/setup/setup.sh build

generator=build/bin/bindings
go build -tags bindings -buildvcs=false -o "$generator" .
"$generator"
rm "$generator"
