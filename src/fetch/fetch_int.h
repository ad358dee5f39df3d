/*
 * Inside fetch: grants as jobs, and what is sent with them that no other
 * process knows.
 */
#ifndef FETCH_FETCH_INT_H
#define FETCH_FETCH_INT_H

#include <sys/types.h>
#include "fetch/fetch.h"
#include "fetch/mailbox_int.h"
#include "net/net.h"
#include "proc/proc.h"

struct fetch;

/* A grant that waits for its time, or is under way. */
struct job {
	struct job *next;
	struct job *older; /* made before this one */
	struct fetch *fetch;
	struct arena *arena;
	struct grant grant;
	struct grant sent; /* what goes out for it: with secrets */
	int64_t begin_ms;  /* monotonic: not before */
};

/* What a source got for its OAuth 2 credentials. */
struct token {
	struct token *next;
	char *source;
	char *text;       /* NULL: none yet */
	int64_t until_ms; /* monotonic: believed so long */
	bool asked;       /* the answer is awaited */
};

struct fetch {
	struct worker worker;
	struct net *net;
	struct job *waiting; /* ordered by begin_ms */
	struct job *spare;
	struct job *newest; /* of all that were made */
	struct token *tokens;
	struct watches watches;
};

/* ---- fetch.c ---- */

/* Put it where it waits for begin_ms. */
void job_wait(struct job *);
/* What came of it, and forget it. The body goes along if there is one. */
void job_answer(
    struct job *, const struct fetched *, const void *body, size_t n);
/* Nothing came of it: say how (id and URL are filled in) and forget it. */
void job_end(struct job *, const struct fetched *);

/* ---- auth.c ---- */

/*
 * Make job->sent of job->grant: the same, or with the secrets of its source
 * if the address is at a host that the source itself names. 0; 1: a token
 * must be had first; -1: a secret is missing or would be seen on the way.
 */
int auth_apply(struct job *, struct err *);
/* Take all traces of secrets out of what came back. */
void auth_scrub(struct job *, struct fetched *);

/* The secret that a mailbox is opened with, or NULL. */
const char *auth_password(const struct fetch *, const struct source *);

/* ---- mail.c ---- */

/* Is the grant for a mailbox, or for a mail in one? */
bool is_mail(const struct grant *);
void mail_begin(struct job *);

/* ---- token.c ---- */

/* A token that is still good, or NULL. */
const char *token_of(const struct fetch *, const struct source *);
/* Ask for one; the job waits and then begins anew. -1: it does not. */
int token_ask(struct job *, struct err *);
/* The source's token was not accepted: ask for a new one next time. */
void token_spoilt(struct fetch *, const char *source);
void tokens_forget(struct fetch *);

#endif
