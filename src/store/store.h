/*
 * The only room with SQL. Two faces: the worker that owns runs, matches and
 * the outbox, and the questions that commands ask. Answers that are shown
 * come as JSON with stable keys, ready for --json or a table.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "msg/event.h"
#include "msg/setup.h"
#include "msg/source.h"

/* The worker: "careerd worker store". */
int store_main(void);

/* ---- connection ---- */

struct db;
enum db_role { DB_SERVICE, DB_READ, DB_OWNER };
/*
 * Connect, normalise the session (search_path, encoding, time zone UTC,
 * timeouts, keepalives, application name), refuse superusers; every
 * transaction takes role. A sick server is ERR_UNAVAILABLE, with a hint.
 */
struct db *db_open(
    const char *conninfo, enum db_role, const char *name, struct err *);
void db_close(struct db *);

/* ---- schema ---- */

struct migration_state {
	int applied, available; /* numbers */
	bool is_newer;          /* the database knows more than we do */
	const char *fault;      /* a changed file, or NULL */
};
/* Roles that migrations need, made through a superuser's connection. */
int db_bootstrap(const char *admin_conninfo, struct err *);
int migrate_status(const char *conninfo, const char *sql_dir, struct arena *,
    struct migration_state *, struct json **list, struct err *);
/* Up to number (0: all), down to number; each one transaction. */
int migrate_up(const char *conninfo, const char *sql_dir, int number,
    void (*say)(const char *), struct err *);
int migrate_down(const char *conninfo, const char *sql_dir, int number,
    void (*say)(const char *), struct err *);

/* ---- questions of commands: NULL and err on failure ---- */

struct job_filter {
	const char *source, *company; /* or NULL */
	bool with_closed;
	int limit, offset;
};
struct json *store_jobs(struct db *, const struct job_filter *, struct err *);
/* One job with places, URLs, sightings and the rule of each. */
struct json *store_job(struct db *, int64_t id, struct err *);
struct json *store_search(
    struct db *, const char *query, int limit, struct err *);
struct json *store_matches(
    struct db *, int64_t user_id, int limit, struct err *);
struct json *store_match(
    struct db *, int64_t user_id, int64_t job_id, struct err *);
struct json *store_sources(struct db *, struct err *);
/*
 * Switch targets, which need not be stored yet, on or off. afresh: what was
 * usual is forgotten, and the next run shows what is. 0, or -1.
 */
struct source_switch {
	const char *const *keys, *const *names; /* of the targets, sources */
	size_t n;
	bool on, afresh;
};
int store_source_switch(
    struct db *, const struct source_switch *, struct err *);
struct run_filter {
	const char *source; /* a name or a key, or NULL */
	bool bad;           /* those alone that did not see everything */
	int limit;
};
/* The latest runs, newest first. */
struct json *store_runs(struct db *, const struct run_filter *, struct err *);
/* One with what became of each of its requests. */
struct json *store_run(struct db *, int64_t id, struct err *);
/* Sources, queue, mail, database size, open troubles: for status. */
struct json *store_status(struct db *, struct err *);
/* The data of a user's next digest, as its templates take it; mail_from: with
 * how it is stopped, or NULL. */
struct json *store_digest(
    struct db *, int64_t user_id, const char *mail_from, struct err *);
/* Put a digest into the outbox now; *reason why not (nothing new). */
int store_digest_queue(struct db *, struct arena *, int64_t user_id,
    const char *key, const char **reason, struct err *);
/* Id of the user with that address; NULL: the only one. */
int store_user_find(struct db *, const char *email, int64_t *id, struct err *);
/*
 * Take a final bounce: the address goes to suppressions, if message_id is of
 * a mail that we sent to it (anybody can write a bounce); else ERR_DATA.
 */
int store_bounce(struct db *, const char *address, const char *message_id,
    const char *reason, struct err *);
/*
 * Take a wish to unsubscribe: the token tells whose; *address is set, in the
 * arena. A token that is nobody's is ERR_DATA.
 */
int store_unsubscribe(struct db *, struct arena *, const char *token,
    const char **address, struct err *);
/* Mail may go to that address again; *reason is why it might not, NULL if it
 * might. */
int store_resume(struct db *, struct arena *, const char *address,
    const char **reason, struct err *);
/* The signed token for unsubscribe mails; valid for one address. */
int store_unsubscribe_token(struct db *, struct arena *, const char *address,
    const char **token, struct err *);

#endif
