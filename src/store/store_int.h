/*
 * Inside the worker: what it keeps in memory between two transactions, and
 * the steps of the one that takes results in. Whatever is lost with this
 * memory is found again in the database and done again.
 */
#ifndef STORE_STORE_INT_H
#define STORE_STORE_INT_H

#include "base/sha256.h"
#include "match/match.h"
#include "msg/event.h"
#include "msg/mail.h"
#include "msg/page.h"
#include "msg/request.h"
#include "plan/plan.h"
#include "proc/proc.h"
#include "store/pg_int.h"

/* One target of the configuration, and its row. */
struct lane {
	const struct source *source;
	const struct target *target;
	const struct zone *zone; /* of source->every */
	int64_t id;
	bool has_run; /* since this process was born */
};

/* What the table pages knew of a list page when it was granted. */
struct page_row {
	int64_t id; /* 0: never seen */
	const char *etag, *last_modified, *body_hash, *next;
	const char *fills; /* JSON: field: found */
	int64_t items, postings, total;
	int64_t dropped; /* of the postings, by keep and drop */
	bool until;
	int64_t fingerprint, seen_ms;
};

/* A posting on its way into the tables. */
struct item {
	struct posting p;
	struct flight *flight;
	struct delta *run;
	int64_t source_id, page_id;
	uint8_t external_hash[SHA256_BYTES];
	uint8_t list_hash[SHA256_BYTES], content_hash[SHA256_BYTES];
	const char *external; /* external id, or canonical URL */
	bool detailed;
	enum item_way {
		WAY_NEW,
		WAY_CHANGED,
		WAY_SAME,
		WAY_WAITS,  /* for its detail page */
		WAY_TWICE,  /* was in this batch already */
		WAY_LOST,   /* new, but of a page that lost a field */
		WAY_DROPPED /* its detail is known to be unwanted */
	} way;
	/* what is stored of it; posting_id 0: nothing */
	int64_t posting_id, job_id, old_page_id;
	bool same_list, same_content, was_detailed, was_missed, was_closed;
	bool is_dropped; /* its detail page was such, says drops */
	bool leads;      /* its job shows what this posting says */
	const char *rule;
	struct identity *identity;
	struct item *leader; /* of this batch; it makes the job */
	struct item *first;  /* WAY_TWICE: which it was in this batch */
};

/* A request that was granted, and what came back of it. */
struct flight {
	struct flight *next; /* in its bucket of the table */
	struct arena *arena; /* holds all of it */
	int64_t id, run_id;
	int64_t source_id;
	struct lane *lane; /* of source_id; found again after a reload */
	enum request_kind kind;
	const char *url, *authority, *body;
	struct page_position at;
	uint8_t page_hash[SHA256_BYTES];
	struct page_row page;
	const void *held;
	size_t held_len;
	int64_t page_id; /* of the posting that is held */
	int64_t redirects, attempt;
	int64_t run_items, run_requests; /* when it was granted */
	int64_t gap_ms;
	/* what came back */
	bool is_done;
	bool robots_refused;
	struct fetched fetched;
	struct extracted extracted;
	struct posting *postings;
	size_t npostings;
	int64_t nrefused; /* by our own look */
	int64_t ndropped; /* of a list, by keep and drop */
	/* of a detail: the posting in postings is left out by it */
	const struct condition *dropped_by;
	uint8_t held_hash[SHA256_BYTES]; /* external, of what is held */
	const char *refused_why;
	const char *lost; /* the field that its list page lost, or NULL */
	uint8_t list_hash[SHA256_BYTES]; /* of the posting that is held */
	const char *listing; /* positions of a mailbox's mails, in lines */
	const void *robots;  /* rules as extract wrote them, checked */
	size_t robots_len;
	size_t bytes; /* that wait for the transaction */
	/* of the attempt to commit under way */
	struct delta *run;
	enum fate {
		FATE_PAGE,
		FATE_DETAIL,
		FATE_MAILBOX,
		FATE_ROBOTS,
		FATE_MOVED,
		FATE_RETRY,
		FATE_FAILED,
		FATE_LOST /* the lease is another's by now */
	} fate;
	int64_t retry_ms;
	const char *reason;
	bool is_repeat;
};

/* How often a field was found in the postings of a run. */
struct tally {
	const char *name;
	bool of_detail;
	int64_t found, of;
};

/* What a batch adds to one run. */
struct delta {
	int64_t run_id;
	struct lane *lane;
	int64_t open, requests, pages, unchanged, failed, details,
	    failed_details, items, found, added, changed, merged, reposted,
	    reopened, refused, dropped, total, lost_pages, fetch_ms, bytes,
	    cpu_us;
	bool truncated, crashed, robots_refused;
	const char *lost_field;
	const struct flight *fault; /* its first failed list page */
	int64_t asked;              /* details asked for in this batch */
	struct tally *tallies;
	size_t ntallies, tallies_size;
};

/* A request to be made. */
struct new_request {
	struct delta *run;
	enum request_kind kind;
	const char *url, *authority, *body;
	uint8_t page_hash[SHA256_BYTES];
	struct page_position at;
	const void *held;
	size_t held_len;
	int64_t page_id;
};

/* robots.txt of a host as we know it. */
struct host {
	struct host *next;
	char *authority;
	int64_t robots_at_ms; /* 0: not known */
	enum robots_state state;
	struct robots rules;
	const char *reason; /* why it could not be had, or "" */
	struct arena *arena;
};

/* A mail that notify has, or whose end is not written yet. */
struct mail {
	int64_t id; /* of the delivery; 0: a free place */
	enum mail_stage {
		MAIL_RENDERING,
		MAIL_RENDERED,
		MAIL_SENDING,
		MAIL_SENT
	} stage;
	char *recipient;
	int64_t attempt, resends, deadline_ms;
	/* what notify said */
	bool ok;
	void *mime;
	size_t mime_len;
	char *subject, *reason, *status;
	enum send_result result;
	int code;
};
/* Asked of notify at once; it has one in its hands, the others wait. */
#define MAILS_MAX 4

#define FLIGHT_BUCKETS 256
#define HOST_BUCKETS   1024
#define BATCH_MAX      256

struct store {
	struct worker w;
	struct db *db;
	char *owner;
	struct arena *lanes_arena;
	struct lane *lanes, **lanes_by_id;
	size_t nlanes;
	struct col lane_ids; /* parameter of many statements */
	struct flight *flights[FLIGHT_BUCKETS];
	struct flight *batch[BATCH_MAX];
	size_t nbatch, batch_bytes;
	int64_t batch_since_ms;
	struct buf scratch;             /* an output being read */
	struct arena *spare[BATCH_MAX]; /* arenas kept for new flights */
	size_t nspare;
	struct host *hosts[HOST_BUCKETS];
	struct account account;
	int64_t in_flight; /* requests */
	struct mail outbox[MAILS_MAX];
	int64_t mails; /* places taken in it */
	int64_t outbox_ms, plan_ms;
	int64_t notice_ms; /* monotonic: no look for news of sources before */
	bool has_planned;
	bool wants_notice; /* a run has ended since they were looked for */
	bool is_told;      /* the database's absence was said */
	bool has_users;
	bool wants_grants, wants_work;
	bool has_begun; /* connected, configuration taken in */
	bool took_back; /* our former leases */
	bool is_begun;  /* what was due at birth has begun */
	bool account_moved;
	int64_t open_requests, grant_ms;
	int64_t told_ms;     /* monotonic: when it was */
	int64_t fault_ms;    /* monotonic: of the last fault of it */
	int64_t retry_at_ms; /* monotonic: no work for the database before */
	int64_t tick_ms, slow_tick_ms, account_ms;
	int64_t user_id; /* of the configuration's person, 0: none */
	struct vocabulary *vocabulary;
	int64_t relay_open_ms; /* monotonic: the relay is left alone until */
};

/* One transaction of the worker. */
struct tx {
	struct store *s;
	struct db *db;
	struct arena *a; /* ends with the transaction */
	int64_t now_ms;
	struct flight **flights;
	size_t nflights;
	struct delta *deltas;
	size_t ndeltas;
	struct item *items;
	size_t nitems;
	struct new_request *asks;
	size_t nasks, asks_size;
	struct event *events; /* said when it is committed */
	size_t nevents, events_size;
	/* jobs to be matched */
	int64_t *jobs;
	size_t njobs, jobs_size;
};

/* ---- worker.c: the steps of its loop, so that tests can take them ---- */

/* Connect, bring the schema up, take the configuration in. */
int store_begin(struct store *, struct err *);
/* One frame that is store's own. */
void store_take(struct store *, struct frame *);
/* Whatever can be done now. */
int store_work(struct store *, struct err *);
void store_end(struct store *); /* frees it */

/* Say something when the transaction is committed. */
void tx_event(struct tx *, const struct event *);
/* Run body in a transaction of its own; its events are said on success. */
int tx_run(struct store *, int (*body)(struct tx *, void *, struct err *),
    void *argument, struct err *);

/* ---- source.c ---- */

/* Make the rows of the configured targets; lanes are filled. */
int sources_sync(struct tx *, struct err *);
struct lane *lane_by_id(struct store *, int64_t id);
/* Begin runs of the sources that are due. */
int sources_run_due(struct tx *, struct err *);
/* True if this process is to do work of that kind (once --task). */
bool does_task(const struct store *, const char *kind);

/* ---- run.c ---- */

struct delta *run_delta(struct tx *, int64_t run_id, struct lane *);
/* Add the deltas; runs without open requests end. */
int runs_update(struct tx *, struct err *);

/* ---- run_end.c ---- */

/* Runs whose last request has ended: outcome, closing, telling. */
int runs_end(struct tx *, struct col *ids, struct err *);

/* ---- fill.c ---- */

void tally_add(struct tx *, struct delta *, const char *name, bool of_detail,
    int64_t found, int64_t of);
/* What a list page said, now or (as JSON) when it was last read. */
void tally_page(struct tx *, struct delta *, const struct extracted *);
void tally_known(
    struct tx *, struct delta *, const char *fills, int64_t postings);
/* {"title": 20}: of a page, to be known next time. */
const char *page_fills_json(struct arena *, const struct extracted *);
/* {"title": [20, 20], "detail.pay": [3, 5]}: of a run; NULL if none. */
const char *tallies_json(struct arena *, const struct delta *);
/* The tallies of a run beside what is usual. */
struct fill_fact *fills_read(struct arena *, const struct source *,
    const char *run, const char *usual, size_t *n);
/* What is usual after a good run. */
const char *fills_learnt(
    struct arena *, const struct fill_fact *, size_t n, const char *usual);

/* ---- history.c ---- */

/* The word for what became of it. */
const char *flight_result(const struct flight *);

/* What became of the requests of this transaction. */
int history_store(struct tx *, struct err *);

/* ---- request.c ---- */

/* Put a request into the transaction; 0, or -1 if the URL is none. */
int request_ask(struct tx *, const struct new_request *);
/* Write what was asked, and questions for robots.txt where they are due. */
int requests_insert(struct tx *, struct err *);
/* Ask these hosts (NULL: all that are waited for) for their robots.txt. */
int requests_ask_robots(struct tx *, struct col *authorities, struct err *);
/* The first or a later list page of a lane. */
int request_list(struct tx *, struct delta *, const struct page_position *,
    const char *url, const char *cursor, struct err *);

/* What a lane's run begins with: its mailbox, or its list's first page. */
int request_first(struct tx *, struct delta *, struct err *);
/* One mail of a lane's mailbox; its page's key. */
void mail_key(const char *url, uint8_t to[SHA256_BYTES]);
void request_mail(struct tx *, struct delta *, const char *url,
    const uint8_t key[SHA256_BYTES]);
/* A page of the web; mailboxes know neither robots.txt nor a pace. */
bool is_web(const char *url);

/* ---- mailbox.c ---- */

/* Mailboxes of this transaction: mails that are new are asked for. */
int mailboxes_step(struct tx *, struct err *);
/* A mail that came and cannot be read, now or ever. */
bool is_spent_mail(const struct flight *);

/* ---- grant.c ---- */

/* Grant what may be fetched now; fetch is told after the commit. */
int grants_make(struct store *, struct err *);
/* Take back leases: all of ours (at the start), or those that ran out. */
int leases_take_back(struct tx *, bool ours, struct err *);
struct flight *flight_of(struct store *, int64_t id);
void flight_free(struct store *, struct flight *);
/* After a reload: lanes have moved; flights of lanes that went end. */
void flights_relink(struct store *);

/* ---- robots.c ---- */

/* The host, made if it is new. */
struct host *host_get(struct store *, const char *authority);
bool host_is_fresh(const struct host *, int64_t now_ms);
/* Load from the database what is newer there. */
int hosts_load(struct tx *, struct col *authorities, struct err *);
bool host_allows(const struct host *, const char *url);
void hosts_free(struct store *);
/* Answers for robots.txt of this transaction. */
int robots_store(struct tx *, struct err *);

/* ---- result.c ---- */

/* Frames about a grant; what is at its end waits for results_commit. */
void result_fetched(struct store *, struct frame *);
void result_extracted(struct store *, struct frame *);
void result_refused(struct store *, struct flight *);
/* It is not to be granted again. */
bool flight_is_ended(const struct flight *);
/* Commit what waits, if it is worth it (force: in any case). */
int results_commit(struct store *, bool force, struct err *);

/* ---- page.c ---- */

/* Pages of this transaction, new or seen again; next pages are asked for. */
int pages_store(struct tx *, struct err *);
int pages_step(struct tx *, struct err *);

/* ---- posting.c ---- */

/* Postings of pages and details of this transaction. */
int postings_store(struct tx *, struct err *);

/* ---- sighting.c ---- */

/* Postings that changed pages dropped; before new ones are written. */
int sightings_detach(struct tx *, struct err *);
/* Mark the items of lists whose detail pages are known to be unwanted. */
int drops_find(struct tx *, struct err *);
/* Remember and count what keep and drop left out of this transaction. */
int drops_store(struct tx *, struct err *);
/* Look again at those of these sources that were dropped long ago. */
int drops_forget(struct tx *, struct col *sources, struct err *);
/* What a posting is known by: its id or its address. */
const char *external_of(
    struct arena *, const struct posting *, uint8_t hash[SHA256_BYTES]);
/* Where the items are seen now; after all of them are written. */
int sightings_store(struct tx *, struct err *);

/* ---- job.c ---- */

/* Give each new item a job: one that is there, one of this batch, or an own. */
int jobs_assign(struct tx *, struct item **, size_t n, struct err *);
/* Insert the jobs of the items that lead, rewrite those of changed ones. */
int jobs_insert(struct tx *, struct item **, size_t n, struct err *);
int jobs_update(struct tx *, struct item **, size_t n, struct err *);

/* ---- dedupe.c ---- */

int dedupe_find(struct tx *, struct item **, size_t n, struct err *);
int dedupe_store(struct tx *, struct item **, size_t n, struct err *);

/* ---- matching.c ---- */

/* A job that is new or has changed. */
void match_want(struct tx *, int64_t job_id);
int match_tasks_insert(struct tx *, struct err *);
/* Do one match task, if one is due; *did is true if there was one. */
int match_one(struct store *, bool *did, struct err *);

/* ---- person.c ---- */

/* The configuration's person as a row; a changed profile is matched anew. */
int person_sync(struct tx *, struct err *);
struct people {
	struct person_of {
		int64_t id;
		struct user_conf conf;
	} * list;
	size_t n;
};
/* Those who want matches (user_id 0), or one. */
int people_load(struct tx *, int64_t user_id, struct people *to, struct err *);

/* ---- outbox.c ---- */

int outbox_tick(struct store *, struct err *);
/* False while the relay rests, mail is not set up or is not our task. */
bool outbox_may_send(const struct store *);
/* Forget what notify has: found again by its lease. */
void outbox_free(struct store *);
void outbox_rendered(struct store *, struct frame *);
void outbox_sent(struct store *, const struct frame *);

/* ---- notice.c ---- */

/* News of sources become a mail to the operator. */
int notices_plan(struct store *, struct err *);
/* In the foreground: are they still to be looked for? */
bool notices_wait(const struct store *);

/* ---- trouble.c ---- */

/* Something needs a person: told once until it is well again. */
int trouble_begin(struct tx *, const char *kind, const char *object,
    const char *text, struct err *);
int trouble_end(
    struct tx *, const char *kind, const char *object, struct err *);

#endif
