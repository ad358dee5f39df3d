/*
 * Pure decisions of when and whether; now is always an argument.
 */
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "msg/event.h"
#include "msg/page.h"
#include "msg/request.h"
#include "msg/source.h"

/* ---- zones: TZif files (RFC 8536) ---- */

struct zone;

/* From the bytes of a TZif file; NULL if they are none. */
struct zone *zone_parse(struct arena *, const void *, size_t, struct err *);
/* Load name from the system's zoneinfo; refuses "..", absolute paths. "UTC"
 * needs no file. */
struct zone *zone_load(struct arena *, const char *name, struct err *);
/* Local time of an instant. */
void zone_local(const struct zone *, int64_t utc_ms, struct civil *to);
/* Seconds east of UTC at an instant. */
int32_t zone_offset(const struct zone *, int64_t utc_ms);
/*
 * Instant of a local time (semantics 1.1.2): in a gap the offset before it,
 * in an overlap the first pass (or the second, for ends of quiet hours).
 * False if the whole local date does not exist.
 */
bool zone_instant(const struct zone *, const struct civil *, bool second_pass,
    int64_t *utc_ms);

/* ---- schedules ---- */

/*
 * "6h", "day at 06:30 Europe/Berlin", "mon..fri at 07:00", "mon,thu at
 * 07:00", or five cron fields with an optional zone behind.
 */
int every_parse(
    struct arena *, const char *text, struct every *to, struct err *);
/*
 * The first instant after after_ms at which a source is due. zone belongs to
 * every->zone; intervals are aligned to the epoch plus a spread derived from
 * key, so that sources do not all start at once.
 */
int64_t every_next(const struct every *, const struct zone *, const char *key,
    int64_t after_ms);

/* ---- quiet hours (semantics 1.4) ---- */

/*
 * now_ms itself if it is not quiet, else the instant at which quiet ends.
 * start == end: never quiet. Minutes of the local day.
 */
int64_t quiet_until(
    const struct zone *, uint32_t start, uint32_t end, int64_t now_ms);
/* The user's local date ("2026-11-24") and the instant of a minute in it. */
char *local_date(struct arena *, const struct zone *, int64_t now_ms);
bool local_minute(
    const struct zone *, int64_t now_ms, uint32_t minute, int64_t *utc_ms);

/* ---- instants as people say them, in the zone ---- */

/* "today", "yesterday", "Tuesday", "3 November", "3 November 2025". */
char *spoken_day(
    struct arena *, const struct zone *, int64_t ms, int64_t now_ms);
/* "Tue 3 Nov, 09:30", with the year if it is another. */
char *spoken_minute(
    struct arena *, const struct zone *, int64_t ms, int64_t now_ms);

/* ---- back-off ---- */

/* Delay before attempt n (from 1) of a mail: 5 15 30 60 120 240 min, then
 * 240; jitter in [-0.2, 0.2] is an argument. */
int64_t backoff_mail_ms(int attempt, double jitter);
/* Before a request is tried again: 2 s * 4^attempt up to 15 min. */
int64_t backoff_fetch_ms(int attempt, double jitter);
/* Before a worker is started again: 0 after the first death, then 0.1 s,
 * doubling up to 30 s. */
int64_t backoff_spawn_ms(int deaths_in_a_row);
/*
 * Retry-After (RFC 9110 section 10.2.3), seconds or HTTP-date, as a delay
 * from now: never negative, capped at 24 h; -1 if it is junk.
 */
int64_t retry_after_ms(const char *text, int64_t now_ms);
/* An HTTP-date in any of the three forms of RFC 9110; false if none. */
bool http_date_parse(const char *text, int64_t *ms);

/* ---- robots.txt (RFC 9309) ---- */

/* May agent (a product token) fetch url? */
bool robots_allows(const struct robots *, const char *agent, const char *url);
/* Crawl-delay that binds agent, -1 if none. */
int64_t robots_crawl_delay_ms(const struct robots *, const char *agent);
enum robots_state { ROBOTS_RULES, ROBOTS_ALLOW_ALL, ROBOTS_DISALLOW_ALL };
/* What a fetch of robots.txt means (semantics 1.6.24). */
enum robots_state robots_verdict(const struct fetched *, int redirects);

/* ---- paging ---- */

struct page_position {
	uint32_t index; /* pages before this one */
	int64_t number, offset;
};
enum page_step {
	PAGE_NEXT,     /* *to is the next page's position, *url its address */
	PAGE_END,      /* the list is at its end */
	PAGE_TRUNCATED /* it is not, but we stop: max, or a repeated page */
};
/*
 * What follows a page of a list: from what extract said and the number of
 * items seen so far, this page's too. Of NEXT, *url is the absolute link; of
 * the others NULL: the caller expands the source's template with the position.
 */
enum page_step page_next(const struct source *, const struct extracted *,
    const struct page_position *at, int64_t seen_items, bool is_repeat,
    struct page_position *to, const char **url);
/* Position of the first page. */
void page_first(const struct source *, struct page_position *to);
/* The address (and body) of a page: names are params, page.offset,
 * page.number and page.cursor. NULL and err if a name is unknown. */
char *page_url(struct arena *, const struct source *, const struct target *,
    const struct page_position *, const char *cursor, struct err *);
char *page_body(struct arena *, const struct source *, const struct target *,
    const struct page_position *, const char *cursor, struct err *);

/* ---- outcome of a run (sources.md) ---- */

/* How often a field was found in a run, and in the good ones before it. */
struct fill_fact {
	const char *name;
	bool of_detail;             /* of the detail pages, not of the list */
	int64_t found, of;          /* of so many postings */
	int64_t usual_found, usual; /* of so many; 0: not known */
	double expected;            /* expect.fill, or -1 */
};
/*
 * The least share that expect.fill demands of a field, else -1. What details
 * bring is demanded of them, not of the list.
 */
double fill_expected(const struct source *, const char *name, bool of_detail);
/* Far too few for chance, by what was usual. */
bool fill_has_collapsed(const struct fill_fact *);
/* Add a good run to what is usual: old runs fade. */
void fill_learn(const struct fill_fact *, int64_t *usual_found, int64_t *usual);
/*
 * The field without which a posting is no use, if the definition names it
 * and no posting of this list page has it; else NULL. Such a page is not
 * taken in.
 */
const char *page_lost_field(const struct source *, const struct extracted *);

struct run_facts {
	int list_pages;      /* that came and were read, or were unchanged */
	int unchanged_pages; /* of these */
	int failed_pages;    /* list pages that did not come or be read */
	int lost_pages;      /* list pages that lost a field: page_lost_field */
	const char *lost_field;
	int detail_pages; /* asked for, failed_details among them */
	int failed_details;
	/* On all list pages; what an unchanged page held counts again. */
	int64_t items, postings, refused;
	int64_t total;    /* what the source said, -1 */
	int64_t min_jobs; /* expected, -1 */
	int64_t usual;    /* typical count of good runs, -1: no good run yet */
	bool truncated;   /* page_next said so */
	bool crashed;     /* a page was given up by extract */
	bool by_selector; /* a list of no items may be a selector's fault */
	const struct fill_fact *fills;
	size_t nfills;
	/* of the first list page that failed, or result OK */
	enum fetch_result fetch;
	int status;
	bool told_when; /* it came with Retry-After */
	const char *fetch_reason;
	enum extract_result extract;
	const char *extract_reason;
	int throttled_status; /* expect.throttled_status, or 0 */
	bool robots_refused;
	bool only_news; /* what was read before is not read again (mails) */
};
/* How fetch_reason begins when robots.txt does not forbid but is missing. */
#define ROBOTS_AWAY "robots.txt could not be had"
/* The outcome and a reason in one line, in the arena ("" when ok). */
enum outcome run_outcome(
    struct arena *, const struct run_facts *, const char **reason);
/* True if a run of that outcome saw everything there is. */
bool outcome_is_complete(enum outcome);
/* A status that means: not so often. told_when: it came with Retry-After. */
bool status_is_throttling(
    const struct source *, int status, bool told_when, const char *reason);
/* What is wrong with a source, behind its name: "asks for fewer requests". */
const char *outcome_words(enum outcome);
/* Was at least a part of it seen? Else it could not be looked at. */
bool outcome_saw_a_part(enum outcome);
/* What a person should do about it, key being the target's; "" if nothing. */
const char *outcome_remedy(struct arena *, enum outcome, const char *key);

#endif
