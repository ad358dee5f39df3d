#!/usr/bin/python3 -B
"""Countries and cities in the locations of real postings, against labels that
name them in English."""
import json
import os
import unicodedata

import ask

# Names that the table of countries writes otherwise.
ALSO = {
    "united states": "US", "united states of america": "US", "south korea": "KR", "taiwan": "TW",
    "russia": "RU", "vietnam": "VN", "turkey": "TR", "czech republic": "CZ", "brunei": "BN",
    "macau": "MO", "hong kong": "HK", "moldova": "MD", "bolivia": "BO", "ivory coast": "CI",
}  # fmt: skip


def fold(text):
    if text is None:
        return None
    text = unicodedata.normalize("NFKD", text)
    text = "".join(c for c in text if not unicodedata.combining(c)).lower()
    return " ".join(text.replace("-", " ").replace(".", "").replace("saint ", "st ").split())


def countries():
    for path in ask.files("places", "/langs/en.json"):
        with open(path, encoding="utf-8") as file:
            names = json.load(file)["countries"]
        found = {}
        for code, texts in names.items():
            for text in texts if isinstance(texts, list) else [texts]:
                found[fold(text)] = code
        return {**found, **ALSO}
    return ALSO


def main():
    paths = [p for p in ask.files("ergon-extraction", ".jsonl") if os.path.basename(p) == "geo_corpus.jsonl"]
    data, codes = ask.rows(paths[0]), countries()
    got = ask.ask("location", [{"text": r["location_raw"]} for r in data])
    country, city = ask.Tally("country"), ask.Tally("city")
    for row, location in zip(data, got):
        places = location["places"]
        want = codes.get(fold(row["country"]))
        if row["country"] and not want:
            print("no code for", row["country"])
        country.add(
            {p["country"] for p in places if p["country"]} or None, want,
            lambda g, w: w in g, row["location_raw"],
        )  # fmt: skip
        city.add(
            {fold(p["city"]) for p in places if p["city"]} or None, fold(row["city"]),
            lambda g, w: w in g, row["location_raw"],
        )  # fmt: skip
    country.show()
    city.show()


main()
