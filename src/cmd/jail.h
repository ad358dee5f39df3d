/*
 * A jailed extract worker that a command asks questions: foreign bytes are
 * read there and nowhere else, in the foreground too.
 */
#ifndef CMD_JAIL_H
#define CMD_JAIL_H

#include "base/err.h"
#include "base/json.h"

struct jail;

/* Start a worker; NULL and err if it does not come up. */
struct jail *jail_open(struct err *);
void jail_close(struct jail *);
/*
 * Ask a judgement (extract_try's kinds) and wait for its answer, a JSON
 * object {"result": ...} or {"error": ...}. A question that costs more than
 * LIMIT_PAGE_CPU_MS or kills the worker is answered {"error": ...} too, and
 * the worker is started anew. NULL only when none can be started.
 */
struct json *jail_ask(
    struct jail *, const char *kind, const struct json *in, struct err *);

#endif
