/*
 * The digest of a person: private to store's digest and outbox.
 */
#ifndef STORE_DIGEST_INT_H
#define STORE_DIGEST_INT_H

#include "store/pg_int.h"

/*
 * What the templates of the digest take, in the transaction that is open:
 * the best matches that were not offered yet. "count" is 0 if there is
 * nothing to say.
 */
struct json *digest_data(
    struct db *, struct arena *, int64_t user_id, struct err *);
/* Mark what digest_data saw as offered, so that it is never offered again. */
int digest_offer(struct db *, int64_t user_id, struct err *);
/* base32(HMAC-SHA256(secret, text)), first 26 characters, in the arena. */
const char *store_sign(
    struct db *, struct arena *, const char *text, struct err *);
/* In the open transaction, as store_unsubscribe_token. */
const char *unsubscribe_token(
    struct db *, struct arena *, const char *address, struct err *);

#endif
