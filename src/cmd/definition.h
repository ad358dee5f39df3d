/*
 * Definitions as text: what "source new" writes.
 */
#ifndef CMD_DEFINITION_H
#define CMD_DEFINITION_H

#include "base/buf.h"
#include "base/json.h"
#include "conf/conf.h"

/* What stands at the top of each. */
struct definition {
	struct arena *arena;
	const char *asked;        /* the address that was asked for */
	const char *url;          /* where the list is */
	const char *site;         /* what the site calls itself, or NULL */
	const char *company;      /* of all its jobs, or NULL */
	const char *day;          /* when it was written, 2026-11-24 */
	const char *const *notes; /* for comments, foreign text and all */
	size_t nnotes;
	bool allow_private;
};

/* A name for a source after the host of an address; none that is shipped. */
const char *definition_name(struct arena *, const char *url);

/* A value as YAML in one line, fit for flow style, in quotes if need be. */
void yaml_text(struct buf *, const char *);

/* The block for careerd.yaml that a board needs. */
void definition_board(struct buf *, const struct board *);
void definition_jobposting(struct buf *, const struct definition *);
void definition_feed(struct buf *, const struct definition *);
/*
 * Of cards as extract_look has them, in its keys; detail is extract_look's
 * answer for one job's own page, or NULL.
 */
void definition_cards(struct buf *, const struct definition *,
    const struct json *cards, const struct json *detail);

#endif
