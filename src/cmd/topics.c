/*
 * What "help TOPIC" says that is in no table.
 */
#include <string.h>
#include "cmd/cmd_int.h"

static const char *const sources[] = {
	"A source is one YAML file. It says where job postings are, how often "
	"to look, how to find each posting in what comes back, and which part "
	"of it is the title, the company and so on. Shipped definitions are "
	"enabled by their name under sources: in careerd.yaml, own files by "
	"their path; what stands behind the name are parameters, and any key "
	"at the top of the file that is to be otherwise.\n\n"
	"  sources:\n"
	"    greenhouse: { board: [gitlab, stripe] }    # runs once for each\n"
	"    weworkremotely: {}\n"
	"    ./my-sources/acme.yaml: { every: 12h }     # an own file\n"
	"    lever:                                     # sets of parameters\n"
	"      - { site: acme, company: Acme Corp. }\n"
	"      - { site: initech }\n\n"
	"Mappings such as limits: are laid over those of the definition key by "
	"key; null takes a key away. pages: with another way to go on, and "
	"detail:, replace what was there.\n\n"
	"# The smallest files\n"
	"A page with schema.org JobPosting data (JSON-LD or microdata) needs "
	"no selectors, and neither does a feed (RSS, RDF, Atom, JSON Feed):\n\n"
	"  source: acme\n"
	"  url: https://acme.example/careers\n"
	"  format: jobposting\n\n"
	"# An interface that speaks JSON\n"
	"  source: example\n"
	"  params:\n"
	"    board: { required: true, help: \"the name in the address\" }\n"
	"  every: 6h\n"
	"  url: https://api.example.com/boards/{board}/jobs?at={page.offset}\n"
	"  format: json\n"
	"  jobs: $.jobs[*]\n"
	"  pages: { offset: 50, until: total, max: 40 }\n"
	"  fields:\n"
	"    external_id: $.id\n"
	"    title: $.title\n"
	"    company: [ $.company.name, \"{board}\" ]\n"
	"    location: $.location.name\n"
	"    url: \"https://example.com/{board}/{job.slug}\"\n"
	"    description: { path: $.content, as: escaped-html }\n"
	"    posted_date: { path: $.created, as: date }\n"
	"  expect: { total: $.meta.total, min_jobs: 1 }\n\n"
	"A board that wants a POST says so in request:, whose json: is sent as "
	"it stands, its texts being templates; so may a detail.\n\n"
	"  request:\n"
	"    url: https://api.example.com/search\n"
	"    json: { limit: 20, offset: \"{page.offset}\", words: \"{words}\" }"
	"\n\n"
	"# Pages for people\n"
	"  source: berlin\n"
	"  every: day at 06:30 Europe/Berlin\n"
	"  url: https://jobs.example.org/engineering/\n"
	"  format: html\n"
	"  jobs: li.job                       # CSS\n"
	"  pages: { next: \"a.next@href\", max: 10 }\n"
	"  fields:\n"
	"    title: h4\n"
	"    url: \"h4 a@href\"                 # @name takes an attribute\n"
	"    company: \"./p[1]\"                # XPath begins with / or ./\n"
	"  detail:\n"
	"    url: \"{job.url}\"\n"
	"    fields:\n"
	"      description: { path: .text, as: html }\n\n",
	"# JSON in a page, and plain text\n"
	"Many pages carry their jobs as JSON for their own scripts. format: "
	"script takes it out; from there on it is read as json. script: is the "
	"element that holds it (or, with @name, an attribute), or a pattern "
	"between slashes for what stands before it. The JSON ends where its "
	"first bracket is closed; it may be assigned to a variable or be a "
	"string within JSON.parse. pages:, expect: and the fields of a detail "
	"may ask the page itself, too: what begins with $ is JSON, all else "
	"markup.\n\n"
	"  format: script\n"
	"  script: \"#__NEXT_DATA__\"         # or /window\\.jobs = /\n"
	"  jobs: $.props.pageProps.jobs[*]\n\n"
	"format: text cuts text by patterns (PCRE2 between slashes; i, m, s "
	"and "
	"x may stand behind; ^ and $ are the ends of a line). Each match of "
	"jobs: is a job. A group that has the name of a field is its value; "
	"other fields are patterns to search in the match, or its groups: $1, "
	"$name.\n\n"
	"  format: text\n"
	"  jobs: '/^(?<title>.+?) \\| (?<company>.+?) \\| (\\S+)$/'\n"
	"  fields: { url: $3 }\n\n"
	"# Secrets\n"
	"What an interface wants of its users is named in auth: and kept in "
	"files of their own (careerd help files). It goes to the hosts of url, "
	"pages.first and detail.url as the file has them, by https, and "
	"neither along a link or redirect to another host nor into the "
	"database or a log.\n\n"
	"  auth: { bearer: credential:acme }\n"
	"  auth: { header: { X-Api-Key: credential:acme } }\n"
	"  auth: { query: { app_id: credential:acme-id, app_key: "
	"credential:acme } }\n"
	"  auth: { basic: { user: credential:acme } }\n"
	"  auth: { oauth2: { url: https://login.example/token, id: "
	"credential:acme-id,\n"
	"                    secret: credential:acme, scope: jobs } }\n\n",
	"# Fields\n"
	"external_id, title, company, location, url, apply_url, description, "
	"job_type, experience_level, remote, salary, requirements, benefits, "
	"tags, language, posted_date and closes_date; any other name is kept "
	"with the job as metadata. A field is a selector, a text with "
	"{names} in it, a list of these (the first that is not empty; with "
	"all: true all of them), or a mapping (fields.NAME below). A text is "
	"taken for a template if all its names are known: parameters, "
	"page.offset, page.last, page.number, page.cursor and job.X, X being "
	"a field or, in JSON, any member of the job; {job.id|base64} is that "
	"in base64, and {{ and }} stand for a brace. In JSON $ is the job and "
	"$$ the document it stands in. A place may be an object: city, region "
	"and country are found by their usual names. All formats but feed and "
	"jobposting need title and one of url and external_id.\n\n"
	"# What a run may come to\n"
	"ok, unchanged, partial, empty, suspicious (empty or far fewer than "
	"before), truncated (max reached, a page repeated, fewer than "
	"expect.total), throttled, blocked (a log-in, a test for robots, an "
	"HTML page where data belongs), drifted (selectors stopped matching, "
	"or a field is found far less often than in good runs or than "
	"expect.fill demands), gone (not there, or says so) or failed. A run "
	"that is not ok, unchanged or empty closes no job: \"no jobs\" and "
	"\"could not look\" are never the same thing. A job is closed when "
	"two whole runs in a row (expect.missed_runs) lacked it.\n\n"
	"# To write one\n"
	"careerd source new URL looks at a page and writes a definition: it "
	"knows hosted boards by their address, finds those that a page holds, "
	"JobPosting data, feeds and lists of jobs, and says what it guessed. "
	"careerd source check FILE says what is wrong with it, all at once. "
	"careerd source test FILE runs it once and prints what it found and "
	"how often each field was there; with --page SAVED it reads a saved "
	"page and touches no network.\n",
	NULL
};

static const char *const environment[] = {
	"Every key of careerd.yaml has a variable that goes before the file: "
	"CAREERD_ and the key in capitals, dots as underscores "
	"(CAREERD_MAIL_SMTP, CAREERD_LOG). Lists may leave their brackets out "
	"(CAREERD_USER_SKILLS=\"C, Linux\").\n\n"
	"  CAREERD_CONFIG     careerd.yaml, if -c does not say it\n"
	"  CAREERD_USER       whose data, if --user does not say it\n"
	"  CAREERD_ROOT       where scrapers/, sql/ and templates/ are\n"
	"  STATE_DIRECTORY    what is kept: the database (set by systemd)\n"
	"  XDG_STATE_HOME     else careerd/ in here, else "
	"~/.local/state/careerd\n"
	"  RUNTIME_DIRECTORY  sockets; else run/ in the state's directory\n"
	"  CREDENTIALS_DIRECTORY  where systemd puts credentials\n"
	"  COLUMNS, NO_COLOR  how wide tables are; no colours\n",
	NULL
};

static const char *const files[] = {
	"careerd.yaml is read from where -c or $CAREERD_CONFIG says, else "
	"$XDG_CONFIG_HOME/careerd/careerd.yaml (~/.config), else "
	"/etc/careerd/careerd.yaml. Without one the defaults hold.\n\n"
	"A credential NAME is the file creds_NAME or NAME in "
	"$CREDENTIALS_DIRECTORY, else creds/NAME beside careerd.yaml, which "
	"nobody else may read (mode 0600).\n",
	NULL
};

const struct topic topics[] = {
	{ "sources", "how a source file is written", sources },
	{ "careerd.yaml", "the keys of the configuration", NULL },
	{ "environment", "variables that are looked at", environment },
	{ "files", "where the configuration and credentials are", files },
	{ "exit-codes", "what the exit codes mean", NULL },
	{ NULL, NULL, NULL },
};

const char *const *
topic_parts(const char *name)
{
	for (const struct topic *t = topics; t->name != NULL; t++)
		if (strcmp(t->name, name) == 0)
			return t->parts;
	return NULL;
}
