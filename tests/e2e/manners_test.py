#!/usr/bin/python3 -B
"""How hosts are asked: robots.txt in every state it may be found in, a pace
that several processes keep together, nothing read twice, and slow hosts that
hold nobody up."""
import os
import subprocess
import time
import urllib.request

import rig
from rig import eq

SOURCE = """
source: %(name)s
url: http://127.0.0.1:%(port)d/%(path)s
format: json
jobs: $.jobs[*]
fields:
  external_id: $.id
  title: $.title
  url: $.url
%(more)s
limits: { rate: %(rate)s, timeout: 2s }
allow_private: true
"""

# What /robots.txt answers -> may /jobs/public be read, and /jobs/private?
ACCESS = {
    "rules": (True, False),
    "empty": (True, True),
    "html": (True, True),
    "all": (False, False),
    "204": (True, True),
    "400": (True, True),
    "401": (True, True),
    "403": (True, True),
    "404": (True, True),
    "410": (True, True),
    "451": (True, True),
    "429": (False, False),
    "500": (False, False),
    "502": (False, False),
    "503": (False, False),
    "cut": (False, False),
    "stall": (False, False),
    "reset": (False, False),
    "moved-1": (True, False),
    "moved-2": (True, False),
    "moved-3": (True, False),
    "moved-4": (True, False),
    "moved-5": (True, False),
    "moved-6": (False, False),
    "away-0": (True, False),
}


class Guests:
    """The hosts of guests.py, and what they were asked."""

    def __init__(self, r, hosts):
        self.log = r.path("guests.log")
        _, self.port = r.server(
            os.path.join(rig.TOP, "tests", "e2e", "guests.py"),
            "--hosts", str(hosts), "--log", self.log,
        )  # fmt: skip

    def be(self, host, answer):
        url = "http://127.0.0.1:%d/be/%d/%s" % (self.port, host, answer)
        with urllib.request.urlopen(url) as response:
            response.read()

    def asked(self):
        """host, begin, end, kind, status, path of each request, in order."""
        with open(self.log, encoding="utf-8") as file:
            rows = [line.split() for line in file if " /be/" not in line]
        rows = [r for r in rows if r[3] != "many"]
        rows = [(int(r[0]), int(r[1]), int(r[2]), r[3], int(r[4]), r[5]) for r in rows]
        return sorted(rows, key=lambda r: r[1])

    def forget(self):
        with open(self.log, "r+", encoding="utf-8") as file:
            file.truncate(0)


def source(r, name, port, path, rate="unlimited", more=""):
    r.write(
        name + ".yaml",
        SOURCE % {"name": name, "port": port, "path": path, "rate": rate, "more": more},
    )
    return "\n  ./%s.yaml: {}" % name


def paged(last):
    return 'pages: { number: { from: 1 }, max: %d, until: "$.last" }' % (last + 1)


def test_access(r):
    guests = Guests(r, len(ACCESS))
    sources = ""
    for i, answer in enumerate(ACCESS):
        guests.be(i, answer)
        for word in ("public", "private"):
            sources += source(r, "%s-%s" % (answer, word), guests.port + i, "jobs/%s/1/1" % word)
    r.configure(sources, user="")
    r.run("once", "--task", "scrape", check=False, timeout=200)
    read = {(row[0], row[5].split("/")[2]) for row in guests.asked() if row[5].startswith("/jobs/")}
    wrong = []
    for i, (answer, (public, private)) in enumerate(ACCESS.items()):
        got = ((i, "public") in read, (i, "private") in read)
        if got != (public, private):
            wrong.append("%s: read %s, not %s" % (answer, got, (public, private)))
    if wrong:
        raise AssertionError("\n".join(wrong))
    print("table: robots.txt: %d states, each as it should be" % len(ACCESS))


def test_pace_of_several(r):
    """Three processes, nine sources, one host: one at a time, with a gap."""
    guests = Guests(r, 1)
    sources = [
        source(r, "pace-%d" % i, guests.port, "jobs/p%d/4/{page.number}" % i, "1 per 100ms", paged(4))
        for i in range(9)
    ]
    r.configure("".join(sources), user="")
    r.run("migrate", "up")
    ones = [
        subprocess.Popen([rig.CAREERD, "-c", r.config, "once"], env=r.env)
        for _ in range(3)
    ]
    for one in ones:
        one.wait(timeout=200)
    rows = guests.asked()
    eq(len({row[5] for row in rows if row[5].startswith("/jobs/")}), 36, "pages read")
    # Each process may have begun to ask before another's answer was stored.
    if not 37 <= len(rows) <= 39:
        raise AssertionError("%d requests, robots.txt among them" % len(rows))
    gaps = [after[1] - before[1] for before, after in zip(rows, rows[1:])]
    overlaps = sum(after[1] < before[2] for before, after in zip(rows, rows[1:]))
    print("table: pace: %d requests of 3 processes, gaps from %d ms" % (len(rows), min(gaps)))
    eq(overlaps, 0, "requests at the same time")
    if min(gaps) < 90:
        raise AssertionError("gaps: %s" % gaps)


def test_crawl_delay(r):
    guests = Guests(r, 1)
    guests.be(0, "slowly")
    r.configure(
        source(r, "slowly", guests.port, "jobs/s/3/{page.number}", more=paged(3)), user=""
    )
    r.run("once", "--task", "scrape")
    rows = guests.asked()
    gaps = [after[1] - before[1] for before, after in zip(rows[1:], rows[2:])]
    eq(len(rows), 4)
    if min(gaps) < 990:
        raise AssertionError("gaps: %s" % gaps)


def test_unchanged(r):
    """1,000 pages again: all asked with a condition, none read."""
    guests = Guests(r, 1)
    r.configure(
        "".join(
            source(r, "same-%d" % i, guests.port, "jobs/u%d/100/{page.number}" % i, more=paged(100))
            for i in range(10)
        ),
        user="",
    )
    r.run("once", "--task", "scrape", timeout=300)
    eq(int(r.sql("select count(*) from postings")), 10000)
    guests.forget()
    done = r.run("once", "--task", "scrape", "--source", "same-0")
    eq(done.returncode, 0)
    for i in range(1, 10):
        r.run("once", "--task", "scrape", "--source", "same-%d" % i)
    pages = [row for row in guests.asked() if row[5].startswith("/jobs/")]
    eq(len(pages), 1000)
    eq(sum(row[3] == "conditional" and row[4] == 304 for row in pages), 1000)
    eq(int(r.sql("select count(*) from jobs where closed_at is null")), 10000)


def test_slow_hosts_hold_nobody_up(r):
    """200 hosts drip; 40 others are read as if they were alone."""
    guests = Guests(r, 240)
    quick = "".join(
        source(r, "quick-%d" % i, guests.port + i, "jobs/q%d/5/{page.number}" % i, more=paged(5))
        for i in range(40)
    )
    slow = "".join(source(r, "slow-%d" % i, guests.port + i, "drip") for i in range(40, 240))
    took = []
    for sources in (quick, slow + quick):
        r.configure(sources, user="")
        guests.forget()
        one = r.start(rig.CAREERD, "-c", r.config, "once", "--task", "scrape",
                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        begin = time.monotonic()
        rig.wait(lambda: sum(row[5].startswith("/jobs/") for row in guests.asked()) == 200, 120,
                 "the quick hosts to be read")  # fmt: skip
        rows = guests.asked()
        took.append((rows[-1][1] - rows[0][1]) / 1000)
        one.terminate()
        one.wait(timeout=60)
        print("table: 40 quick hosts %s: %.1f s (%.1f s from the start)" % (
            "alone" if len(took) == 1 else "beside 200 slow ones", took[-1], time.monotonic() - begin))  # fmt: skip
    if took[1] > 1.2 * took[0] + 3:
        raise AssertionError("%.1f s alone, %.1f s beside slow ones" % tuple(took))


rig.main()
