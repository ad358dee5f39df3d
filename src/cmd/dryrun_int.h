/*
 * Inside a dry run: its state, and how it comes to pages.
 */
#ifndef CMD_DRYRUN_INT_H
#define CMD_DRYRUN_INT_H

#include "cmd/dryrun.h"
#include "cmd/peer.h"
#include "plan/plan.h"

/* Fingerprints of list pages that are compared for repeats. */
#define PRINTS_MAX 1000
/* Authorities whose robots.txt is kept: details may lie elsewhere. */
#define ROBOTS_MAX 64

struct robots_known {
	const char *authority;
	enum robots_state state;
	struct robots rules;
	/* why nothing is known of it; reason is NULL if it came */
	enum fetch_result fetch;
	int status;
	const char *reason;
};

struct run_dry {
	struct arena *arena;
	const struct dryrun_options *options;
	struct dryrun *to;
	size_t size, drops_size; /* of to->postings and to->drops */
	struct peer *fetch, *extract;
	struct run_facts facts;
	int64_t counted; /* postings that the fills of the list are of */
	uint64_t prints[PRINTS_MAX];
	size_t nprints;
	struct robots_known robots[ROBOTS_MAX];
	size_t nrobots;
	const char *passed_by;  /* why the last mail was not for the source */
	bool is_robots_unknown; /* facts say why it could not be fetched */
	int64_t asked;          /* requests so far: the ids of frames */
	int64_t last_ms;        /* monotonic, of the last request; 0 none */
	int saved;              /* pages put into save_dir */
	struct err fault;       /* what ended the run before its end */
};

/* What came of one page. */
struct page_read {
	struct fetched fetched;
	struct extracted extracted;
	struct posting *postings;
	size_t n;
	struct robots robots;
};

/* Where in the list we are. */
struct list_place {
	struct page_position at;
	const char *cursor; /* of the page before, or NULL */
	const char *url;    /* of NEXT: the link, or NULL */
};

/* dryrun.c: the workers a run needs; workers_end is due in any case. */
int workers_begin(struct run_dry *, struct err *);
void workers_end(struct run_dry *);

/* -1: robots.txt forbids it, or the run cannot go on (run->fault). */
int page_bring_list(
    struct run_dry *, const struct list_place *, struct page_read *);
/*
 * The mails in the target's mailbox, positions in lines; NULL if it could not
 * be looked into (the facts or run->fault say why).
 */
const char *page_bring_mailbox(struct run_dry *);
int page_bring_mail(struct run_dry *, const char *position, struct page_read *);
int page_bring_detail(
    struct run_dry *, const struct posting *, struct page_read *);
/* The bytes of any page in *fd (or -1), which nobody reads yet. */
int page_bring_bytes(
    struct run_dry *, const char *url, int *fd, struct page_read *);

#endif
