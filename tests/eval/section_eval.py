#!/usr/bin/python3 -B
"""Are the items of lists in descriptions lines of their own in our plain text?
Against labelled descriptions, of lists in HTML and lists that only look so."""
import json
import os
import re

import ask

SOURCE = """source: eval
url: https://x.example/
format: json
jobs: $[*]
fields:
  external_id: $.id
  title: $.id
  url: { const: https://x.example/1 }
  description: { path: $.html, as: html }
"""


def wanted(path):
    """The items of the lists of a label file; it is YAML of one simple kind."""
    items, is_list, inside = [], False, False
    with open(path, encoding="utf-8") as file:
        for line in file:
            text = line.strip()
            if re.match(r"(- )?(heading|type|contents):", text):
                is_list = text.endswith("type: list") or (is_list and "contents:" in text)
                inside = "contents:" in text
            elif inside and is_list and text.startswith("- "):
                items.append(text[2:].strip("'\""))
    return items


def fold(text):
    return re.sub(r"^\W+", "", " ".join(text.replace("\u00a0", " ").split()))


def main():
    pairs = []
    for path in ask.files("description-sections", ".yml"):
        page = path[:-4] + ".html"
        if os.path.exists(page):
            with open(page, encoding="utf-8") as file:
                pairs.append((page, file.read(), wanted(path)))
    got = ask.ask(
        "posting",
        [{"source": SOURCE, "page": json.dumps([{"id": "1", "html": text}])} for _, text, _ in pairs],
    )
    found = there = 0
    for (page, _, items), postings in zip(pairs, got):
        lines = {fold(line) for line in postings[0]["description"].split("\n")}
        for item in items:
            there += 1
            found += fold(item) in lines
            if ask.VERBOSE and fold(item) not in lines:
                print("%s: not a line: %s" % (os.path.basename(page), item))
    print("eval: %-28s %5d of %d lines of their own" % ("items of lists", found, there))


main()
