/*
 * Tokens by OAuth 2 client credentials (RFC 6749 section 4.4): asked for when
 * the first request needs one, kept here until they end.
 */
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/json.h"
#include "base/str.h"
#include "base/url.h"
#include "fetch/fetch_int.h"

/* Answers are some hundred bytes; tokens with claims in them some thousand. */
#define ANSWER_BYTES (64L * 1024)
#define TOKEN_BYTES  16000
/* Given up before it ends, since a request takes its time. */
#define EARLY_MS (30LL * 1000)
/* Where its life is not said, or is said to be longer. */
#define LIFE_MS     (10LL * 60 * 1000)
#define LIFE_MAX_MS (24LL * 60 * 60 * 1000)
/* While another request's question is under way. */
#define AWAIT_MS 100
/* The error codes of RFC 6749 section 5.2, and what else is a word. */
#define CODE_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
#define CODE_BYTES 40

static struct token *
token_find(const struct fetch *f, const char *source)
{
	struct token *t = f->tokens;

	while (t != NULL && !str_eq(t->source, source))
		t = t->next;
	return t;
}

static struct token *
token_make(struct fetch *f, const char *source)
{
	struct token *t = token_find(f, source);

	if (t != NULL)
		return t;
	t = xcalloc(1, sizeof(*t));
	t->source = xstrdup(source);
	t->next = f->tokens;
	f->tokens = t;
	return t;
}

static void
text_free(char *text)
{
	if (text != NULL)
		explicit_bzero(text, strlen(text));
	free(text);
}

const char *
token_of(const struct fetch *f, const struct source *source)
{
	const struct token *t = token_find(f, source->name);

	return t == NULL || clock_mono_ms() >= t->until_ms ? NULL : t->text;
}

void
token_spoilt(struct fetch *f, const char *source)
{
	struct token *t = token_find(f, source);

	if (t != NULL)
		t->until_ms = 0;
}

void
tokens_forget(struct fetch *f)
{
	struct token *t;

	while ((t = f->tokens) != NULL) {
		f->tokens = t->next;
		text_free(t->text);
		free(t->source);
		free(t);
	}
}

/* ---- the question ---- */

static const char *
form_add(struct job *job, const char *form, const char *name, const char *value)
{
	if (value == NULL)
		return form;
	return arena_printf(job->arena, "%s&%s=%s", form, name,
	    url_escape(job->arena, value, ""));
}

static const char *
secret_at(const struct job *job, const struct auth *auth, enum auth_place place)
{
	for (size_t i = 0; i < auth->nparts; i++)
		if (auth->parts[i].place == place)
			return worker_secret(
			    &job->fetch->worker, auth->parts[i].credential);
	return NULL;
}

static void
question(struct job *job, const struct source *source)
{
	static struct pair accept[] = { { "Accept", "application/json" } };
	const struct auth *auth = &source->auth;
	const char *form = "grant_type=client_credentials";

	form = form_add(
	    job, form, "client_id", secret_at(job, auth, AUTH_CLIENT_ID));
	form = form_add(job, form, "client_secret",
	    secret_at(job, auth, AUTH_CLIENT_SECRET));
	form = form_add(job, form, "scope", auth->scope);
	job->sent = (struct grant){ .id = job->grant.id,
		.kind = REQUEST_DETAIL,
		.method = "POST",
		.url = auth->token_url,
		.body = form,
		.body_type = "application/x-www-form-urlencoded",
		.headers = accept,
		.nheaders = 1,
		.timeout_ms = job->grant.timeout_ms,
		.max_bytes = ANSWER_BYTES,
		.allow_private = job->grant.allow_private };
}

/* ---- the answer ---- */

static bool
is_token(const char *text)
{
	size_t n = text == NULL ? 0 : strlen(text);

	for (size_t i = 0; i < n; i++)
		if (text[i] <= ' ' || text[i] == 127)
			return false;
	return n > 0 && n <= TOKEN_BYTES;
}

static bool
token_take(struct token *t, const struct json *answer)
{
	const char *text = json_get_text(answer, "access_token");
	int64_t life_ms = json_get_i64(answer, "expires_in", 0);

	if (!is_token(text))
		return false;
	if (life_ms <= 0)
		life_ms = LIFE_MS;
	else if (life_ms > LIFE_MAX_MS / 1000)
		life_ms = LIFE_MAX_MS;
	else
		life_ms *= 1000;
	text_free(t->text);
	t->text = xstrdup(text);
	/* A life that is too short for that is used once. */
	t->until_ms =
	    clock_mono_ms() +
	    (life_ms > 2 * EARLY_MS ? life_ms - EARLY_MS : life_ms / 2 + 1);
	return true;
}

/* Only a word of the answer is passed on: the rest may repeat the question. */
static void
token_refused(
    struct job *job, const struct fetched *fetched, const struct json *answer)
{
	const char *code = json_get_text(answer, "error");
	struct fetched how = { .result = fetched->result,
		.status = fetched->status,
		.retry_after = fetched->retry_after };

	if (how.result == FETCH_OK || how.result == FETCH_UNCHANGED ||
	    how.result == FETCH_MOVED)
		how.result = FETCH_REFUSED;
	if (code != NULL && strspn(code, CODE_CHARS) == strlen(code) &&
	    strlen(code) <= CODE_BYTES)
		how.reason =
		    arena_printf(job->arena, "no token was given: %s", code);
	else if (fetched->result == FETCH_MOVED)
		how.reason = "no token was given: its address redirects";
	else
		how.reason = arena_printf(job->arena, "no token was given%s%s",
		    fetched->reason[0] == '\0' ? "" : ": ", fetched->reason);
	job_end(job, &how);
}

static void
on_token(void *context, const struct grant *grant,
    const struct fetched *fetched, const void *body, size_t n)
{
	struct job *job = context;
	struct token *t = token_make(job->fetch, job->grant.source);
	struct json *answer = NULL;
	struct err e;

	(void)grant;
	t->asked = false;
	if (body != NULL)
		answer = json_parse(body, n, &e);
	if (fetched->result == FETCH_OK && answer != NULL &&
	    token_take(t, answer)) {
		job->begin_ms = 0;
		job_wait(job);
	} else {
		token_refused(job, fetched, answer);
	}
	json_free(answer);
}

int
token_ask(struct job *job, struct err *err)
{
	struct fetch *f = job->fetch;
	const struct source *source =
	    worker_source(&f->worker, job->grant.source);
	struct token *t = token_make(f, source->name);

	if (t->asked) {
		job->begin_ms = clock_mono_ms() + AWAIT_MS;
		job_wait(job);
		return 0;
	}
	question(job, source);
	if (net_fetch(f->net, &job->sent, on_token, job, err) == -1)
		return err_prefix(err, "no token");
	t->asked = true;
	return 0;
}
