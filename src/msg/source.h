/*
 * A source: one YAML definition, read and checked by conf, compiled by
 * extract, scheduled by store, obeyed by fetch. Constant once read. Every
 * text that can be wrong carries its place in the file.
 */
#ifndef MSG_SOURCE_H
#define MSG_SOURCE_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/buf.h"
#include "msg/wire.h"

struct text_at {
	const char *text; /* NULL if absent */
	uint32_t line, column;
	const char *file; /* as conf read it; it does not travel */
};

struct pair {
	const char *name, *value;
};

/* What may stand for a value: the first alternative that is not empty wins. */
enum rule_kind {
	RULE_SELECTOR, /* JSONPath, CSS, XPath or /re/ by the view's format */
	RULE_TEMPLATE, /* text with {name} in it */
	RULE_CONST,
	RULE_RE, /* PCRE2 on the field named in from, or on the item's text */
	RULE__MAX
};

struct rule {
	enum rule_kind kind;
	struct text_at text;
	uint32_t group; /* RULE_RE: which group, 0 the whole match */
	const char
	    *from; /* RULE_RE: field whose raw value is searched, or NULL */
};

enum value_type {
	AS_TEXT,
	AS_HTML,
	AS_ESCAPED_HTML, /* entity-encoded once more than the format does */
	AS_URL,
	AS_DATE,
	AS_SALARY,
	AS_LOCATION,
	AS_NUMBER,
	AS_BOOL,
	AS_LIST,
	AS_JOB_TYPE,
	AS_EXPERIENCE,
	AS_REMOTE,
	AS__MAX
};
const char *value_type_name(enum value_type); /* as in YAML: "job-type" */

/* Which number of "03/04/2026" is the day; NONE: it is refused. */
enum day_order { DAY_ORDER_NONE, DAY_ORDER_DMY, DAY_ORDER_MDY, DAY_ORDER__MAX };

struct field {
	struct text_at name; /* one of the posting's names, or metadata */
	struct rule *rules;
	size_t nrules;
	enum value_type as; /* conf fills in the field's own type */
	bool has_as;        /* the file said it */
	struct pair *map;   /* table of values, tried whole and case-folded */
	size_t nmap;
	struct text_at re;         /* part of what a rule finds, or absent */
	uint32_t group;            /* which group of re, 0 the whole match */
	bool all;                  /* every alternative, not the first alone */
	enum day_order order;      /* AS_DATE: of "03/04/2026" */
	const char *split;         /* separator for lists, or NULL */
	const char *default_value; /* or NULL */
	struct text_at base; /* template of a base for AS_URL, or absent */
};

enum format {
	FORMAT_JSON,
	FORMAT_FEED,
	FORMAT_HTML,
	FORMAT_JOBPOSTING,
	FORMAT_SCRIPT,
	FORMAT_TEXT,
	FORMAT_MAIL,
	FORMAT__MAX
};
const char *format_name(enum format);

/* How to ask and how to read the answer: of the list, or of a detail page. */
struct view {
	bool present;
	const char *method; /* "GET" or "POST" */
	struct text_at url; /* template */
	const char *body;   /* template or NULL; a JSON body was serialised */
	const char *body_type; /* Content-Type of the body, or NULL */
	enum format format;
	bool is_text_part; /* of format mail: it, not the HTML, has the jobs */
	struct text_at script; /* SCRIPT: where in the page the JSON is */
	struct text_at jobs;   /* selector of the items; absent where the format
				  knows (feed, jobposting) and in details */
	struct field *fields;
	size_t nfields;
};

enum paging {
	PAGES_NONE,
	PAGES_NEXT,
	PAGES_OFFSET,
	PAGES_NUMBER,
	PAGES_CURSOR,
	PAGES__MAX
};
enum until { UNTIL_EMPTY, UNTIL_TOTAL, UNTIL_SELECTOR, UNTIL__MAX };

struct pages {
	enum paging kind;
	struct text_at first;    /* template: another URL for the first page */
	struct text_at selector; /* NEXT: the link; CURSOR: the cursor */
	int64_t from;            /* first offset (0) or page number (1) */
	int64_t step;            /* OFFSET: how much a page adds */
	enum until until;
	struct text_at until_selector;
	uint32_t max; /* pages, never more */
};

enum every_kind { EVERY_INTERVAL, EVERY_DAY_AT, EVERY_CRON, EVERY__MAX };

struct every {
	enum every_kind kind;
	int64_t interval_ms;
	/* EVERY_DAY_AT: minute of the day and weekdays (bit 0 Sunday). */
	uint32_t minute, weekdays;
	/* EVERY_CRON: one bit for each allowed value. */
	uint64_t cron_minute;
	uint32_t cron_hour, cron_day, cron_month, cron_weekday;
	bool cron_any_day, cron_any_weekday; /* "*" in that field */
	const char *zone;                    /* IANA name; "UTC" by default */
	const char *text;                    /* as written, for people */
};

struct limits {
	int64_t gap_ms; /* between two requests to one host ("1 per 2s") */
	uint32_t concurrency;    /* connections to one host */
	int64_t timeout_ms;      /* whole request */
	int64_t max_bytes;       /* decoded */
	int64_t per_day;         /* 0: no quota */
	int64_t min_interval_ms; /* between two runs; 0: none */
};

/* The least share of postings that a field is found in. */
struct fill_least {
	const char *name;
	double least;
};

struct expect {
	struct text_at total; /* selector, or absent */
	bool total_on_first_page;
	int64_t min_jobs; /* -1: not said */
	struct fill_least *fills;
	size_t nfills;
	/* What else a status may mean: an empty list, if the body is one; not
	 * so often. 0: not said. */
	int empty_status, throttled_status;
	uint32_t missed_runs; /* whole runs without a posting close it */
};

/*
 * Where a secret goes in a request. The file names it; its text is known to
 * hub and fetch alone.
 */
enum auth_place {
	AUTH_BEARER,        /* Authorization: Bearer */
	AUTH_USER,          /* Authorization: Basic, before the colon */
	AUTH_PASSWORD,      /* and behind it */
	AUTH_HEADER,        /* a header of its own */
	AUTH_QUERY,         /* a parameter of the address */
	AUTH_CLIENT_ID,     /* OAuth 2: for a token, which is the bearer */
	AUTH_CLIENT_SECRET, /* the same */
	AUTH__MAX
};

struct auth_part {
	enum auth_place place;
	const char *name;       /* of the header or parameter, else NULL */
	const char *credential; /* its name, or NULL: text is no secret */
	const char *text;
};

struct auth {
	struct auth_part *parts; /* none: nothing is sent */
	size_t nparts;
	const char *token_url, *scope; /* OAuth 2; scope may be NULL */
};

/* Of format mail: which mails of a mailbox are read, and how. */
struct mails {
	/* Senders: an address, or "@example.com" with what is below it. */
	const char *const *from; /* none: all */
	size_t nfrom;
	struct text_at subject; /* PCRE2, or absent */
	int64_t age_ms;         /* older mails are left alone */
	/* Hosts, with those below them, whose links may be requested. */
	const char *const *follow;
	size_t nfollow;
};

/* What a value may be tested for: keep and drop. */
enum test_kind {
	TEST_PRESENT,
	TEST_ABSENT,
	TEST_WORDS, /* text stands in it as words, whatever its case */
	TEST_RE,    /* "/pattern/flags" */
	TEST_LESS,  /* than number */
	TEST_AT_MOST,
	TEST_AT_LEAST,
	TEST_MORE,
	TEST_NEWER, /* than age_ms */
	TEST_OLDER,
	TEST__MAX
};

struct condition_test {
	enum test_kind kind;
	struct text_at text; /* as written */
	double number;
	int64_t age_ms;
};

/* When a condition on a field can be judged in a source with details. */
enum condition_time {
	JUDGE_AT_ONCE,
	JUDGE_IF_PRESENT, /* if it is absent, the detail may have it */
	JUDGE_LAST        /* the detail says it better */
};

struct condition {
	bool is_drop;
	struct text_at field;         /* its name */
	struct condition_test *tests; /* met if one of them is */
	size_t ntests;
	enum condition_time time;
};

/* One set of parameters: a source runs once for each of its targets. */
struct target {
	const char *key; /* "greenhouse/stripe"; the name alone if none */
	struct pair *params;
	size_t nparams;
	const char *mailbox; /* of format mail (mailbox.h), else NULL */
};

struct source {
	const char *name; /* [a-z0-9][a-z0-9_-]*, unique */
	const char *file; /* for messages */
	const char *about, *homepage;
	const char *terms; /* where the owner's terms stand, or NULL */
	const char
	    *attribution; /* whom they want named with each job, or NULL */
	bool enabled;
	struct every every;
	struct view list;
	struct view detail; /* present only if the file has one */
	struct pages pages;
	struct mails mails;
	struct expect expect;
	struct limits limits;
	bool allow_private;
	bool robots_ignore;
	const char *robots_reason;
	struct pair *headers;
	size_t nheaders;
	struct auth auth;
	struct condition *conditions; /* at most LIMIT_CONDITIONS */
	size_t nconditions;
	struct target *targets;
	size_t ntargets;
};

void source_put(struct buf *, const struct source *);
/* In the wire's arena; NULL if the wire is bad. */
struct source *source_get(struct wire *);

/*
 * The fields of a posting that a definition may name, and their types. The
 * type of description is AS_HTML: markup becomes text, and plain text passes
 * unharmed unless it writes '<' or '&' (then the file says "as: text").
 */
struct field_type {
	const char *name;
	enum value_type as;
};
extern const struct field_type field_types[];
extern const size_t field_types_count;
/* NULL: any other name, which lands in metadata as text. */
const struct field_type *field_type_find(const char *name);
enum value_type field_type_of(const char *name);

/*
 * Templates: text with {name} in it; "{{" and "}}" stand for one brace.
 * {name|base64} is the value in base64, for addresses that want it so.
 * lookup gives the value of a name, or NULL for unknown.
 */
typedef const char *template_lookup(void *context, const char *name);

/*
 * Expand into the arena. A missing value makes the result NULL and, if e is
 * given, says which. Values are written as the text needs it: in an address
 * percent-encoded except for "/" and except for a value at the very start (a
 * whole URL), in JSON as the inside of a string, in a form percent-encoded.
 */
enum template_kind {
	TEMPLATE_TEXT,
	TEMPLATE_URL,
	TEMPLATE_JSON,
	TEMPLATE_FORM
};
char *template_expand(struct arena *, const char *text, enum template_kind,
    template_lookup *lookup, void *context, struct err *e);
/* What the body of a request is; type is its Content-Type or NULL. */
enum template_kind template_kind_of(const char *type);
/* Check the braces; on a fault -1 and *at is its offset. */
int template_check(const char *text, size_t *at, struct err *);
/* Call back for each name in it, in order. */
void template_names(struct arena *, const char *text,
    void (*each)(void *context, const char *name), void *context);
/* The value of a parameter, or NULL; context is a struct target. */
const char *target_param(const struct target *, const char *name);

/* Does a mail with this sender belong to the source? */
bool mails_are_from(const struct mails *, const char *address);
/*
 * May this page be requested? Of what a mail says only the hosts that follow
 * names may; for other formats all may.
 */
bool source_may_request(const struct source *, const char *url);

#endif
