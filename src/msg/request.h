/*
 * A request that store grants and fetch carries out, and what came back.
 * One grant is one HTTP exchange: a redirect comes back as FETCH_MOVED and
 * is granted anew.
 */
#ifndef MSG_REQUEST_H
#define MSG_REQUEST_H

#include <stdbool.h>
#include <stdint.h>
#include "msg/source.h"
#include "msg/wire.h"

enum request_kind {
	REQUEST_LIST,
	REQUEST_DETAIL,
	REQUEST_ROBOTS,
	REQUEST_MAILBOX, /* which mails are in it? Each is a list page then */
	REQUEST__MAX
};
const char *request_kind_name(enum request_kind);

struct grant {
	int64_t id;         /* of the request row; also the frame's id */
	const char *source; /* name */
	const char *target; /* key */
	enum request_kind kind;
	const char *method, *url;
	const char *body, *body_type; /* or NULL */
	struct pair *headers;
	size_t nheaders;
	int64_t delay_ms; /* not before so long after receipt */
	int64_t timeout_ms, max_bytes;
	bool allow_private;
	int empty_status;                 /* comes as FETCH_OK, too; 0: none */
	const char *etag, *last_modified; /* validators, or NULL */
	const char *body_hash; /* hex SHA-256 of the last body, or NULL: the
				  same bytes again come back as UNCHANGED */
	/* For the PAGE that hub makes of it. */
	struct pair *params;
	size_t nparams;
	int64_t page_number,
	    page_offset; /* position in paging, from its from */
};

enum fetch_result {
	FETCH_OK,        /* a 2xx, or what the grant takes for one, with a
			    body, which is the descriptor */
	FETCH_UNCHANGED, /* 304, the same bytes as last time, a mail that
			    is no longer there */
	FETCH_LISTED,    /* a mailbox: the positions of its mails, a line
			    each, are the descriptor; the newest first */
	FETCH_MOVED,     /* a redirect: location holds where to */
	FETCH_STATUS,    /* any other status; a small body may be beside it */
	FETCH_TIMEOUT,
	FETCH_DNS,
	FETCH_TLS,
	FETCH_CONNECT,
	FETCH_BROKEN,  /* cut body, bad framing, bad encoding */
	FETCH_TOO_BIG, /* bytes, ratio or headers over the limit */
	FETCH_REFUSED, /* our own guard: scheme, address, port */
	FETCH_LOST,    /* fetch died; made by hub, never by fetch */
	FETCH__MAX
};
const char *fetch_result_name(enum fetch_result);

struct fetched {
	int64_t id;
	enum fetch_result result;
	int status;               /* HTTP, 0 if none came */
	const char *reason;       /* one line for people; "" when all is well */
	const char *url;          /* that was fetched */
	const char *location;     /* FETCH_MOVED: absolute */
	const char *content_type; /* as sent, or NULL */
	const char *etag, *last_modified, *retry_after; /* or NULL */
	const char *body_hash; /* hex SHA-256 of the decoded body, or NULL */
	int64_t bytes;         /* decoded */
	int64_t wire_bytes, took_ms;
};

void grant_put(struct buf *, const struct grant *);
void grant_get(struct wire *, struct grant *to);
void fetched_put(struct buf *, const struct fetched *);
void fetched_get(struct wire *, struct fetched *to);

#endif
