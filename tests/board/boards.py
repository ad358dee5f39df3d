"""The sample boards: the postings of content.py in the shapes of real ones.

greenhouse   a JSON document a board, the description entity-escaped
lever        a bare array, paged with skip and limit, epoch milliseconds
feed         RSS 2.0 whose titles are "Company: Role"
list         an HTML list of cards with a next link, and detail pages
careers      a page whose only data is schema.org JobPosting in JSON-LD

Some openings stand on two boards and some were posted again."""
import datetime
import email.utils
import html
import json

import content

LEVER_PAGE, LIST_PAGE = 20, 12


class Boards:
    def __init__(self, today):
        self.today = datetime.datetime.combine(
            today, datetime.time(7), tzinfo=datetime.timezone.utc
        )
        roles = range(len(content.ROLES))
        make = lambda employer, chosen, variant=0: content.every_role(
            employer, chosen, self.today, variant
        )
        self.greenhouse = {
            "lumenworks": make("lumenworks", roles),
            "northgate": make("northgate", [r for r in roles if r % 5 != 4]),
        }
        for board in self.greenhouse.values():
            board += [content.repost(p, 9) for p in board[2:5]]
        self.lever = {
            "tarnbank": make("tarnbank", roles) + make("tarnbank", range(0, 20, 2), 1),
            "hollowell": make("hollowell", roles[3:17]),
        }
        self.feed = (
            make("pelicanmaps", roles[:10])
            + make("saltmarsh", roles[6:18])
            + self.greenhouse["lumenworks"][:6]
        )
        self.list = (
            make("oakandiron", roles[:9])
            + make("grünwerk", roles[8:16])
            + make("brightkeel", roles[2:8])
            + self.lever["hollowell"][:5]
        )
        self.careers = make("fernhill", roles[:8]) + make("mondschein", roles[12:18])

    def count(self):
        boards = list(self.greenhouse.values()) + list(self.lever.values())
        return sum(map(len, boards)) + len(self.feed) + len(self.list) + len(self.careers)

    def by_id(self, number):
        return next((p for p in self.list if p["id"] == number), None)


def iso(when):
    return when.strftime("%Y-%m-%dT%H:%M:%S-05:00")


def greenhouse(board, base):
    jobs = [
        {
            "absolute_url": "%s/greenhouse/%s/jobs/%d?gh_jid=%d"
            % (base, p["employer"], p["id"], p["id"]),
            "data_compliance": [{"type": "gdpr", "requires_consent": False}],
            "internal_job_id": p["requisition"],
            "location": {"name": p["place"]},
            "metadata": None,
            "id": p["id"],
            "updated_at": iso(p["posted"]),
            "first_published": iso(p["posted"]),
            "requisition_id": "R%d" % p["requisition"],
            "title": p["title"],
            "company_name": p["company"],
            "content": html.escape(p["html"]),
            "departments": [{"id": 1, "name": "Engineering", "child_ids": [], "parent_id": None}],
            "offices": [{"id": 2, "name": p["place"], "location": p["place"]}],
        }
        for p in board
    ]
    return json.dumps({"jobs": jobs, "meta": {"total": len(jobs)}})


def lever(site, base, skip, limit):
    return json.dumps(
        [
            {
                "id": uuid(p),
                "text": p["title"],
                "categories": {
                    "commitment": p["kind"],
                    "location": p["place"],
                    "team": "Engineering",
                    "allLocations": [p["place"]],
                },
                "createdAt": int(p["posted"].timestamp() * 1000),
                "description": p["html"],
                "hostedUrl": "%s/lever/%s/%s" % (base, p["employer"], uuid(p)),
                "applyUrl": "%s/lever/%s/%s/apply" % (base, p["employer"], uuid(p)),
                "workplaceType": "remote" if p["place"].startswith("Remote") else "unspecified",
                "salaryRange": {
                    "min": p["pay"][0],
                    "max": p["pay"][1],
                    "currency": "EUR",
                    "interval": "per-year-salary",
                },
            }
            for p in site[skip : skip + limit]
        ],
        ensure_ascii=False,
    )


def uuid(p):
    digits = "%032x" % content.number("uuid", p["employer"], p["title"], p["id"])
    return "-".join(
        [digits[0:8], digits[8:12], digits[12:16], digits[16:20], digits[20:32]]
    )


def feed(postings, base):
    items = []
    for p in postings:
        link = "%s/feed/%s/%d" % (base, p["employer"], p["id"])
        items.append(
            "<item><title>%s</title><region>%s</region><type>%s</type>"
            "<pubDate>%s</pubDate><guid>%s</guid><link>%s</link>"
            "<description>%s</description></item>"
            % (
                html.escape("%s: %s" % (p["company"], p["title"])),
                html.escape(p["place"]),
                p["kind"],
                email.utils.format_datetime(p["posted"]),
                link,
                link,
                html.escape(p["html"]),
            )
        )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>'
        "<title>Sample remote jobs</title><link>%s</link>%s</channel></rss>"
        % (base, "\n".join(items))
    )


HEAD = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>%s</title>
<script>window.dataLayer = []; function track(a) { return "<li class=card>" + a }</script>
<style>.card { border: 1px solid #ddd } .card > h2 { margin: 0 }</style></head><body>"""


def list_page(postings, base, page):
    shown = postings[(page - 1) * LIST_PAGE : page * LIST_PAGE]
    cards = [
        '<li class="card"><h2><a href="/list/job/%d?utm_source=list">%s</a></h2>'
        '<span class="employer">%s</span><span class="place">%s</span>'
        '<time datetime="%s">%s</time></li>'
        % (
            p["id"],
            html.escape(p["title"]),
            html.escape(p["company"]),
            html.escape(p["place"]),
            p["posted"].strftime("%Y-%m-%d"),
            p["posted"].strftime("%-d %B %Y"),
        )
        for p in shown
    ]
    more = ""
    if page * LIST_PAGE < len(postings):
        more = '<a class="next" href="/list/?page=%d">Next</a>' % (page + 1)
    return HEAD % "Jobs" + '<ul class="jobs">%s</ul>%s</body></html>' % ("".join(cards), more)


def list_detail(p):
    return (
        HEAD % html.escape(p["title"])
        + '<article id="job"><h1>%s</h1><dl><dt>Employer</dt><dd class="employer">%s</dd>'
        '<dt>Pay</dt><dd class="pay">€%s – €%s per year</dd><dt>Type</dt><dd class="type">%s</dd></dl>'
        '<div class="text">%s</div></article></body></html>'
        % (
            html.escape(p["title"]),
            html.escape(p["company"]),
            "{:,}".format(p["pay"][0]),
            "{:,}".format(p["pay"][1]),
            p["kind"],
            p["html"],
        )
    )


def careers(postings, base):
    graph = [
        {
            "@type": "JobPosting",
            "title": p["title"],
            "description": p["html"],
            "identifier": {"@type": "PropertyValue", "name": p["company"], "value": str(p["id"])},
            "datePosted": p["posted"].strftime("%Y-%m-%d"),
            "employmentType": "CONTRACTOR" if p["kind"] == "Contract" else "FULL_TIME",
            "hiringOrganization": {"@type": "Organization", "name": p["company"]},
            "jobLocation": {
                "@type": "Place",
                "address": {"@type": "PostalAddress", "addressLocality": p["place"].split(",")[0]},
            },
            "baseSalary": {
                "@type": "MonetaryAmount",
                "currency": "EUR",
                "value": {
                    "@type": "QuantitativeValue",
                    "minValue": p["pay"][0],
                    "maxValue": p["pay"][1],
                    "unitText": "YEAR",
                },
            },
            "url": "%s/careers/%d" % (base, p["id"]),
        }
        for p in postings
    ]
    document = json.dumps({"@context": "https://schema.org", "@graph": graph})
    return (
        HEAD % "Careers"
        + "<h1>Work with us</h1><p>Nothing to see without scripts.</p>"
        + '<script type="application/ld+json">%s</script></body></html>'
        % document.replace("</", "<\\/")
    )
