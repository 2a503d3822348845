"""Runs the steps of a walk. A walk operates Bookring's real window, step by step."""

import time


def take(steps, walk, after_step=None):
    """Calls each step with walk until a step fails, and returns the exit code.

    A step is a function with a docstring. take prints one line per step, for
    build/gate/results.py: number, docstring, the step's result if any, and duration. After
    each step take calls after_step(number, step). After a failure take prints the end of
    the program's log.
    """
    for number, step in enumerate(steps, 1):
        began = time.monotonic()
        print(f"{number:2}  {step.__doc__}", end="", flush=True)
        failure = fact = None
        try:
            fact = step(walk)
        except Exception as error:  # noqa: BLE001 - every exception fails the step
            failure = error
        seconds = time.monotonic() - began
        print(f": {fact}" if fact else "", f"... {'failed' if failure else 'ok'} ({seconds:.1f} s)")
        if after_step:
            after_step(number, step)
        if failure:
            log = walk.bookring.log
            log.seek(0)
            print(f"    {failure!r}\n    Bookring's log:", *log.read().splitlines()[-20:], sep="\n    ")
            return 1
    return 0
