/*
 * One HTTP exchange and its guards: private to net.
 */
#ifndef NET_NET_INT_H
#define NET_NET_INT_H

#include <curl/curl.h>
#include "base/buf.h"
#include "base/sha256.h"
#include "net/net.h"

struct transfer {
	struct transfer *next_free;
	CURL *easy;
	struct net *net;
	const struct grant *grant;
	net_done *done;
	void *context;
	struct curl_slist *headers;
	struct arena *arena; /* texts of the answer */
	struct buf body;     /* decoded */
	size_t header_bytes;
	int64_t begin_ms;
	/* what a guard decided, before libcurl's own word */
	enum fetch_result guard; /* FETCH_OK: none spoke */
	const char *guard_reason;
	/* of the response */
	int status;
	const char *content_type, *content_encoding, *etag, *last_modified,
	    *retry_after, *location;
	char error[CURL_ERROR_SIZE];
};

/* Options of a transfer for its grant; -1 and err if it must not begin. */
int transfer_setup(struct transfer *, const char *user_agent, struct err *);
/* What came of it, as told to the caller; texts in the transfer's arena. */
void transfer_result(struct transfer *, CURLcode, struct fetched *to);

#endif
