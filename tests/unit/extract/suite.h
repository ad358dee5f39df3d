/*
 * Files of other programs' test suites, which lie in the shared corpus:
 * found, read, and what they expect.
 */
#ifndef TESTS_UNIT_EXTRACT_SUITE_H
#define TESTS_UNIT_EXTRACT_SUITE_H

#include <ftw.h>
#include "base/buf.h"
#include "base/str.h"
#include "base/utf8.h"
#include "check.h"

#define SUITE_FILES_MAX 4000

struct suite {
	char *paths[SUITE_FILES_MAX];
	size_t n;
};

static struct suite *suite_open;

static inline int
suite_add(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)ftw;
	if (type == FTW_F && suite_open->n < SUITE_FILES_MAX)
		suite_open->paths[suite_open->n++] = strdup(path);
	return 0;
}

static inline int
suite_order(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* All files below corpus/suites/NAME; the test is skipped without them. */
static inline struct suite *
suite_find(const char *name)
{
	const char *root = getenv("CAREERD_SHARED");
	char path[4096];

	suite_open = calloc(1, sizeof(*suite_open));
	snprintf(path, sizeof(path), "%s/corpus/suites/%s",
	    root == NULL ? "../shared" : root, name);
	if (suite_open != NULL)
		nftw(path, suite_add, 16, FTW_PHYS);
	if (suite_open == NULL || suite_open->n == 0) {
		free(suite_open);
		SKIP("the suites are not here");
	}
	qsort(suite_open->paths, suite_open->n, sizeof(suite_open->paths[0]),
	    suite_order);
	return suite_open;
}

static inline void
suite_close(struct suite *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->paths[i]);
	free(s);
}

/* A file whole, NUL behind it; free it. */
static inline char *
suite_read(const char *path, size_t *n)
{
	FILE *f = fopen(path, "rb");
	char *text;
	long size;

	CHECK(f != NULL);
	fseek(f, 0, SEEK_END);
	size = ftell(f);
	rewind(f);
	text = malloc((size_t)size + 1);
	CHECK(text != NULL);
	*n = fread(text, 1, (size_t)size, f);
	text[*n] = '\0';
	fclose(f);
	return text;
}

#endif
