#!/usr/bin/python3 -B
"""careerd try: each kind answers, in order, one line for one line; broken
lines and hostile questions are answered too."""
import json

import rig
from rig import eq, has

NEEDS_DATABASE = False

SOURCE = """source: acme
url: https://acme.example/jobs
format: html
jobs: li
fields:
  title: a
  url: a@href
"""

CASES = {
    "css": ({"document": "<ul><li><a href=x>A</a><li><a href=y>B</a></ul>", "selector": "li > a", "attr": "href"},
            ["x", "y"]),
    "xpath": ({"document": "<table><tr><td>1</table>", "selector": "//tbody/tr/td"}, ["1"]),
    "jsonpath": ({"document": {"a": [{"b": 1}, {"b": 2}]}, "selector": "$.a[?@.b > 1].b"}, [2]),
    "url": ({"url": "../x?utm_source=1&b=2&a=1", "base": "https://H.example/a/b/"}, "https://h.example/a/x?a=1&b=2"),
    "board": ({"url": "https://jobs.lever.co/tarnbank/7c0f"}, {"source": "lever", "params": {"site": "tarnbank"}}),
    "robots": ({"robots": "User-agent: *\nDisallow: /p", "agent": "careerd", "url": "https://a.example/p/1"}, False),
    "address": ({"ip": "10.1.2.3"}, {"allowed": False, "reason": "private network (RFC 1918)"}),
    "mustache": ({"template": "{{#l}}{{.}},{{/l}}", "data": {"l": [1, 2]}}, "1,2,"),
    "time": ({"zone": "Europe/Berlin", "local": "2026-10-25 02:30"}, "2026-10-25T00:30:00Z"),
}  # fmt: skip


def ask(r, kind, *questions, timeout=60):
    lines = "".join((q if isinstance(q, str) else json.dumps(q)) + "\n" for q in questions)
    out = r.run("try", kind, stdin=lines, timeout=timeout).stdout
    return [json.loads(line) for line in out.splitlines()]


def test_known_answers(r):
    r.write("careerd.yaml", "sources: {}\n")
    for kind, (question, answer) in CASES.items():
        got = ask(r, kind, question)[0]
        if isinstance(answer, dict) and "result" in got:
            got["result"] = {k: got["result"].get(k) for k in answer}
        eq(got, {"result": answer}, kind)


def test_values(r):
    r.write("careerd.yaml", "sources: {}\n")
    got = ask(r, "date", {"text": "3 days ago", "now": "2026-11-24T12:00:00Z", "zone": "UTC"})[0]
    eq(got["result"]["date"], "2026-11-21")
    got = ask(r, "salary", {"text": "70.000 - 85.000 EUR pro Jahr"})[0]["result"]
    eq((got["min"], got["max"], got["currency"], got["period"]), (70000, 85000, "EUR", "year"))
    got = ask(r, "location", {"text": "Berlin, Germany"})[0]["result"]
    eq((got["places"][0]["city"], got["places"][0]["country"]), ("Berlin", "DE"))
    got = ask(r, "facts", {"text": "Pay: $90,000 - $100,000. 3+ years of experience and a degree in law are required."})[0]["result"]
    eq((got["salary"]["max"], got["years"], got["degree"]["least"]), (100000, {"min": 3, "max": None}, "bachelor"))
    eq(ask(r, "level", {"title": "Data Engineer II"})[0]["result"], "mid")
    got = ask(r, "skills", {"text": "You know C and PostgreSQL."})[0]["result"]
    eq(sorted(hit["skill"] for hit in got), ["C", "PostgreSQL"])
    a = {"title": "Senior Engineer", "company": "A", "description": "x"}
    b = dict(a, title="Junior Engineer")
    eq(ask(r, "same", {"a": a, "b": b})[0]["result"]["same"], False)


def test_posting(r):
    r.write("careerd.yaml", "sources: {}\n")
    page = "<ul><li><a href=/1>C developer</a><li><a href=/2>Tester</a></ul>"
    got = ask(r, "posting", {"source": SOURCE, "page": page, "url": "https://acme.example/jobs"})[0]["result"]
    eq([p["title"] for p in got], ["C developer", "Tester"])
    eq(got[0]["url"], "https://acme.example/1")
    eq(
        list(got[0]),
        "source external_id url apply_url title company places remote description description_html salary"
        " job_type experience_level requirements benefits tags language posted_date closes_date metadata warnings".split(),
    )
    numbered = SOURCE.replace("/jobs", "/jobs/{n}") + "params: { n: { required: true } }\n"
    got = ask(r, "posting", {"source": numbered, "page": page, "params": {"n": 2}})[0]["result"]
    eq(got[0]["url"], "https://acme.example/1")
    got = ask(r, "posting", {"source": SOURCE.replace("fields", "feilds"), "page": page})[0]
    has(got["error"], "did you mean 'fields'")


def test_bad_lines_do_not_stop_it(r):
    r.write("careerd.yaml", "sources: {}\n")
    deep = "<div>" * 200000
    got = ask(
        r, "css", "not json", "[]", "", "  ", {"document": deep, "selector": "div > div > div"},
        {"document": "<p>x", "selector": "p >> a"}, {"document": "<p>x</p>", "selector": "p"},
    )  # fmt: skip
    eq(len(got), 7)
    for answer in (got[0], got[1], got[2], got[3], got[5]):
        has(json.dumps(answer), "error")
    eq(got[6], {"result": ["x"]})


rig.main()
