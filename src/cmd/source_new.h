/*
 * Between the files of "careerd source new": what is known of the address,
 * and the ways to make a definition of it.
 */
#ifndef CMD_SOURCE_NEW_H
#define CMD_SOURCE_NEW_H

#include "cmd/definition.h"
#include "cmd/looker.h"
#include "cmd/source_int.h"

#define NOTES_MOST 24

/* Lines for people. */
struct notes {
	const char *list[NOTES_MOST];
	size_t n;
};

/* A definition, or the block that a shipped one needs. */
struct draft {
	const char *way; /* board, embedded, jobposting, feed or cards */
	struct buf text;
	struct source *source; /* as read again; its target is set */
	struct board board;    /* of board and embedded */
	struct notes notes;    /* how it came about, what it lacks */
	int64_t sure;          /* percent; -1: not guessed */
	bool goes_on;          /* on pages that were not read */
	bool is_tried;
	struct dryrun run; /* if it was */
};

struct make {
	const struct cmd_context *context;
	struct arena *arena;
	struct boards *boards;
	const struct conf *conf;
	const char *url; /* absolute */
	struct dryrun_options options;
	struct looker *looker;
	struct looked looked;
	struct buf saved; /* of --page */
	struct progress progress;
	struct notes refused; /* ways that were tried in vain, and why */
	struct draft draft;
};

void note(struct make *, struct notes *, const char *format, ...)
    PRINTF_LIKE(3, 4);
/* Is there a net to try things on, and is it wished? */
bool may_ask(const struct make *);

/*
 * source_ways.c: each true if make->draft is one that holds (or could not be
 * tried); what was in vain is noted.
 */
bool way_board(struct make *, const char *way, const struct board *);
bool way_page(struct make *);
bool way_feed_itself(struct make *);

#endif
