/*
 * A page for extract to read, and what it read. The postings themselves lie
 * in the output memfd: a u32 count, then each as posting_put wrote it; for
 * robots.txt the rules as robots_put wrote them.
 */
#ifndef MSG_PAGE_H
#define MSG_PAGE_H

#include "msg/posting.h"
#include "msg/request.h"

struct page {
	int64_t id;
	const char *source, *target;
	enum request_kind kind;
	const char *url;          /* of the document, base of its links */
	const char *content_type; /* as sent, or NULL */
	struct pair *params;
	size_t nparams;
	int64_t page_number, page_offset;
	int64_t now_ms; /* "3 days ago" counts from here */
};

enum extract_result {
	EXTRACT_OK,
	EXTRACT_NOT_FORMAT, /* another format, or data without the list */
	EXTRACT_HTML,       /* an HTML page where data belongs */
	EXTRACT_WALL,       /* a captcha, a challenge, "access denied" */
	EXTRACT_LOGIN,      /* a page that asks to log in */
	EXTRACT_NOT_FOUND,  /* says that what was asked for is not there */
	EXTRACT_PARKED,     /* the domain is for sale */
	EXTRACT_MALFORMED,  /* the format, but broken beyond reading */
	EXTRACT_TOO_BIG,    /* more postings or memory than allowed */
	EXTRACT_PASSED_BY,  /* a mail that is not for this source */
	EXTRACT_NO_SOURCE,  /* no such source here: reload in between */
	EXTRACT_CRASHED,    /* the worker died twice on it; made by hub */
	EXTRACT_TIMEOUT,    /* CPU or wall limit, twice; made by hub */
	EXTRACT__MAX
};
const char *extract_result_name(enum extract_result);

/* How often each field was asked for and found: the fill rates. */
struct fill {
	const char *name;
	uint32_t found;    /* in what became postings */
	uint32_t in_items; /* and in items that were refused */
};

struct extracted {
	int64_t id;
	enum extract_result result;
	const char *reason; /* for people; "" when all is well */
	uint32_t items;     /* the jobs selector matched so many */
	uint32_t postings;  /* of them became postings */
	uint32_t refused;   /* items that lacked what a posting needs */
	int64_t total;      /* what expect.total said, -1 if nothing */
	const char *next;   /* NEXT: absolute URL; CURSOR: its text; or NULL */
	bool until;         /* pages.until selector matched: last page */
	uint64_t fingerprint; /* of the items' ids and URLs: a repeated page */
	struct fill *fills;
	size_t nfills;
	int64_t cpu_us;
};

void page_put(struct buf *, const struct page *);
void page_get(struct wire *, struct page *to);
void extracted_put(struct buf *, const struct extracted *);
void extracted_get(struct wire *, struct extracted *to);

/* robots.txt, parsed in extract, matched in plan (RFC 9309). */
struct robots_rule {
	bool allow;
	const char *pattern; /* percent-encoding normalised */
};
struct robots_group {
	const char *const *agents; /* product tokens, lower case; "*" */
	size_t nagents;
	struct robots_rule *rules;
	size_t nrules;
	int64_t crawl_delay_ms; /* -1: not said */
};
struct robots {
	struct robots_group *groups;
	size_t ngroups;
};
void robots_put(struct buf *, const struct robots *);
void robots_get(struct wire *, struct robots *to);

#endif
