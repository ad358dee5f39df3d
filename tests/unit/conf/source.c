/*
 * Source files: what is read, what is refused, what careerd.yaml changes.
 */
#include <dirent.h>
#include "faults.h"

/* A right file; the table changes it. */
#define HEAD                                   \
	"source: x\nurl: https://x.example/\n" \
	"format: json\njobs: $.a[*]\n"
#define FIELDS "fields: { title: $.t, url: $.u }\n"

static struct source *
parse(struct arena *arena, const char *text, const char **faults)
{
	struct problems problems;
	struct source *source;

	problems_init(&problems, arena);
	source =
	    conf_source_parse(arena, "x.yaml", text, strlen(text), &problems);
	*faults = faults_text(arena, &problems);
	return source;
}

static const struct bad refused[] = {
	{ "", "is empty; a source has at least source, url and format" },
	{ "[a]\n", "1:1: expected a mapping (key: value), found a list" },
	/* What is misspelt is read as what was meant. */
	{ HEAD "feilds: { title: { paht: $.t, as: dat }, url: $.u }\n",
	    "5:1: unknown key 'feilds' (did you mean 'fields'?)\n5:20: unknown "
	    "key 'paht' (did you mean 'path'?)\n5:35: expected text, html, "
	    "escaped-html, url, date, salary, location, number, bool, list, "
	    "job-type, experience or remote, found 'dat' (did you mean "
	    "'date'?)" },
	{ "sorce: X\nurl: https://x/\nfromat: jsn\njobs: $[*]\n"
	  "fields: { titel: $.t }\nevry: 5 parsecs\npages: { ofset: 0, max: "
	  "2 }\n",
	    "1:1: unknown key 'sorce' (did you mean 'source'?)\n1:8: 'X' is no "
	    "name for a source: small letters, digits, '-' and '_', 64 at "
	    "most, "
	    "a letter or digit first\n3:1: unknown key 'fromat' (did you mean "
	    "'format'?)\n3:9: expected json, feed, html, jobposting, script, "
	    "text or mail, found 'jsn' (did you mean 'json'?)\n5:9: fields has "
	    "no "
	    "title "
	    "(is 'titel' meant to be it?)\n5:9: fields has neither url nor "
	    "external_id\n6:1: unknown key 'evry' (did you mean 'every'?)\n"
	    "6:7: every: '5 parsecs' is not a schedule; expected a duration "
	    "(6h), days and a time (mon..fri at 07:00 Europe/Berlin), or five "
	    "cron fields\n7:8: the pages would be all the same: {page.offset} "
	    "stands neither in the url nor in a body\n7:10: unknown key "
	    "'ofset' (did you mean 'offset'?)\n"
	    "7:17: expected a whole number from 1 to 100000, found '0'" },
	/* Without a format all that does not hang on it is checked. */
	{ "source: x\nurl: https://x/\njobs: $[*]\nlimits: { rate: unlimited "
	  "}\nfields: { title: { re: a, from: b } }\n",
	    "1:1: there is no format (json, feed, html, jobposting, script, "
	    "text "
	    "or mail)\n4:17: rate: unlimited is for machines of one's own; it "
	    "needs allow_private: true\n5:11: from: there is no field 'b'" },
	{ HEAD "fields: { url: $.u, title: { from: a }, a: { re: x, from: b }, "
	       "b: { from: a }, c: { from: a } }\n",
	    "5:41: fields go round in a circle: a comes from b, which comes "
	    "from a" },
	{ "source: X y\nurl: ftp://x/\nformat: yson\n",
	    "1:1: format json needs jobs: where the jobs are\n1:1: format json "
	    "needs fields: at least title and url\n1:9: 'X y' is no name for a "
	    "source: small letters, digits, '-' and '_', 64 at most, a letter "
	    "or digit first\n2:6: expected an address that begins with "
	    "https:// or http://, found 'ftp://x/'\n3:9: expected json, feed, "
	    "html, jobposting, script, text or mail, found 'yson' (did you "
	    "mean 'json'?)" },
	{ HEAD "fields: { titel: $.t, url: $.u }\n",
	    "5:9: fields has no title (is 'titel' meant to be it?)" },
	{ HEAD "fields: { title: $.t }\n",
	    "5:9: fields has neither url nor external_id" },
	{ HEAD FIELDS "every: 6 parsecs\n",
	    "6:8: every: '6 parsecs' is not a schedule; expected a duration "
	    "(6h), days and a time (mon..fri at 07:00 Europe/Berlin), or five "
	    "cron fields" },
	{ HEAD "fields: { title: '{baord}', url: $.u }\nparams: { board: { "
	       "default: b } }\n",
	    "5:18: {baord} is unknown here: neither a parameter nor page.* or "
	    "job.* (did you mean 'board'?)" },
	{ "source: x\nurl: 'https://x.example/{board'\nformat: feed\n",
	    "2:6: '{' has no '}' behind its name (character 19)" },
	{ "source: x\nurl: 'https://x.example/{job.url}'\nformat: feed\n",
	    "2:6: {job.url} is not known yet when the list is asked for" },
	{ HEAD "fields: { title: { path: $.t, as: txt }, url: { as: url } }\n",
	    "5:35: expected text, html, escaped-html, url, date, salary, "
	    "location, number, bool, list, job-type, experience or remote, "
	    "found 'txt' (did you mean 'text'?)\n5:47: a field needs one of "
	    "path, const, re and from" },
	{ HEAD "fields: { title: { path: $.t, const: x }, url: $.u }\n",
	    "5:38: a field has one of path and const" },
	{ HEAD "fields: { title: { re: x, path: $.t, from: url }, url: $.u, "
	       "company: { const: x, re: y } }\n",
	    "5:44: from is searched in place of path; one is enough\n5:86: a "
	    "const is not searched" },
	{ HEAD "fields: { title: $.t, url: $.u, "
	       "language: { path: $.l, order: day-first }, "
	       "posted_date: { path: $.p, order: dmy } }\n",
	    "5:63: order belongs to dates; write as: date\n5:109: expected "
	    "day-first or month-first, found 'dmy'" },
	{ HEAD FIELDS "detail: { url: 'https://x/{job.t|base32}', fields: "
		      "{ title: $.t } }\n",
	    "6:16: behind '|' only base64 is known, as in {job.id|base64} "
	    "(character 11)" },
	{ HEAD FIELDS "pages: { first: ftp://x/, next: $.n, max: 2 }\n",
	    "6:17: expected an address that begins with https:// or http://, "
	    "found 'ftp://x/'" },
	{ HEAD "fields: { title: { re: '(a)(?:b)', group: 2, from: c }, url: "
	       "$.u }\n",
	    "5:43: the regular expression has 1 groups, so no group 2" },
	{ HEAD "fields: { title: { re: a, from: c }, url: $.u }\n",
	    "5:11: from: there is no field 'c'" },
	{ HEAD "fields: { title: { re: a, from: title }, url: $.u }\n",
	    "5:11: field 'title' cannot come from itself" },
	{ HEAD "fields: { title: { path: $.t, split: ',' }, url: $.u }\n",
	    "5:18: split belongs to lists; write as: list" },
	{ HEAD "fields: { title: $.t, url: { path: $.u, as: date, base: "
	       "'https://x/' } }\n",
	    "5:57: base belongs to addresses; write as: url" },
	{ HEAD FIELDS "pages: { offset: 20 }\n",
	    "6:8: pages needs max: how many pages at most\n6:8: the pages "
	    "would be all the same: {page.offset} stands neither in the url "
	    "nor in a body" },
	{ HEAD FIELDS "pages: { max: 2 }\n",
	    "6:8: pages needs one of next, offset, number and cursor" },
	{ HEAD FIELDS "pages: { next: $.n, cursor: $.c, max: 2 }\n",
	    "6:29: pages go on in one way: next, offset, number or cursor" },
	{ HEAD FIELDS "pages: { next: $.n, max: 2, until: total }\n",
	    "6:36: until: total needs to know where it stands: expect: { "
	    "total: SELECTOR }" },
	{ HEAD FIELDS "limits: { rate: unlimited }\n",
	    "6:17: rate: unlimited is for machines of one's own; it needs "
	    "allow_private: true" },
	{ HEAD FIELDS "limits: { rate: 2/s, concurrency: 99, timeout: 2d, "
		      "max_bytes: 1GiB }\n",
	    "6:17: expected a rate such as '1 per 2s' or '30 per 1m', or "
	    "unlimited, found '2/s'\n6:35: expected a whole number from 1 to "
	    "16, found '99'\n6:48: '2d' is not within 100ms and 1h\n6:63: "
	    "'1GiB' is not within 1KiB and 64MiB" },
	{ HEAD FIELDS "robots: ignore\n",
	    "6:9: robots: ignore needs a reason: why robots.txt does not bind "
	    "this source" },
	{ HEAD FIELDS "enabled: false\n",
	    "1:1: a source that is off says why in about" },
	{ HEAD FIELDS "every: 1h\nlimits: { min_interval: 6h }\n",
	    "6:8: every is shorter than limits.min_interval (6h)" },
	{ HEAD FIELDS "headers: { Cookie: a, 'b c': d, X-E: \"f\\ng\" }\n",
	    "6:12: header Cookie cannot be set here: cookies are not "
	    "kept\n6:23: 'b c' is no name of a header\n6:38: a header is one "
	    "line" },
	{ HEAD FIELDS "expect: { fill: { titel: 0.5, url: 2, title: x }, "
		      "empty_status: 200, missed_runs: 0 }\n",
	    "6:19: there is no field 'titel' (did you mean 'title'?)\n6:36: "
	    "expected a number from 0 to 1, found '2'\n6:46: expected a number "
	    "from 0 to 1, found 'x'\n6:65: expected a whole number from 400 to "
	    "599, found '200'\n6:83: expected a whole number from 1 to 100, "
	    "found '0'" },
	{ HEAD FIELDS "expect: { fill: 0.5 }\n",
	    "6:17: expected a mapping (key: value), found '0.5'" },
	{ HEAD FIELDS "request: { url: https://y.example/ }\n",
	    "6:17: the address stands in url and in request; one is enough" },
	{ "source: x\nrequest: { method: GET, url: https://x/, json: {} }\n"
	  "format: feed\n",
	    "2:10: a GET has no body; write method: POST" },
	{ "source: x\nurl: https://x/\nformat: jobposting\njobs: item\n",
	    "4:7: format jobposting finds its jobs itself; leave jobs out" },
	{ HEAD FIELDS "keep: { titel: a, salary: over lots, tags: under 3, "
		      "posted_date: older than dirt, url: newer than 3d, "
		      "title: [] }\ndrop: [ title ]\n",
	    "6:9: there is no field 'titel' (did you mean 'title'?)\n6:27: "
	    "expected a number behind 'over ', found 'lots'\n6:44: tags is no "
	    "number; numbers are those of salary and of fields of the file's "
	    "own\n6:66: expected an age such as 'older than 30d', found "
	    "'older than dirt'\n6:88: url is no date\n6:110: expected 1 to "
	    "100 alternatives\n7:7: expected a mapping (key: value), found a "
	    "list" },
	{ HEAD FIELDS "auth: { bearer: s3cret-value }\n",
	    "6:17: expected credential:NAME; a secret is named here, never "
	    "written (put it into the file creds/NAME, mode 0600, beside "
	    "careerd.yaml)" },
	{ HEAD FIELDS "auth: { bearer: credential:a, basic: { user: b } }\n",
	    "6:38: bearer, basic and oauth2 are three ways for the same "
	    "header; one is enough" },
	{ HEAD FIELDS "auth: {}\n",
	    "6:7: auth needs one of bearer, basic, header, query and oauth2" },
	{ HEAD FIELDS "auth: { basic: {}, query: [], header: { Host: "
		      "credential:a, 'b c': credential:b, Authorization: "
		      "credential:../c } }\n",
	    "6:16: basic needs a user, a password, or both\n6:27: expected a "
	    "mapping (key: value), found a list\n6:41: header Host cannot be "
	    "set here: the URL does\n6:61: 'b c' is no name of a header\n"
	    "6:82: header Authorization cannot be set here: bearer, basic and "
	    "oauth2 do\n6:97: expected credential:NAME with a name of letters, "
	    "digits, '_', '-' and '.', found 'credential:../c'" },
	{ HEAD FIELDS "auth: { oauth2: { url: ftp://x, id: credential:a } }\n",
	    "6:17: oauth2 needs secret\n6:24: expected an address that begins "
	    "with https://, found 'ftp://x'" },
	{ "source: x\nurl: http://x/\nformat: feed\n"
	  "auth: { bearer: credential:a }\n",
	    "4:7: secrets are sent by https:// only; http://x/ is not" },
	{ HEAD FIELDS "headers: { authorization: a }\n",
	    "6:12: header authorization cannot be set here: auth does, with a "
	    "secret that has a name" },
	{ HEAD FIELDS "script: a\n",
	    "6:9: script says where in a page JSON is; it goes with format: "
	    "script" },
	{ "source: x\nurl: https://x/\nformat: script\njobs: $[*]\n" FIELDS,
	    "1:1: format script needs script: where in the page the JSON is, "
	    "such as \"#__NEXT_DATA__\" or /window\\.jobs = /" },
	{ HEAD FIELDS "detail: { url: '{job.url}', format: script, fields: { "
		      "tags: $.t } }\n",
	    "6:9: format script needs script: where in the page the JSON is, "
	    "such as \"#__NEXT_DATA__\" or /window\\.jobs = /" },
	{ "source: x\nurl: https://x/\nformat: text\n"
	  "jobs: /(?<titel>a)(?<tags>b)/\n",
	    "1:1: fields has no title\n1:1: fields has neither url nor "
	    "external_id" },
	{ "source: x\nurl: https://x/\nformat: text\njobs: /(a)/\n"
	  "fields: { title: { group: b }, url: { map: {} } }\n",
	    "5:27: expected a whole number from 0 to 99, found 'b'\n5:37: a "
	    "field needs one of path, const, re and from, or group" },
	{ HEAD FIELDS "detail: { fields: {} }\n",
	    "6:9: detail has no url\n6:9: detail has no fields" },
	{ "source: x\nurl: https://x/\nformat: html\njobs: li\nfields: { "
	  "title: b, url: a@href }\ndetail: { url: '{url}', fields: { "
	  "description: p } }\n",
	    "6:16: {url} is unknown here: neither a parameter nor page.* or "
	    "job.* (did you mean '{job.url}'?)" },
	{ HEAD FIELDS "params: { url: {}, a: { required: true, default: b } }"
		      "\n",
	    "6:11: a parameter cannot be called 'url', which is a key of "
	    "source files\n6:23: parameter 'a' is required and has a default; "
	    "it can be one only" },
	{ HEAD FIELDS "title: x\ntitle: y\n",
	    "6:1: unknown key 'title'\n7:1: key 'title' stands here twice; "
	    "the first is in line 6\n7:1: unknown key 'title'" },
	{ HEAD "fields: { title: &a $.t, url: *a, Up: $.x }\n",
	    "5:18: anchor '&a' is not allowed; write the value out where it is "
	    "needed\n5:31: alias '*a' is not allowed; write the value out (or "
	    "quote it, if the '*' is meant)\n5:31: expected a text, found an "
	    "empty text\n5:35: 'Up' is no name for a field: small letters, "
	    "digits and '_', a letter first" },
};

static void
bad_files_are_refused(void)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct arena *arena = arena_new(LIMIT_CONF_BYTES);
		const char *faults;
		struct source *source = parse(arena, refused[i].text, &faults);

		CHECK_STR(faults, refused[i].faults);
		CHECK(source == NULL);
		arena_free(arena);
	}
}

static void
smallest_files_are_enough(void)
{
	struct arena *arena = arena_new(LIMIT_CONF_BYTES);
	const char *faults;
	struct source *source = parse(arena,
	    "source: acme\nurl: https://acme.example/careers\n"
	    "format: jobposting\n",
	    &faults);

	CHECK_STR(faults, "");
	CHECK_STR(source->name, "acme");
	CHECK_STR(source->list.method, "GET");
	CHECK_STR(source->list.url.text, "https://acme.example/careers");
	CHECK_INT(source->list.url.line, 2);
	CHECK_INT(source->list.url.column, 6);
	CHECK(source->enabled && !source->allow_private);
	CHECK_INT(source->every.interval_ms, 86400000);
	CHECK_INT(source->limits.gap_ms, 2000);
	CHECK_INT(source->limits.max_bytes, LIMIT_PAGE_BYTES);
	CHECK_INT(source->expect.min_jobs, -1);
	CHECK_INT(source->expect.missed_runs, 2);
	CHECK_INT(source->ntargets, 1);
	CHECK_STR(source->targets[0].key, "acme");
	arena_free(arena);
}

static void
expectations_are_read(void)
{
	struct arena *arena = arena_new(LIMIT_CONF_BYTES);
	const char *faults;
	struct source *source = parse(arena,
	    "source: x\nurl: https://x.example/\nformat: feed\n"
	    "detail: { url: '{job.url}', fields: { pay: b } }\n"
	    "expect:\n  min_jobs: 3\n"
	    "  fill: { salary: 0.3, pay: 1 }\n"
	    "  empty_status: 404\n  throttled_status: 403\n"
	    "  missed_runs: 5\n",
	    &faults);

	CHECK_STR(faults, "");
	CHECK_INT(source->expect.min_jobs, 3);
	CHECK_INT(source->expect.nfills, 2);
	CHECK_STR(source->expect.fills[0].name, "salary");
	CHECK(source->expect.fills[0].least == 0.3);
	CHECK(source->expect.fills[1].least == 1);
	CHECK_INT(source->expect.empty_status, 404);
	CHECK_INT(source->expect.throttled_status, 403);
	CHECK_INT(source->expect.missed_runs, 5);
	arena_free(arena);
}

static void
fields_become_rules(void)
{
	struct arena *arena = arena_new(LIMIT_CONF_BYTES);
	const char *faults;
	struct source *source = parse(arena,
	    "source: x\nparams: { board: { default: b } }\n"
	    "url: https://x.example/{board}\nformat: feed\nfields:\n"
	    "  company: { re: '^([^:]+): (.+)$', from: title }\n"
	    "  title: { re: '^([^:]+): (.+)$', group: 2, from: title }\n"
	    "  location: [ region, '{board}' ]\n"
	    "  copy: { from: company }\n"
	    "  tags: { path: category, split: ',', default: none }\n"
	    "  job_type: { path: type, map: { 'Full Time': full-time } }\n",
	    &faults);
	const struct field *f;

	CHECK_STR(faults, "");
	f = source->list.fields;
	CHECK_INT(f[0].rules[0].kind, RULE_RE);
	CHECK_INT(f[0].rules[0].group, 1);
	CHECK_STR(f[0].rules[0].from, "title");
	CHECK_INT(f[1].rules[0].group, 2);
	CHECK_INT(f[2].nrules, 2);
	CHECK_INT(f[2].rules[0].kind, RULE_SELECTOR);
	CHECK_INT(f[2].rules[1].kind, RULE_TEMPLATE);
	CHECK_INT(f[2].rules[1].text.line, 8);
	CHECK_INT(f[2].as, AS_LOCATION);
	CHECK(!f[2].has_as);
	CHECK_INT(f[3].rules[0].group, 0);
	CHECK_STR(f[4].split, ",");
	CHECK_STR(f[4].default_value, "none");
	CHECK_STR(f[5].map[0].value, "full-time");
	arena_free(arena);
}

/* A text is a template only if its names are known. */
static void
templates_are_told_from_selectors(void)
{
	struct arena *arena = arena_new(LIMIT_CONF_BYTES);
	const char *faults;
	struct source *source = parse(arena,
	    "source: x\nparams: { board: { default: b } }\n"
	    "url: https://x.example/{board}\nformat: json\njobs: $.a\nfields:\n"
	    "  title: '{job.name} ({board})'\n  url: $.u\n"
	    "  a: \"$[?(@.x == '{y}')]\"\n  b: '{{board}}'\n",
	    &faults);
	const struct field *f;

	CHECK_STR(faults, "");
	f = source->list.fields;
	CHECK_INT(f[0].rules[0].kind, RULE_TEMPLATE);
	CHECK_INT(f[2].rules[0].kind, RULE_SELECTOR);
	CHECK_INT(f[3].rules[0].kind, RULE_SELECTOR);
	arena_free(arena);
}

static void
json_body_is_one_template(void)
{
	struct arena *arena = arena_new(LIMIT_CONF_BYTES);
	const char *faults;
	struct source *source = parse(arena,
	    "source: w\nparams: { t: { default: x } }\nrequest:\n"
	    "  url: https://{t}.example/jobs\n"
	    "  json: { a: {}, limit: 20, offset: '{page.offset}', s: \"\", "
	    "w: 'a\"{t}', l: [ true, ~, '7', 1.5 ] }\n"
	    "  headers: { Content-Type: application/vnd.x+json, X-A: b }\n"
	    "format: json\njobs: $.j[*]\npages: { offset: 20, max: 100 }\n"
	    "expect: { total: $.total, total_on: first-page }\n" FIELDS,
	    &faults);

	CHECK_STR(faults, "");
	CHECK_STR(source->list.method, "POST");
	CHECK_STR(source->list.body,
	    "{{\"a\":{{}},\"limit\":20,\"offset\":{page.offset},\"s\":\"\","
	    "\"w\":\"a\\\"{t}\",\"l\":[true,null,\"7\",1.5]}}");
	CHECK_STR(source->list.body_type, "application/vnd.x+json");
	CHECK_INT(source->nheaders, 1);
	CHECK_STR(source->headers[0].name, "X-A");
	CHECK_INT(source->pages.kind, PAGES_OFFSET);
	CHECK_INT(source->pages.step, 20);
	CHECK(source->expect.total_on_first_page);
	arena_free(arena);
}

static void
rates_become_gaps(void)
{
	static const struct {
		const char *rate;
		int64_t gap_ms;
	} rates[] = { { "1 per 2s", 2000 }, { "30 per 1m", 2000 },
		{ "3 per 1s", 334 }, { "10 per 1h", 360000 } };

	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		struct arena *arena = arena_new(LIMIT_CONF_BYTES);
		const char *faults;
		struct source *source = parse(arena,
		    arena_printf(arena, HEAD FIELDS "limits: { rate: %s }\n",
			rates[i].rate),
		    &faults);

		CHECK_STR(faults, "");
		CHECK_INT(source->limits.gap_ms, rates[i].gap_ms);
		arena_free(arena);
	}
}

static const char *
fill(struct arena *arena, struct source *source, const char *name,
    const char *value)
{
	struct pair params[] = { { "board", "gitlab" }, { name, value } };
	struct err e = { 0 };

	if (conf_source_fill(arena, source, params, name == NULL ? 1 : 2, &e) ==
	    -1)
		return arena_strdup(arena, e.text);
	return source->targets[0].key;
}

static void
parameters_are_filled(void)
{
	struct arena *arena = arena_new(LIMIT_CONF_BYTES);
	const struct param_info *params;
	const char *faults;
	struct source *source = parse(arena,
	    "source: g\nparams: { board: { required: true, help: the word }, "
	    "page: { default: 'https://x/' }, q: {} }\n"
	    "url: https://x.example/{board}?q={q}\nformat: feed\n",
	    &faults);
	struct err e = { 0 };

	CHECK_STR(faults, "");
	CHECK_INT(source->ntargets, 0);
	CHECK_INT(conf_source_params(source, &params), 3);
	CHECK_STR(params[0].name, "board");
	CHECK(params[0].required);
	CHECK_STR(params[0].help, "the word");
	CHECK_STR(fill(arena, source, NULL, NULL), "g/gitlab");
	CHECK_STR(target_param(&source->targets[0], "q"), "");
	CHECK_STR(target_param(&source->targets[0], "page"), "https://x/");
	CHECK_STR(fill(arena, source, "q", "C++"), "g/gitlab/C++");
	CHECK_STR(fill(arena, source, "page", "https://y/"), "g/gitlab");
	CHECK_STR(fill(arena, source, "pgae", "x"),
	    "source g has no parameter 'pgae' (did you mean 'page'?)");
	CHECK(conf_source_fill(arena, source, NULL, 0, &e) == -1);
	CHECK_STR(e.text, "source g needs board: the word");
	arena_free(arena);
}

/* Each shipped file is right, and is named after what it holds. */
static void
shipped_files_are_right(void)
{
	struct arena *arena = arena_new(LIMIT_CONF_BYTES);
	const char *dir = arena_printf(arena, "%s/scrapers", conf_root(arena));
	DIR *list = opendir(dir);
	struct dirent *entry;
	size_t n = 0;

	if (list == NULL)
		SKIP("scrapers/ is not beside this build");
	while ((entry = readdir(list)) != NULL) {
		struct problems problems;
		struct source *source;

		if (!str_ends(entry->d_name, ".yaml"))
			continue;
		problems_init(&problems, arena);
		source = conf_source_load(arena,
		    arena_printf(arena, "%s/%s", dir, entry->d_name),
		    &problems);
		CHECK_STR(faults_text(arena, &problems), "");
		CHECK_STR(arena_printf(arena, "%s.yaml", source->name),
		    entry->d_name);
		CHECK(source->about != NULL && source->homepage != NULL);
		n++;
	}
	closedir(list);
	CHECK(n >= 9);
	arena_free(arena);
}

TESTS(TEST(bad_files_are_refused), TEST(smallest_files_are_enough),
    TEST(expectations_are_read), TEST(fields_become_rules),
    TEST(templates_are_told_from_selectors), TEST(json_body_is_one_template),
    TEST(rates_become_gaps), TEST(parameters_are_filled),
    TEST(shipped_files_are_right))
