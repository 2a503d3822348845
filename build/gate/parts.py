"""The parts of the gate. A part is a shell command and a reader of its output."""

import os
import pathlib
import re
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass

import results

LOGS = pathlib.Path("build/bin/test")
LINTER = "go tool -modfile=build/tools.mod golangci-lint"
PACKAGES = ". ./backend/..."  # ./... would include Go packages in node_modules
# The stress test kills hundreds of copies of the program. The race detector makes the
# copies ten times slower, and has checked the same code in the other packages.
RACED = f"$(go list {PACKAGES} | grep -v /stress$)"
# The C code of SQLite, translated to Go, would take three quarters of the race detector's
# time, and synchronises threads in ways unknown to the race detector.
NOT_RACED = " ".join(f"-gcflags=modernc.org/{p}=-race=false" for p in ("sqlite/lib", "libc"))
END_TO_END = "./frontend/e2e/..."  # behind the build tag e2e
# The number of inputs per fuzz target. With a time limit instead, Go fails a target that
# is busy at the end of the time (go.dev/issue/75804, fixed in Go 1.27).
FUZZ_INPUTS = 20_000
# The number of inputs to shorten an input that reaches new code. Without a number, Go tries
# for a minute for each.
FUZZ_SHORTENING = 100


@dataclass
class Part:
    """One line of the summary. limit is in seconds. read(log, ok) returns the Results; ok
    says whether the command ended with exit code 0."""

    name: str
    command: str
    limit: int
    read: Callable = results.command

    def log(self):
        return LOGS / (re.sub(r"\W+", "-", self.name) + ".log")

    def run(self):
        """Returns the results and the duration in seconds. A part fails if its command
        fails or no test ran, regardless of the output."""
        began = time.monotonic()
        with open(self.log(), "w") as log:
            process = subprocess.Popen(
                ["bash", "-euo", "pipefail", "-c", self.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=environment(),
                start_new_session=True,
            )
            try:
                code = process.wait(self.limit)
                ending = f"exit code {code}"
            except subprocess.TimeoutExpired:
                code, ending = None, f"not done within {self.limit} s"
                end_group(process)
        read = self.read(self.log(), code == 0)
        if code != 0 and not read.failed:
            read.failed.append(f"{self.name}: {ending}")
        if not (read.passed or read.failed or read.skipped):
            read.failed.append(f"{self.name}: no test ran")
        return read, time.monotonic() - began


def environment():
    """Returns the caller's environment without a display and without settings of Bookring."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("BOOKRING_")}
    env.pop("DISPLAY", None)
    env.pop("WAYLAND_DISPLAY", None)
    env["BOOKRING_TEST_KEYRING"] = "1"
    return env


def end_group(process):
    for number, patience in ((signal.SIGTERM, 15), (signal.SIGKILL, 5)):
        try:
            os.killpg(process.pid, number)
            process.wait(patience)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            pass


def preparation():
    """Returns the parts that the other parts need: generated bindings and the program."""
    return [
        Part("bindings", "before=$(mktemp -d); trap 'rm -rf \"$before\"' EXIT\n"
             "cp -r frontend/wailsjs \"$before\"; build/generate/bindings.sh\n"
             "diff -r \"$before/wailsjs\" frontend/wailsjs", 600),
        Part("build", "build/build.sh", 600),
    ]


def go_parts():
    return [
        Part("go format", f"{LINTER} fmt --diff *.go backend frontend/e2e", 900),
        Part("go vet", f"go vet -tags e2e {PACKAGES} {END_TO_END}", 300),
        Part("go lint", f"{LINTER} run --allow-parallel-runners --build-tags e2e {PACKAGES} {END_TO_END}", 900),
        Part("go test", f"go test -race {NOT_RACED} -json -shuffle=on -count=1 -timeout=10m {RACED}", 800, results.go),
        Part("stress", "go test -json -count=1 -timeout=9m ./backend/stress", 600, results.go),
        *fuzz_parts(),
        Part("windows vet", f"GOOS=windows CGO_ENABLED=0 go vet -tags desktop,production {PACKAGES}", 400),
        Part("macos vet", f"GOOS=darwin CGO_ENABLED=0 go vet {PACKAGES}", 400),
    ]


def fuzz_parts():
    """Returns one part per fuzz target."""
    targets = [
        (path.parent, name)
        for path in sorted(pathlib.Path(".").glob("backend/**/*_test.go"))
        for name in re.findall(r"^func (Fuzz\w+)\(", path.read_text(), re.MULTILINE)
    ]
    return [
        Part(
            f"fuzz {package.name} {name}",
            f"go test -run='^$' -fuzz='^{name}$' -fuzztime={FUZZ_INPUTS}x"
            f" -fuzzminimizetime={FUZZ_SHORTENING}x ./{package}",
            240,
        )
        for package, name in targets
    ]


def window_parts():
    npm = "npm run --silent --prefix frontend"
    vitest = LOGS / "vitest.json"
    return [
        Part("window format", f"{npm} format", 120),
        Part("window lint", f"{npm} lint", 180),
        Part("window types", f"{npm} check", 180),
        Part("window test", f"rm -f {vitest}; {npm} test -- --reporter=default --reporter=json "
             f"--outputFile={vitest.resolve()}", 300, lambda log, ok: results.vitest(vitest)),
        Part("scripts", "shellcheck .ci/run build/*.sh build/*/*.sh", 60),
        Part("same build", "cp build/bin/bookring build/bin/bookring.first; rm build/bin/bookring\n"
             "build/build.sh; cmp build/bin/bookring build/bin/bookring.first; rm build/bin/bookring.first", 300),
        Part("walk-through", "build/run.sh", 300, results.steps),
        *(Part(walk, "go build -tags e2e -o build/bin/e2e/xero ./frontend/e2e/xero\n"
               f"build/walks/desktop.py build/walks/{walk}.py build/bin/bookring build/bin/e2e/xero", 300, results.steps)
          for walk in ("checking", "removal")),
        # One text size of four: the others take two minutes (build/walks/largetext.py).
        Part("larger text", "go build -tags e2e -o build/bin/e2e/xero ./frontend/e2e/xero\n"
             "build/walks/desktop.py --screen 1640x1060 build/walks/largetext.py build/bin/bookring build/bin/e2e/xero 144",
             300, results.steps),
        Part("window e2e", f"{npm} e2e", 900, results.tap),
    ]
