/*
 * Where mails are read from, as a source's url names it:
 *
 *	maildir:/home/ada/Maildir/.Jobs
 *	mbox:/var/mail/ada
 *	imaps://ada@imap.example.org/Jobs
 *	received:/var/lib/careerd/received	the Maildir of "mail receive"
 *
 * and the address of one mail in it: the mailbox, '#' and its position.
 */
#ifndef MSG_MAILBOX_H
#define MSG_MAILBOX_H

#include <stdbool.h>
#include <stddef.h>
#include "base/arena.h"
#include "base/err.h"

enum mailbox_kind { MAILBOX_MAILDIR, MAILBOX_MBOX, MAILBOX_IMAP };

struct mailbox {
	enum mailbox_kind kind;
	const char *path;    /* absolute; of files */
	bool may_be_missing; /* it is made with the first mail in it */
	/* of IMAP */
	bool is_tls;             /* from the first byte; else STARTTLS */
	const char *user, *host; /* decoded; "[...]" for IPv6 */
	int port;
	const char *folder; /* decoded; "INBOX" if none is named */
};

/* -1 and what is wrong with it. All texts are in the arena. */
int mailbox_parse(
    struct arena *, const char *text, struct mailbox *to, struct err *);
/* The address of a mail; position is any text. */
char *mailbox_mail(struct arena *, const char *mailbox, const char *position);
/*
 * The position in the address of a mail, decoded; NULL if the address is none
 * of that mailbox.
 */
char *mailbox_position(
    struct arena *, const char *mailbox, const char *address);

#endif
