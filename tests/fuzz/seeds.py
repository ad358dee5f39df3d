#!/usr/bin/python3 -B
"""Seeds for the fuzzers, from the suites of the corpus and from what the
tests of this tree hold: one folder for each target.

usage: seeds.py FOLDER

Without the corpus (CAREERD_SHARED, default: ../shared) folders stay empty and
fuzzers begin from nothing."""
import glob
import hashlib
import json
import os
import re
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SHARED = os.environ.get("CAREERD_SHARED", os.path.join(os.path.dirname(TOP), "shared"))
SUITES = os.path.join(SHARED, "corpus", "suites")
SIZE_MAX = 8000  # larger ones teach little and cost much
EACH_MAX = 1500


def load(path):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except OSError:
        return None


def contents(pattern):
    for path in sorted(glob.glob(os.path.join(SHARED, pattern), recursive=True)):
        if os.path.isfile(path) and os.path.getsize(path) <= SIZE_MAX:
            with open(path, "rb") as file:
                yield file.read()


def cases(vectors):
    """All lists of cases in a file of vectors."""
    for name, value in vectors.items():
        for case in value if isinstance(value, list) else ():
            if isinstance(case, dict):
                yield case


def css():
    vectors = load(os.path.join(SHARED, "suites", "css-vectors.json")) or {}
    for case in cases(vectors):
        document = vectors["documents"].get(case.get("doc"), "")[:2000]
        if "selector" in case:
            yield ("%s\n%s" % (case["selector"], document)).encode()


def jsonpath():
    for case in (load(os.path.join(SUITES, "jsonpath-cts", "cts.json")) or {}).get("tests", []):
        document = json.dumps(case["document"]) if "document" in case else ""
        yield (case["selector"] + ("\n" + document if document else "")).encode("utf-8", "surrogatepass")


def html():
    for text in contents("corpus/suites/html5lib-tests/tree-construction/*.dat"):
        yield from re.findall(rb"#data\n(.*?)\n#errors", text, re.S)
    for path in glob.glob(os.path.join(SUITES, "html5lib-tests", "tree-construction", "*.dat")):
        with open(path, "rb") as file:
            yield from re.findall(rb"#data\n(.*?)\n#errors", file.read(), re.S)


def feed():
    for suite in ("feedparser", "feedvalidator", "miniflux-feeds", "rss2email-feeds"):
        yield from contents("corpus/suites/%s/**/*.xml" % suite)
    yield from contents("corpus/xml-feed/**/*")


def jobposting():
    yield from contents("corpus/suites/extruct/**/*.html")
    yield from (
        b'<script type="application/ld+json">{"@type":"JobPosting","title":"A","url":"/a",'
        b'"baseSalary":{"value":{"minValue":1,"unitText":"YEAR"}},"jobLocation":[{"address":'
        b'{"addressLocality":"Bonn"}}],"hiringOrganization":{"@id":"#o"}}</script>',
        b'<div itemscope itemtype="https://schema.org/JobPosting" itemref="a b"><p itemprop=title>A'
        b'<a itemprop=url href=/1></a></div><p id=a itemprop=datePosted>2025-11-20',
    )


def facts():
    for path in sorted(glob.glob(os.path.join(SHARED, "corpus/labelled/ergon-extraction/**/*.jsonl"), recursive=True)):
        with open(path, encoding="utf-8") as file:
            for line in file:
                text = json.loads(line).get("text")
                if text:
                    yield text.encode()


def values(name):
    for case in cases(load(os.path.join(SHARED, "suites", name)) or {}):
        if isinstance(case.get("text"), str):
            yield case["text"].encode()


TARGETS = {
    "css": css,
    "jsonpath": jsonpath,
    "html": html,
    "html_text": html,
    "feed": feed,
    "jobposting": jobposting,
    "facts": facts,
    "date": lambda: values("date-vectors.json"),
    "salary": lambda: values("salary-vectors.json"),
    "location": lambda: values("location-vectors.json"),
    "robots": lambda: contents("corpus/suites/robotstxt-google/**/*"),
}


def main():
    for target, seeds in TARGETS.items():
        folder = os.path.join(sys.argv[1], target)
        os.makedirs(folder, exist_ok=True)
        count = 0
        for seed in seeds():
            if len(seed) > SIZE_MAX or count == EACH_MAX:
                continue
            with open(os.path.join(folder, hashlib.sha1(seed).hexdigest()), "wb") as file:
                file.write(seed)
            count += 1
        print("%-12s %d seeds" % (target, count))


main()
