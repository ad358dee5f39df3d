/*
 * A mailbox over IMAP: private to net. libcurl connects, encrypts and logs
 * in; then the connection is ours, since its own fetching marks mails as
 * read.
 */
#ifndef NET_IMAP_INT_H
#define NET_IMAP_INT_H

#include "net/net_int.h"

/* One question, waiting for its turn or being asked. */
struct imap_job {
	struct imap_job *next;
	struct imap_ask ask;
	net_done *done;
	void *context;
};

enum imap_state {
	IMAP_CONNECTING, /* in libcurl's hands */
	IMAP_READY,
	IMAP_OPENING,   /* EXAMINE: nothing of it can be changed */
	IMAP_SEARCHING, /* UID SEARCH */
	IMAP_FETCHING   /* UID FETCH */
};

struct imap {
	struct imap *next;
	struct net *net;
	CURL *easy;
	curl_socket_t fd; /* CURL_SOCKET_BAD: not ours yet */
	char *key;        /* the mailbox, with user and host */
	struct imap_job *first, **last;
	enum imap_state state;
	bool is_open; /* EXAMINE succeeded */
	int64_t end_ms, idle_ms, begin_ms;
	unsigned int tag;
	struct buf out; /* of a command, what is not sent yet */
	/* the answer as it comes */
	struct buf line; /* without its literals */
	size_t literal;  /* bytes of one that are still to come */
	bool literal_is_mail;
	int64_t wire_bytes;
	/* what was learnt from it */
	uint64_t validity;
	uint32_t *uids;
	size_t nuids, uids_size;
	struct buf mail;
	bool has_mail;
	bool is_too_big;
	uint64_t mail_bytes; /* of one that is too big */
	char error[CURL_ERROR_SIZE];
};

/* ---- imap_dialogue.c ---- */

/* What the state asks for, as a command in out. */
void imap_command(struct imap *, const struct imap_ask *);
/*
 * Bytes that came. 1: the answer to the command is complete, *word is its end
 * ("OK", "NO", "BAD") and *text what was said to it; 0: it goes on; -1: this
 * is no IMAP, or more than is allowed. What comes behind an answer is lost:
 * nobody asked for it.
 */
int imap_feed(struct imap *, const char *, size_t n, const char **word,
    const char **text);
/* "validity.uid", or false. */
bool imap_position(const char *, uint64_t *validity, uint32_t *uid);

#endif
