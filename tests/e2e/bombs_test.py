#!/usr/bin/python3 -B
"""Pages, mails and definitions made to cost much: each is refused or read
within the CPU time and memory of a page, by the jailed worker, and what is
wrong is said."""
import base64
import http.server
import json
import os
import re
import subprocess
import threading

import rig
from rig import eq

NEEDS_DATABASE = False
# What a page may cost (src/base/limits.h), and what is not the page: the
# command itself, the birth of the worker and the slices in which it is seen.
CPU_S, REST_S = 2.5, 0.6
MEMORY_KIB = 256 * 1024
MIB = 1024 * 1024
OK = "ok; "

FORMATS = {
    "json": "jobs: $.jobs[*]\nfields: { title: $.t, url: $.u }\n",
    "html": "jobs: li\nfields: { title: a, url: a@href, description: { path: p, as: html } }\n",
    "feed": "",
    "jobposting": "",
    "text": "jobs: '/^(?<title>.+) \\| (?<url>\\S+)$/'\n",
    "script": "script: '#d'\njobs: $.jobs[*]\nfields: { title: $.t, url: $.u }\n",
    "mail": "mail: { from: a@b.example }\njobs: li\nfields: { title: a, url: a@href }\n",
}


def source(form, text=None, more=""):
    url = "mbox:/none" if form == "mail" else "https://x.example/jobs"
    return "source: bomb\nurl: %s\nformat: %s\n%s%s" % (url, form, FORMATS[form] if text is None else text, more)


def html(body):
    return "<!DOCTYPE html><title>x</title><ul><li><a href=https://x.example/1>Cook</a><p>We cook.</ul>" + body


def jobs(*more):
    return json.dumps({"jobs": [{"t": "Cook", "u": "/1"}], **dict(more)})


def nested_mail(parts):
    head = "From: a@b.example\nSubject: x\nMIME-Version: 1.0\n"
    text = "".join('Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(parts))
    return head + text + "Content-Type: text/html\n\n" + html("")


def wide_mail(parts):
    return (
        'From: a@b.example\nContent-Type: multipart/mixed; boundary="b"\n\n'
        + "--b\nContent-Type: text/html\n\n<p>x\n" * parts + "--b--\n"
    )


def laughs(levels):
    entities = '<!ENTITY a0 "ha">' + "".join(
        '<!ENTITY a%d "%s">' % (n, "&a%d;" % (n - 1) * 10) for n in range(1, levels)
    )
    return (
        '<?xml version="1.0"?><!DOCTYPE rss [%s]><rss version="2.0"><channel><item><title>&a%d;</title>'
        "<link>https://x.example/1</link></item></channel></rss>" % (entities, levels - 1)
    )


def feed(body):
    return (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>x</title><item><title>Cook</title>'
        "<link>https://x.example/1</link></item>%s</channel></rss>" % body
    )


def linked(text):
    return '<script type="application/ld+json">%s</script>' % text


def posting(**more):
    return linked(json.dumps({"@type": "JobPosting", "title": "Cook", "url": "/1", **more}))


# name -> (definition, page, what is right: words of the outcome)
def pages():
    one = html("<div>" * 300 + "x" + "</div>" * 300 + "<p class=a>b" * 20000)
    tree = html("".join("<div><b>%d<i>x</i></b></div>" % n for n in range(10000)))
    deep_json = jobs(("x", [[[{"a": n}] * 10] * 10 for n in range(2000)]))
    many = '{"jobs": [' + ",".join(["{}"] * 1000000) + "]}"
    a_text = "a" * 5000 + "! " * 200

    def with_title(form, selector):
        return source(form, FORMATS[form].replace("title: a" if form != "json" else "title: $.t",
                                                  "title: %s" % selector))  # fmt: skip

    yield "css not in not", source("html", "jobs: 'li%s'\nfields: { title: a, url: a@href }\n" % (":not(:not(a " * 7 + "))" * 7)), one, "empty: the list holds no postings"
    yield "css has in has", with_title("html", "'a, :has(:has(:has(b i) ~ * i) ~ div)'"), tree, "ok; 1 jobs"
    yield "css siblings", source("html", "jobs: 'p ~ p ~ p ~ p ~ p ~ p'\nfields: { title: ':root p ~ p ~ p', url: a@href }\n"), one, "drifted: 19995 of 19995 items lack"
    yield "css nth-last-of-type", source("html", "jobs: 'p:nth-last-of-type(2n+1):nth-last-child(3n+1)'\nfields: { title: ':scope', url: a@href }\n"), one, "failed: the selector 'p:nth-last-of-type(2n+1):nth-last-child(3n+1)' takes too long"
    yield "xpath counts", source("html", "jobs: \"//li[count(//*[count(//*[count(//*) > 1]) > 1]) > 1]\"\nfields: { title: a, url: a@href }\n"), tree, "failed: the selector '//li[count("
    yield "xpath preceding", source("html", "jobs: \"//*[count(preceding::*[count(following::*) > 1]) > 1]\"\nfields: { title: a, url: a@href }\n"), tree, "failed: the selector '//*[count(preceding::*"
    yield "xpath string of all", source("html", "jobs: \"//*[contains(string(/), string(.))]\"\nfields: { title: a, url: a@href }\n"), tree, "failed: the selector '//*[contains(string(/), string(.))]' takes too long"
    yield "jsonpath descendants", source("json", "jobs: $..*..*\nfields: { title: $.t, url: $.u }\n"), deep_json, "failed: the selector '$..*..*' takes too long"
    yield "jsonpath descendants of a million", source("json", "jobs: $..*..*\nfields: { title: $.t, url: $.u }\n"), many, "failed: the selector '$..*..*' takes too long"
    yield "jsonpath filters", source("json", "jobs: '$..[?count($..[?count($..*) > 1]) > 1]'\nfields: { title: $.t, url: $.u }\n"), deep_json, "failed: the selector '$..[?count("
    yield "jsonpath pattern", source("json", "jobs: '$.jobs[?search(@.t, \"(a+)+$\")]'\nfields: { title: $.t, url: $.u }\n"), \
        json.dumps({"jobs": [{"t": "a" * 4000 + "!", "u": "/1"}] * 2000}), "failed: the pattern '(a+)+$' takes too long"
    yield "pattern of a field", source("json", "jobs: $.jobs[*]\nfields: { title: { path: $.t, re: '^(a+)+$' }, url: $.u }\n"), \
        json.dumps({"jobs": [{"t": a_text, "u": "/1"}] * 2000}), "failed: the pattern '^(a+)+$' takes too long"
    yield "pattern of a text", source("text", "jobs: '/(a+)+(b+)+(?<title>c) (?<url>d)/'\n"), ("a" * 3000 + "b" * 3000 + "\n") * 400, "empty: the list holds no postings"
    yield "pattern that backtracks far", source("text", "jobs: '/(.*)(.*)(.*)(.*)(?<title>x)(?<url>y)/s'\n"), "z" * 5 * MIB, "failed: the pattern '/(.*)(.*)(.*)(.*)"
    yield "pattern of nothing", source("text", "jobs: '/(?<title>)(?<url>)/'\n"), "z" * MIB, "failed: more than 20000 postings"
    yield "script pattern", source("script", "script: '/d = ((a*)*)*;/'\njobs: $.jobs[*]\nfields: { title: $.t, url: $.u }\n"), \
        html("<script>d = %s</script>" % ("a" * 100000)), "failed: the page has no '/d = ((a*)*)*;/'"
    yield "conditions", source("json", more="drop: { title: '/(a+)+$/' }\n"), json.dumps({"jobs": [{"t": a_text, "u": "/1"}] * 2000}), "failed: the pattern '(a+)+$' takes too long"

    yield "200,000 tags nested", source("html"), html("<div>" * 200000), OK
    yield "200,000 tags nested wrongly", source("html"), html("<b><i><p>" * 66000 + "</b></i>" * 66000), OK
    yield "200,000 tables nested", source("html"), html("<table><tr><td>" * 66000), OK
    yield "200,000 formatting tags open", source("html"), html("<b>" * 100000 + "<p>x" * 1000), OK
    yield "20,000 attributes", source("html"), html("<p %s>x" % " ".join("a%d=1" % n for n in range(20000))), OK
    yield "200,000 attributes", source("html"), html("<p %s>x" % " ".join("a%d=1" % n for n in range(200000))), OK
    yield "20,000 attributes of a feed", source("feed"), feed("<item %s/>" % " ".join("a%d='1'" % n for n in range(20000))), OK
    yield "one text of 16 MiB", source("html"), ("<ul><li><a href=/1>Cook</a></ul><p>" + "x" * 16 * MIB)[: 16 * MIB], OK
    yield "one description of 15 MiB", source("html"), "<ul><li><a href=/1>Cook</a><p>" + "word <b>" * (15 * MIB // 8) + "</ul>", "failed: the page has too many elements"
    yield "15 MiB of <", source("html"), html("<" * 15 * MIB), "ok; 1 jobs"
    yield "a comment without end", source("html"), html("<!--" + "-" * 15 * MIB), OK
    yield "entities", source("html"), html("<p>" + "&amp;&notit;&#x110000;" * (MIB // 2)), "ok; 1 jobs"
    yield "2,000,000 elements", source("html"), html("<p>" * 2000000), "failed: the page has too many elements"
    yield "100,000 cards", source("html"), "<ul>" + "<li><a href=/1>Cook</a>" * 100000 + "</ul>", "failed: more than 20000 postings"
    yield "cards in cards", source("html"), "<ul>" + "<li><ul><a href=/1>Cook</a><p>x" * 250, "ok; 250 jobs"
    yield "20,000 cards of a long page", source("html", "jobs: li\nfields: { title: a, url: a@href, description: { path: '//p', as: html } }\n"), \
        "<ul>" + "<li><a href=/1>Cook</a>" * 19000 + "</ul>" + "<p>word " * 50000, "failed: reading the page takes more than 2000 ms: at job "

    yield "a million empty objects", source("json"), many, "failed: more than 20000 postings"
    yield "a million empty objects elsewhere", source("json"), jobs(("x", [{}] * 1000000)), OK
    yield "100,000 brackets", source("json"), "[" * 100000 + "]" * 100000, "failed: JSON: byte 2048: nested too deep"
    yield "100,000 objects nested", source("json"), '{"jobs":' * 100000 + "1" + "}" * 100000, "failed: JSON: byte 16384: nested too deep"
    yield "100,000 brackets left open", source("json"), '{"jobs":' + "[" * 100000, "failed: JSON: byte 2055: nested too deep"
    yield "5,000,000 brackets", source("json"), '{"jobs":' + "[" * 5000000, "failed: JSON: more than 4194304 values"
    yield "a text of JSON of 15 MiB", source("json"), jobs(("x", "y" * 15 * MIB)), OK
    yield "a title of 15 MiB", source("json"), '{"jobs": [{"u": "/1", "t": "' + "y " * (15 * MIB // 2) + '"}]}', OK
    yield "a description of 15 MiB", source("json", "jobs: $.jobs[*]\nfields: { title: $.t, url: $.u, description: { path: $.d, as: escaped-html } }\n"), \
        json.dumps({"jobs": [{"u": "/1", "t": "Cook", "d": "&lt;b&gt;&amp;amp;" * (15 * MIB // 18)}]}), OK
    yield "escapes only", source("json"), '{"jobs": [{"u": "/1", "t": "' + "\\ud83d\\ude00" * (15 * MIB // 12) + '"}]}', OK
    yield "a number of 10 MiB", source("json"), '{"jobs": [{"u": "/1", "t": "x", "n": ' + "9" * 10 * MIB + "}]}", OK
    yield "a million keys", source("json"), '{"jobs": [{"u": "/1", "t": "x"}], ' + ",".join('"%d":1' % n for n in range(1000000)) + "}", OK
    yield "a million keys of one name", source("json"), '{"jobs": [{"u": "/1", "t": "x"}], ' + ",".join(['"a":1'] * 1000000) + "}", OK

    yield "billion laughs", source("feed"), laughs(10), "failed: the feed declares entities of its own"
    yield "quadratic laughs", source("feed"), '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "%s">]><rss><channel><item><title>%s</title></item></channel></rss>' % ("a" * 100000, "&a;" * 30000), "failed: the feed declares entities of its own"
    yield "a feed of a file", source("feed"), '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/hostname">]><rss><channel><item><title>x&a;</title><link>/1</link></item></channel></rss>', "failed: the feed declares entities of its own"
    yield "a feed with 200,000 tags nested", source("feed"), feed("<a>" * 200000), OK
    yield "a feed of 300,000 items", source("feed"), feed("<item/>" * 300000), "failed: more than 20000 postings"
    yield "a feed of 200,000 names", source("feed"), feed("<item>%s</item>" % "".join("<x%d/>" % n for n in range(200000))), OK
    yield "a feed of 100,000 namespaces", source("feed"), feed("<item>%s</item>" % "".join("<p:a xmlns:p='u%d'/>" % n for n in range(100000))), OK
    yield "a feed with a text of 15 MiB", source("feed"), feed("<item><title>%s</title></item>" % ("x" * 15 * MIB)), OK

    yield "a list of 100,000 postings", source("jobposting"), linked("[" + ",".join(['{"@type":"JobPosting","title":"x","url":"/1"}'] * 100000) + "]"), "failed: more than 20000 postings"
    yield "postings nested", source("jobposting"), linked('{"@type":"JobPosting","title":"x","url":"/1","a":' * 2000 + "1" + "}" * 2000), OK
    yield "postings of one another", source("jobposting"), linked(json.dumps({"@graph": [
        {"@type": "JobPosting", "@id": "#%d" % n, "title": "x", "url": "/1", "hiringOrganization": {"@id": "#%d" % ((n + 1) % 5000)}} for n in range(5000)]})), "ok; 5000 jobs"
    yield "100,000 scripts", source("jobposting"), posting() + linked("{}") * 100000, OK
    yield "100,000 places", source("jobposting"), posting(jobLocation=[{"address": {"addressLocality": "Springfield, Berlin or remote"}}] * 100000), OK
    yield "200 long places", source("jobposting"), posting(jobLocation=[{"address": "%d, " % n + "Springfield, " * 1500} for n in range(200)]), OK
    yield "200 places of one long name", source("jobposting"), posting(jobLocation=[{"@id": "#a"}, {"address": "x"}] * 100) + linked(
        json.dumps({"@id": "#a", "x": 1, "name": "Springfield, " * 1500})), OK
    yield "200 long places of JSON", source("json", "jobs: $.jobs[*]\nfields: { title: $.t, url: $.u, location: $.l }\n"), \
        json.dumps({"jobs": [{"t": "x", "u": "/1", "l": ["%d, " % n + "Springfield, " * 1500 for n in range(200)]}]}), OK
    yield "itemref to one another", source("jobposting"), "".join(
        '<div id=a%d itemscope itemprop=x itemtype="https://schema.org/JobPosting" itemref="%s"><p itemprop=title>x</div>'
        % (n, " ".join("a%d" % k for k in range(300))) for n in range(300)), "ok; 300 jobs"
    yield "microdata nested", source("jobposting"), '<div itemscope itemprop=title itemtype="https://schema.org/JobPosting">' * 500, "drifted: 1 of 1 items lack"

    yield "10,000 parts nested", source("mail"), nested_mail(10000), "failed: a mail that cannot be read: its parts are nested deeper"
    yield "10,000 parts", source("mail"), wide_mail(10000), "empty: the list holds no postings"
    yield "100,000 parts", source("mail"), wide_mail(100000), "empty: the list holds no postings"
    yield "mails in mails", source("mail"), "From: a@b.example\n" + "Content-Type: message/rfc822\n\n" * 100000 + html(""), "failed: a mail that cannot be read: its parts are nested deeper"
    yield "mails in mails in base64", source("mail"), base64_mail(18), OK
    yield "1,000,000 header lines", source("mail"), "From: a@b.example\nContent-Type: text/html\n" + "X-Y: z\n" * 1000000 + "\n" + html(""), OK
    yield "a header of 8 MiB", source("mail"), "From: a@b.example\nContent-Type: text/html\nSubject: " + "=?utf-8?q?a?= " * (8 * MIB // 15) + "\n\n" + html(""), OK
    yield "100,000 parameters", source("mail"), "From: a@b.example\nContent-Type: text/html" + "; charset*0*=a" * 4000 + "\n\n" + html(""), OK
    yield "a boundary of nothing", source("mail"), 'From: a@b.example\nContent-Type: multipart/mixed; boundary=""\n\n' + "--\n" * 1000000, "failed: a mail that cannot be read: it does not say what parts its parts"

    words = [
        ("date", "posted_date", "1 Jan 2026 " * 1800), ("salary", "salary", "$1 - " * 4000),
        ("location", "location", "Berlin, or " * 1800), ("location of commas", "location", "," * 20000),
        ("salary of digits", "salary", "1" * 20000), ("date of digits", "posted_date", "1/" * 10000),
        ("job type", "job_type", "full-time or " * 1500), ("tags", "tags", "a, " * 6000),
    ]  # fmt: skip
    for name, field, text in words:
        yield "values of %s" % name, source("json", "jobs: $.jobs[*]\nfields: { title: $.t, url: $.u, %s: $.v }\n" % field), \
            json.dumps({"jobs": [{"t": "x", "u": "/%d" % n, "v": text} for n in range(500)]}), OK


def base64_mail(levels):
    mail = "Content-Type: text/html\n\n" + html("")
    for _ in range(levels):
        mail = "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n" + base64.b64encode(mail.encode()).decode() + "\n"
    return "From: a@b.example\n" + mail


# A process of its own, for the memory of the one that begins a program counts
# as the program's.
MEASURE = """
import json, os, resource, sys
pid = os.fork()
if pid == 0:
    os.execv(sys.argv[2], sys.argv[2:])
status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
used = resource.getrusage(resource.RUSAGE_CHILDREN)
json.dump([status, used.ru_utime + used.ru_stime, used.ru_maxrss], open(sys.argv[1], "w"))
"""


def measured(r, *arguments):
    """Ended with what, what it said, CPU seconds of all its processes, and
    KiB of the largest."""
    done = subprocess.run(
        [rig.PYTHON, "-I", "-S", "-c", MEASURE, r.path("used"), rig.CAREERD, "-c", r.config, *arguments],
        env=r.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
    )  # fmt: skip
    with open(r.path("used"), encoding="ascii") as file:
        status, cpu_s, kib = json.load(file)
    return status, done.stdout, cpu_s, kib


class Worst:
    """What is wrong, and the most that any of them took."""

    def __init__(self):
        self.n, self.cpu_s, self.kib, self.wrong = 0, 0, 0, []

    def take(self, name, text, right, cpu_s, kib):
        self.n += 1
        self.cpu_s, self.kib = max(self.cpu_s, cpu_s), max(self.kib, kib)
        if right not in text:
            self.wrong.append("%s: %r, not %r" % (name, text[-600:], right))
        if cpu_s > CPU_S + REST_S or kib > MEMORY_KIB:
            self.wrong.append("%s: %.2f s of CPU, %d KiB" % (name, cpu_s, kib))

    def tell(self, what):
        if self.wrong:
            raise AssertionError("\n".join(self.wrong))
        print("table: %s: %d, each with its outcome; at most %.1f s of CPU and %d MiB"
              % (what, self.n, self.cpu_s, self.kib / 1024))  # fmt: skip


def test_pages(r):
    r.write("careerd.yaml", "")
    worst = Worst()
    for name, definition, page, right in pages():
        file, saved = r.write("s.yaml", definition), r.write("page", page)
        code, said, cpu_s, kib = measured(r, "source", "test", file, "--page", saved)
        found = re.search(r"bomb: (.*)", said)
        worst.take(name, found.group(1) if found else said, right, cpu_s, kib)
        if os.environ.get("VERBOSE"):
            print("%-40s %2d %5.2f s %4d MiB %s" % (name, code, cpu_s, kib / 1024, found and found.group(1)), flush=True)
    worst.tell("pages that cost much")


def definitions():
    plain = "source: bomb\nurl: https://x.example/\nformat: html\n"
    fields = "fields: { title: a, url: a@href }\n"
    laughs = "x0: &x0 [ lol ]\n" + "".join("x%d: &x%d [%s]\n" % (n, n, ", ".join(["*x%d" % (n - 1)] * 9)) for n in range(1, 9))
    yield "aliases", laughs + plain + fields, "s.yaml:1:5: "
    yield "50,000 anchors", plain + fields + "expect: [%s]\n" % ", ".join("&a%d a" % n for n in range(50000)), "s.yaml:5:10: "
    yield "an alias of nothing", plain + fields + "jobs: *li\n", "s.yaml:5:7: "
    yield "a tag", plain + fields + "jobs: !!python/object:os.system li\n", "s.yaml:5:7: "
    yield "keys twice", plain + fields + "url: https://y.example/\n", "s.yaml:5:1: "
    yield "a field twice", plain + "fields: { title: a, url: a@href, title: b }\n", "s.yaml:4:34: "
    yield "100,000 keys", plain + "".join("k%d: 1\n" % n for n in range(100000)), "s.yaml:"
    yield "90,000 brackets", plain + "jobs: " + "[" * 90000 + "]" * 90000, "s.yaml:4:"
    yield "90,000 braces", plain + "jobs: " + "{ a: " * 90000 + "}" * 90000, "s.yaml:4:"
    yield "90,000 levels", plain + "".join("%sa:\n" % (" " * min(n, 200)) for n in range(3000)), "s.yaml:"
    yield "90,000 dashes", plain + "jobs:\n  " + "- " * 90000, "s.yaml:5:"
    yield "a million questions", plain + "? " * 300000, "s.yaml:4:"
    yield "2 MiB", plain + "about: " + "x" * 2 * MIB, "s.yaml"
    yield "a text without end", plain + "about: '" + "x" * 900000, "s.yaml:"
    yield "bytes", "\x00\xff\x01" * 1000, "s.yaml:1:1: "
    yield "nothing", "", "s.yaml"
    yield "a fault beside what is missing", plain + "fields: { title: { path: a >> b, re: '(' }, url: 'b >' }\n", "s.yaml:4:38: '('"
    css = plain + "fields: { title: a, url: a@href }\njobs: '%s'\n"
    yield "css nested", css % (":not(" * 2000 + "a" + ")" * 2000), "s.yaml:5:7: "
    yield "css of 100,000 parts", css % ("a > " * 100000 + "a"), "s.yaml:5:7: "
    yield "xpath nested", css % ("//a[" * 2000 + "1" + "]" * 2000), "s.yaml:5:7: "
    yield "xpath of brackets", css % ("//a[%s1%s]" % ("(" * 2000, ")" * 2000)), "s.yaml:5:7: "
    yield "jsonpath nested", css.replace("html", "json") % ("$[?" + "(" * 2000 + "@" + ")" * 2000 + "]"), "s.yaml:5:7: "
    yield "jsonpath of functions", css.replace("html", "json") % ("$[?" + "length(" * 2000 + "@" + ")" * 2000 + " > 1]"), "s.yaml:5:7: "
    plain += "jobs: li\n"
    yield "pattern nested", plain + "fields: { title: { path: a, re: '%s' }, url: a@href }\n" % ("(" * 400 + "a" + ")" * 400), "s.yaml:5:33: "
    yield "pattern of repetitions", plain + "fields: { title: { path: a, re: '%s' }, url: a@href }\n" % ("(a{1,999}){1,999}" * 9), "s.yaml:5:33: "
    yield "pattern of 100,000 bytes", plain + "fields: { title: { path: a, re: '%s' }, url: a@href }\n" % ("a" * 100000), "s.yaml:5:33: "


def test_definitions(r):
    r.write("careerd.yaml", "")
    worst = Worst()
    for name, definition, right in definitions():
        code, said, cpu_s, kib = measured(r, "source", "check", r.write("s.yaml", definition))
        worst.take(name, said if code == 65 else "%d %s" % (code, said), right, cpu_s, kib)
        if len(said) > 100000:
            worst.wrong.append("%s: says %d bytes" % (name, len(said)))
        if os.environ.get("VERBOSE"):
            print("%-40s %2d %5.2f s %4d MiB %s" % (name, code, cpu_s, kib / 1024, said.replace("\n", " ")[-300:]), flush=True)
    worst.tell("definitions that cost much")

# Names of those that are sent by a server, too.
SENT = ("xpath string of all", "pattern of a field", "conditions", "20,000 cards of a long page",
        "a million empty objects", "2,000,000 elements", "billion laughs", "100,000 brackets",
        "jsonpath descendants", "200,000 tags nested", "20,000 attributes")  # fmt: skip


def serve_pages(sent):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            form, body = sent[int(self.path.strip("/"))]
            self.send_response(200)
            self.send_header("Content-Type", {"json": "application/json", "feed": "application/rss+xml"}.get(form, "text/html"))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def test_worker_goes_on(r):
    """One worker reads them all: it never dies, and good pages come through."""
    r.with_database()
    chosen = [page for page in pages() if page[0] in SENT]
    eq(len(chosen), len(SENT))
    good = ("good", source("json"), json.dumps({"jobs": [{"t": "Cook", "u": "/%d" % n} for n in range(3)]}), "ok")
    chosen = [page for bomb in chosen for page in (bomb, good)]
    forms = [re.search(r"^format: (\w+)", definition, re.M).group(1) for _, definition, _, _ in chosen]
    port = serve_pages([(form, page.encode()) for form, (_, _, page, _) in zip(forms, chosen)])
    entries = ""
    for n, (_, definition, _, _) in enumerate(chosen):
        text = definition.replace("source: bomb", "source: s%02d" % n)
        text = text.replace("https://x.example/jobs", "http://127.0.0.1:%d/%d" % (port, n))
        r.write("s%02d.yaml" % n, text + "allow_private: true\nrobots: ignore\nreason: ours\n"
                "limits: { rate: unlimited, concurrency: 1 }\n")  # fmt: skip
        entries += "\n  ./s%02d.yaml: {}" % n
    r.configure(entries, user="")
    done = r.run("once", "--task", "scrape", timeout=300, check=False)
    wrong = []
    for n, (name, _, _, right) in enumerate(chosen):
        found = re.search(r"^s%02d\s+(.*)" % n, done.stdout, re.M)
        if not found or right.split(";")[0].split(":")[0] not in found.group(1):
            wrong.append("%s: %s" % (name, found and found.group(1)))
    if wrong or re.search("died|killed|over its", done.stdout + done.stderr):
        raise AssertionError("\n".join(wrong) + done.stdout + done.stderr)


if __name__ == "__main__":
    rig.main()
