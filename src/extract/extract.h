/*
 * Foreign bytes in, postings out: jailed. Selectors are compiled once per
 * source; each page has one arena.
 */
#ifndef EXTRACT_EXTRACT_H
#define EXTRACT_EXTRACT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "msg/page.h"
#include "msg/source.h"

/* The worker: "careerd worker extract". */
int extract_main(void);

/*
 * A source ready to read pages. Faults of selectors are reported with the
 * place of the text in its file; NULL if there was one.
 */
struct extractor;
typedef void extract_fault(void *context, const char *file, uint32_t line,
    uint32_t column, const char *text);
struct extractor *extractor_new(
    const struct source *, extract_fault *, void *context);
void extractor_free(struct extractor *);

/*
 * Read one page; for robots.txt the extractor may be NULL. Postings (or
 * rules) are put into output as page.h says, nothing unless the result is
 * EXTRACT_OK; *to is filled, its texts in the arena. Never fails: result
 * tells.
 */
void extract_page(const struct extractor *, struct arena *, const struct page *,
    const char *body, size_t n, struct buf *output, struct extracted *to);

/*
 * From now on pages that take LIMIT_PAGE_READ_MS of CPU fail and say where:
 * for processes that are watched, not for tools that make all things slow.
 */
void extract_time_pages(void);

/*
 * Judgements for "careerd try": one JSON object in, one out, {"result": ...}
 * or {"error": ...} (cli.md). Kinds: css, xpath, jsonpath, date, salary,
 * location, and message (a mail that came back, in "message"). The worker
 * answers them, too: MSG_TRY has {"kind": ..., "in": {...}} in its first
 * descriptor and the answer is written into its second.
 */
struct json *extract_try(const char *kind, const struct json *in);
/*
 * Zones for "try date", which extract itself may open no file for: find
 * gives a zone by its IANA name or NULL, offset its seconds east of UTC at
 * an instant. Without them only "UTC" is known.
 */
typedef int32_t value_offset(const void *zone, int64_t utc_ms);
void extract_try_zones(
    const void *(*find)(const char *name), value_offset *offset);

/*
 * What a page is, for who writes a definition of it; the worker answers it,
 * too (MSG_LOOK). "kind" is html, feed, json, xml, text, empty, pdf, file or
 * unreadable ("reason" says why). Of HTML: "title", "site", "text" (bytes a
 * person reads), "links", "postings" (of schema.org), "feeds" [{url, title}],
 * "addresses" of others [{url, by: link, frame, script or asset}],
 * "description" (a selector of the longest text), and "cards", null or what
 * seems to be a list of jobs: "jobs" (selector), "found", "sure" and what
 * speaks for it in percent ("titles", "paths", "facts"), "example", "next"
 * (selector), "fields"
 * [{field, selector, found, of, example, why}]. Absent texts are null.
 */
struct json *extract_look(
    struct arena *, const struct page *, const char *body, size_t n);

/* robots.txt (RFC 9309 section 2.2) made into rules; never fails. */
struct robots *robots_parse(struct arena *, const char *, size_t);

/* ---- typed values: pure ---- */

/* False if text is no date. zone_offset_s applies to times without one. */
bool value_date(const char *text, int64_t now_ms, int32_t zone_offset_s,
    enum day_order, struct instant *to);
bool value_salary(
    struct arena *, const char *text, const char *country, struct salary *to);
struct location {
	struct place *places;
	size_t nplaces;
	enum remote remote;
	const char *scope; /* "EU", "worldwide", ...: where remote is open to */
};
void value_location(struct arena *, const char *text, struct location *to);
enum job_type value_job_type(const char *text);
enum experience value_experience(const char *text);
enum remote value_remote(const char *text);

/* What a description says in running text. */
enum degree {
	DEGREE_NONE,
	DEGREE_SCHOOL,    /* of a secondary school */
	DEGREE_ASSOCIATE, /* or a diploma */
	DEGREE_BACHELOR,  /* or any of a university */
	DEGREE_MASTER,
	DEGREE_DOCTOR,
	DEGREE__MAX
};
const char *degree_name(enum degree); /* "bachelor"; NULL for none */
struct years {
	bool present;
	int min, max; /* of experience asked for; -1: not said */
};
struct facts {
	struct salary salary;
	struct years years;
	enum degree degree;   /* the lowest that will do */
	bool degree_required; /* not only wished for */
};
void value_facts(
    struct arena *, const char *text, const char *country, struct facts *to);
/* ISO 639-1, constant; NULL if the text is too short to tell. */
const char *value_language(const char *text);
/* HTML to plain text: list items as "- " lines, headings on their own. */
char *value_html_text(struct arena *, const char *html, size_t n);
/* Entities decoded once; n bytes in. */
char *value_unescape(struct arena *, const char *, size_t n);

#endif
