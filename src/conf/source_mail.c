/*
 * Format mail: which mailbox, which mails in it, and what may follow.
 */
#include <string.h>
#include "conf/conf_int.h"
#include "msg/mailbox.h"

#define HOUR_MS (3600LL * 1000)
#define DAY_MS  (24 * HOUR_MS)
#define AGE_MS  (30 * DAY_MS)
/* Patterns of senders, and hosts to follow. */
#define NAMES_MAX 100

static struct mails *
mails_of(void *part)
{
	return &((struct source_part *)part)->own->source.mails;
}

void
mails_default(struct source *source)
{
	source->mails.age_ms = AGE_MS;
}

void
top_mail(const struct reader *r, const struct node *node, void *part)
{
	((struct source_part *)part)->own->mail_node = node;
	read_section(r, node, SECTION_KEYS_MAIL, part);
}

/* Texts of a list that pass a test; of those that do not it complains. */
static const char *const *
names_read(const struct reader *r, const struct node *node, size_t *n,
    bool (*is_right)(const char *), const char *what)
{
	const struct node *one = node;
	const char *const *names;

	*n = 0;
	if (!read_texts(r, node, &names, n))
		return NULL;
	if (*n > NAMES_MAX)
		fault(r->problems, node, "expected %d at most", NAMES_MAX);
	for (size_t i = 0; i < *n; i++) {
		if (node->kind == NODE_LIST)
			one = node->items[i];
		if (!is_right(names[i]))
			fault(r->problems, one, "expected %s, found %s", what,
			    node_found(r->arena, one));
	}
	return names;
}

static bool
is_sender(const char *text)
{
	return text[0] == '@' ? is_domain(text + 1) : is_email(text);
}

void
mail_from(const struct reader *r, const struct node *node, void *part)
{
	struct mails *mails = mails_of(part);

	mails->from = names_read(r, node, &mails->nfrom, is_sender,
	    "the address of a sender, or @ and a domain");
}

void
mail_subject(const struct reader *r, const struct node *node, void *part)
{
	const char *text;

	if (read_text(r, node, &text))
		mails_of(part)->subject = text_at(node);
}

void
mail_part(const struct reader *r, const struct node *node, void *part)
{
	static const char *const words[] = { "html", "text" };
	struct view *view = ((struct source_part *)part)->view;
	size_t at;

	if (read_word(r, node, words, 2, &at))
		view->is_text_part = at == 1 && view->format == FORMAT_MAIL;
}

void
mail_age(const struct reader *r, const struct node *node, void *part)
{
	read_duration(r, node, HOUR_MS, 366 * DAY_MS, &mails_of(part)->age_ms);
}

void
top_follow(const struct reader *r, const struct node *node, void *part)
{
	struct mails *mails = mails_of(part);

	((struct source_part *)part)->own->follow_node = node;
	mails->follow = names_read(r, node, &mails->nfollow, is_domain,
	    "the name of a host, such as www.example.com");
}

/* ---- the mailbox ---- */

bool
is_mailbox(const char *text)
{
	static const char *const words[] = { "maildir:", "mbox:", "imaps://",
		"imap://" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_starts(text, words[i]))
			return true;
	return str_eq(text, "received");
}

/* "~/Mail" and paths beside the file made absolute. */
static const char *
with_path(const struct reader *r, const char *file, const char *text, size_t n)
{
	return arena_printf(r->arena, "%.*s%s", (int)n, text,
	    path_absolute(r->arena, path_beside(r->arena, file, text + n)));
}

static const char *
param_value(void *context, const char *name)
{
	return target_param(context, name);
}

/* A server wants a password, and nothing else that auth could say. */
static void
password_check(
    const struct reader *r, const struct source *source, const struct node *at)
{
	const struct auth *auth = &source->auth;
	bool has_password = false;

	for (size_t i = 0; i < auth->nparts; i++)
		has_password |= auth->parts[i].place == AUTH_PASSWORD;
	if (!has_password)
		fault(r->problems, at,
		    "%s: the server wants a password: auth: { basic: { "
		    "password: credential:NAME } }",
		    source->name);
}

void
mailbox_resolve(const struct reader *r, const struct source *source,
    const struct node *at, struct target *target)
{
	const char *url = source->list.url.text, *text, *file = at->file;
	struct err e = { 0 };
	struct mailbox box;

	if (source->list.format != FORMAT_MAIL || url == NULL)
		return;
	/* A path is relative to where it was written. */
	if (strchr(url, '{') == NULL)
		file = source->file;
	text = template_expand(
	    r->arena, url, TEMPLATE_TEXT, param_value, target, NULL);
	if (text == NULL)
		return;
	if (str_eq(text, "received"))
		text = arena_printf(
		    r->arena, "received:%s", conf_received(r->arena));
	else if (str_starts(text, "maildir:"))
		text = with_path(r, file, text, strlen("maildir:"));
	else if (str_starts(text, "mbox:"))
		text = with_path(r, file, text, strlen("mbox:"));
	if (mailbox_parse(r->arena, text, &box, &e) == -1)
		fault(r->problems, at, "%s: mailbox: %s", source->name, e.text);
	else if (box.kind == MAILBOX_IMAP)
		password_check(r, source, at);
	target->mailbox = text;
}

/* ---- the whole ---- */

static void
url_check(const struct reader *r, const struct source_own *own, bool is_mail)
{
	const struct node *node = node_get(own->root, "url");
	const char *url =
	    node == NULL || node->kind != NODE_SCALAR ? NULL : node->text;

	if (url == NULL || url[0] == '{' || is_mailbox(url) == is_mail)
		return;
	if (is_mail)
		fault(r->problems, node,
		    "format mail reads a mailbox: maildir:PATH, mbox:PATH, "
		    "imaps://USER@HOST/FOLDER or received");
	else
		fault(r->problems, node, "a mailbox is read with format: mail");
}

/* Keys that a mailbox has no use for. */
static void
useless_check(const struct reader *r, const struct source_own *own)
{
	static const char *const keys[] = { "pages", "request", "expect" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const struct node *node = node_get(own->root, keys[i]);

		if (node != NULL)
			fault(r->problems, node,
			    "%s: is of lists on the web; a mailbox has none",
			    keys[i]);
	}
}

void
source_mail_check(const struct reader *r, const struct source_own *own)
{
	const struct source *source = &own->source;
	bool is_mail = source->list.format == FORMAT_MAIL;

	url_check(r, own, is_mail);
	if (!is_mail) {
		if (own->mail_node != NULL)
			fault(r->problems, own->mail_node,
			    "mail: is of format mail");
		if (own->follow_node != NULL)
			fault(r->problems, own->follow_node,
			    "follow: is of format mail");
		return;
	}
	useless_check(r, own);
	if (source->detail.present && own->follow_node == NULL)
		fault(r->problems, node_get(own->root, "detail"),
		    "links of a mail are not requested unless their host "
		    "stands under follow:");
	if (!source->detail.present && own->follow_node != NULL)
		fault(r->problems, own->follow_node,
		    "follow: is for detail:, which is not there");
}
