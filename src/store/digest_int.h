/*
 * The digest of a person: private to store's digest and outbox.
 */
#ifndef STORE_DIGEST_INT_H
#define STORE_DIGEST_INT_H

#include "store/pg_int.h"

/*
 * What the templates of the digest take, in the transaction that is open:
 * the best matches that were not offered yet. *n is how many there are, 0 if
 * there is nothing to say; their jobs are added to jobs, which may be NULL.
 */
struct json *digest_data(struct db *, struct arena *, int64_t user_id,
    struct col *jobs, int64_t *n, struct err *);

/* What is known of a digest when its jobs are chosen. */
struct digest_sum {
	struct db *db;
	struct arena *a;
	int64_t user_id, suiting, shown;
	const char *best, *company; /* of the first; or NULL */
};
/* Subject, intro, what was held back, and sources with troubles. */
int digest_words(const struct digest_sum *, struct json *to, struct err *);

struct digest_order {
	int64_t user_id;
	const char *key;       /* of the occurrence */
	const char *mail_from; /* its domain names the mail; or NULL */
	int64_t not_before_ms, deadline_ms;
};
/*
 * Put a digest into the outbox in the open transaction, once for its key,
 * and mark what is in it as offered. *reason says why there is none, or is
 * NULL.
 */
int digest_queue(struct db *, struct arena *, const struct digest_order *,
    const char **reason, struct err *);

/* base32(HMAC-SHA256(secret, text)) in the arena; NULL on failure. */
const char *store_sign(
    struct db *, struct arena *, const char *text, struct err *);
/* The Message-ID of a mail: what tells it from all others decides it alone
 * (semantics 1.5.18). */
int mail_id(struct db *, struct arena *, const char *mail_from,
    const char *what, const char **id, struct err *);
/* In the open transaction, as store_unsubscribe_token. */
const char *unsubscribe_token(
    struct db *, struct arena *, const char *address, struct err *);
/*
 * What the templates of a mail take to say how it is stopped: unsubscribe (an
 * address of the scheme mailto), unsubscribe_to and unsubscribe_subject.
 */
int unsubscribe_add(struct db *, struct arena *, const char *mail_from,
    const char *address, struct json *to, struct err *);
/* In the open transaction, as store_suppress. */
int suppress(
    struct db *, const char *address, const char *reason, struct err *);

#endif
