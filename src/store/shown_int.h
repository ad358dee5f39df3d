/*
 * Rows of jobs made readable: private to the queries of store.
 */
#ifndef STORE_SHOWN_INT_H
#define STORE_SHOWN_INT_H

#include "base/json.h"
#include "store/pg_int.h"

/*
 * Members that shown_job reads, for SELECTs over jobs j; it adds place, pay
 * and posted, which are texts or null.
 */
#define SHOWN_COLUMNS                                                      \
	"'location', j.location, 'places', j.places, 'remote', j.remote, " \
	"'salary', j.salary, 'posted_date', j.posted_date, 'posted_ms', "  \
	"(extract(epoch FROM j.posted_date) * 1000)::bigint"

void shown_job(struct json *job, int64_t now_ms);
void shown_jobs(struct json *jobs, int64_t now_ms);
/* db_ask_json for a statement that gives one of them or an array. */
struct json *shown_ask(
    struct db *, const char *sql, const struct args *, struct err *);

#endif
