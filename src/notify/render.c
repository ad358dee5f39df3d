/*
 * A named template becomes the parts of a mail. NAME.subject.mustache and
 * NAME.txt.mustache must be there; NAME.html.mustache is the alternative.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/str.h"
#include "notify/notify.h"

#define TEMPLATE_BYTES_MAX (256 * 1024)
#define TEXT_BYTES_MAX     (1024 * 1024)

struct source {
	struct arena *arena;
	const struct template_dirs *dirs;
	const char *suffix; /* "txt" or "html": which partials to take */
};

/* The text of a file in the arena; NULL with errno if it is not there. */
static char *
file_read(struct arena *arena, const char *path)
{
	struct stat st;
	char *text = NULL;
	ssize_t n;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd == -1)
		return NULL;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_size <= TEMPLATE_BYTES_MAX) {
		text = arena_alloc(arena, (size_t)st.st_size + 1);
		n = read(fd, text, (size_t)st.st_size);
		if (n != st.st_size || memchr(text, '\0', (size_t)n) != NULL) {
			errno = EIO;
			text = NULL;
		}
	} else
		errno = EFBIG;
	close(fd);
	return text;
}

static char *
template_read(const struct source *s, const char *name, const char *suffix)
{
	const char *dirs[] = { s->dirs->own, s->dirs->shipped };
	char *text = NULL;

	for (size_t i = 0; i < 2 && text == NULL; i++)
		if (dirs[i] != NULL)
			text = file_read(s->arena,
			    arena_printf(s->arena, "%s/%s.%s.mustache", dirs[i],
				name, suffix));
	return text;
}

static const char *
partial_find(void *context, const char *name)
{
	const struct source *s = context;

	if (strpbrk(name, "/\\") != NULL || name[0] == '.')
		return NULL;
	return template_read(s, name, s->suffix);
}

/* 1: rendered; 0: there is no such file and it is optional; -1: err. */
static int
render_one(struct source *s, const char *name, const char *suffix,
    const struct json *data, const char **to, struct err *err)
{
	enum mustache_escape escape =
	    strcmp(suffix, "html") == 0 ? MUSTACHE_HTML : MUSTACHE_PLAIN;
	char *text = template_read(s, name, suffix);
	struct buf out;
	int ret = 1;

	if (text == NULL && escape == MUSTACHE_HTML && errno == ENOENT)
		return 0;
	if (text == NULL)
		return err_errno(err, ERR_CONFIG,
		    "template '%s.%s.mustache' in '%s'", name, suffix,
		    s->dirs->shipped == NULL ? "" : s->dirs->shipped);
	s->suffix = suffix;
	buf_init(&out, TEXT_BYTES_MAX);
	if (mustache_render(text, data, escape, partial_find, s, &out, err) ==
	    -1) {
		err_prefix(err, "%s.%s.mustache", name, suffix);
		ret = -1;
	} else
		*to = arena_strndup(s->arena, buf_cstr(&out), out.len);
	buf_fini(&out);
	return ret;
}

int
mail_render(struct arena *arena, const struct template_dirs *dirs,
    const char *template, const struct json *data, struct mail_parts *to,
    struct err *err)
{
	struct source s = { .arena = arena, .dirs = dirs };
	struct mail_parts parts = { 0 };

	if (str_is_empty(template) || strpbrk(template, "/\\.") != NULL)
		return err_set(
		    err, ERR_BUG, "template name '%s' is malformed", template);
	if (render_one(&s, template, "subject", data, &parts.subject, err) ==
		-1 ||
	    render_one(&s, template, "txt", data, &parts.text, err) == -1 ||
	    render_one(&s, template, "html", data, &parts.html, err) == -1)
		return -1;
	parts.subject = str_fold_space(arena, parts.subject);
	*to = parts;
	return 0;
}
