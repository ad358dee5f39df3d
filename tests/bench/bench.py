#!/usr/bin/python3 -B
"""Measures careerd beside its peers, on one machine in one run.

usage: bench.py [pages|json|growth|rooms|formats]...    (all of them by default)

pages   10,000 HTML pages with eight fields each: fetched, read, stored
json    100,000 postings of a JSON API: fetched, read, stored
growth  what a small run costs with 1,000, 10,000 and 100,000 jobs stored
rooms   what single rooms do alone: matching, templates
formats how fast each format is read, beside libxml2's and jansson's own parse
        of the same bytes: made pages, and recorded ones of the corpus

pages and json are measured with deduplication off and without a user, since
the peers (Scrapy, Node, Go) do neither. CPU is that of all processes of
careerd, taken when the last one has ended; PostgreSQL's is told apart.
Memory is the largest sum of the proportional shares (PSS) of careerd's
processes. The boards, the peers and PostgreSQL are those of the rig in
CAREERD_SHARED (default: ../shared); without it these parts are skipped.

Environment: RUNS (3), BUILD (build), PEERS=0 leaves the peers out."""
import contextlib
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
BUILD = os.path.join(TOP, os.environ.get("BUILD", "build"))
CAREERD = os.environ.get("CAREERD", os.path.join(BUILD, "careerd"))
RIG = os.path.join(
    os.environ.get("CAREERD_SHARED", os.path.join(os.path.dirname(TOP), "shared")), "rig"
)
RUNS = int(os.environ.get("RUNS", "3"))
TICKS = os.sysconf("SC_CLK_TCK")
DATABASE = "careerd_bench_%d" % os.getpid()
PAGES, LISTS, JOBS, TENS = 10000, 400, 100000, 100
PEERS = {
    "pages": r"^(scrapy-2.8-c64|undici\+cheerio-c16|go-nethttp\+goquery-c8)$",
    "json": r"^(node-undici\+pg-c4|go-nethttp\+pgx-c4)$",
}
NAMES = {"scrapy": "Scrapy", "undici": "Node", "node": "Node", "go": "Go"}
ROLES_SQL = """
DO $$ DECLARE role text; BEGIN
FOREACH role IN ARRAY ARRAY['careerd_owner', 'careerd_service', 'careerd_user', 'careerd_read',
    'careerd_bench'] LOOP
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
    EXECUTE format('CREATE ROLE %I', role);
  END IF;
END LOOP;
ALTER ROLE careerd_bench LOGIN NOINHERIT;
GRANT careerd_owner, careerd_service, careerd_user, careerd_read TO careerd_bench;
END $$"""


class Skip(Exception):
    pass


# ---- the rig ----


def rig_environment():
    """What the rig's lib/env.sh sets, as a dictionary."""
    script = '. "$0" && env -0'
    out = subprocess.run(
        ["bash", "-c", script, os.path.join(RIG, "lib", "env.sh")], capture_output=True, check=True
    )
    pairs = (x.split("=", 1) for x in out.stdout.decode().split("\0") if "=" in x)
    return dict(pairs)


def rig_start():
    if not os.path.exists(os.path.join(RIG, "bench.sh")):
        raise Skip("no rig at %s (CAREERD_SHARED)" % RIG)
    env = rig_environment()
    if env.get("RIG_PAGES") != str(PAGES) or env.get("RIG_JSON_JOBS") != str(JOBS):
        raise Skip("the rig has no boards: run its bench.sh deps, gen and build")
    subprocess.run(
        [os.path.join(RIG, "bench.sh"), "start"], check=True, stdout=subprocess.DEVNULL
    )
    return env


def psql(env, statement, database="postgres"):
    done = subprocess.run(
        ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", statement],
        env=env, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr.strip())
    return done.stdout.strip()


def peers(env, task):
    """name -> {us, rss, pg}: medians, as the rig prints them."""
    if os.environ.get("PEERS") == "0":
        return {}
    done = subprocess.run(
        [os.path.join(RIG, "bench.sh"), task],
        env=dict(env, RUNS=str(RUNS), ONLY=PEERS[task]),
        capture_output=True, text=True,
    )  # fmt: skip
    found = {}
    for line in done.stdout.splitlines():
        m = re.match(
            r"\S+ +(\S+) +wall ([\d.]+)s .* ([\d.]+) us-cpu/\w+ +rss (\d+) MB pg ([\d.]+)s", line
        )
        if m:
            name = NAMES[m.group(1).split("-")[0].split("+")[0]]
            found[name] = {
                "wall": float(m.group(2)),
                "us": float(m.group(3)),
                "rss": float(m.group(4)),
                "pg": float(m.group(5)),
            }
    if not found:
        print("no figures from the peers:", done.stderr[-500:])
    return found


# ---- processes ----


def stat_of(pid):
    """(parent, CPU seconds, CPU seconds of children that were waited for)."""
    try:
        with open("/proc/%d/stat" % pid) as file:
            text = file.read()
    except OSError:
        return None
    cells = text[text.rindex(")") + 2 :].split()
    return int(cells[1]), *(
        (int(cells[i]) + int(cells[i + 1])) / TICKS for i in (11, 13)
    )


def pss_of(pid):
    with contextlib.suppress(OSError, ValueError, IndexError):
        with open("/proc/%d/smaps_rollup" % pid) as file:
            return int(re.search(r"^Pss: +(\d+)", file.read(), re.M).group(1)) / 1024
    return 0


def postgres_cpu(env):
    """CPU seconds of the rig's server with all it has started."""
    with open(os.path.join(env["RIG_PG"], "data", "postmaster.pid")) as file:
        root = int(file.readline())
    total = 0
    for name in os.listdir("/proc"):
        stat = stat_of(int(name)) if name.isdigit() else None
        if stat and root in (int(name), stat[0]):
            total += stat[1] + stat[2]
    return total


class Watch(threading.Thread):
    """Samples the processes below one: CPU by role, peak of the PSS."""

    SECONDS = 0.02
    PSS_EVERY = 10

    def __init__(self, root):
        super().__init__(daemon=True)
        self.root, self.done = root, threading.Event()
        self.cpu, self.role, self.pss = {}, {root: "hub"}, {}
        self.peak, self.peak_by = 0, {}

    def look(self, with_pss):
        pss = {}
        with contextlib.suppress(OSError):
            with open("/proc/%d/task/%d/children" % (self.root, self.root)) as file:
                children = [int(x) for x in file.read().split()]
            for pid in [self.root, *children]:
                self.look_at(pid, pss if with_pss else None)
        if sum(pss.values()) > self.peak:
            self.peak = sum(pss.values())
            self.peak_by = self.by_role(pss)

    def look_at(self, pid, pss):
        if pid not in self.role:
            with contextlib.suppress(OSError):
                with open("/proc/%d/cmdline" % pid, "rb") as file:
                    words = file.read().decode().split("\0")
                if len(words) > 2 and words[1] == "worker":
                    self.role[pid] = words[2]
        stat = stat_of(pid)
        if stat:
            self.cpu[pid] = stat[1]
        if pss is not None:
            pss[pid] = pss_of(pid)

    def by_role(self, values):
        found = {}
        for pid, value in values.items():
            role = self.role.get(pid, "other")
            found[role] = found.get(role, 0) + value
        return found

    def run(self):
        rounds = 0
        while not self.done.wait(self.SECONDS):
            self.look(rounds % self.PSS_EVERY == 0)
            rounds += 1


# ---- careerd ----


class Careerd:
    """A folder and a database of its own for one program under test."""

    def __init__(self, env):
        self.rig = env
        self.folder = tempfile.mkdtemp(prefix="careerd-bench-")
        self.config = os.path.join(self.folder, "careerd.yaml")
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": self.folder,
            "LC_ALL": "C.UTF-8",
            "STATE_DIRECTORY": os.path.join(self.folder, "state"),
            "RUNTIME_DIRECTORY": os.path.join(self.folder, "run"),
        }
        os.mkdir(self.env["STATE_DIRECTORY"])
        os.mkdir(self.env["RUNTIME_DIRECTORY"])
        psql(env, ROLES_SQL)

    def reset(self):
        psql(self.rig, "DROP DATABASE IF EXISTS %s WITH (FORCE)" % DATABASE)
        psql(self.rig, "CREATE DATABASE %s OWNER careerd_bench" % DATABASE)
        psql(self.rig, "GRANT CREATE ON DATABASE %s TO careerd_owner" % DATABASE)
        self.command("migrate", "up")
        psql(self.rig, "CHECKPOINT")

    def configure(self, *sources, dedupe="off"):
        with open(self.config, "w") as file:
            file.write("sources:\n")
            for name, keys in sources:
                path = os.path.join(HERE, "sources", name + ".yaml")
                base = 'base: "%s"' % self.rig["RIG_URL"]
                file.write("  %s: { %s }\n" % (path, ", ".join([base, *keys])))
            file.write("dedupe: %s\nlog: warn\n" % dedupe)
            file.write(
                "database: postgresql://careerd_bench@127.0.0.1:%s/%s\n"
                % (self.rig["PGPORT"], DATABASE)
            )

    def command(self, *arguments):
        done = subprocess.run(
            [CAREERD, "-c", self.config, *arguments], env=self.env, capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError("careerd %s: %s" % (" ".join(arguments), done.stderr.strip()))
        return done.stdout

    def once(self, *arguments):
        """One run of what is due, with its costs."""
        time.sleep(0.3)
        log = open(os.path.join(self.folder, "once.log"), "w+")
        postgres, start = postgres_cpu(self.rig), time.monotonic()
        process = subprocess.Popen(
            [CAREERD, "-c", self.config, "once", "--task", "scrape", *arguments],
            env=self.env, stdout=log, stderr=log,
        )  # fmt: skip
        watch = Watch(process.pid)
        watch.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        watch.done.set()
        watch.join()
        time.sleep(0.2)
        log.seek(0)
        return {
            "wall": wall,
            # hub waits for its workers, so theirs is in here
            "cpu": usage.ru_utime + usage.ru_stime,
            "roles": watch.by_role(watch.cpu),
            "pss": watch.peak,
            "pss_roles": watch.peak_by,
            "pg": postgres_cpu(self.rig) - postgres,
            "status": process.returncode,
            "log": log.read(),
        }

    def end(self):
        with contextlib.suppress(RuntimeError):
            psql(self.rig, "DROP DATABASE IF EXISTS %s WITH (FORCE)" % DATABASE)
        shutil.rmtree(self.folder, ignore_errors=True)


def middle(runs, key):
    return statistics.median(run[key] for run in runs)


def roles_text(roles, unit, scale):
    order = sorted(roles, key=lambda role: -roles[role])
    return ", ".join("%s %.0f" % (r, roles[r] * scale) for r in order) + " " + unit


# ---- the tasks ----

STORED = (
    "SELECT concat_ws('/', count(*), count(description), count(company), count(location),"
    " count(job_type), count(posted_date), count(salary), count(source_url))"
    " FROM careerd.jobs"
)
EXPECTED = {
    "pages": "10000/10000/10000/10000/10000/10000/6527/10000",
    "json": "100000/100000/100000/100000/100000/100000/%s/100000",
}


def json_source(first=0, last=TENS):
    return ("rig-json", ["ten: [%s]" % ", ".join('"%03d"' % n for n in range(first, last))])


def measure_ours(careerd, task):
    runs = []
    for _ in range(RUNS):
        careerd.configure(("rig-pages", []) if task == "pages" else json_source())
        careerd.reset()
        run = careerd.once()
        if run["status"]:
            raise RuntimeError("careerd once ended with %d: %s" % (run["status"], run["log"][-2000:]))
        run["again"] = careerd.once()["cpu"]
        run["stored"] = psql(careerd.rig, STORED, DATABASE)
        runs.append(run)
    return runs


def row(*cells):
    print("  %-10s %10s %9s %9s %9s %9s" % cells)


def report(task, n, runs, others):
    us = middle(runs, "cpu") / n * 1e6
    last = runs[-1]
    row("", "us CPU", "times ours", "MB", "wall s", "PG CPU s")
    row(
        "careerd", "%.1f" % us, "", "%.0f PSS" % max(r["pss"] for r in runs),
        "%.1f" % middle(runs, "wall"), "%.1f" % middle(runs, "pg"),
    )  # fmt: skip
    for name, peer in others.items():
        row(
            name, "%.1f" % peer["us"], "%.2f" % (peer["us"] / us), "%.0f RSS" % peer["rss"],
            "%.1f" % peer["wall"], "%.1f" % peer["pg"],
        )  # fmt: skip
    print("  CPU by process: " + roles_text(last["roles"], "us", 1e6 / n))
    print("  PSS by process: " + roles_text(last["pss_roles"], "MB", 1))
    print("  a second look, all unchanged: %.0f ms of CPU" % (middle(runs, "again") * 1e3))
    print("  stored (jobs/description/company/location/type/date/salary/url): " + last["stored"])
    bars(task, us, last, others, max(r["pss"] for r in runs))


def bars(task, us, last, others, pss):
    jobs = last["stored"].split("/")
    full = str(PAGES if task == "pages" else JOBS)
    checks = [
        ("all %s stored, whole" % full, jobs[:6] == [full] * 6 and jobs[7] == full),
        ("under 100 MB", pss < 100),
    ]
    if "Scrapy" in others:
        checks.append(("4 times Scrapy", others["Scrapy"]["us"] >= 4 * us))
    if task == "json" and "Node" in others:
        checks.append(("as fast as Node", others["Node"]["us"] >= us))
    print("  bars: " + ", ".join("%s: %s" % (what, "yes" if ok else "NO") for what, ok in checks))


def board(task, env):
    n = PAGES if task == "pages" else JOBS
    what = "an HTML page" if task == "pages" else "a JSON posting"
    print("\n%s: per item (%s), median of %d" % (task, what, RUNS), flush=True)
    careerd = Careerd(env)
    try:
        runs = measure_ours(careerd, task)
    finally:
        careerd.end()
    report(task, n, runs, peers(env, task))


def small_run(careerd, stored, first):
    """Ten list pages nobody saw before, with their 250 details."""
    pages = "pages: { number: { from: %d }, until: empty, max: 10 }" % first
    careerd.configure(("rig-pages", [pages]), dedupe="on")
    run = careerd.once()
    jobs = psql(careerd.rig, "SELECT count(*) FROM careerd.postings", DATABASE)
    print(
        "  %7s stored: %5.1f s, CPU %4.0f ms (store %.0f), PostgreSQL %4.0f ms; then %s postings"
        % (
            stored, run["wall"], run["cpu"] * 1e3, run["roles"].get("store", 0) * 1e3,
            run["pg"] * 1e3, jobs,
        )
    )  # fmt: skip
    return run


def growth(env):
    print("\ngrowth: 10 lists with 250 new pages, deduplication on", flush=True)
    careerd = Careerd(env)
    found, done = [], 0
    try:
        careerd.configure(("rig-pages", []))
        careerd.reset()
        small_run(careerd, "nothing", 391)  # warms caches; not compared
        for i, tens in enumerate((1, 10, 100)):
            careerd.configure(json_source(done, tens), dedupe="on")
            load = careerd.once()
            print(
                "  loading %d: %.1f s, CPU %.1f s, PostgreSQL %.1f s"
                % ((tens - done) * 1000, load["wall"], load["cpu"], load["pg"])
            )
            psql(env, "VACUUM ANALYZE", DATABASE)
            psql(env, "CHECKPOINT")
            done = tens
            found.append(small_run(careerd, "%d" % (tens * 1000), 1 + 10 * i))
    finally:
        careerd.end()
    for what in ("cpu", "pg", "wall"):
        print(
            "  100,000 to 1,000: %s times the %s"
            % ("%.2f" % (found[2][what] / found[0][what]), what)
        )


def rooms(env):
    print("\nrooms", flush=True)
    subprocess.run([os.path.join(BUILD, "bench", "match_bench")], check=False)
    if env and os.path.isdir(env["RIG_DATA"]):
        for name in ("pages", "hard"):
            side = os.path.join(env["RIG_DATA"], name + "-side")
            print("dedupe, %s board:" % name, flush=True)
            subprocess.run(
                [os.path.join(BUILD, "bench", "dedupe_bench"),
                 os.path.join(side, "jobs.jsonl"), os.path.join(side, "truth.tsv")], check=False
            )  # fmt: skip


def recorded():
    """Recorded pages of the corpus by format: those that a general source
    for the format can read."""
    corpus = os.path.join(os.path.dirname(RIG), "corpus")
    groups = {"json": ("json-api/greenhouse", ".json"), "feed": ("xml-feed", ""), "html": ("html", ".html")}
    for name, (folder, ending) in groups.items():
        paths = [
            os.path.join(where, n)
            for where, _, names in os.walk(os.path.join(corpus, folder))
            for n in sorted(names)
            if n.endswith(ending)
        ]
        if paths:
            yield name, paths


def formats():
    print("\nformats: MB/s on one core, median of 7", flush=True)
    program = os.path.join(BUILD, "bench", "extract_bench")
    subprocess.run([program], check=False)
    for name, paths in recorded():
        print("recorded ", end="", flush=True)
        subprocess.run([program, name, *paths], check=False)


def main():
    tasks = ["pages", "json", "growth", "rooms", "formats"]
    wanted = sys.argv[1:] or tasks
    if set(wanted) - set(tasks):
        print(__doc__)
        return 64
    env = None
    try:
        env = rig_start() if set(wanted) != {"formats"} else None
    except Skip as why:
        print("skipped: pages, json, growth: %s" % why)
    if env:
        for task in ("pages", "json"):
            if task in wanted:
                board(task, env)
        if "growth" in wanted:
            growth(env)
    if "rooms" in wanted:
        rooms(env)
    if "formats" in wanted:
        formats()
    return 0


if __name__ == "__main__":
    sys.exit(main())
