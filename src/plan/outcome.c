/*
 * How a run ended. "No jobs" and "could not look" are never the same thing:
 * the first rule that applies wins, and those that say "could not look" come
 * first.
 *
 *	robots.txt forbids the list                        blocked
 *	no list page came:
 *	    429, 503                                       throttled
 *	    401, 403, 407, 451, 999                        blocked
 *	    410; 404 where there once was a list           gone
 *	    anything else                                  failed
 *	no list page could be read:
 *	    not the format, looks like a log-in or captcha blocked
 *	    not the format, but it once was                drifted
 *	    anything else                                  failed
 *	some list pages did not come or could not be read:
 *	    429, 503                                       throttled
 *	    anything else                                  partial
 *	paging stopped early, or fewer items than promised truncated
 *	more than a tenth of the detail pages failed       partial
 *	all list pages are what they were                  unchanged
 *	items, but more than half lack what a posting is   drifted
 *	none, where some were usual or are demanded        suspicious
 *	none                                               empty
 *	fewer than demanded, or than half of the usual     suspicious
 *	else                                               ok
 */
#include <string.h>
#include "base/str.h"
#include "plan/plan_int.h"

/* Details that may fail in a hundred without making a run partial: one that
 * is broken for good must not keep a board's jobs open for ever. */
#define FAILED_DETAILS_PERCENT 10
#define REASON_BYTES           300

struct verdict {
	struct arena *arena;
	const struct run_facts *facts;
	const char **reason;
};

/* ---- could not look ---- */

static bool
is_throttled(const struct run_facts *f)
{
	return f->fetch == FETCH_STATUS &&
	       (f->status == 429 || f->status == 503);
}

static bool
has_fetch_fault(const struct run_facts *f)
{
	return f->fetch != FETCH_OK && f->fetch != FETCH_UNCHANGED;
}

/* What the list page that failed first has to say. */
static const char *
fault_text(const struct verdict *v)
{
	const struct run_facts *f = v->facts;
	const char *why = f->extract_reason;
	const char *what = extract_result_name(f->extract);

	if (has_fetch_fault(f)) {
		why = f->fetch_reason;
		what = f->fetch == FETCH_STATUS || f->fetch == FETCH_MOVED
			   ? arena_printf(v->arena, "HTTP status %d", f->status)
			   : fetch_result_name(f->fetch);
	} else if (f->extract == EXTRACT_OK) {
		return "a page was given up";
	}
	if (str_is_empty(why))
		return what;
	if (f->status > 0 && has_fetch_fault(f) &&
	    str_find_ci(why, what) == NULL)
		return arena_printf(v->arena, "%s: %s", what,
		    str_safe(v->arena, why, REASON_BYTES));
	return str_safe(v->arena, why, REASON_BYTES);
}

static enum outcome
status_outcome(const struct run_facts *f)
{
	switch (f->status) {
	case 429:
	case 503:
		return OUTCOME_THROTTLED;
	case 401:
	case 403:
	case 407:
	case 451:
	case 999: /* LinkedIn's "request denied" */
		return OUTCOME_BLOCKED;
	case 404:
		return f->usual >= 0 ? OUTCOME_GONE : OUTCOME_FAILED;
	case 410:
		return OUTCOME_GONE;
	default:
		return OUTCOME_FAILED;
	}
}

/* The words by which a page that is no data gives itself away. */
static bool
looks_like_a_wall(const char *reason)
{
	static const char *const words[] = { "captcha", "login", "log-in",
		"log in", "sign in", "sign-in", "consent", "challenge",
		"access denied", "blocked", "robot" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (reason != NULL && str_find_ci(reason, words[i]) != NULL)
			return true;
	return false;
}

static enum outcome
nothing_came(const struct run_facts *f)
{
	if (f->fetch == FETCH_STATUS)
		return status_outcome(f);
	if (has_fetch_fault(f) || f->extract != EXTRACT_NOT_FORMAT)
		return OUTCOME_FAILED;
	if (looks_like_a_wall(f->extract_reason))
		return OUTCOME_BLOCKED;
	return f->usual >= 0 ? OUTCOME_DRIFTED : OUTCOME_FAILED;
}

static bool
could_not_look(const struct verdict *v, enum outcome *to)
{
	const struct run_facts *f = v->facts;
	int failed = f->failed_pages;

	if (f->robots_refused) {
		*to = OUTCOME_BLOCKED;
		*v->reason = "robots.txt forbids the list";
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

static bool
counts_are_odd(const struct verdict *v, enum outcome *to)
{
	const struct run_facts *f = v->facts;
	long long n = f->postings;

	if (f->items > 0 && (n == 0 || f->refused * 2 > f->items)) {
		*to = OUTCOME_DRIFTED;
		*v->reason = arena_printf(v->arena,
		    "%lld of %lld items lack a title or an address",
		    (long long)f->items - n, (long long)f->items);
		return true;
	}
	*to = OUTCOME_SUSPICIOUS;
	if (n < f->min_jobs) {
		*v->reason = arena_printf(v->arena,
		    "%lld postings, at least %lld are expected", n,
		    (long long)f->min_jobs);
		return true;
	}
	if (f->usual > 0 && n * 2 < f->usual) {
		*v->reason =
		    arena_printf(v->arena, "%lld postings where %lld are usual",
			n, (long long)f->usual);
		return true;
	}
	if (n == 0) {
		*to = OUTCOME_EMPTY;
		*v->reason = "the list holds no postings";
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
	if (could_not_look(&v, &outcome) || saw_a_part(&v, &outcome))
		return outcome;
	if (f->unchanged_pages == f->list_pages)
		return OUTCOME_UNCHANGED;
	if (counts_are_odd(&v, &outcome))
		return outcome;
	return OUTCOME_OK;
}

bool
outcome_is_complete(enum outcome outcome)
{
	return outcome == OUTCOME_OK || outcome == OUTCOME_UNCHANGED ||
	       outcome == OUTCOME_EMPTY;
}
