/*
 * What the files of plan share.
 */
#ifndef PLAN_PLAN_INT_H
#define PLAN_PLAN_INT_H

#include "plan/plan.h"

#define ZONE_DIR "/usr/share/zoneinfo"

#define DAY_S  86400
#define DAY_MS (86400 * (int64_t)1000)

/* One end of daylight saving time in a POSIX TZ text. */
struct rule_date {
	enum { RULE_JULIAN, RULE_DAY, RULE_WEEK } kind;
	int day;         /* JULIAN 1-365 without 29 February; DAY 0-365 */
	int month, week; /* WEEK: week 5 is the last; day is the weekday */
	int32_t at_s;    /* local seconds after midnight, may be negative */
};

/* The footer of a TZif file: what holds after its last transition. */
struct zone_rule {
	bool present, has_dst;
	int32_t standard, daylight; /* seconds east of UTC */
	struct rule_date start, end;
};

/* Parse a POSIX TZ text with the extensions of RFC 8536; false if bad. */
bool zone_rule_parse(const char *text, size_t n, struct zone_rule *to);
int32_t zone_rule_offset(const struct zone_rule *, int64_t utc_s);
/* The first change after utc_s; INT64_MAX if there is none. */
int64_t zone_rule_next(const struct zone_rule *, int64_t utc_s);

/* The known name that is nearest, NULL if none is near. */
const char *zone_nearest(struct arena *, const char *name);

#endif
