/*
 * One run of a source without a database: fetched by a fetch worker (or read
 * from a saved page), read by a jailed extract worker, kept nowhere. Manners
 * are those of a real run: robots.txt, the pace, limits.
 */
#ifndef CMD_DRYRUN_H
#define CMD_DRYRUN_H

#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/err.h"
#include "msg/event.h"
#include "msg/page.h"
#include "msg/posting.h"
#include "msg/source.h"

struct dryrun_options {
	const struct source *source;
	const struct target *target; /* one of its */
	const char *user_agent;
	const struct pair *secrets; /* name and text of what it sends */
	size_t nsecrets;
	/* A page in place of the net, or NULL. */
	const char *page;
	size_t page_bytes;
	/* Beside it, the detail page of its first job; else none is read. */
	const char *detail;
	size_t detail_bytes;
	const char *page_url;  /* what its links are relative to, or NULL */
	const char *page_type; /* its Content-Type, or NULL: judged by it */
	int64_t now_ms;        /* what "3 days ago" is counted from */
	uint32_t max_pages, max_details; /* of lists; 0 details: none */
	const char *save_dir; /* where each page that came is put, or NULL */
	/* Told what is going on, or NULL. */
	void (*say)(void *context, const char *text);
	void *context;
};

/* A posting that keep or drop leaves out. */
struct dryrun_drop {
	const char *title;
	const struct condition *by;
};

struct dryrun {
	struct posting *postings; /* in the arena, as are all texts */
	size_t n;
	/* Of the list's items and of the details: how often each field was. */
	struct fill *list_fills, *detail_fills;
	size_t nlist_fills, ndetail_fills;
	struct dryrun_drop *drops;
	size_t ndrops;
	int list_pages, detail_pages, failed_details;
	size_t detail_urls; /* postings that have a detail page */
	int64_t items, refused;
	int64_t total; /* what the board said, -1 */
	enum outcome outcome;
	const char *reason;      /* "" if it is ok */
	const char *refused_why; /* of the first that was refused, or "" */
	bool is_cut;             /* max_pages of the options ended it */
};

/*
 * 0 whatever the outcome, which *to holds; -1 and err only when no worker
 * can be started or save_dir not be written.
 */
int dryrun(struct arena *, const struct dryrun_options *, struct dryrun *to,
    struct err *);

#endif
