"""Reads the output of test runners. Each reader gets the path of a part's log, and ok: the
command ended with exit code 0."""

import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field


@dataclass
class Results:
    """failed holds the names of the failed tests. skipped maps each reason to a count.
    excerpt holds the relevant lines of the log; empty means the last lines of the log."""

    passed: int = 0
    failed: list = field(default_factory=list)
    skipped: dict = field(default_factory=dict)
    excerpt: list = field(default_factory=list)

    def skips(self):
        return sum(self.skipped.values())


def command(log, ok):
    """Reads a command with one test: the exit code is the result."""
    return Results(passed=1 if ok else 0)


def steps(log, ok):
    """Reads the lines of a walk (build/walks/steps.py)."""
    lines = log.read_text(errors="replace").splitlines()
    return Results(
        passed=sum(bool(re.search(r"\.\.\. ok \([\d.]+ s\)$", line)) for line in lines),
        failed=[line.strip() for line in lines if re.search(r"\.\.\. failed \([\d.]+ s\)$", line)],
    )


def tap(log, ok):
    """Reads the Test Anything Protocol of Node's test runner. The lines of subtests precede
    the line of their parent. Only the subtests of a parent count."""
    found, skipped = Results(), Counter()
    depth, failed_below = 0, False
    for line in log.read_text(errors="replace").splitlines():
        match = re.match(r"( *)(not )?ok \d+(?: - )?(.*?)(?: # (SKIP|TODO)\s*(.*?))?\s*$", line)
        if not match:
            if found.failed:
                found.excerpt.append(line)
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
    found.excerpt = found.excerpt[:120]
    found.skipped = dict(skipped)
    return found


def vitest(report):
    """Reads Vitest's JSON report. A missing report gives empty results."""
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
    """Reads the events of go test -json. Only the subtests of a parent count. A test without
    an end and a package that does not compile count as failed."""
    ends, output, packages, builds = {}, defaultdict(list), {}, defaultdict(list)
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
                output[key].append(event["Output"].rstrip())
            case "build-output":
                builds[key[0]].append(event["Output"].rstrip())
    return go_results(ends, output, packages, builds)


def go_results(ends, output, packages, builds):
    parents = {(package, test.rsplit("/", 1)[0]) for package, test in ends if "/" in test}
    failed_in = Counter()
    found, skipped = Results(), Counter()
    for key in sorted(ends, key=lambda k: (k[0], -k[1].count("/"))):
        package, test = key
        match ends[key]:
            case "pass":
                found.passed += key not in parents
            case "skip":
                skipped[skip_reason(output[key])] += 1
            case ending:
                # A failed subtest fails its parent too: both together are one failure.
                if not (key in parents and any(k.startswith(test + "/") for p, k in failed_in if p == package)):
                    found.failed.append(f"{package} {test}" + (" (never ended)" if ending != "fail" else ""))
                    found.excerpt += output[key]
                failed_in[key] += 1
    for package, end in packages.items():
        if end == "fail" and not any(p == package for p, _ in failed_in):
            found.failed.append(package)
            found.excerpt += output[(package, "")]
    if found.failed:
        for lines in builds.values():
            found.excerpt += lines
    found.excerpt = found.excerpt[-120:]
    found.skipped = dict(skipped)
    return found


def skip_reason(lines):
    """Returns the text given to t.Skip: the last line logged by the test."""
    for line in reversed(lines):
        match = re.match(r"\s+\S+\.go:\d+: (.*)", line)
        if match:
            return match[1]
    return "no reason given"
