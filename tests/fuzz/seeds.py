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


def values(name, key="text"):
    for case in cases(load(os.path.join(SHARED, "suites", name)) or {}):
        if isinstance(case.get(key), str):
            yield case[key].encode()


def mail():
    """Mails of the tests and suites, and the forms that these lack."""
    for path in glob.glob(os.path.join(TOP, "tests", "scrapers", "*", "*.eml")):
        with open(path, "rb") as file:
            yield file.read()[:SIZE_MAX]
    yield from contents("corpus/suites/rss2email-feeds/**/*.expected")
    yield from contents("corpus/**/*.eml")
    head = "From: =?utf-8?Q?J=C3=B6rg?= <a@board.example>\r\nSubject: =?iso-8859-1?B?S/ZsbiBqb2Jz?=\r\n" \
        "Date: Fri, 20 Nov 2026 08:00:00 +0100\r\nMIME-Version: 1.0\r\nContent-Type: "
    cards = "<table><tr><td><a href=3D\"https://board.example/1\">K=C3=B6chin</a></table>=\r\n"
    text = "Baker \r\nhttps://board.example/2?a=\r\n b\r\n"
    yield from (seed.encode() for seed in (
        head + "text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + cards,
        head + "text/plain; charset*0*=utf-8''ut; charset*1=\"f-8\"; format=flowed; delsp=yes\r\n\r\n> " + text,
        head + "text/html; charset=windows-1252\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        "PHRyPjxhIGhyZWY9aHR0cHM6Ly9ib2FyZC5leGFtcGxlLzM+\r\nQmFrZXI8L2E+\r\n",
        head + "multipart/mixed; boundary=\"=_x\"\r\n\r\n--=_x\r\nContent-Type: multipart/alternative; boundary=y\r\n\r\n"
        "--y\r\n\r\n" + text + "--y\r\nContent-Type: text/html\r\n\r\n" + cards + "--y--\r\n--=_x\r\n"
        "Content-Type: text/html\r\nContent-Disposition: attachment; filename*=utf-8''a%20b\r\n\r\nx\r\n--=_x--\r\n",
        head + "multipart/report; report-type=delivery-status; boundary=r\r\n\r\n--r\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Final-Recipient: rfc822; ada@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 no\r\n"
        "--r\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <1@x>\r\n\r\n--r--\r\n",
        "From: ada@example.org\nSubject: Re: unsubscribe: abc.def\n\nplease\n",
    ))


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
    "mail": mail,
    "robots": lambda: values("robots-vectors.json", "robots"),
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
