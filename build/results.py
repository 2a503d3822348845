"""Reads what test runners print: how many tests passed, which failed, and why
the others were skipped. Used by test.py."""

import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field


@dataclass
class Results:
    """failed names each failed test; skipped counts by reason; told is the part
    of the log worth showing, where the reader knows better than its last lines."""

    passed: int = 0
    failed: list = field(default_factory=list)
    skipped: dict = field(default_factory=dict)
    told: list = field(default_factory=list)

    def skips(self):
        return sum(self.skipped.values())


def check(log, ok):
    """A command that is one test: its exit code is the result."""
    return Results(passed=1 if ok else 0)


def steps(log, ok):
    """The lines of walkthrough.py, keeping.py and removal.py."""
    lines = log.read_text(errors="replace").splitlines()
    return Results(
        passed=sum(bool(re.search(r"\.\.\. ok \([\d.]+ s\)$", line)) for line in lines),
        failed=[line.strip() for line in lines if re.search(r"\.\.\. failed \([\d.]+ s\)$", line)],
    )


def tap(log, ok):
    """The Test Anything Protocol, which Node's own runner prints. A test's line
    follows those of its subtests; one with subtests counts as these do."""
    found, skipped = Results(), Counter()
    depth, failed_below = 0, False
    for line in log.read_text(errors="replace").splitlines():
        match = re.match(r"( *)(not )?ok \d+(?: - )?(.*?)(?: # (SKIP|TODO)\s*(.*?))?\s*$", line)
        if not match:
            if found.failed:
                found.told.append(line)
            continue
        indent, bad, name, directive, reason = match.groups()
        parent, depth = len(indent) < depth, len(indent)
        if directive:
            skipped[reason or name] += 1
        elif bad and not (parent and failed_below):
            found.failed.append(name)
        elif not bad and not parent:
            found.passed += 1
        failed_below = bool(bad) or (failed_below and not parent)
    found.told = found.told[:120]
    found.skipped = dict(skipped)
    return found


def vitest(report):
    """Vitest's JSON report; nothing, if it was never written."""
    if not report.exists():
        return Results()
    found, skipped = Results(), Counter()
    for file in json.loads(report.read_text())["testResults"]:
        if file["status"] == "failed" and not file["assertionResults"]:
            found.failed.append(f"{file['name']}: {file['message']}")
        for test in file["assertionResults"]:
            if test["status"] == "passed":
                found.passed += 1
            elif test["status"] == "failed":
                found.failed.append(test["fullName"])
            else:
                skipped[test["fullName"]] += 1
    found.skipped = dict(skipped)
    return found


def go(log, ok):
    """The events of go test -json. A test with subtests counts as these do; a
    test that never ended, and a package that did not build, count as failed."""
    ends, said, packages, builds = {}, defaultdict(list), {}, defaultdict(list)
    for line in log.read_text(errors="replace").splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            builds[""].append(line)
            continue
        key = (event.get("Package", event.get("ImportPath", "")), event.get("Test", ""))
        match event["Action"]:
            case "run":
                ends[key] = "never ended"
            case "pass" | "fail" | "skip" if key[1]:
                ends[key] = event["Action"]
            case "pass" | "fail" | "skip":
                packages[key[0]] = event["Action"]
            case "output":
                said[key].append(event["Output"].rstrip())
            case "build-output":
                builds[key[0]].append(event["Output"].rstrip())
    return go_results(ends, said, packages, builds)


def go_results(ends, said, packages, builds):
    parents = {(package, test.rsplit("/", 1)[0]) for package, test in ends if "/" in test}
    failed_in = Counter()
    found, skipped = Results(), Counter()
    for key in sorted(ends, key=lambda k: (k[0], -k[1].count("/"))):
        package, test = key
        match ends[key]:
            case "pass":
                found.passed += key not in parents
            case "skip":
                skipped[skip_reason(said[key])] += 1
            case ending:
                # A parent fails with its subtest; that is one failure.
                if not (key in parents and any(k.startswith(test + "/") for p, k in failed_in if p == package)):
                    found.failed.append(f"{package} {test}" + (" (never ended)" if ending != "fail" else ""))
                    found.told += said[key]
                failed_in[key] += 1
    for package, end in packages.items():
        if end == "fail" and not any(p == package for p, _ in failed_in):
            found.failed.append(package)
            found.told += said[(package, "")]
    if found.failed:
        for lines in builds.values():
            found.told += lines
    found.told = found.told[-120:]
    found.skipped = dict(skipped)
    return found


def skip_reason(lines):
    """t.Skip's words are the last line that the test logged."""
    for line in reversed(lines):
        match = re.match(r"\s+\S+\.go:\d+: (.*)", line)
        if match:
            return match[1]
    return "no reason given"
