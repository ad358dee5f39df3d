#!/usr/bin/python3 -B
"""What keep and drop leave out: counted in the run, not asked for again, and
judged anew when the conditions are others."""
import itertools
import json

import rig
from api import reply, serve
from rig import eq, has

JOBS = {
    1: ("Cook", "70000 EUR a year", "We boil."),
    2: ("Intern", "70000 EUR a year", "We boil."),
    3: ("Baker", "70000 EUR a year", "We bake and need a driving licence."),
    4: ("Chef", None, "We boil."),
    5: ("Waiter", "20000 EUR a year", "We serve."),
}

SOURCE = """
source: kept
url: %s/jobs
format: json
jobs: $.jobs[*]
fields: { external_id: $.id, title: $.title, url: $.url, salary: $.pay }
detail: { url: "{job.url}", fields: { description: $.text } }
expect: { total: $.total }
limits: { rate: unlimited }
allow_private: true
"""
CONDITIONS = """
keep: { salary: [ at least 30k, absent ] }
drop: { title: intern, description: /driving licence/i }
"""


CLOCK = itertools.count()


def board(request, body):
    if request.path == "/jobs":
        jobs = [{"id": n, "title": t, "pay": p, "url": "/job/%d" % n} for n, (t, p, _) in JOBS.items()]
        return reply({"total": len(jobs), "jobs": jobs, "now": next(CLOCK)})
    return reply({"text": JOBS[int(request.path.rsplit("/", 1)[1])][2]})


def asked(server):
    found = sorted(p for _, p, _, _ in server.asked if p.startswith("/job/"))
    del server.asked[:]
    return found


def titles(r):
    return r.sql("select string_agg(title, ' ' order by title) from jobs where closed_at is null")


def run_row(r):
    return r.sql("select outcome, found, dropped, refused from runs order by id desc limit 1")


def test_source_test_lists_them(r):
    server, base = serve(board)
    r.write("careerd.yaml", "")
    source = r.write("k.yaml", SOURCE % base + CONDITIONS)
    done = r.run("source", "test", source, "--details", "9")
    has(done.stdout, "3 jobs are left out:\n  Intern (drop title: 'intern')\n  Waiter (keep salary: 'at least 30k' or 'absent')\n"
                     "  Baker (drop description: '/driving licence/i')\n")  # fmt: skip
    has(done.stdout, "kept: ok; 2 jobs of 5 items")
    eq(asked(server), ["/job/1", "/job/3", "/job/4"], "what the list decides needs no detail")
    done = r.run("source", "test", source, "--details", "9", "--json")
    eq([json.loads(line)["title"] for line in done.stdout.splitlines()], ["Cook", "Chef"])
    has(done.stderr, "Baker (drop description")
    server.shutdown()


def test_runs_count_them(r):
    server, base = serve(board)
    r.write("k.yaml", SOURCE % base + CONDITIONS)
    r.write("careerd.yaml", "sources: { ./k.yaml: {} }\n")
    done = r.run("once", "--task", "scrape")
    has(done.stdout, "2 found, 2 new, 3 left out")
    eq(titles(r), "Chef Cook")
    eq(run_row(r), "ok|2|3|0")
    eq(asked(server), ["/job/1", "/job/3", "/job/4"])
    eq(r.sql("select title, condition from drops"), "Baker|drop description")
    r.run("once", "--task", "scrape")
    eq(asked(server), [], "no detail is asked for again")
    eq(run_row(r), "ok|2|3|0")
    JOBS[3] = ("Head baker",) + JOBS[3][1:]
    r.run("once", "--task", "scrape")
    eq(asked(server), ["/job/3"], "the list says something else of it")
    eq(run_row(r), "ok|2|3|0")
    server.shutdown()


def test_other_conditions(r):
    """They hold for what is stored already, and for what was left out."""
    server, base = serve(board)
    r.write("k.yaml", SOURCE % base)
    r.write("careerd.yaml", "sources: { ./k.yaml: {} }\n")
    r.run("once", "--task", "scrape")
    eq(len(asked(server)), 5)
    r.write("careerd.yaml", "sources: { ./k.yaml: { drop: { description: boil, title: intern } } }\n")
    for _ in range(3):
        r.run("once", "--task", "scrape")
    eq(len(asked(server)), 4, "each detail is looked at once more")
    eq(run_row(r), "ok|2|3|0")
    has(titles(r), "aker Waiter")
    eq(int(r.sql("select count(*) from jobs where closed_at is null")), 2, titles(r))
    r.write("careerd.yaml", "sources: { ./k.yaml: {} }\n")
    r.run("once", "--task", "scrape")
    eq(int(r.sql("select count(*) from jobs where closed_at is null")), 5)
    eq(run_row(r), "ok|5|0|0")
    server.shutdown()


def test_all_left_out(r):
    """A board of nothing but what is not wanted is no board in trouble."""
    server, base = serve(board)
    r.write("k.yaml", SOURCE % base + "drop: { title: present }\n")
    r.write("careerd.yaml", "sources: { ./k.yaml: {} }\n")
    r.run("once", "--task", "scrape")
    eq(run_row(r), "ok|0|5|0")
    eq(asked(server), [])
    done = r.run("source", "test", r.path("k.yaml"))
    has(done.stdout, "kept: ok; 0 jobs of 5 items")
    server.shutdown()


rig.main()
