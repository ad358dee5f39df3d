#!/usr/bin/python3 -B
"""A full disk under the database: a clear message, nothing lost, working
again without a restart by hand once there is room."""
import os
import subprocess

import rig
from rig import eq, has, wait

SIZE_MB = 160
POSTINGS = 156  # of all sample boards


def mount(r):
    state = r.path("state")
    backup = r.path("state.new")
    os.rename(state, backup)
    os.mkdir(state)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=%dm,mode=755" % SIZE_MB, "tmpfs", state], stderr=subprocess.PIPE, text=True
    )
    if done.returncode != 0:
        raise rig.Skip("cannot mount a small file system: %s" % done.stderr.strip())
    subprocess.run(["cp", "-a", backup + "/.", state], check=True)


def fill(r):
    with open(r.path("state", "filler"), "wb") as file:
        try:
            while True:
                file.write(b"\0" * 65536)
                file.flush()
        except OSError:
            pass


def test_full_disk(r):
    if os.geteuid() != 0:
        raise rig.Skip("only root can mount a small file system")
    if not r.holds_database():
        raise rig.Skip("the database could not be kept in the folder")
    mount(r)
    try:
        r.boards()
        r.configure(r.sample_sources(), user="")
        daemon = r.serve()
        wait(lambda: r.count("select count(*) from runs where outcome = 'ok'") >= 7, 90, "seven runs")
        fill(r)
        done = r.run("once", "--task", "scrape", check=False, timeout=120)
        eq(done.returncode, 75, "the foreground does not wait without end")
        has(done.stdout, "No space left on device")
        has(done.stdout, "what is due stays due")
        os.unlink(r.path("state", "filler"))
        wait(lambda: r.count("select count(*) from postings") == POSTINGS, 90, "the daemon to do what it could not")
        r.run("once", "--task", "scrape", timeout=120)
        eq(r.count("select count(*) from postings"), POSTINGS, "postings")
        eq(daemon.poll(), None, "daemon")
    finally:
        r.end()
        subprocess.run(["umount", "-l", r.path("state")], check=False)
        r.end()


rig.main()
