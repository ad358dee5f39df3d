#!/usr/bin/python3 -B
"""The language of descriptions, against labels: pages in Czech, Slovak and
German, and German postings."""
import html
import os
import re

import ask


def text_of(path):
    with open(path, encoding="utf-8") as file:
        return html.unescape(re.sub(r"<[^>]*>", " ", file.read()))


def measure(name, pairs):
    tally = ask.Tally(name)
    got = ask.ask("facts", [{"text": text} for text, _, _ in pairs])
    for (_, want, what), facts in zip(pairs, got):
        tally.add(facts["language"], want, None, what)
    tally.show()


pages = [(text_of(p), os.path.basename(p)[:2], p) for p in ask.files("language-id", ".html")]
measure("language, pages", pages)
postings = [
    (row["text"], row["lang"], row["src"])
    for path in ask.files("ergon-extraction", ".jsonl")
    for row in ask.rows(path)
    if "lang" in row
]
measure("language, postings", postings)
