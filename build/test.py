"""Runs every test there is, and says what ran, what was skipped and why.

    build/test.py [PART...]     all parts, or the named ones

First what the others need is built; then the parts of Go and the parts of the
window run side by side, one after the other each. A part is a command and a
reader of its output (results.py). The command's exit code has the last word: a
part that ends badly counts as failed whatever it printed, and so does one that
ran no test.
"""

import os
import pathlib
import re
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass

import results
from desktop import adopt_orphans, end_children

LOGS = pathlib.Path("build/bin/test")
TOOL = "go tool -modfile=build/tools.mod golangci-lint"
PACKAGES = ". ./backend/..."  # not ./..., which finds Go code in node_modules
# Copies of the program that are killed by the hundred: ten times slower with the
# race detector, which has seen all of their code in the other packages.
RACED = f"$(go list {PACKAGES} | grep -v /stress$)"
# SQLite, which is C made into Go, would take three quarters of the race
# detector's time, and keeps threads apart in ways of its own.
NOT_RACED = " ".join(f"-gcflags=modernc.org/{p}=-race=false" for p in ("sqlite/lib", "libc"))
END_TO_END = "./frontend/e2e/..."  # behind the tag e2e
# Each target's inputs. By time Go calls a target failed that is busy when the
# time is over (go.dev/issue/75804, mended in Go 1.27).
FUZZ_INPUTS = 20_000

stopping = threading.Event()


@dataclass
class Part:
    """One line of the summary. limit is in seconds."""

    name: str
    command: str
    limit: int
    read: callable = results.check

    def log(self):
        return LOGS / (re.sub(r"\W+", "-", self.name) + ".log")

    def run(self):
        """Returns the part's results and how long it took."""
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
    """The parts run as on a machine without a display, whatever this one has."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("BOOKRING_")}
    env.pop("DISPLAY", None)
    env.pop("WAYLAND_DISPLAY", None)
    env["BOOKRING_TEST_KEYRING"] = "1"
    return env


def end_group(process):
    for how, patience in ((signal.SIGTERM, 15), (signal.SIGKILL, 5)):
        try:
            os.killpg(process.pid, how)
            process.wait(patience)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            pass


def fuzz_parts():
    """One part for each fuzz target."""
    targets = [
        (path.parent, name)
        for path in sorted(pathlib.Path(".").glob("backend/**/*_test.go"))
        for name in re.findall(r"^func (Fuzz\w+)\(", path.read_text(), re.MULTILINE)
    ]
    return [
        Part(
            f"fuzz {package.name} {name}",
            f"go test -run='^$' -fuzz='^{name}$' -fuzztime={FUZZ_INPUTS}x ./{package}",
            240,
        )
        for package, name in targets
    ]


def preparation():
    return [
        Part("bindings", "before=$(mktemp -d); trap 'rm -rf \"$before\"' EXIT\n"
             "cp -r frontend/wailsjs \"$before\"; build/bindings.sh\n"
             "diff -r \"$before/wailsjs\" frontend/wailsjs", 600),
        Part("build", "build/build.sh", 600),
    ]


def go_parts():
    return [
        Part("go format", f"{TOOL} fmt --diff *.go backend frontend/e2e", 900),
        Part("go vet", f"go vet -tags e2e {PACKAGES} {END_TO_END}", 300),
        Part("go lint", f"{TOOL} run --allow-parallel-runners --build-tags e2e {PACKAGES} {END_TO_END}", 900),
        Part("go test", f"go test -race {NOT_RACED} -json -shuffle=on -count=1 -timeout=10m {RACED}", 800, results.go),
        Part("stress", "go test -json -count=1 -timeout=9m ./backend/stress", 600, results.go),
        *fuzz_parts(),
        Part("windows vet", f"GOOS=windows CGO_ENABLED=0 go vet -tags desktop,production {PACKAGES}", 400),
        Part("macos vet", f"GOOS=darwin CGO_ENABLED=0 go vet {PACKAGES}", 400),
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
        Part("scripts", "shellcheck .ci/run build/*.sh", 60),
        Part("same build", "cp build/bin/bookring build/bin/bookring.first; rm build/bin/bookring\n"
             "build/build.sh; cmp build/bin/bookring build/bin/bookring.first; rm build/bin/bookring.first", 300),
        Part("walk-through", "build/run.sh", 300, results.steps),
        *(Part(walk, "go build -tags e2e -o build/bin/e2e/xero ./frontend/e2e/xero\n"
               f"build/desktop.py build/{walk}.py build/bin/bookring build/bin/e2e/xero", 300, results.steps)
          for walk in ("keeping", "removal")),
        Part("window e2e", f"{npm} e2e", 900, results.tap),
    ]


def show(part, read, took):
    """Prints a part's line as soon as it is done, and the end of its log if it failed."""
    words = "failed" if read.failed else "skipped" if not read.passed else "ok"
    line = [f"{words:7} {part.name:34} {took:6.1f} s   {read.passed} passed"]
    if read.failed:
        tail = part.log().read_text(errors="replace").splitlines()[-40:] if not read.told else read.told
        line += [f"    {name}" for name in read.failed]
        line += [f"  | {row[:300]}" for row in tail]
        line.append(f"    all of it: {part.log()}")
    print("\n".join(line), flush=True)


def run_lane(parts, done):
    for part in parts:
        if stopping.is_set():
            return
        try:
            read, took = part.run()
        except Exception as error:  # noqa: BLE001 - a part that cannot be run has failed
            read, took = results.Results(failed=[f"{part.name}: {error!r}"]), 0
            part.log().touch()
        done.append((part, read, took))
        show(part, read, took)


def main(names):
    LOGS.mkdir(parents=True, exist_ok=True)
    for old in LOGS.glob("*"):
        old.unlink()
    for ending in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(ending, lambda number, _: sys.exit(128 + number))
    adopt_orphans()
    began = time.monotonic()
    done = []

    def wanted(parts):
        return [p for p in parts if not names or p.name in names]

    try:
        run_lane(wanted(preparation()), done)
        lanes = [
            threading.Thread(target=run_lane, args=(wanted(parts), done), daemon=True)
            for parts in (go_parts(), window_parts())
        ]
        for lane in lanes:
            lane.start()
        for lane in lanes:
            lane.join()
    except SystemExit as ending:
        done.append((Part("the whole", "", 0), results.Results(failed=[f"stopped by a signal ({ending.code})"]), 0))
        raise
    finally:
        stopping.set()
        end_children()
        code = summary(list(done), time.monotonic() - began)
    return code


def summary(done, took):
    """Prints what ran and what did not; returns the exit code."""
    print(f"\nSummary, {took // 60:.0f} min {took % 60:.0f} s")
    print(f"  {'part':36} {'passed':>6} {'failed':>6} {'skipped':>7} {'seconds':>8}")
    for part, read, seconds in done:
        print(f"  {part.name:36} {read.passed:6} {len(read.failed):6} {read.skips():7} {seconds:8.1f}")
    for part, read, _ in done:
        for reason, count in read.skipped.items():
            print(f"  skipped, {part.name}: {count} ({reason})")
    for _, read, _ in done:
        for name in read.failed:
            print(f"  failed: {name}")
    passed = sum(read.passed for _, read, _ in done)
    failed = sum(len(read.failed) for _, read, _ in done)
    skipped = sum(read.skips() for _, read, _ in done)
    if not done:
        failed = 1
    print(f"{passed} passed, {failed} failed, {skipped} skipped", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
