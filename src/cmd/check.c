#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "base/buf.h"
#include "base/str.h"
#include "cmd/check.h"
#include "extract/extract.h"
#include "notify/notify.h"

/* A mail is cut off above LIMIT_MAIL_BYTES; its template is no larger. */
#define TEMPLATE_BYTES (1024L * 1024)

static void
fault_add(void *context, const char *file, uint32_t line, uint32_t column,
    const char *text)
{
	problems_add(context, file, line, column, "%s", text);
}

bool
check_selectors(const struct source *source, struct problems *problems)
{
	size_t before = problems->n;
	struct extractor *extractor =
	    extractor_new(source, fault_add, problems);

	extractor_free(extractor);
	return problems->n == before;
}

static int
file_read(const char *path, struct buf *to)
{
	FILE *f = fopen(path, "re");
	size_t n;

	if (f == NULL)
		return -1;
	do {
		char *end = buf_reserve(to, 4096);

		n = end == NULL ? 0 : fread(end, 1, 4096, f);
		to->len += n;
	} while (n > 0);
	fclose(f);
	/* A string ends with NUL, which buf_reserve does not write. */
	return to->over ? -1 : buf_char(to, '\0');
}

/* NAME.sample.json beside the shipped NAME.txt.mustache, or NULL. */
static struct json *
sample_of(const struct problems *problems, const char *root, const char *name)
{
	struct err e = { 0 };
	struct json *sample = NULL;
	struct buf text;

	buf_init(&text, TEMPLATE_BYTES);
	if (file_read(
		arena_printf(problems->arena, "%s/templates/%.*s.sample.json",
		    root, (int)strcspn(name, "."), name),
		&text) == 0)
		sample = json_parse(text.data, text.len - 1, &e);
	buf_fini(&text);
	return sample;
}

static void
file_check(const struct conf *conf, const struct template_dirs *dirs,
    const char *name, struct problems *problems)
{
	struct json *sample = sample_of(problems, conf->root, name);
	const char *path = arena_printf(problems->arena, "%s/%s",
	    dirs->own != NULL ? dirs->own : dirs->shipped, name);
	struct mustache_place at;
	struct err e = { 0 };

	if (mail_template_check(dirs, name, sample, &at, &e) == -1) {
		const char *hint = strstr(e.text, "\nHINT: ");

		problems_add(problems, path, (uint32_t)at.line,
		    (uint32_t)at.column, "%.*s%s%s%s",
		    (int)strcspn(e.text, "\n"), e.text,
		    hint == NULL ? "" : " (",
		    hint == NULL ? "" : hint + strlen("\nHINT: "),
		    hint == NULL ? "" : ")");
	}
	json_free(sample);
}

static void
folder_check(const struct conf *conf, const struct template_dirs *dirs,
    struct problems *problems)
{
	const char *folder = dirs->own != NULL ? dirs->own : dirs->shipped;
	DIR *dir = opendir(folder);
	struct dirent *entry;

	if (dir == NULL)
		problems_add(problems, folder, 0, 0,
		    "templates: this folder cannot be read (%s)",
		    strerror(errno));
	while (dir != NULL && (entry = readdir(dir)) != NULL)
		if (str_ends(entry->d_name, ".mustache"))
			file_check(conf, dirs, entry->d_name, problems);
	if (dir != NULL)
		closedir(dir);
}

void
check_templates(const struct conf *conf, struct problems *problems)
{
	struct template_dirs dirs = { .shipped = arena_printf(problems->arena,
					  "%s/templates", conf->root) };

	folder_check(conf, &dirs, problems);
	dirs.own = conf->templates;
	if (dirs.own != NULL)
		folder_check(conf, &dirs, problems);
}

int
check_mails(const struct conf *conf, const struct cmd_context *c)
{
	struct arena *arena = arena_new(16UL * 1024 * 1024);
	struct problems problems;
	int ret = 0;

	problems_init(&problems, arena);
	check_templates(conf, &problems);
	if (problems.n > 0) {
		problems_print(&problems, stderr, c->json);
		ret = err_exit_code(ERR_CONFIG);
	}
	arena_free(arena);
	return ret;
}
