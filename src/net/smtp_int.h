/*
 * The dialogue with a relay: private to net.
 */
#ifndef NET_SMTP_INT_H
#define NET_SMTP_INT_H

#include <curl/curl.h>
#include "net/net.h"

#define REPLY_BYTES 600

/* Where the dialogue is: what was sent last. */
enum stage {
	STAGE_CONNECT,
	STAGE_GREETING,
	STAGE_HELLO,
	STAGE_TLS,
	STAGE_AUTH,
	STAGE_MAIL,
	STAGE_RCPT,
	STAGE_DATA,
	STAGE_MESSAGE, /* all of it was handed over: its dot may be out */
};

/* One mail's way through the dialogue. */
struct dialogue {
	enum stage stage;
	const char *p; /* of the mail, what is to be sent */
	size_t left;
	int code;       /* of the reply to what was sent last; 0: none came */
	bool is_open;   /* the reply goes on */
	int64_t end_ms; /* monotonic: when to give up */
	bool is_noise;  /* what came is no reply */
	bool is_done;   /* what is said now is no longer about the mail */
	char reply[REPLY_BYTES]; /* its lines, joined */
	char error[CURL_ERROR_SIZE];
};

/* Let libcurl tell d what is said, and take the mail from it. */
void dialogue_attach(struct dialogue *d, CURL *easy);
void dialogue_begin(
    struct dialogue *, const char *mime, size_t n, int64_t end_ms);
/* Whose fault the end is, and what to do (semantics 1.5.20). */
void dialogue_result(
    const struct dialogue *, struct arena *, CURLcode, struct sent *to);

#endif
