/*
 * Conformance vectors lie outside the tree, in the directory that
 * $CAREERD_SHARED names; tests that want them are skipped without it.
 */
#ifndef TESTS_UNIT_EXTRACT_VECTORS_H
#define TESTS_UNIT_EXTRACT_VECTORS_H

#include <stdio.h>
#include <stdlib.h>
#include "base/json.h"
#include "check.h"

/* The JSON of suites/NAME; json_free it. */
static struct json *
vectors_load(const char *name)
{
	const char *shared = getenv("CAREERD_SHARED");
	char path[4096];
	struct json *json;
	struct err e;
	char *text = NULL;
	size_t size = 0;
	FILE *file;
	FILE *copy;
	int c;

	snprintf(path, sizeof(path), "%s/suites/%s",
	    shared != NULL ? shared : "../shared", name);
	file = fopen(path, "r");
	if (file == NULL)
		SKIP("no conformance vectors here");
	copy = open_memstream(&text, &size);
	while ((c = getc(file)) != EOF)
		putc(c, copy);
	fclose(file);
	fclose(copy);
	json = json_parse(text, size, &e);
	free(text);
	if (json == NULL)
		printf("%s: %s\n", path, e.text);
	CHECK(json != NULL);
	return json;
}

#endif
