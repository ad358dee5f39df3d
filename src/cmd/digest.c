/*
 * careerd digest preview
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "base/str.h"
#include "cmd/cmd.h"
#include "cmd/session.h"
#include "notify/notify.h"

static int
html_write(const char *path, const char *html, struct err *err)
{
	FILE *f = fopen(path, "we");
	int ret = 0;

	if (f == NULL)
		return err_errno(err, ERR_IO, "'%s'", path);
	/* What does not fit is met where it is written, or at the end. */
	if (fputs(html, f) == EOF || fflush(f) == EOF)
		ret = err_errno(err, ERR_IO, "'%s'", path);
	fclose(f);
	return ret;
}

static int
preview(struct session *s, const struct cmd_context *c, struct err *err)
{
	struct template_dirs dirs = { s->conf->templates,
		arena_printf(s->arena, "%s/templates", s->conf->root) };
	const char *html_path = cmd_value(c, "--html");
	struct mail_parts parts;
	struct json *data;
	int64_t user;
	int ret = -1;

	if (session_user(s, c, &user, err) == -1)
		return -1;
	data = store_digest(s->db, user, s->conf->mail_from, err);
	if (data == NULL)
		return -1;
	if (c->json) {
		printf("%s\n", json_dump(s->arena, data));
		ret = 0;
	} else if (mail_render(s->arena, &dirs, "digest", data, &parts, err) ==
		   0) {
		printf("Subject: %s\n\n%s", parts.subject, parts.text);
		ret = html_path == NULL || parts.html == NULL
			  ? 0
			  : html_write(html_path, parts.html, err);
	}
	json_free(data);
	return ret;
}

static int
digest_preview(const struct cmd_context *c, int argc, char **argv)
{
	struct err err = { 0 };
	struct session s;
	int ret = session_begin(&s, c, DB_SERVICE);

	(void)argc, (void)argv;
	if (ret == 0 && preview(&s, c, &err) == -1)
		ret = cmd_fail(&err);
	session_end(&s);
	return ret;
}

static const struct cmd_option options[] = {
	{ "--html", "FILE", "write the HTML alternative there" },
	{ NULL, NULL, NULL },
};

static const struct cmd_verb verbs[] = {
	{ "preview", NULL,
	    "the next digest as text; nothing is sent or marked as offered",
	    options, digest_preview },
	{ NULL, NULL, NULL, NULL, NULL },
};

const struct cmd cmd_digest = { "digest", "the mail of matches", verbs, NULL };
