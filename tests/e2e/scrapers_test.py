#!/usr/bin/python3 -B
"""The catalogue: each definition of scrapers/ reads a page of its board that
tests/scrapers/NAME/ keeps (page.*, beside it a detail page and parameters)
and gives the postings of expected.json. A definition without one fails."""
import difflib
import glob
import json
import os
import re

import rig

NEEDS_DATABASE = False
SCRAPERS = os.path.join(rig.TOP, "scrapers")
PAGES = os.path.join(rig.TOP, "tests", "scrapers")
NOW = "2026-08-20T12:00:00Z"  # what "3 days ago" is counted from


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


def definitions():
    return sorted(f[:-5] for f in os.listdir(SCRAPERS) if f.endswith(".yaml"))


def part(name, stem):
    """The text of NAME's page, detail or params file; None if there is none."""
    found = glob.glob(os.path.join(PAGES, name, stem + ".*"))
    return read(found[0]) if found else None


def question(name):
    asked = {"source": read(os.path.join(SCRAPERS, name + ".yaml")), "now": NOW}
    for stem in ("page", "detail"):
        if part(name, stem) is not None:
            asked[stem] = part(name, stem)
    asked["params"] = json.loads(part(name, "params") or "{}")
    return json.dumps(asked)


def lines_of(postings):
    return json.dumps(postings, ensure_ascii=False, indent=1).split("\n")


def fields_of(text):
    """The names of the fields of a definition and of its detail."""
    names, section, indent = set(), None, 0
    for line in text.split("\n"):
        key = re.match(r"( *)([a-z_]+):", line)
        if not key:
            continue
        depth = len(key.group(1))
        if key.group(2) == "fields" and depth in (0, 2):
            section, indent = "fields", depth + 2
        elif section and depth == indent:
            names.add(key.group(2))
        elif section and depth < indent:
            section = None
    return names


def is_met(name, postings):
    name = {"location": "places"}.get(name, name)
    return any(p.get(name) not in (None, []) or name in p["metadata"] for p in postings)


def test_each_has_a_page(_):
    names = definitions()
    assert len(names) >= 35, "only %d definitions" % len(names)
    rig.eq(sorted(os.listdir(PAGES)), names, "folders of tests/scrapers")
    for name in names:
        assert part(name, "page") is not None, "%s has no page" % name
        has_detail = re.search(r"(?m)^detail:", read(os.path.join(SCRAPERS, name + ".yaml")))
        assert not has_detail or part(name, "detail"), "%s has no detail page" % name


def test_each_reads_its_page(r):
    names, faults = definitions(), []
    r.write("careerd.yaml", "")
    asked = "\n".join(question(name) for name in names) + "\n"
    answers = r.run("try", "posting", stdin=asked).stdout.splitlines()
    rig.eq(len(answers), len(names), "answers")
    for name, line in zip(names, answers):
        answer = json.loads(line)
        wanted = json.loads(part(name, "expected") or "[]")
        if answer.get("result") != wanted:
            got = lines_of(answer.get("result", answer))
            faults += list(difflib.unified_diff(lines_of(wanted), got, name + "/expected.json", "got", "", "", 2))
    assert not faults, "\n".join(faults[:200])


def test_each_field_is_met(_):
    """The pages leave no field of a definition untried."""
    untried = [
        "%s: %s" % (name, field)
        for name in definitions()
        for field in sorted(fields_of(read(os.path.join(SCRAPERS, name + ".yaml"))))
        if not is_met(field, json.loads(part(name, "expected") or "[]"))
    ]
    assert not untried, "\n".join(untried)


rig.main()
