/*
 * Rendering and sending are two questions that store asks notify.
 */
#ifndef MSG_MAIL_H
#define MSG_MAIL_H

#include "msg/wire.h"

struct render {
	int64_t id;           /* of the delivery */
	const char *template; /* "digest", "test", ... in templates/ */
	const char *to_name, *to_address;
	const char *message_id;  /* without angle brackets */
	const char *unsubscribe; /* mailto: URL, or NULL */
	int64_t date_ms;
	/* the data of the template is JSON in the descriptor */
};

struct rendered {
	int64_t id;
	bool ok;
	const char *reason;  /* why not */
	const char *subject; /* as rendered, for people; its MIME bytes are
				the descriptor */
};

struct send {
	int64_t id;
	const char *from, *to; /* envelope addresses */
			       /* the MIME bytes are the descriptor */
};

enum send_result {
	SEND_OK,
	SEND_RETRY,   /* 4xx or network: later */
	SEND_REFUSED, /* 5xx about this recipient or mail: final */
	SEND_RELAY,   /* the relay or our set-up is at fault: all mail waits */
	SEND_LOST,    /* notify died before the data went out; made by hub */
	SEND_UNKNOWN, /* notify died or the line broke after the final dot */
	SEND__MAX
};
const char *send_result_name(enum send_result);

struct sent {
	int64_t id;
	enum send_result result;
	int code;           /* SMTP reply, 0 if none */
	const char *status; /* enhanced status "5.1.1", or NULL */
	const char *reason; /* the reply or the fault, safe, one line */
};

void render_put(struct buf *, const struct render *);
void render_get(struct wire *, struct render *to);
void rendered_put(struct buf *, const struct rendered *);
void rendered_get(struct wire *, struct rendered *to);
void send_put(struct buf *, const struct send *);
void send_get(struct wire *, struct send *to);
void sent_put(struct buf *, const struct sent *);
void sent_get(struct wire *, struct sent *to);

#endif
