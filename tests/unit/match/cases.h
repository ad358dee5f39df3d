/*
 * Postings and people for the tests of this room, made of little JSON.
 */
#ifndef TESTS_UNIT_MATCH_CASES_H
#define TESTS_UNIT_MATCH_CASES_H

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "match/match_int.h"

static struct arena *arena;

static inline void
arena_begin(void)
{
	arena_free(arena);
	arena = arena_new(256L * 1024 * 1024);
}

/* JSON written with ' for ", so that it reads in C. */
static inline struct json *
case_json(const char *text)
{
	char *copy = arena_strdup(arena, text);
	struct err e = { 0 };
	struct json *j;

	for (char *p = copy; *p != '\0'; p++)
		if (*p == '\'')
			*p = '"';
	j = json_parse(copy, strlen(copy), &e);
	if (j == NULL)
		printf("%s: %s\n", copy, e.text);
	CHECK(j != NULL);
	return j;
}

static inline struct posting
case_posting(const char *text)
{
	struct posting p = { 0 };
	struct json *j = case_json(text);
	struct err e = { 0 };

	CHECK_INT(posting_from_json(arena, j, &p, &e), 0);
	if (p.source == NULL)
		p.source = arena_strdup(arena, json_get_text(j, "source"));
	json_free(j);
	return p;
}

/* A description long enough to be compared; other seeds, other words. */
static inline const char *
case_text(int seed)
{
	static const char *const words[] = { "team", "builds", "services",
		"customers", "reliable", "data", "pipeline", "weekly", "office",
		"review", "design", "quality", "market", "report", "plan",
		"release", "support", "partner", "budget", "process" };
	const char *text = "We are a firm that";
	uint32_t x = (uint32_t)seed * 2654435761U + 1;

	for (int i = 0; i < 120; i++) {
		x = x * 1664525U + 1013904223U;
		text = arena_printf(arena, "%s %s", text,
		    words[(x >> 16) % (sizeof(words) / sizeof(words[0]))]);
	}
	return text;
}

#endif
