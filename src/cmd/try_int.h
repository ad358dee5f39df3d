/*
 * Between the files of "careerd try".
 */
#ifndef CMD_TRY_INT_H
#define CMD_TRY_INT_H

#include "base/arena.h"
#include "base/json.h"

struct boards;
struct jail;

struct
try {
	const char *kind;
	struct arena *arena; /* of one line */
	/* Started, or read, when they are first needed. */
	struct jail *jail;
	struct boards *boards;
	struct arena *definitions; /* which they lie in */
};

struct json *try_fault(const char *text);
struct json *try_result(struct json *value);
/* {source, page, detail, params, url, now}: the postings of a page. */
struct json *try_posting(struct try *, const struct json *in);

#endif
