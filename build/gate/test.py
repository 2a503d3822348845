"""Runs all parts of the gate (parts.py), or the named parts, and prints a summary.

The preparation runs first. Then two lanes run side by side: the parts for Go and the parts
for the window. build/test.sh documents usage, exit code and last line.
"""

import signal
import sys
import threading
import time

import parts
import results

sys.path.append("build/walks")
from processes import adopt_orphans, end_descendants  # noqa: E402

stopping = threading.Event()


def main(names):
    parts.LOGS.mkdir(parents=True, exist_ok=True)
    for old in parts.LOGS.glob("*"):
        old.unlink()
    # sys.exit makes a signal run the finally block below.
    for ending in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(ending, lambda number, _: sys.exit(128 + number))
    adopt_orphans()
    began = time.monotonic()
    done = []

    def wanted(lane):
        return [part for part in lane if not names or part.name in names]

    try:
        run_lane(wanted(parts.preparation()), done)
        lanes = [
            threading.Thread(target=run_lane, args=(wanted(lane), done), daemon=True)
            for lane in (parts.go_parts(), parts.window_parts())
        ]
        for lane in lanes:
            lane.start()
        for lane in lanes:
            lane.join()
    except SystemExit as ending:
        stopped = results.Results(failed=[f"stopped by a signal ({ending.code})"])
        done.append((parts.Part("the gate", "", 0), stopped, 0))
        raise
    finally:
        stopping.set()
        end_descendants()
        code = summary(list(done), time.monotonic() - began)
    return code


def run_lane(lane, done):
    """Runs parts one after the other, and appends part, results and seconds to done."""
    for part in lane:
        if stopping.is_set():
            return
        try:
            read, seconds = part.run()
        except Exception as error:  # noqa: BLE001 - an exception fails the part
            read, seconds = results.Results(failed=[f"{part.name}: {error!r}"]), 0
            part.log().touch()
        done.append((part, read, seconds))
        show(part, read, seconds)


def show(part, read, seconds):
    """Prints the line of a finished part. A failed part also gets an excerpt of its log."""
    outcome = "failed" if read.failed else "skipped" if not read.passed else "ok"
    lines = [f"{outcome:7} {part.name:34} {seconds:6.1f} s   {read.passed} passed"]
    if read.failed:
        excerpt = read.excerpt or part.log().read_text(errors="replace").splitlines()[-40:]
        lines += [f"    {name}" for name in read.failed]
        lines += [f"  | {row[:300]}" for row in excerpt]
        lines.append(f"    full output: {part.log()}")
    print("\n".join(lines), flush=True)


def summary(done, duration):
    """Prints the summary, and returns the exit code."""
    print(f"\nSummary, {duration // 60:.0f} min {duration % 60:.0f} s")
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
