#!/usr/bin/python3 -B
"""How sources fare: every kind of answer gets its outcome, source list and
run show say why and what to do, the switch works, and the operator hears of
each change once."""
import email
import email.policy
import json
import os

import rig
from answers import Server, jobs, source
from rig import eq, has

def last(r, name):
    """(outcome, reason) of the latest run."""
    run = r.rows("run", "list", name, "--limit", "1")[0]
    return run["outcome"], run["reason"]


def scrape(r):
    return r.run("once", "--task", "scrape", check=False)


# what comes second, after a list of 300: (answer, status, headers), what it is
SECOND = {
    "empty-list": (({"jobs": []}, 200, {}), "suspicious", "0 postings where 300 are usual"),
    "far-fewer": ((jobs(100, salary="EUR 50k a year"), 200, {}), "suspicious", "100 postings where 300 are usual"),
    "gone-list": (("[]", 410, {}), "gone", "HTTP status 410: []"),
    "no-board": (("nothing", 404, {}), "gone", "HTTP status 404: nothing"),
    "no-board-200": (({"error": "Board not found"}, 200, {}), "gone", "JSON without 'jobs': Board not found"),
    "page-404": (("<html><title>Page not found</title>", 200, {}), "gone",
                 "an HTML page instead of JSON: it says 'Page not found'"),
    "parked": (("<html><p>This domain is for sale", 200, {}), "gone",
               "an HTML page instead of JSON: the domain is for sale"),
    "muse": (("<html><title>403 Rate limit exceeded</title>", 403, {}), "throttled",
             "HTTP status 403: 403 Rate limit exceeded"),
    "come-back": (("no", 403, {"Retry_After": "7200"}), "throttled", "HTTP status 403: no"),
    "forbidden": (("no", 403, {}), "blocked", "HTTP status 403: no"),
    "welcome": (("<html><h1>Welcome", 200, {}), "blocked", "an HTML page instead of JSON"),
    "captcha": (("<html><title>Just a moment...</title>", 200, {}), "blocked",
                "an HTML page instead of JSON: challenge"),
    "log-in": (("<html><form action=/login><input type=password>", 200, {}), "blocked",
               "an HTML page instead of JSON: log-in"),
    "no-list": (({"results": []}, 200, {}), "drifted", "JSON without 'jobs'"),
    "no-urls": (({"jobs": [{"id": i, "title": "T"} for i in range(300)]}, 200, {}), "drifted",
                "url in 0% of 300 postings (100% in good runs)"),
    "pay-gone": ((jobs(300), 200, {}), "drifted", "salary in 0% of 300 postings (100% in good runs)"),
    "broken": (("oops", 500, {"Retry_After": "7200"}), "failed", "HTTP status 500: oops"),
}  # fmt: skip


def test_every_answer_has_its_outcome(r):
    server = Server()
    r.configure("".join(source(r, server, name, field="salary") for name in SECOND), user="")
    for name in SECOND:
        server.set("/" + name, jobs(300, salary="EUR 50k a year"))
    scrape(r)
    eq({last(r, name)[0] for name in SECOND}, {"ok"}, "first look")
    for name, ((body, status, headers), _, _) in SECOND.items():
        server.set("/" + name, body, status, **headers)
    for _ in range(3):  # as often as would close a job twice over
        scrape(r)
        wrong = ["%s: %r, not %r" % (n, last(r, n), want) for n, (_, *want) in SECOND.items()
                 if last(r, n) != tuple(want)]  # fmt: skip
        if wrong:
            raise AssertionError("\n".join(wrong))
    eq(int(r.sql("select count(*) from postings where closed_at is not null or missed > 0")), 0, "closed")


def test_lists_that_are_not_whole(r):
    """Paging that wraps, fewer than promised; and statuses that mean what
    their source says they mean."""
    server = Server()
    text = "".join(
        (
            source(r, server, "wraps", "pages: { offset: 20, until: empty, max: 500 }\n", "wraps?at={page.offset}"),
            source(r, server, "short", "expect: { total: $.total }\n"),
            source(r, server, "empty-404", "expect: { empty_status: 404 }\n"),
            source(r, server, "page-404", "expect: { empty_status: 404 }\n"),
            source(r, server, "slower", "expect: { throttled_status: 420 }\n"),
            source(r, server, "demands", "expect: { fill: { company: 0.5 }, min_jobs: 3 }\n"),
        )
    )

    def wrapping(path):
        return 200, json.dumps(jobs(20, int(path.split("=")[1]) % 100)), {}

    server.answers["/wraps"] = wrapping
    server.set("/short", dict(jobs(5), total=7))
    server.set("/empty-404", {"jobs": [], "message": "none today"}, 404)
    server.set("/page-404", "<html><h1>Oops</h1>", 404)
    server.set("/slower", "enhance your calm", 420)
    server.set("/demands", jobs(2))
    r.configure(text, user="")
    scrape(r)
    eq(last(r, "wraps"), ("truncated", "the list goes on after 6 pages, or repeats itself"))
    eq(int(r.sql("select count(*) from postings p join sources s on s.id = p.source_id where s.name = 'wraps'")), 100)
    eq(last(r, "short"), ("truncated", "5 of 7 postings were shown"))
    eq(last(r, "empty-404")[0], "empty")
    eq(last(r, "page-404"), ("blocked", "an HTML page instead of JSON"))
    eq(last(r, "slower")[0], "throttled")
    eq(last(r, "demands"), ("suspicious", "2 postings, at least 3 are expected"))
    server.set("/demands", {"jobs": jobs(1, company="Acme")["jobs"] + jobs(3, 1)["jobs"]})
    scrape(r)
    eq(last(r, "demands"), ("drifted", "company in 25% of 4 postings (at least 50% are expected)"))


def widest(text):
    return max(len(line) for line in text.splitlines())


def test_list_switch_and_runs(r):
    server = Server()
    server.set("/good", jobs(30))
    server.set("/bad", "come back later", 429, Retry_After="7200")
    server.set("/shrinks", jobs(30, 100))
    r.configure(source(r, server, "good") + source(r, server, "bad") + source(r, server, "shrinks"), user="")
    r.run("migrate", "up")
    has(r.run("source", "disable", "good").stdout, "good: disabled")
    scrape(r)
    eq([x["key"] for x in r.rows("source", "list") if x["outcome"] is None], ["good"])
    has(r.run("source", "list", "--table").stdout, "Switched off. careerd source enable good")
    r.run("source", "enable", "good")
    server.set("/shrinks", jobs(3, 100))
    for _ in range(2):
        scrape(r)
    r.env["COLUMNS"] = "100"
    table = r.run("source", "list", "--table").stdout
    del r.env["COLUMNS"]
    if widest(table) > 100:
        raise AssertionError("wider than 100 columns:\n" + table)
    lines = table.splitlines()
    has(lines[0], "SOURCE")
    good = next(line for line in lines if line.startswith("good"))
    for part in ("ok" if "ok" in good else "unchanged", "just now", "30", "in "):
        has(good, part)
    has(table.replace("\n        ", " "), "HTTP status 429: come back later. Nothing yet")
    has(table.replace("\n        ", " "), "careerd source enable --afresh shrinks")
    if os.environ.get("SHOW"):
        print(table)
        print(r.run("run", "list", "--table").stdout)
    rows = {row["key"]: row for row in r.rows("source", "list")}
    eq([t["outcome"] for t in rows["bad"]["trend"]], ["throttled"] * 3)
    has(rows["shrinks"]["remedy"], "--afresh shrinks")
    eq(rows["good"]["remedy"], None)
    if not 0 <= rows["good"]["last_good_ago_s"] < 100 or rows["good"]["next_due_in_s"] < 60:
        raise AssertionError(rows["good"])
    has(r.run("source", "list").stdout, "30 ! !")
    # as it is now is right
    r.run("source", "enable", "--afresh", "shrinks")
    scrape(r)
    eq(last(r, "shrinks")[0], "unchanged")
    eq(r.run("source", "enable", "shrnks", check=False).returncode, 66)
    has(r.run("source", "disable", "shrnks", check=False).stderr, "did you mean 'shrinks'?")
    off = r.write("off.yaml", "source: off\nabout: closed to robots\nenabled: false\nurl: https://x.example/\nformat: feed\n")
    with open(r.config, encoding="utf-8") as file:
        r.write("careerd.yaml", file.read() + "\n  %s: {}\n" % off)
    done = r.run("source", "enable", "off", check=False)
    eq(done.returncode, 78)
    has(done.stderr, "source off is off in its file: closed to robots")
    runs = r.rows("run", "list", "--limit", "2")
    eq(len(runs), 2)
    eq({x["source"] for x in r.rows("run", "list", "--bad")}, {"bad", "shrinks"})
    shown = r.rows("run", "show", str(r.rows("run", "list", "bad")[0]["id"]))[0]
    eq([(f["kind"], f["fate"], f["status"]) for f in shown["fates"]], [("list", "status", 429)])
    has(r.run("run", "show", str(shown["id"])).stdout, "come back later")
    shown = r.run("run", "show", str(r.rows("run", "list", "good")[-1]["id"])).stdout
    for part in ("30 of 30 items", "30 new jobs", "title 100%", "list\t1\tok\t200"):
        has(shown, part)
    eq(r.run("run", "show", "99999", check=False).returncode, 66)
    eq(r.run("run", "show", "x", check=False).returncode, 64)


rig.main()
