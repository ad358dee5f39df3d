/*
 * Grants for mailboxes: files are read at once, servers are asked.
 */
#include <string.h>
#include "base/clock.h"
#include "base/limits.h"
#include "base/str.h"
#include "fetch/fetch_int.h"

bool
is_mail(const struct grant *g)
{
	return g->kind == REQUEST_MAILBOX || !str_starts(g->url, "http");
}

static int64_t
max_bytes(const struct grant *g)
{
	if (g->kind == REQUEST_MAILBOX)
		return LIMIT_PAGE_BYTES;
	if (g->max_bytes > 0 && g->max_bytes < LIMIT_MAIL_IN_BYTES)
		return g->max_bytes;
	return LIMIT_MAIL_IN_BYTES;
}

static void
file_read(struct job *job, const struct source *source)
{
	struct fetched fetched;
	struct buf body;

	buf_init(&body, (size_t)max_bytes(&job->grant));
	mailbox_fetch(job->arena, source, &job->grant, &body, &fetched);
	job_answer(job, &fetched, buf_cstr(&body), body.len);
	buf_fini(&body);
}

static void
on_done(void *context, const struct grant *grant, const struct fetched *fetched,
    const void *body, size_t n)
{
	(void)grant;
	job_answer(context, fetched, body, n);
}

/* All texts are the job's own: a reload forgets those of the source. */
static const char *const *
senders_copy(struct arena *arena, const struct mails *mails)
{
	const char **copy = arena_array(arena, mails->nfrom, sizeof(*copy));

	for (size_t i = 0; i < mails->nfrom; i++)
		copy[i] = arena_strdup(arena, mails->from[i]);
	return copy;
}

static void
server_ask(struct job *job, const struct source *source, const char *name,
    const struct mailbox *box)
{
	const struct grant *g = &job->grant;
	struct imap_ask ask = { .grant = g,
		.box = box,
		.password =
		    arena_strdup(job->arena, auth_password(job->fetch, source)),
		.since_ms = clock_wall_ms() - source->mails.age_ms,
		.from = senders_copy(job->arena, &source->mails),
		.nfrom = source->mails.nfrom };
	struct fetched refused = { .result = FETCH_REFUSED };
	struct err err = { 0 };

	if (g->kind != REQUEST_MAILBOX)
		ask.position = mailbox_position(job->arena, name, g->url);
	if (g->kind != REQUEST_MAILBOX && ask.position == NULL)
		err_set(&err, ERR_PERM, "no mail of the source's mailbox");
	else if (net_imap(job->fetch->net, &ask, on_done, job, &err) == 0)
		return;
	refused.reason = err.text;
	job_end(job, &refused);
}

void
mail_begin(struct job *job)
{
	struct fetch *f = job->fetch;
	const struct source *source =
	    worker_source(&f->worker, job->grant.source);
	const char *name =
	    arena_strdup(job->arena, mailbox_of(source, job->grant.target));
	struct mailbox *box = arena_alloc(job->arena, sizeof(*box));
	struct err err = { 0 };

	if (name != NULL && mailbox_parse(job->arena, name, box, &err) == 0 &&
	    box->kind == MAILBOX_IMAP)
		server_ask(job, source, name, box);
	else
		file_read(job, source);
}
