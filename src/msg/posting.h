/*
 * A posting: one job as one source shows it. Extract puts it, store gets it
 * and checks it again, since what extract says is hostile.
 */
#ifndef MSG_POSTING_H
#define MSG_POSTING_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "msg/source.h"
#include "msg/wire.h"

enum job_type {
	JOB_TYPE_NONE,
	JOB_FULL_TIME,
	JOB_PART_TIME,
	JOB_CONTRACT,
	JOB_TEMPORARY,
	JOB_INTERNSHIP,
	JOB_VOLUNTEER,
	JOB_TYPE__MAX
};
enum experience {
	EXP_NONE,
	EXP_INTERN,
	EXP_JUNIOR,
	EXP_MID,
	EXP_SENIOR,
	EXP_LEAD,
	EXP_PRINCIPAL,
	EXP__MAX
};
enum remote {
	REMOTE_NONE,
	REMOTE_REMOTE,
	REMOTE_HYBRID,
	REMOTE_ONSITE,
	REMOTE__MAX
};
/* The words of data.md ("full-time"); NULL for none; parse: 0 if unknown. */
const char *job_type_name(enum job_type);
const char *experience_name(enum experience);
const char *remote_name(enum remote);
enum job_type job_type_parse(const char *);
enum experience experience_parse(const char *);
enum remote remote_parse(const char *);

enum pay_period {
	PAY_NONE,
	PAY_HOUR,
	PAY_DAY,
	PAY_WEEK,
	PAY_MONTH,
	PAY_YEAR,
	PAY__MAX
};
const char *pay_period_name(enum pay_period); /* "year" */
enum pay_period pay_period_parse(const char *);

struct salary {
	bool present;
	double min, max;        /* 0: not said */
	const char *currency;   /* ISO 4217, or NULL */
	enum pay_period period; /* or PAY_NONE */
	bool predicted;         /* estimated by the board, not advertised */
	bool in_text;           /* read in the description: no field has it */
};

struct place {
	const char *city, *region, *country; /* country ISO 3166-1 alpha-2 */
};

struct instant {
	bool present;
	int64_t ms;     /* UTC; midnight UTC when only a date is known */
	bool date_only; /* no time of day was said */
	bool approx;    /* "30+ days ago" */
};

struct posting {
	const char *source;      /* filled by store, not on the wire */
	const char *external_id; /* or NULL: the canonical URL stands in */
	const char *url, *apply_url;
	const char *title, *company;
	const char *location; /* the text as the source writes it, or NULL */
	struct place *places;
	size_t nplaces;
	enum remote remote;
	const char *description;      /* plain text, lists kept as lines */
	const char *description_html; /* as received, or NULL */
	struct salary salary;
	enum job_type job_type;
	enum experience experience;
	const char *const *requirements, *const *benefits, *const *tags;
	size_t nrequirements, nbenefits, ntags;
	const char *language; /* ISO 639-1 or NULL */
	struct instant posted, closes;
	struct pair *metadata;
	size_t nmetadata;
	const char *const *warnings;
	size_t nwarnings;
	const char *detail_url;  /* where its detail page is, or NULL */
	const char *detail_body; /* what is posted there, or NULL */
	/* One bit for each condition of its source: has the field a value, and
	 * does that value meet it. */
	uint64_t tested, met;
};

void posting_put(struct buf *, const struct posting *);
/* Into *to, in the wire's arena. */
void posting_get(struct wire *, struct posting *to);
/*
 * The second look (architecture.md): lengths, URL schemes, counts. Too long
 * texts are cut at a character and a warning added; what cannot be mended
 * (no title, a URL that is none) is -1 and why.
 */
int posting_check(struct arena *, struct posting *, struct err *);
/*
 * Values of detail that are present replace those of list, but pay read in
 * a text none that a field gave; metadata and
 * warnings of both are kept (joined in the arena), detail's last. list then
 * borrows from detail, whose memory must live as long.
 */
void posting_merge(
    struct arena *, struct posting *list, const struct posting *detail);
/*
 * The condition of its source by which a posting is left out, or NULL. With
 * has_more, its detail page is still to come: what that may decide is open.
 */
const struct condition *posting_dropped_by(
    const struct source *, const struct posting *, bool has_more);
/* SHA-256 over all conditions of a source. */
void conditions_hash(const struct source *, uint8_t to[32]);
/*
 * Exactly the keys of sources.md in its order, for people and try. Absent
 * values are null; lists that have no items are [], no metadata is {}.
 */
struct json *posting_json(const struct posting *, struct arena *);
/*
 * The reverse, for "try same" and "try fit": missing and unknown keys are
 * passed over, a known key of the wrong type is -1 and names itself.
 */
int posting_from_json(
    struct arena *, const struct json *, struct posting *to, struct err *);
/*
 * SHA-256 over all that a person would see changed: not the metadata, the
 * HTML, the warnings, nor a date of posting that is only a guess ("30+ days
 * ago" moves on every day).
 */
void posting_hash(const struct posting *, uint8_t to[32]);

#endif
