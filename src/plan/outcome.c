/*
 * How a run ended. "No jobs" and "could not look" are never the same thing:
 * the first rule that applies wins, and those that say "could not look" come
 * first.
 *
 *	robots.txt forbids the list                        blocked
 *	no list page came, or none could be read:
 *	    429, 503, the source's throttled_status, its
 *	      own quota; 403 that says when to come back
 *	      or speaks of a limit                         throttled
 *	    401, 403, 407, 451, 999                        blocked
 *	    404, 410, a page that says "not found", a
 *	      domain for sale                              gone
 *	    a captcha, a challenge, a log-in, an HTML page
 *	      where data belongs                           blocked
 *	    another format, or data without its list,
 *	      where there once was one                     drifted
 *	    anything else                                  failed
 *	some list pages did not come or could not be read:
 *	    throttled as above                             throttled
 *	    anything else                                  partial
 *	paging stopped early, a page repeated an earlier
 *	  one, or fewer items than promised                truncated
 *	more than a tenth of the detail pages failed       partial
 *	on a page nothing had a field that all need        drifted
 *	no new mail, where only new ones are read          unchanged
 *	more than half of the items lack what a posting is drifted
 *	a selector of markup finds none, where some were
 *	  usual                                            drifted
 *	none, where some were usual                        suspicious
 *	fewer than demanded                                suspicious
 *	fewer than half of the usual, and some fewer,
 *	  where all is read each time                      suspicious
 *	a field is found far less often than usual or than
 *	  demanded                                         drifted
 *	all list pages are what they were                  unchanged
 *	none                                               empty
 *	else                                               ok
 *
 * What is unchanged passes all the tests before: a page that was suspicious
 * does not become right by staying as it is.
 */
#include <string.h>
#include "base/buf.h"
#include "base/str.h"
#include "plan/plan_int.h"

/* Details that may fail in a hundred without making a run partial: one that
 * is broken for good must not keep a board's jobs open for ever. */
#define FAILED_DETAILS_PERCENT 10
/* A small board may halve overnight: fewer by less than this is no sign. */
#define FEWER_FROM 5
/* Fields named in one reason. */
#define FIELDS_SHOWN 3
#define REASON_BYTES 300

struct verdict {
	struct arena *arena;
	const struct run_facts *facts;
	const char **reason;
};

/* ---- could not look ---- */

static bool
speaks_of_a_limit(const char *text)
{
	static const char *const words[] = { "rate limit", "rate-limit",
		"ratelimit", "rate_limit", "limit exceeded", "limit reached",
		"too many requests", "quota", "throttl", "slow down" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (text != NULL && str_find_ci(text, words[i]) != NULL)
			return true;
	return false;
}

static bool
is_throttling(int status, int own, bool told_when, const char *reason)
{
	if (status == 429 || status == 503 || (own != 0 && status == own))
		return true;
	return status == 403 && (told_when || speaks_of_a_limit(reason));
}

bool
status_is_throttling(
    const struct source *source, int status, bool told_when, const char *reason)
{
	return is_throttling(
	    status, source->expect.throttled_status, told_when, reason);
}

static bool
has_fetch_fault(const struct run_facts *f)
{
	return f->fetch != FETCH_OK && f->fetch != FETCH_UNCHANGED;
}

/* Refused by ourselves with a status: the quota of its owner. */
static bool
is_throttled(const struct run_facts *f)
{
	return (f->fetch == FETCH_STATUS || f->fetch == FETCH_REFUSED) &&
	       is_throttling(f->status, f->throttled_status, f->told_when,
		   f->fetch_reason);
}

/* What the list page that failed first has to say. */
static const char *
fault_text(const struct verdict *v)
{
	const struct run_facts *f = v->facts;
	bool has_status = f->fetch == FETCH_STATUS || f->fetch == FETCH_MOVED;
	const char *why = f->extract_reason;
	const char *what = extract_result_name(f->extract);

	if (has_fetch_fault(f)) {
		why = f->fetch_reason;
		what = has_status
			   ? arena_printf(v->arena, "HTTP status %d", f->status)
			   : fetch_result_name(f->fetch);
	} else if (f->extract == EXTRACT_OK) {
		return "a page was given up";
	}
	if (str_is_empty(why))
		return what;
	if (has_status && str_find_ci(why, what) == NULL)
		return arena_printf(v->arena, "%s: %s", what,
		    str_safe(v->arena, why, REASON_BYTES));
	return str_safe(v->arena, why, REASON_BYTES);
}

static enum outcome
status_outcome(const struct run_facts *f)
{
	switch (f->status) {
	case 401:
	case 403:
	case 407:
	case 451:
	case 999: /* LinkedIn's "request denied" */
		return OUTCOME_BLOCKED;
	case 404:
	case 410:
		return OUTCOME_GONE;
	default:
		return OUTCOME_FAILED;
	}
}

static enum outcome
nothing_came(const struct run_facts *f)
{
	if (is_throttled(f))
		return OUTCOME_THROTTLED;
	if (f->fetch == FETCH_STATUS)
		return status_outcome(f);
	if (has_fetch_fault(f))
		return OUTCOME_FAILED;
	switch (f->extract) {
	case EXTRACT_NOT_FOUND:
	case EXTRACT_PARKED:
		return OUTCOME_GONE;
	case EXTRACT_WALL:
	case EXTRACT_LOGIN:
	case EXTRACT_HTML:
		return OUTCOME_BLOCKED;
	case EXTRACT_NOT_FORMAT:
		return f->usual >= 0 ? OUTCOME_DRIFTED : OUTCOME_FAILED;
	default:
		return OUTCOME_FAILED;
	}
}

static bool
could_not_look(const struct verdict *v, enum outcome *to)
{
	const struct run_facts *f = v->facts;
	int failed = f->failed_pages;

	if (f->robots_refused) {
		*to = OUTCOME_BLOCKED;
		*v->reason =
		    f->fetch_reason != NULL &&
			    str_starts(f->fetch_reason, ROBOTS_AWAY)
			? str_safe(v->arena, f->fetch_reason, REASON_BYTES)
			: "robots.txt forbids the list";
		return true;
	}
	if (failed == 0 && f->crashed)
		failed = 1;
	if (f->list_pages == 0) {
		*to = nothing_came(f);
		*v->reason = fault_text(v);
		return true;
	}
	if (failed == 0)
		return false;
	*to = is_throttled(f) ? OUTCOME_THROTTLED : OUTCOME_PARTIAL;
	*v->reason = arena_printf(v->arena, "%d of %d pages failed: %s", failed,
	    f->list_pages + failed, fault_text(v));
	return true;
}

/* ---- did not see all ---- */

static bool
saw_a_part(const struct verdict *v, enum outcome *to)
{
	const struct run_facts *f = v->facts;

	if (f->total >= 0 && f->items < f->total) {
		*to = OUTCOME_TRUNCATED;
		*v->reason =
		    arena_printf(v->arena, "%lld of %lld postings were shown",
			(long long)f->items, (long long)f->total);
		return true;
	}
	if (f->truncated) {
		*to = OUTCOME_TRUNCATED;
		*v->reason = arena_printf(v->arena,
		    "the list goes on after %d pages, or repeats itself",
		    f->list_pages);
		return true;
	}
	if ((int64_t)f->failed_details * 100 >
	    (int64_t)f->detail_pages * FAILED_DETAILS_PERCENT) {
		*to = OUTCOME_PARTIAL;
		*v->reason =
		    arena_printf(v->arena, "%d of %d detail pages failed",
			f->failed_details, f->detail_pages);
		return true;
	}
	return false;
}

/* ---- saw something odd ---- */

static const char *
percent(struct arena *a, int64_t found, int64_t of)
{
	double rate = of > 0 ? 100 * (double)found / (double)of : 0;

	return arena_printf(
	    a, rate > 0 && rate < 1 ? "%.1f%%" : "%.0f%%", rate);
}

/* "salary in 0% of 40 postings (62% in good runs)" */
static const char *
fill_text(struct arena *a, const struct fill_fact *f, bool is_short)
{
	const char *before = "";

	if (is_short)
		before = arena_printf(
		    a, " (at least %.4g%% are expected)", 100 * f->expected);
	else if (f->usual > 0)
		before = arena_printf(a, " (%s in good runs)",
		    percent(a, f->usual_found, f->usual));
	return arena_printf(a, "%s in %s of %lld %s%s", f->name,
	    percent(a, f->found, f->of), (long long)f->of,
	    f->of_detail ? "detail pages" : "postings", before);
}

static const struct fill_fact *
fill_find(const struct run_facts *f, const char *name)
{
	for (size_t i = 0; i < f->nfills; i++)
		if (!f->fills[i].of_detail && str_eq(f->fills[i].name, name))
			return &f->fills[i];
	return NULL;
}

/* Of the list, which is seen whole, what was demanded is demanded; of the few
 * details of a run only what is beyond chance tells. */
static bool
is_below_expected(const struct fill_fact *f)
{
	struct fill_fact demanded = *f;

	if (f->expected <= 0 || f->of == 0)
		return false;
	if (!f->of_detail)
		return (double)f->found < f->expected * (double)f->of;
	demanded.usual = 1000;
	demanded.usual_found = (int64_t)(f->expected * 1000);
	return fill_has_collapsed(&demanded);
}

static bool
lost_a_page(const struct verdict *v, enum outcome *to)
{
	const struct run_facts *f = v->facts;
	const struct fill_fact *fill;

	if (f->lost_pages == 0)
		return false;
	*to = OUTCOME_DRIFTED;
	fill = fill_find(f, f->lost_field);
	if (fill != NULL && f->lost_pages == f->list_pages)
		*v->reason = fill_text(v->arena, fill, false);
	else
		*v->reason = arena_printf(v->arena,
		    "%s in none of the postings of %d of %d pages",
		    f->lost_field, f->lost_pages, f->list_pages);
	return true;
}

static bool
fields_are_lost(const struct verdict *v, enum outcome *to)
{
	const struct run_facts *f = v->facts;
	size_t n = 0;
	struct buf b;

	buf_init(&b, REASON_BYTES * FIELDS_SHOWN);
	for (size_t i = 0; i < f->nfills; i++) {
		bool is_short = is_below_expected(&f->fills[i]);

		if (!is_short && !fill_has_collapsed(&f->fills[i]))
			continue;
		if (n++ >= FIELDS_SHOWN)
			continue;
		buf_printf(&b, "%s%s", n > 1 ? "; " : "",
		    fill_text(v->arena, &f->fills[i], is_short));
	}
	if (n > FIELDS_SHOWN)
		buf_printf(&b, "; and %zu fields more", n - FIELDS_SHOWN);
	if (n > 0) {
		*to = OUTCOME_DRIFTED;
		*v->reason = str_safe(
		    v->arena, buf_cstr(&b), REASON_BYTES * FIELDS_SHOWN);
	}
	buf_fini(&b);
	return n > 0;
}

static bool
items_are_odd(const struct verdict *v, enum outcome *to)
{
	const struct run_facts *f = v->facts;
	long long n = f->postings;

	*to = OUTCOME_DRIFTED;
	if (f->items > 0 && (n == 0 || f->refused * 2 > f->items)) {
		*v->reason = arena_printf(v->arena,
		    "%lld of %lld items lack a title or an address",
		    (long long)f->items - n, (long long)f->items);
		return true;
	}
	if (n == 0 && f->by_selector && f->usual > 0) {
		*v->reason = arena_printf(v->arena,
		    "jobs matches nothing where %lld postings are usual",
		    (long long)f->usual);
		return true;
	}
	return false;
}

static bool
counts_are_odd(const struct verdict *v, enum outcome *to)
{
	const struct run_facts *f = v->facts;
	long long n = f->postings;

	*to = OUTCOME_SUSPICIOUS;
	if (n < f->min_jobs) {
		*v->reason = arena_printf(v->arena,
		    "%lld postings, at least %lld are expected", n,
		    (long long)f->min_jobs);
		return true;
	}
	if (f->usual > 0 && (n == 0 || (!f->only_news && n * 2 < f->usual &&
					   f->usual - n >= FEWER_FROM))) {
		*v->reason =
		    arena_printf(v->arena, "%lld postings where %lld are usual",
			n, (long long)f->usual);
		return true;
	}
	return false;
}

enum outcome
run_outcome(struct arena *a, const struct run_facts *f, const char **reason)
{
	struct verdict v = { a, f, reason };
	enum outcome outcome;

	*reason = "";
	if (could_not_look(&v, &outcome) || saw_a_part(&v, &outcome) ||
	    lost_a_page(&v, &outcome))
		return outcome;
	/* No new mail is no news, whatever there was in the old ones. */
	if (f->only_news && f->unchanged_pages == f->list_pages)
		return OUTCOME_UNCHANGED;
	if (items_are_odd(&v, &outcome) || counts_are_odd(&v, &outcome) ||
	    fields_are_lost(&v, &outcome))
		return outcome;
	if (f->unchanged_pages == f->list_pages)
		return OUTCOME_UNCHANGED;
	if (f->postings > 0)
		return OUTCOME_OK;
	*reason = "the list holds no postings";
	return OUTCOME_EMPTY;
}

bool
outcome_is_complete(enum outcome outcome)
{
	return outcome == OUTCOME_OK || outcome == OUTCOME_UNCHANGED ||
	       outcome == OUTCOME_EMPTY;
}
