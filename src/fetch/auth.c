/*
 * Secrets go out with what their source asks for, to the hosts that its file
 * names and to nobody else, whatever links and redirects say.
 */
#include <string.h>
#include "base/str.h"
#include "base/url.h"
#include "fetch/fetch_int.h"

/* A shorter secret stands in many a text by chance. */
#define SECRET_MIN_BYTES 6
/* What is not known of an address is no part of its host. */
#define UNKNOWN "unknown.invalid"

/* ---- to whom ---- */

static const char *
name_value(void *context, const char *name)
{
	const struct grant *g = context;

	for (size_t i = 0; i < g->nparams; i++)
		if (str_eq(g->params[i].name, name))
			return g->params[i].value;
	return UNKNOWN;
}

static bool
is_at(struct arena *arena, const char *template, struct grant *g,
    const char *authority)
{
	struct err e;
	struct url url;
	const char *text;

	if (template == NULL)
		return false;
	text =
	    template_expand(arena, template, TEMPLATE_URL, name_value, g, &e);
	return text != NULL && url_parse(arena, text, &url, &e) == 0 &&
	       str_eq(url_authority(arena, &url), authority);
}

/* 1: the host gets the secrets; 0: it does not; -1: they would be seen. */
static int
is_for(struct job *job, const struct source *source, struct err *err)
{
	const char *templates[] = { source->list.url.text,
		source->pages.first.text, source->detail.url.text };
	struct url url;
	const char *authority;

	/* That of a mailbox is for the mailbox. */
	if (source->list.format == FORMAT_MAIL)
		return 0;
	if (url_parse(job->arena, job->grant.url, &url, err) == -1)
		return -1;
	authority = url_authority(job->arena, &url);
	for (size_t i = 0; i < 3; i++) {
		if (!is_at(job->arena, templates[i], &job->grant, authority))
			continue;
		if (str_eq(url.scheme, "https") || job->grant.allow_private)
			return 1;
		return err_set(
		    err, ERR_PERM, "secrets are sent by https:// only");
	}
	return 0;
}

/* ---- what ---- */

const char *
auth_password(const struct fetch *f, const struct source *source)
{
	const struct auth *auth = &source->auth;

	for (size_t i = 0; i < auth->nparts; i++)
		if (auth->parts[i].place == AUTH_PASSWORD)
			return auth->parts[i].credential == NULL
				   ? auth->parts[i].text
				   : worker_secret(
					 &f->worker, auth->parts[i].credential);
	return NULL;
}

static const char *
part_text(const struct fetch *f, const struct auth_part *part, struct err *err)
{
	const char *text = part->text;

	if (part->credential != NULL)
		text = worker_secret(&f->worker, part->credential);
	if (text == NULL)
		err_set(err, ERR_CONFIG,
		    "credential %s is missing (careerd help files)",
		    part->credential);
	return text;
}

static void
header_add(struct job *job, const char *name, const char *value)
{
	struct grant *to = &job->sent;
	struct pair *more =
	    arena_array(job->arena, to->nheaders + 1, sizeof(*more));
	size_t n = 0;

	for (size_t i = 0; i < to->nheaders; i++)
		if (!str_eq_ci(to->headers[i].name, name))
			more[n++] = to->headers[i];
	more[n++] = (struct pair){ name, value };
	to->headers = more;
	to->nheaders = n;
}

static void
query_add(struct job *job, const char *name, const char *value)
{
	const char *url = url_without_param(job->arena, job->sent.url, name);

	job->sent.url = arena_printf(job->arena, "%.*s%c%s=%s",
	    (int)strcspn(url, "#"), url, strchr(url, '?') == NULL ? '?' : '&',
	    url_escape(job->arena, name, ""),
	    url_escape(job->arena, value, ""));
}

static void
bearer_add(struct job *job, const char *token)
{
	header_add(
	    job, "Authorization", arena_printf(job->arena, "Bearer %s", token));
}

static void
basic_add(struct job *job, const char *user, const char *password)
{
	const char *both = arena_printf(job->arena, "%s:%s",
	    user == NULL ? "" : user, password == NULL ? "" : password);

	header_add(job, "Authorization",
	    arena_printf(job->arena, "Basic %s",
		str_base64(job->arena, both, strlen(both))));
}

static int
parts_add(struct job *job, const struct source *source, struct err *err)
{
	const struct auth *auth = &source->auth;
	const char *user = NULL, *password = NULL;

	for (size_t i = 0; i < auth->nparts; i++) {
		const struct auth_part *part = &auth->parts[i];
		const char *text = part_text(job->fetch, part, err);

		if (text == NULL)
			return -1;
		if (part->place == AUTH_BEARER)
			bearer_add(job, text);
		else if (part->place == AUTH_USER)
			user = text;
		else if (part->place == AUTH_PASSWORD)
			password = text;
		else if (part->place == AUTH_HEADER)
			header_add(job, part->name, text);
		else if (part->place == AUTH_QUERY)
			query_add(job, part->name, text);
	}
	if (user != NULL || password != NULL)
		basic_add(job, user, password);
	return 0;
}

static const struct source *
source_with_auth(const struct job *job)
{
	const struct source *source =
	    worker_source(&job->fetch->worker, job->grant.source);

	if (source == NULL || source->auth.nparts == 0 ||
	    job->grant.kind == REQUEST_ROBOTS)
		return NULL;
	return source;
}

int
auth_apply(struct job *job, struct err *err)
{
	const struct source *source = source_with_auth(job);
	const char *token;
	int for_it;

	job->sent = job->grant;
	if (source == NULL)
		return 0;
	for_it = is_for(job, source, err);
	if (for_it != 1)
		return for_it;
	if (parts_add(job, source, err) == -1)
		return -1;
	if (source->auth.token_url == NULL)
		return 0;
	token = token_of(job->fetch, source);
	if (token == NULL)
		return 1;
	bearer_add(job, token);
	return 0;
}

/* ---- what came back ---- */

static const char *
text_without(struct arena *arena, const char *text, const char *secret)
{
	static const char stars[] = "***";
	size_t n = strlen(secret);
	const char *at;
	char *copy, *to;

	if (text == NULL || strstr(text, secret) == NULL)
		return text;
	copy = to = arena_alloc(arena, strlen(text) + 1);
	while ((at = strstr(text, secret)) != NULL) {
		memcpy(to, text, (size_t)(at - text));
		to += at - text;
		/* Shorter than any secret that comes here. */
		memcpy(to, stars, sizeof(stars) - 1);
		to += sizeof(stars) - 1;
		text = at + n;
	}
	memcpy(to, text, strlen(text) + 1);
	return copy;
}

static void
forget(struct arena *arena, struct fetched *to, const char *secret)
{
	const char **texts[] = { &to->reason, &to->location, &to->content_type,
		&to->etag, &to->last_modified, &to->retry_after };

	if (secret == NULL || strlen(secret) < SECRET_MIN_BYTES)
		return;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		*texts[i] = text_without(arena, *texts[i], secret);
}

void
auth_scrub(struct job *job, struct fetched *to)
{
	const struct source *source = source_with_auth(job);
	const struct fetch *f = job->fetch;

	to->url = job->grant.url;
	if (source == NULL)
		return;
	for (size_t i = 0; i < source->auth.nparts; i++) {
		const struct auth_part *part = &source->auth.parts[i];
		const char *secret =
		    part->credential == NULL
			? NULL
			: worker_secret(&f->worker, part->credential);

		if (part->place == AUTH_QUERY && to->location != NULL)
			to->location = url_without_param(
			    job->arena, to->location, part->name);
		forget(job->arena, to, secret);
		if (secret != NULL)
			forget(
			    job->arena, to, url_escape(job->arena, secret, ""));
	}
	if (source->auth.token_url == NULL)
		return;
	forget(job->arena, to, token_of(f, source));
	if (to->status == 401)
		token_spoilt(job->fetch, source->name);
}
