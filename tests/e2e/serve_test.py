#!/usr/bin/python3 -B
"""The daemon: ready, reloaded, drained, and alive after each of its workers
was killed; PostgreSQL killed under it."""
import json
import os
import signal
import time

import rig
from rig import eq, has, wait

WORKERS = ("store", "fetch", "extract", "notify", "cluster")


def processes(r):
    """role -> list of process rows, as status has them."""
    # the database may be away while its keeper comes back: exit 69, all the same
    rows = json.loads(r.run("status", "--json", check=False).stdout)["processes"]
    found = {}
    for row in rows:
        found.setdefault(row["role"], []).append(row)
    return found


def prepare(r):
    r.boards()
    r.mailbox()
    r.configure(r.sample_sources())
    return r.serve()


def open_jobs(r):
    return int(r.sql("select count(*) from jobs where closed_at is null"))


def test_ready_scrapes_and_drains(r):
    daemon = prepare(r)
    wait(lambda: r.count("select count(*) from runs where outcome = 'ok'") >= 7, 60, "seven runs")
    begin = time.monotonic()
    daemon.send_signal(signal.SIGTERM)
    eq(daemon.wait(35), 0, "exit code")
    if time.monotonic() - begin > 30:
        raise AssertionError("drained too slowly")
    wait(lambda: not r.leftovers() or True, 1, "nothing")
    left = [p for p in r.leftovers() if p not in [q.pid for q in r.processes]]
    eq(left, [], "processes left")


def test_workers_killed_in_turn(r):
    daemon = prepare(r)
    wait(lambda: r.count("select count(*) from runs") > 0, 60, "the first run")
    for role in WORKERS:
        wait(lambda: all(p["pid"] for p in processes(r)[role]), 20, "%s to be up" % role)
        victim = processes(r)[role][0]
        os.kill(victim["pid"], signal.SIGKILL)

        def is_back():
            now = [p for p in processes(r).get(role, []) if p["state"] == "up"]
            return any(p["pid"] != victim["pid"] and p["restarts"] > victim["restarts"] for p in now)

        wait(is_back, 40, "%s to come back" % role)
        eq(daemon.poll(), None, "daemon after %s was killed" % role)
    wait(lambda: r.count("select count(distinct source_id) from runs where outcome = 'ok'") >= 7, 60,
         "all sources to be scraped all the same")  # fmt: skip
    eq(int(r.sql("select count(*) from postings")), 156, "postings")


def test_hub_killed(r):
    daemon = prepare(r)
    wait(lambda: r.count("select count(*) from runs") > 0, 60, "the first run")
    daemon.kill()
    daemon.wait()
    wait(lambda: not [p for p in r.leftovers() if is_worker(p)], 15, "workers to follow their hub")
    r.run("once", "--task", "scrape")
    eq(int(r.sql("select count(*) from postings")), 156, "postings")


def is_worker(pid):
    try:
        with open("/proc/%d/cmdline" % pid, "rb") as file:
            return b"worker" in file.read().split(b"\0")
    except OSError:
        return False


def test_reload(r):
    daemon = prepare(r)
    wait(lambda: r.count("select count(*) from sources") == 7, 60, "seven sources")
    with open(r.config, encoding="utf-8") as file:
        text = file.read()
    r.write("careerd.yaml", text.replace("locations:", "locatoins:"))
    daemon.send_signal(signal.SIGHUP)
    wait(lambda: "locatoins" in r.log_text(), 20, "the refusal")
    has(r.log_text(), "did you mean 'locations'")
    eq(daemon.poll(), None, "daemon after a bad reload")
    shown = "the last reload was refused"
    wait(lambda: shown in r.run("status", check=False).stdout, 20, "status to say so")
    r.write("careerd.yaml", text.replace("board: [lumenworks, northgate]", "board: [lumenworks]"))
    daemon.send_signal(signal.SIGHUP)

    def northgate_is_off():
        rows = {s["key"]: s for s in r.rows("source", "list")}
        row = rows.get("greenhouse-sample/northgate")
        return row is None or not row["configured"]

    wait(northgate_is_off, 20, "the new configuration")
    wait(lambda: shown not in r.run("status").stdout, 20, "status to forget it")


def postmaster(r):
    """The server process: its parent is none of ours that serve clients."""
    servers = []
    for pid in r.leftovers():
        try:
            with open("/proc/%d/cmdline" % pid, "rb") as file:
                if b"/bin/postgres\0-D" in file.read():
                    servers.append(pid)
        except OSError:
            pass
    return min(servers)


def test_postgresql_killed(r):
    daemon = prepare(r)
    wait(lambda: r.count("select count(*) from runs where outcome is not null") >= 1, 60, "a run")
    os.kill(postmaster(r), signal.SIGKILL)
    wait(lambda: r.count("select 1") == 1, 40, "PostgreSQL to come back")
    wait(lambda: r.count("select count(distinct source_id) from runs where outcome = 'ok'") >= 7, 60,
         "the sources to be scraped")  # fmt: skip
    eq(daemon.poll(), None, "daemon")
    has(r.run("status").stdout, "greenhouse-sample")


def test_a_pipe_is_no_configuration(r):
    os.mkfifo(r.path("pipe.yaml"))
    r.config = r.path("pipe.yaml")
    done = r.run("config", "check", check=False, timeout=20)
    eq(done.returncode, 78)
    has(done.stderr, "it is a pipe, a regular file is expected")


rig.main()
