/*
 * libcurl as we use it: one multi handle, guards on the very address that
 * is dialled, our own limits on what arrives. Nobody forks after net_init.
 */
#ifndef NET_NET_H
#define NET_NET_H

#include <stdbool.h>
#include "base/arena.h"
#include "base/err.h"
#include "msg/mail.h"
#include "msg/mailbox.h"
#include "msg/request.h"

int net_init(struct err *);

struct net; /* a multi handle and its transfers */
struct net *net_new(const char *user_agent, struct err *);
/* Transfers under way are dropped; their done is not called. */
void net_free(struct net *);
/* For exchanges that begin from now on. */
void net_user_agent(struct net *, const char *);

/*
 * Told at the end of each HTTP exchange; body and texts are lent. body is
 * decoded, NULL if there is none or if it is an error's and too long.
 * FETCH_UNCHANGED is a 304 or a body of the grant's body_hash. Of robots.txt
 * what lies beyond LIMIT_ROBOTS_BYTES and a few bytes is cut off.
 */
typedef void net_done(void *context, const struct grant *,
    const struct fetched *, const void *body, size_t n);
/*
 * Begin; grant must live until done is called. -1: refused at once (an
 * address, port, method or header that may not be), done is not called.
 */
int net_fetch(struct net *, const struct grant *, net_done *, void *context,
    struct err *);
/*
 * What a grant asks of a mailbox over IMAP: which mails there are
 * (REQUEST_MAILBOX; the body is then a line for each), or one of them. Nothing
 * is changed in it. done is told as of net_fetch: FETCH_LISTED, FETCH_OK,
 * FETCH_UNCHANGED when the mail is no longer there, or what went wrong. All
 * that is pointed to must live until then. Questions for one mailbox go over
 * one connection, one behind the other; nothing goes out unencrypted but to
 * this machine.
 */
struct imap_ask {
	const struct grant *grant;
	const struct mailbox *box;
	const char *password;
	const char *position;    /* of the mail */
	int64_t since_ms;        /* mails that came before are not looked for */
	const char *const *from; /* senders, as struct mails has them */
	size_t nfrom;
};
int net_imap(struct net *, const struct imap_ask *, net_done *, void *context,
    struct err *);
int net_running(const struct net *);
/* Wait up to timeout_ms for sockets or for fd (-1: none); do what is due. */
int net_poll(
    struct net *, int fd, bool want_write, int timeout_ms, struct err *);

/* One mail over a kept connection; blocking, within timeout_ms. */
struct smtp;
struct smtp *smtp_new(
    const char *url, const char *user, const char *password, struct err *);
void smtp_free(struct smtp *);
void smtp_send(struct smtp *, struct arena *, const struct send *,
    const char *mime, size_t n, int timeout_ms, struct sent *to);
/* Drop the connection if it was idle for long. */
void smtp_idle(struct smtp *);

#endif
