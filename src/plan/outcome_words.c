/*
 * Outcomes in words for people: what is wrong, and what to do about it.
 */
#include <string.h>
#include "plan/plan_int.h"

static const char *const words[OUTCOME__MAX] = {
	[OUTCOME_OK] = "is well",
	[OUTCOME_UNCHANGED] = "is well, with nothing new",
	[OUTCOME_EMPTY] = "is well, with no jobs",
	[OUTCOME_PARTIAL] = "answered only in part",
	[OUTCOME_SUSPICIOUS] = "shows far fewer jobs than usual",
	[OUTCOME_TRUNCATED] = "shows only the beginning of its list",
	[OUTCOME_THROTTLED] = "asks for fewer requests",
	[OUTCOME_BLOCKED] = "does not let us in",
	[OUTCOME_DRIFTED] = "has changed its pages",
	[OUTCOME_GONE] = "is no longer there",
	[OUTCOME_FAILED] = "did not answer properly",
};

const char *
outcome_words(enum outcome outcome)
{
	return outcome >= OUTCOME__MAX ? "is new" : words[outcome];
}

bool
outcome_saw_a_part(enum outcome outcome)
{
	return outcome == OUTCOME_PARTIAL || outcome == OUTCOME_SUSPICIOUS ||
	       outcome == OUTCOME_TRUNCATED;
}

/* ---- what a person should do ---- */

static const char *const remedies[OUTCOME__MAX] = {
	[OUTCOME_PARTIAL] =
	    "Nothing yet: the next run tries again. If it stays "
	    "so, careerd run list %s has the runs.",
	[OUTCOME_SUSPICIOUS] =
	    "Look at the board yourself. If it really shows so few: careerd "
	    "source enable --afresh %s",
	[OUTCOME_TRUNCATED] =
	    "Raise pages.max or ask for less at once (params), so that the "
	    "list is seen to its end. Try: careerd source test %s",
	[OUTCOME_THROTTLED] =
	    "Nothing yet: it is asked again later. If it stays so, ask less "
	    "often: every:, limits.rate or limits.per_day of %s.",
	[OUTCOME_BLOCKED] =
	    "Open the address in a browser: does it want a log-in, is it a "
	    "test for robots? Write to its owner, or: careerd source disable "
	    "%s",
	[OUTCOME_DRIFTED] =
	    "The pages have changed: mend the definition (careerd source "
	    "test). If they are right as they are: careerd source enable "
	    "--afresh %s",
	[OUTCOME_GONE] =
	    "Look whether the board has moved and put its new address or name "
	    "into careerd.yaml, or: careerd source disable %s",
	[OUTCOME_FAILED] =
	    "Nothing yet: the next run tries again. If it stays so, look "
	    "whether the address is right and answers; careerd run list %s "
	    "has the runs.",
};

const char *
outcome_remedy(struct arena *a, enum outcome outcome, const char *key)
{
	const char *text = outcome >= OUTCOME__MAX ? NULL : remedies[outcome];
	const char *at = text == NULL ? NULL : strstr(text, "%s");

	if (at == NULL)
		return "";
	return arena_printf(a, "%.*s%s%s", (int)(at - text), text, key, at + 2);
}
