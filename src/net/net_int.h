/*
 * One HTTP exchange and its guards: private to net.
 */
#ifndef NET_NET_INT_H
#define NET_NET_INT_H

#include <curl/curl.h>
#include "base/buf.h"
#include "net/net.h"

/* libcurl keeps eight TLS sessions in a share: enough of them for the hosts
 * of a daemon, each host always in the same one. */
#define SESSION_SHARES 64

struct net {
	CURLM *multi;
	CURLSH *sessions[SESSION_SHARES];
	char *user_agent;
	struct transfer *first; /* running */
	struct transfer *spare; /* kept with their easy handles and buffers */
	int running;
	/* what libcurl waits for */
	int epoll_fd;
	int64_t timer_ms; /* monotonic; -1: none */
	int extra_fd;     /* the caller's, -1: none */
	uint32_t extra_events;
	struct imap *imaps; /* connections to mailboxes */
};

/* What is kept of a response's header fields; NULL: not sent. */
struct response {
	const char *content_type, *etag, *last_modified, *retry_after,
	    *location;
	int encodings; /* layers of Content-Encoding and Transfer-Encoding */
};

struct transfer {
	struct transfer *next, **link; /* in the list of the running ones */
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
	bool is_cut;  /* we have all that we want and hung up */
	bool is_over; /* an error's body that is too long to keep */
	struct response response;
	char error[CURL_ERROR_SIZE];
};

/* Tell the caller how an exchange ended, and keep its transfer. */
void transfer_end(struct net *, CURL *, CURLcode);

/* The sockets that libcurl has open, under one epoll. */
int sockets_open(struct net *, struct err *);
void sockets_close(struct net *);

/* ---- imap.c ---- */

/* libcurl is done with a handle; false if it is no mailbox's. */
bool imap_connected(struct net *, CURL *, CURLcode);
/* A socket has something to say; false if it is no mailbox's. */
bool imap_event(struct net *, int fd);
/* Whoever takes too long or has nothing to do any more. */
void imap_tick(struct net *);
void imap_end_all(struct net *);

/* Options that hold for every exchange; what an earlier one left is gone:
 * libcurl 7.88 counts dropped connections over all exchanges of a handle, and
 * gives up at the fifth. */
void transfer_init(struct transfer *, const char *user_agent);
/* Options of a transfer for its grant; -1 and err if it must not begin. */
int transfer_setup(struct transfer *, struct err *);
/* Forget the grant, so that another can follow. */
void transfer_reset(struct transfer *);
/* What came of it, as told to the caller; texts in the transfer's arena. */
void transfer_result(struct transfer *, CURLcode, struct fetched *to);

/* The first guard that speaks is right; libcurl's error is its echo. */
void transfer_guard(struct transfer *, enum fetch_result, const char *reason);

/* Callbacks of libcurl: what may be dialled, and what arrives. */
curl_socket_t guard_socket(
    void *transfer, curlsocktype, struct curl_sockaddr *);
int guard_peer(void *transfer, char *peer_ip, char *local_ip, int peer_port,
    int local_port);
size_t response_header(char *line, size_t size, size_t count, void *transfer);
size_t response_body(char *data, size_t size, size_t count, void *transfer);
/* True if more was unpacked than the bytes on the wire may hold. */
bool response_is_bomb(const struct transfer *);
/* What a refusal says of itself, on one line; NULL if nothing readable. */
const char *response_says(struct transfer *);

#endif
