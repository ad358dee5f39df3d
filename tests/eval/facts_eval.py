#!/usr/bin/python3 -B
"""Pay, years of experience and degrees in descriptions, and levels in titles,
against labels of real postings in English and German."""
import os

import ask

# What their words for a level are to us; managers have no level of their own
# here, so titles labelled so are left out.
LEVELS = {
    "intern": "intern", "entry": "junior", "junior": "junior", "mid": "mid", "senior": "senior",
    "lead": "lead", "staff": "principal", "principal": "principal", "director": "principal",
    "executive": "principal",
}  # fmt: skip


def corpus(name):
    path = [p for p in ask.files("ergon-extraction", ".jsonl") if os.path.basename(p) == name + "_corpus.jsonl"]
    return ask.rows(path[0])


def same_pay(got, want):
    # "from 18 EUR" and "18 EUR" are one amount: a single bound stands for both.
    ends = [(x.get("min") or x.get("max"), x.get("max") or x.get("min")) for x in (got, want)]
    return ends[0] == ends[1] and got["period"] == want["interval"]


def measure(language, prefix, country):
    for name, word in (("salary", "pay"), ("yoe", "years"), ("degree", "degree")):
        data = corpus(prefix + name)
        got = ask.ask("facts", [{"text": r["text"], "country": country} for r in data])
        tally = ask.Tally("%s, %s" % (word, language))
        judge(tally, data, got)
        tally.show()


def judge(tally, data, got):
    required = right = 0
    for row, facts in zip(data, got):
        want, what = row["expect"], row["src"]
        if tally.name.startswith("pay"):
            tally.add(facts["salary"], want, same_pay, what)
        elif tally.name.startswith("years"):
            tally.add(
                facts["years"], want,
                lambda g, w: (g["min"], g["max"]) == (w["min"], w.get("max")), what,
            )  # fmt: skip
        else:
            names = {"school": "highschool", "doctor": "phd_md"}
            found = facts["degree"] and names.get(facts["degree"]["least"], facts["degree"]["least"])
            tally.add(found, want and want["degree_min"], None, what)
            if want and found == want["degree_min"] and want.get("degree_required") is not None:
                required += 1
                right += facts["degree"]["required"] == want["degree_required"]
    if required:
        print("eval: %-28s %5d of %d right" % (tally.name + ", required or not", right, required))


def levels():
    data = [r for r in corpus("level") if r["level"] != "manager"]
    got = ask.ask("level", [{"title": r["title"]} for r in data])
    tally = ask.Tally("level, from titles")
    for row, level in zip(data, got):
        tally.add(level, LEVELS.get(row["level"]), None, row["title"])
    tally.show()


measure("en", "", None)
measure("de", "de_", "DE")
levels()
