#!/usr/bin/python3 -B
"""How hosts are asked: robots.txt in every state it may be found in, a pace
that several processes keep together, nothing read twice, and slow hosts that
hold nobody up."""
import json
import os
import signal
import statistics
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
limits: { rate: %(rate)s, timeout: %(timeout)s }
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

    def __init__(self, r, hosts, log="guests.log"):
        self.log = r.path(log)
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

    def dripping(self):
        """Slow answers under way."""
        with urllib.request.urlopen("http://127.0.0.1:%d/dripping" % self.port) as response:
            return int(response.read())

    def forget(self):
        with open(self.log, "r+", encoding="utf-8") as file:
            file.truncate(0)


def source(r, name, port, path, rate="unlimited", more="", timeout="2s"):
    r.write(
        name + ".yaml",
        SOURCE % {"name": name, "port": port, "path": path, "rate": rate, "more": more, "timeout": timeout},
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


class Crawl:
    """A daemon that is given forty quick boards again and again."""

    HOSTS, PAGES = 40, 10

    def __init__(self, r):
        self.r, self.text, self.rounds = r, "", 0
        self.quick, self.slow = Guests(r, self.HOSTS), None
        r.configure("", user="")
        self.daemon = r.serve()

    def add(self, text):
        self.text += text
        self.r.configure(self.text, user="")
        self.daemon.send_signal(signal.SIGHUP)

    def round(self):
        """ms from the first of its pages to the last, and CPU ms of it all."""
        self.rounds += 1
        self.quick.forget()
        name = "q%d" % self.rounds
        # What was read in an earlier round is taken out again.
        kept, self.text = self.text, self.text + "".join(
            source(self.r, "%s-%d" % (name, i), self.quick.port + i,
                   "jobs/%s.%d/%d/{page.number}" % (name, i, self.PAGES), more=paged(self.PAGES))
            for i in range(self.HOSTS)
        )  # fmt: skip
        self.add("")
        self.text = kept
        before = self.cpu()
        rig.wait(lambda: len(self.pages()) == self.HOSTS * self.PAGES, 60, "the quick boards to be read")
        pages = self.pages()
        return max(row[2] for row in pages) - min(row[1] for row in pages), self.cpu() - before

    def pages(self):
        return [row for row in self.quick.asked() if row[5].startswith("/jobs/")]

    def cpu(self):
        """CPU ms of the daemon and the workers that a request passes."""
        rows = json.loads(self.r.run("status", "--json").stdout)["processes"]
        pids = [p["pid"] for p in rows if p["pid"] and p["role"] in ("fetch", "store")]
        ticks = 0
        for pid in [self.daemon.pid, *pids]:
            with open("/proc/%d/stat" % pid, encoding="ascii", errors="replace") as file:
                cells = file.read().rsplit(")", 1)[1].split()
            ticks += int(cells[11]) + int(cells[12])
        return ticks * 1000 // os.sysconf("SC_CLK_TCK")

    def beset(self, hosts):
        """Slow hosts join, in a process of their own, and all are at it."""
        self.slow = Guests(self.r, hosts, "slow.log")
        self.add("".join(
            source(self.r, "slow-%d" % i, self.slow.port + i, "drip", timeout="60s")
            for i in range(hosts)
        ))  # fmt: skip
        rig.wait(lambda: self.slow.dripping() == hosts, 30, "the slow hosts to be asked")


def test_slow_hosts_hold_nobody_up(r):
    """200 hosts drip; 40 others are read as if they were alone."""
    crawl = Crawl(r)
    crawl.round()  # their robots.txt, and whatever is done once
    alone = [crawl.round() for _ in range(5)]
    crawl.beset(200)
    idle = crawl.cpu()
    time.sleep(2)
    idle = (crawl.cpu() - idle) / 2000  # CPU that the slow ones take as time goes by
    beside = [crawl.round() for _ in range(5)]
    eq(crawl.slow.dripping(), 200, "slow hosts still at it")
    beside = [(wall, max(cpu - idle * wall, 1)) for wall, cpu in beside]
    wall, cpu = (
        statistics.median(x[i] for x in beside) / statistics.median(x[i] for x in alone) for i in (0, 1)
    )
    print(
        "table: 40 hosts of 10 pages, ms: alone %s, beside 200 slow hosts %s: %.2f times the time, "
        "%.2f the CPU for them; the slow ones take %.1f%% of a processor"
        % ([x[0] for x in alone], [x[0] for x in beside], wall, cpu, 100 * idle)
    )
    # Who else is busy here shows in both; who waits for the slow ones would
    # wait for many times as long.
    if wall > 2:
        raise AssertionError("%s alone, %s beside slow ones (ms, CPU ms)" % (alone, beside))


rig.main()
