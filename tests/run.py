#!/usr/bin/python3
"""Runs test programs and adds up their closing lines.

usage: run.py PROGRAM...

Each program ends with "N passed, N failed" (", N skipped" may follow). One
that ends otherwise counts as a failure. Output is shown for programs that
failed, and lines that begin with "skipped:" or "table:" always. Two run at
a time."""
import concurrent.futures
import os
import re
import subprocess
import sys
import time

TIMEOUT_S = int(os.environ.get("TEST_TIMEOUT_S", "600"))
CLOSING = re.compile(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$")


def run(program):
    begin = time.monotonic()
    try:
        done = subprocess.run(
            [program],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=TIMEOUT_S,
        )
        output, code = done.stdout.decode("utf-8", "replace"), done.returncode
    except OSError as why:
        output, code = str(why), -1
    except subprocess.TimeoutExpired as late:
        output = (late.stdout or b"").decode("utf-8", "replace")
        output += "\nstopped after %d s\n" % TIMEOUT_S
        code = -1
    took = time.monotonic() - begin
    lines = output.rstrip().split("\n")
    closing = CLOSING.match(lines[-1]) if lines else None
    if closing:
        counts = [int(n or 0) for n in closing.groups()]
        if code != 0 and counts[1] == 0:
            counts[1] = 1
    else:
        counts = [0, 1, 0]
        output += "\n(no closing line, exit code %d)\n" % code
    return program, counts, output, took


def show(program, counts, output, took):
    name = program.split("/unit/")[-1]
    word = "FAIL" if counts[1] else "ok"
    print("%-4s %-34s %4d passed %6.1f s" % (word, name, counts[0], took))
    for line in output.split("\n"):
        if counts[1] or line.startswith(("skipped:", "table:")):
            print("     | " + line)
    sys.stdout.flush()


def main():
    total = [0, 0, 0]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for result in pool.map(run, sys.argv[1:]):
            show(*result)
            total = [a + b for a, b in zip(total, result[1])]
    closing = "%d passed, %d failed" % (total[0], total[1])
    print(closing + (", %d skipped" % total[2] if total[2] else ""))
    return 1 if total[1] or total[0] == 0 else 0


sys.exit(main())
