/*
 * Bad files in tables: the text, and the faults it must have, one a line as
 * "line:column: text".
 */
#ifndef TESTS_UNIT_CONF_FAULTS_H
#define TESTS_UNIT_CONF_FAULTS_H

#include <stdlib.h>
#include <unistd.h>
#include "base/limits.h"
#include "conf/conf_int.h"
#include "check.h"

struct bad {
	const char *text, *faults;
};

/* The faults as such lines; without a place the text alone. */
static inline const char *
faults_text(struct arena *arena, const struct problems *problems)
{
	const char *text = "";

	for (size_t i = 0; i < problems->n; i++) {
		const struct problem *p = &problems->list[i];
		const char *line = p->line == 0
				       ? p->text
				       : arena_printf(arena, "%u:%u: %s",
					     p->line, p->column, p->text);

		text = arena_printf(
		    arena, "%s%s%s", text, i == 0 ? "" : "\n", line);
	}
	return text;
}

/* A file below a fresh directory; the path is in the arena. */
static inline const char *
file_write(struct arena *arena, const char *name, const char *text)
{
	static char dir[] = "/tmp/conf-test-XXXXXX";
	static bool is_made;
	const char *path;
	FILE *f;

	if (!is_made)
		CHECK(mkdtemp(dir) != NULL);
	is_made = true;
	path = arena_printf(arena, "%s/%s", dir, name);
	/* An earlier one may be read-only. */
	unlink(path);
	f = fopen(path, "w");
	CHECK(f != NULL);
	fwrite(text, 1, strlen(text), f);
	fclose(f);
	return path;
}

#endif
