/*
 * Alert mails: of those that are for the source, the HTML is read as a page
 * is, as seen on the day it was written.
 */
#include <string.h>
#include "base/limits.h"
#include "base/str.h"
#include "base/url.h"
#include "extract/extract_int.h"

#define DAY_MS (24LL * 60 * 60 * 1000)

static const struct {
	const char *name, *header;
} names[] = {
	{ "mail.subject", "Subject" },
	{ "mail.from", "From" },
	{ "mail.date", "Date" },
};

const char *
reading_mail(struct reading *r, const char *name)
{
	for (size_t i = 0; r->mail != NULL && i < 3; i++)
		if (str_eq(names[i].name, name))
			return mime_header(
			    r->arena, &r->mail->top, names[i].header);
	return NULL;
}

static void
canonical(struct reading *r, const char **url)
{
	const char *text = url_canonical(r->scratch, *url);

	if (text != NULL)
		*url = text;
}

void
reading_mail_urls(struct reading *r, struct posting *p)
{
	canonical(r, &p->url);
	canonical(r, &p->apply_url);
}

/* Has the mail the sender and subject that the source asks for? */
static bool
is_for_source(struct reading *r)
{
	const struct mails *mails = &r->extractor->source->mails;
	const char *from = mime_address(r->arena, reading_mail(r, "mail.from"));
	const char *subject = reading_mail(r, "mail.subject");
	size_t begin, end;

	if (!mails_are_from(mails, from))
		return reading_fail(r, EXTRACT_PASSED_BY,
		    "a mail from %.100s, which mail.from does not name",
		    from == NULL ? "nobody" : from);
	if (subject == NULL)
		subject = "";
	if (r->extractor->subject != NULL &&
	    !re_search(r->extractor->subject, subject, strlen(subject), 0,
		&begin, &end))
		return reading_fail(r, EXTRACT_PASSED_BY,
		    "its subject '%.100s' is not what mail.subject asks for",
		    subject);
	return true;
}

/* "3 days ago" was said on the day of the mail. */
static void
page_date(struct reading *r, struct page *page)
{
	const char *date = reading_mail(r, "mail.date");
	struct instant at;

	if (date != NULL &&
	    value_date(date, page->now_ms, 0, DAY_ORDER_NONE, &at) &&
	    at.ms < page->now_ms + DAY_MS)
		page->now_ms = at.ms;
}

/* Parts of the type that are no attached files, one behind the other. */
static size_t
body_gather(struct reading *r, const char *type, struct buf *to)
{
	const struct mime_part *top = &r->mail->top, *part = top;
	size_t found = 0, n;
	const char *text;

	for (; part != NULL; part = mime_after(part, top)) {
		if (part->is_attached || !str_eq(part->type, type))
			continue;
		text = mime_text(r->arena, part, &n);
		if (text != NULL && buf_add(to, text, n) == 0)
			found++;
	}
	return found;
}

static bool
body_take(struct reading *r, const char *type)
{
	struct buf body;
	size_t found;

	buf_init(&body, LIMIT_PAGE_BYTES);
	found = body_gather(r, type, &body);
	r->body = arena_strndup(r->arena, buf_cstr(&body), body.len);
	r->n = body.len;
	buf_fini(&body);
	if (found > 0)
		return true;
	if (r->mail->fault != NULL)
		return reading_fail(r, EXTRACT_MALFORMED,
		    "a mail that cannot be read: %s", r->mail->fault);
	return reading_fail(
	    r, EXTRACT_NOT_FORMAT, "a mail without a part of type %s", type);
}

/* The mail's body as the page that is read from now on. */
static bool
mail_read(struct reading *r, const char *type)
{
	struct mime *mail = arena_alloc(r->arena, sizeof(*mail));
	struct page *page = arena_alloc(r->arena, sizeof(*page));

	mime_parse(r->arena, r->body, r->n, mail);
	r->mail = mail;
	if (!is_for_source(r))
		return false;
	*page = *r->page;
	page->content_type = arena_printf(r->arena, "%s; charset=utf-8", type);
	page_date(r, page);
	r->page = page;
	return body_take(r, type);
}

static bool
html_open(struct reading *r)
{
	return mail_read(r, "text/html") && reading_open_html(r);
}

static bool
text_open(struct reading *r)
{
	return mail_read(r, "text/plain") && reader_text.open(r);
}

const struct format_reader reader_mail = {
	.name = "mail",
	.selects = SELECT_CSS,
	.open = html_open,
};

const struct format_reader reader_mail_text = {
	.name = "mail",
	.selects = SELECT_RE,
	.open = text_open,
	.fill = pattern_fill,
	.raw = pattern_raw,
};
