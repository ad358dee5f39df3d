/*
 * Files of the shared corpus, which tests may read when it is there: found
 * at $CAREERD_SHARED, else beside the tree.
 */
#ifndef TESTS_UNIT_SHARED_H
#define TESTS_UNIT_SHARED_H

#include <stdio.h>
#include <stdlib.h>
#include "base/arena.h"

/* The whole file in the arena, ended by NUL; NULL if it is not there. */
static inline char *
shared_read(struct arena *arena, const char *path, size_t *n)
{
	const char *root = getenv("CAREERD_SHARED");
	FILE *f = fopen(arena_printf(arena, "%s/%s",
			    root == NULL ? "../shared" : root, path),
	    "rb");
	char *text;
	long size;

	if (f == NULL)
		return NULL;
	fseek(f, 0, SEEK_END);
	size = ftell(f);
	rewind(f);
	text = arena_alloc(arena, (size_t)size + 1);
	*n = fread(text, 1, (size_t)size, f);
	fclose(f);
	return text;
}

#endif
