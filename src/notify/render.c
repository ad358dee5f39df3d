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
#include "base/utf8.h"
#include "notify/notify.h"

#define TEMPLATE_BYTES_MAX (256 * 1024)
#define TEXT_BYTES_MAX     (1024 * 1024)
/* RFC 5322 section 2.1.1 asks for 78 at most; replies quote with two more. */
#define TEXT_COLUMNS 76

struct source {
	struct arena *arena;
	const struct template_dirs *dirs;
	const char *suffix; /* "txt" or "html": which partials to take */
};

/* All of an open file in the arena, if it is text. */
static char *
text_read(struct arena *arena, int fd, const char *path, struct err *err)
{
	struct stat st;
	char *text;
	ssize_t n;

	if (fstat(fd, &st) == -1) {
		err_errno(err, ERR_CONFIG, "%s", path);
		return NULL;
	}
	if (!S_ISREG(st.st_mode) || st.st_size > TEMPLATE_BYTES_MAX) {
		err_set(err, ERR_CONFIG, "%s: not a file of up to %d KB", path,
		    TEMPLATE_BYTES_MAX / 1024);
		return NULL;
	}
	text = arena_alloc(arena, (size_t)st.st_size + 1);
	n = read(fd, text, (size_t)st.st_size);
	if (n == -1) {
		err_errno(err, ERR_CONFIG, "%s", path);
		return NULL;
	}
	if (memchr(text, '\0', (size_t)n) != NULL ||
	    !utf8_is_valid(text, (size_t)n)) {
		err_set(err, ERR_CONFIG, "%s: not UTF-8 text", path);
		return NULL;
	}
	return text;
}

/* 1: its text; 0: there is no such file; -1: err. */
static int
file_read(struct arena *arena, const char *path, char **to, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd == -1)
		return errno == ENOENT ? 0
				       : err_errno(err, ERR_CONFIG, "%s", path);
	*to = text_read(arena, fd, path, err);
	close(fd);
	return *to == NULL ? -1 : 1;
}

/* An own file that is there but unfit is never passed over in silence. */
static int
template_read(
    const struct source *s, const char *file, char **to, struct err *err)
{
	const char *dirs[] = { s->dirs->own, s->dirs->shipped };
	int found = 0;

	for (size_t i = 0; i < 2 && found == 0; i++)
		if (dirs[i] != NULL)
			found = file_read(s->arena,
			    arena_printf(s->arena, "%s/%s", dirs[i], file), to,
			    err);
	return found;
}

static const char *
file_name(struct arena *arena, const char *name, const char *suffix)
{
	return arena_printf(arena, "%s.%s.mustache", name, suffix);
}

static const char *
partial_find(void *context, const char *name)
{
	const struct source *s = context;
	struct err ignored;
	char *text;

	if (strpbrk(name, "/\\") != NULL || name[0] == '.')
		return NULL;
	if (template_read(
		s, file_name(s->arena, name, s->suffix), &text, &ignored) != 1)
		return NULL;
	return text;
}

/* 1: rendered; 0: there is no such file and it is optional; -1: err. */
static int
render_one(struct source *s, const char *name, const char *suffix,
    const struct json *data, const char **to, struct err *err)
{
	enum mustache_escape escape =
	    strcmp(suffix, "html") == 0 ? MUSTACHE_HTML : MUSTACHE_PLAIN;
	const char *file = file_name(s->arena, name, suffix);
	char *text = NULL;
	struct buf out;
	int ret = template_read(s, file, &text, err);

	if (ret == 0 && escape != MUSTACHE_HTML)
		return err_set(err, ERR_CONFIG, "no template '%s' in '%s'",
		    file, s->dirs->shipped == NULL ? "" : s->dirs->shipped);
	if (ret != 1)
		return ret;
	s->suffix = suffix;
	buf_init(&out, TEXT_BYTES_MAX);
	if (mustache_render(text, data, escape, partial_find, s, &out, err) ==
	    -1) {
		err_prefix(err, "%s", file);
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
	parts.text = str_wrap(arena, parts.text, TEXT_COLUMNS);
	*to = parts;
	return 0;
}

int
mail_template_check(const struct template_dirs *dirs, const char *file,
    const struct json *sample, struct mustache_place *at, struct err *err)
{
	struct source s = { .arena = arena_new(16UL * 1024 * 1024),
		.dirs = dirs };
	const char *dot = strchr(file, '.');
	char *text = NULL;
	int ret;

	*at = (struct mustache_place){ 0 };
	s.suffix = arena_strndup(s.arena, dot == NULL ? "" : dot + 1,
	    dot == NULL ? 0 : strcspn(dot + 1, "."));
	ret = template_read(&s, file, &text, err);
	if (ret == 0)
		err_set(err, ERR_CONFIG, "%s: there is no such template", file);
	else if (ret == 1)
		ret = mustache_check(text, sample, partial_find, &s, at, err);
	arena_free(s.arena);
	return ret == 0 && text != NULL ? 0 : -1;
}
