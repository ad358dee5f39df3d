/*
 * Fit inside: what a job and a person are, worked out before they meet.
 */
#ifndef MATCH_FIT_INT_H
#define MATCH_FIT_INT_H

#include "match/vocabulary_int.h"

/* A skill that a job names, once. */
struct job_skill {
	int skill;
	enum section section; /* the one that asks most */
	bool negated;
	double weight; /* by rarity and section */
};
/* Pay by the year; 0: not said, or not comparable. */
struct yearly {
	double min, max;
};
struct job_view {
	const struct posting *posting;
	struct job_skill *skills;
	size_t nskills;
	const int *title_skills;
	size_t ntitle_skills;
	enum experience experience;
	enum job_type job_type;
	const char *places; /* a place key without remote */
	bool remote;
	bool remote_denied; /* called remote, and the text says otherwise */
	struct yearly pay;
	bool has_text;
};
void job_view_make(struct arena *, const struct vocabulary *,
    const struct posting *, const struct skill_hit *, size_t nhits,
    struct job_view *);

/* How a person meets a skill of a job. */
enum meets { MEETS_NOT, MEETS_WANTS, MEETS_HAS };

struct person {
	const struct user_conf *conf;
	uint8_t *meets;      /* enum meets for each skill of the vocabulary */
	size_t nskills;      /* listed, and in the vocabulary */
	const char **places; /* keys */
	size_t nplaces;
	bool wants_remote;
	bool lists_soft, lists_tongue; /* names skills of these kinds */
	struct yearly floor;
};
void person_make(struct arena *, const struct vocabulary *,
    const struct user_conf *, struct person *);

/* The skill itself, or one whose parent it is; -1 is met by nobody. */
enum meets person_meets(const struct person *, int skill);
/* Does the person count a skill that is not listed as missing? */
bool person_misses(const struct vocabulary *, const struct person *, int skill);

/* How well a place suits. */
enum place_fit {
	PLACE_UNKNOWN,
	PLACE_FITS,
	PLACE_REMOTE,        /* and the person wants remote */
	PLACE_REMOTE_ABROAD, /* remote, but open to other places */
	PLACE_OTHER
};
enum place_fit place_judge(const struct job_view *, const struct person *);

/* How pay meets a floor. */
enum pay_fit {
	PAY_UNKNOWN,
	PAY_OTHER_CURRENCY,
	PAY_ABOVE,   /* all of the range */
	PAY_REACHES, /* the upper end does */
	PAY_BELOW
};
enum pay_fit pay_judge(const struct job_view *, const struct person *);

/* The rule that keeps a job from a person, or NULL. score comes last. */
const char *fit_held_back(struct arena *, const struct vocabulary *,
    const struct job_view *, const struct person *, int score, int64_t now_ms);
/* The sentence for people. */
const char *fit_why(struct arena *, const struct vocabulary *,
    const struct job_view *, const struct person *, const struct fit *);
/* "70–85k EUR", "25–30 EUR an hour". */
const char *pay_text(struct arena *, const struct salary *);

#endif
