/*
 * Same job? Right job? And why: pure, deterministic, explained.
 */
#ifndef MATCH_MATCH_H
#define MATCH_MATCH_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/json.h"
#include "msg/posting.h"
#include "msg/setup.h"

/* ---- identity ---- */

/* What is compared of a posting, worked out once. */
struct identity {
	const char *source, *external_id;
	const char *url;                     /* canonical */
	const char *company_key, *title_key; /* normalised */
	const char *requisition;             /* or NULL */
	const char *opening;    /* the board's own number of it, or NULL */
	const char *board_id;   /* "greenhouse:4012345" out of a URL, or NULL */
	uint32_t level;         /* seniority as a bit set, 0 none said */
	const char *discipline; /* words that decide (c++, product manager) */
	uint32_t sketch[64];    /* MinHash of the description's shingles */
	bool has_sketch;
	const char *place_key; /* "berlin,de;*": places, '*' is remote */
};
void identity_make(struct arena *, const struct posting *, struct identity *to);
/*
 * Hashes by which candidates are found in an index: two postings that may be
 * one job share at least one. Returns how many, at most max (16 is enough).
 */
size_t identity_keys(const struct identity *, int64_t *keys, size_t max);
/*
 * The rule that makes them one job, or NULL: they are two. In the order in
 * which they are asked: "same-posting" (source and external id),
 * "same-board-id" (a hosted board's own id, inside a URL), "same-url",
 * "same-requisition", "same-text" (employer, title, and text near enough:
 * places may differ), "same-place" (employer, title and places, where one
 * of them has no text to compare).
 */
const char *identity_same(const struct identity *, const struct identity *);
/* Kept with a job, so that it can be compared without its text. */
void identity_put(struct buf *, const struct identity *);
void identity_get(struct wire *, struct identity *to);

/* ---- skills ---- */

enum section {
	SECTION_NONE,
	SECTION_REQUIRED,
	SECTION_PREFERRED,
	SECTION_ABOUT,
	SECTION_BENEFITS,
	SECTION__MAX
};
const char *section_name(enum section);

struct skill_hit {
	const char *skill; /* canonical name */
	enum section section;
	bool negated;
	uint32_t start, end; /* bytes of the text */
};
struct vocabulary;
/*
 * Built once from the compiled-in table; extra are more names, each "Name" or
 * "Name=alias;alias". One scan at a time: it keeps its own scratch memory.
 */
struct vocabulary *vocabulary_new(const char *const *extra, size_t n);
void vocabulary_free(struct vocabulary *);
size_t vocabulary_size(const struct vocabulary *);
/* The canonical name of a skill or alias, or NULL. */
const char *vocabulary_find(const struct vocabulary *, const char *name);
/* One pass over the text; hits in order, in the arena. */
struct skill_hit *skills_scan(const struct vocabulary *, struct arena *,
    const char *text, size_t n, size_t *nhits);
/*
 * The skills of a whole posting: its description, its requirements (as
 * required) and its tags. Hits outside the description have start and end 0.
 */
struct skill_hit *posting_skills(const struct vocabulary *, struct arena *,
    const struct posting *, size_t *nhits);

/* ---- fit ---- */

struct fit_part {
	const char *name; /* skills, title, seniority, place, salary, fresh */
	int points, of;
};
struct fit {
	int score; /* 0..100 */
	struct fit_part parts[8];
	size_t nparts;
	const char *held_back_by; /* rule and why, or NULL */
	/* Skills, the rarest first: had; asked for and not had; nice to have
	   and not had; named as not needed. */
	const char *const *matched, *const *missing, *const *preferred,
							 *const *negated;
	size_t nmatched, nmissing, npreferred, nnegated;
	const char *why; /* one sentence for people */
};
/* Score a job, whose skills were scanned, for a person. */
void fit_score(struct arena *, const struct vocabulary *,
    const struct user_conf *, const struct posting *job,
    const struct skill_hit *, size_t nhits, int64_t now_ms, struct fit *to);
/* As stored and shown. */
struct json *fit_parts_json(const struct fit *);
struct json *fit_evidence_json(const struct fit *);
/*
 * user_conf from the JSON of "try fit" (the names of careerd.yaml) or of a
 * users row (preferred_locations, experience_level, prefer_remote_jobs).
 * Untouched on failure; a blocked word that is empty is one.
 */
int user_from_json(
    struct arena *, const struct json *, struct user_conf *to, struct err *);

/*
 * Judgements for "careerd try": kind is skills, same or fit. One JSON object
 * in, {"result": ...} or {"error": "..."} out (cli.md), to be given up with
 * json_free.
 */
struct json *match_try(const char *kind, const struct json *in);

/* How much experience a title asks for ("Engineer II": mid), or EXP_NONE. */
enum experience title_experience(struct arena *, const char *title);

#endif
