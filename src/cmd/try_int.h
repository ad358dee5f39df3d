/*
 * Between the files of "careerd try".
 */
#ifndef CMD_TRY_INT_H
#define CMD_TRY_INT_H

#include "base/arena.h"
#include "base/json.h"

struct jail;

struct
try {
	const char *kind;
	struct arena *arena; /* of one line */
	struct jail *jail;   /* started when it is first needed */
};

struct json *try_fault(const char *text);
struct json *try_result(struct json *value);
/* {source, page, params, url, now}: the postings of a page. */
struct json *try_posting(struct try *, const struct json *in);

#endif
