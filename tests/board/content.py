"""The postings of the sample boards: invented employers, own words.

Everything is made from the lists below by fixed rules, so that the same day
gives the same boards. A posting is a dict; boards.py dresses it in the
shapes that real boards have."""
import datetime
import hashlib

EMPLOYERS = {
    "lumenworks": ("Lumenworks", "makes lighting controls for hospitals and theatres"),
    "northgate": ("Northgate Freight SE", "plans rail freight between forty ports"),
    "tarnbank": ("Tarnbank", "runs current accounts for small businesses"),
    "oakandiron": ("Oak & Iron GmbH", "builds machine tools that are serviced over the air"),
    "quillnote": ("Quillnote", "makes a notebook that whole laboratories write in"),
    "hollowell": ("Hollowell Energy", "balances the grid of three islands"),
    "pelicanmaps": ("Pelican Maps", "surveys coastlines with small drones"),
    "grünwerk": ("Grünwerk AG", "repairs and resells office furniture"),
    "saltmarsh": ("Saltmarsh Robotics", "teaches robots to sort waste"),
    "fernhill": ("Fernhill Health", "keeps the records of two thousand clinics"),
    "brightkeel": ("Brightkeel", "sells marine insurance by the voyage"),
    "mondschein": ("Mondschein Verlag", "publishes textbooks and their software"),
}

PLACES = [
    "Berlin, Germany", "Hamburg, Germany", "Munich, Germany", "Remote - EU",
    "Amsterdam, Netherlands", "London, United Kingdom", "Remote", "Vienna, Austria",
    "Lisbon, Portugal", "Toronto, ON, Canada", "Dublin, Ireland", "New York, NY",
]  # fmt: skip

# title, what the work is, asked for, welcome, yearly pay in thousands
ROLES = [
    ("C Developer, Storage Engine", "own the part of our database that writes to disk",
     ["C", "Linux", "PostgreSQL", "gdb"], ["Rust", "eBPF"], (78, 98)),
    ("Embedded Software Engineer", "write firmware for controllers in the field",
     ["C", "C++", "RTOS", "CAN bus"], ["Yocto", "Python"], (68, 86)),
    ("Backend Engineer (Go)", "build the services behind our booking desk",
     ["Go", "PostgreSQL", "Kubernetes", "gRPC"], ["Kafka"], (72, 92)),
    ("Database Reliability Engineer", "keep three hundred PostgreSQL clusters healthy",
     ["PostgreSQL", "Linux", "Ansible", "Prometheus"], ["C", "Patroni"], (80, 104)),
    ("Senior Systems Programmer", "make a scheduler that misses no deadline",
     ["C", "Linux", "Perf", "Assembly"], ["Rust"], (90, 118)),
    ("Junior Systems Programmer", "learn a scheduler that misses no deadline",
     ["C", "Linux"], ["Git"], (48, 58)),
    ("Platform Engineer", "give forty teams a platform they like",
     ["Kubernetes", "Terraform", "AWS", "Linux"], ["Go", "Helm"], (75, 95)),
    ("Data Engineer", "move sensor data to where it is asked for",
     ["Python", "SQL", "Apache Airflow", "Apache Spark"], ["PostgreSQL"], (66, 84)),
    ("Frontend Engineer", "make timetables that read well on a phone",
     ["TypeScript", "React", "CSS", "HTML"], ["Playwright"], (62, 80)),
    ("Rust Engineer, Networking", "write the proxy every request goes through",
     ["Rust", "Linux", "TCP/IP", "TLS"], ["C", "HTTP/2"], (82, 108)),
    ("Security Engineer", "find what is weak before others do",
     ["Linux", "Python", "Penetration testing", "OAuth"], ["C", "seccomp"], (76, 99)),
    ("Site Reliability Engineer", "answer the pager and make it ring less",
     ["Linux", "Kubernetes", "Prometheus", "Go"], ["PostgreSQL"], (78, 102)),
    ("QA Engineer", "test what customers will do and what they should not",
     ["Python", "Selenium", "SQL"], ["Jenkins"], (52, 66)),
    ("Product Manager", "decide with the team what is built next",
     ["Product management", "SQL", "Jira"], ["Figma"], (70, 90)),
    ("Project Manager", "bring a port's new terminal to its opening day",
     ["Project management", "MS Project", "German"], ["SAP"], (60, 78)),
    ("Machine Learning Engineer", "train models that tell glass from ceramics",
     ["Python", "PyTorch", "CUDA", "Docker"], ["C++"], (80, 110)),
    ("Account Executive", "win the hospitals of the north",
     ["Salesforce", "Negotiation", "Communication"], ["German"], (55, 85)),
    ("Technical Writer", "write manuals that are read",
     ["Technical writing", "Git", "Markdown"], ["Python"], (50, 64)),
    ("Linux Kernel Engineer", "carry our drivers upstream",
     ["C", "Linux kernel", "Git", "ARM"], ["Rust"], (92, 120)),
    ("Java Developer", "modernise the ledger without stopping it",
     ["Java", "Spring Boot", "Oracle Database", "Maven"], ["Kotlin"], (64, 82)),
]  # fmt: skip

INTRO = [
    "You will {work}, with {team} people who have done it for a while and like to explain why.",
    "We are looking for someone to {work}. You join a team of {team}.",
    "Your task: {work}. Nobody here does it alone; {team} colleagues share the work.",
]
DUTIES = [
    "You design a change, write it, test it and see it through to our customers",
    "You read other people's code with care and say kindly what you think",
    "You measure before you claim, and write down what you found",
    "You take part in a rota that is on call one week in {team}",
    "You speak with the people who use what you make, twice a month or more",
    "You help a trainee through the first months",
]
OFFERS = [
    "30 days of holiday and a four-day week if you want one",
    "A desk by the window or none at all: you choose where you work",
    "A budget of 2,000 for books and conferences",
    "Equipment that you pick yourself",
    "A pension that we pay half of",
]


def number(*words):
    """A fixed number for some words: the only source of variety."""
    text = "/".join(str(w) for w in words)
    return int(hashlib.sha256(text.encode()).hexdigest()[:12], 16)


def pick(items, *words):
    return items[number(*words) % len(items)]


def sections(employer, role, variant):
    """The description as (heading, [lines]) pairs."""
    name, about = EMPLOYERS[employer]
    title, work, asked, welcome, _ = ROLES[role]
    key = (employer, title, variant)
    team = 3 + number("team", *key) % 9
    first = number("duty", *key) % len(DUTIES)
    duties = [DUTIES[(first + i) % len(DUTIES)].format(team=team) for i in range(3)]
    years = 1 if "Junior" in title else 5 if "Senior" in title else 3
    required = ["%d years or more with %s" % (years, asked[0])]
    required += ["Good knowledge of %s" % skill for skill in asked[1:]]
    offer = number("offer", *key) % len(OFFERS)
    return [
        (None, ["%s %s. %s" % (name, about, pick(INTRO, *key).format(work=work, team=team))]),
        ("What you will do", duties),
        ("What you bring", required),
        ("Nice to have", ["%s is a plus" % skill for skill in welcome]),
        ("What we offer", [OFFERS[(offer + i) % len(OFFERS)] for i in range(3)]),
    ]


def description_html(parts):
    out = []
    for heading, lines in parts:
        if heading is None:
            out += ["<p>%s</p>" % escape(line) for line in lines]
            continue
        out.append("<h3>%s</h3>" % escape(heading))
        out.append("<ul>%s</ul>" % "".join("<li>%s</li>" % escape(line) for line in lines))
    return "\n".join(out)


def escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def posting(employer, role, today, variant=0, days=None):
    title, _, asked, _, pay = ROLES[role]
    key = (employer, title, variant)
    if days is None:
        days = 1 + number("age", *key) % 24
    low, high = pay
    shift = number("pay", *key) % 5 - 2
    return {
        "id": 4000000 + number("id", *key) % 900000,
        "requisition": 1000000 + number("requisition", *key) % 900000,
        "employer": employer,
        "company": EMPLOYERS[employer][0],
        "title": title,
        "place": pick(PLACES, "place", *key),
        "pay": (1000 * (low + shift), 1000 * (high + shift)),
        "posted": today - datetime.timedelta(days=days, hours=number("hour", *key) % 20),
        "kind": "Contract" if number("kind", *key) % 11 == 0 else "Full-time",
        "tags": asked,
        "html": description_html(sections(employer, role, variant)),
    }


def every_role(employer, roles, today, variant=0):
    return [posting(employer, role, today, variant) for role in roles]


def repost(old, days):
    """The same opening again: a new id and date, all else as it was."""
    new = dict(old)
    new["id"] = old["id"] + 1000000
    new["posted"] = old["posted"] + datetime.timedelta(days=days)
    return new
