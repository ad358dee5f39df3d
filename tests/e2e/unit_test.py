#!/usr/bin/python3 -B
"""The systemd unit's exposure stays at 1.1 or lower."""
import os
import shutil
import subprocess

import rig
from rig import eq, has

NEEDS_DATABASE = False


def test_exposure(_r):
    if not shutil.which("systemd-analyze"):
        raise rig.Skip("systemd-analyze is not installed")
    unit = os.path.join(rig.TOP, "systemd", "careerd.service")
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=11", unit],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    has(done.stdout, "Overall exposure level")
    eq(done.returncode, 0, "exit code at threshold 1.1")


def test_unit_is_right(_r):
    if not shutil.which("systemd-analyze"):
        raise rig.Skip("systemd-analyze is not installed")
    unit = os.path.join(rig.TOP, "systemd", "careerd.service")
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", unit],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)  # fmt: skip
    faults = [line for line in done.stdout.splitlines() if "careerd.service" in line and "not executable" not in line]
    eq(faults, [], "faults")


rig.main()
