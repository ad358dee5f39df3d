#include "extract/re.h"

#include "base/limits.h"
#include "check.h"

static struct arena *arena;

static const char *
found(struct re *re, const char *text, unsigned group)
{
	size_t from, to;

	if (re == NULL)
		return "bad";
	if (!re_search(re, text, strlen(text), group, &from, &to))
		return NULL;
	return arena_strndup(arena, text + from, to - from);
}

static const char *
search(const char *pattern, const char *text, unsigned group)
{
	arena_free(arena);
	arena = arena_new(64 * 1024 * 1024);
	return found(
	    re_new(arena, pattern, strlen(pattern), NULL, NULL), text, group);
}

static const char *
iregexp(const char *pattern, const char *text, bool whole)
{
	arena_free(arena);
	arena = arena_new(64 * 1024 * 1024);
	return found(
	    re_new_iregexp(arena, pattern, strlen(pattern), whole), text, 0);
}

static void
groups(void)
{
	CHECK_STR(search("^([^:]+): (.+)$", "Acme: Baker", 2), "Baker");
	CHECK_STR(search("^([^:]+): (.+)$", "Acme Baker", 2), NULL);
	CHECK_STR(search("a(b)?", "a", 1), NULL);
	CHECK_STR(search("a", "a", 1), NULL);
	CHECK_STR(search("\\w+",
		      "\xc3\xbc"
		      "ber",
		      0),
	    "\xc3\xbc"
	    "ber");
	CHECK_STR(search("a\\Kb", "ab", 0), "b");
	CHECK_STR(search(".", "\xff", 0), NULL);
}

static void
faults(void)
{
	struct err e = { 0 };
	size_t at = 0;

	arena_free(arena);
	arena = arena_new(64 * 1024 * 1024);
	CHECK(re_new(arena, "a(b", 3, &at, &e) == NULL);
	CHECK_INT(at, 3);
	CHECK(strstr(e.text, "at character 4") != NULL);
	CHECK(re_new(arena, "\\C", 2, NULL, &e) == NULL);
	CHECK(re_new(arena, "\xff", 1, NULL, &e) == NULL);
	CHECK(re_new(arena, "(((((a{900}){900}){900}){900}){900})", 36, NULL,
		  &e) == NULL);
}

/* Patterns that would take for ever find nothing, soon. */
static void
bombs(void)
{
	char text[3000];

	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	CHECK_STR(
	    search("^(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", 0), NULL);
	CHECK_STR(search("(a|aa)+b", text, 0), NULL);
	CHECK_STR(search("(.*)*\\1x", text, 0), NULL);
	CHECK_STR(search("^(?:a?){50}a{3000}", text, 0), NULL);
}

static void
too_long(void)
{
	char pattern[LIMIT_RE_BYTES + 2];

	memset(pattern, 'a', sizeof(pattern) - 1);
	pattern[sizeof(pattern) - 1] = '\0';
	CHECK_STR(search(pattern, "a", 0), "bad");
}

static void
portable(void)
{
	CHECK_STR(iregexp("a.c", "xabcx", false), "abc");
	CHECK_STR(iregexp("a.c", "xabcx", true), NULL);
	CHECK_STR(iregexp("a.c", "a\nc", true), NULL);
	CHECK_STR(iregexp("[^a-c]{2,}", "zz", true), "zz");
	CHECK_STR(iregexp("\\p{Lu}+", "AB", true), "AB");
	CHECK_STR(iregexp("(a|b)*", "abba", true), "abba");
	/* PCRE2 would take these. */
	CHECK_STR(iregexp("a+?", "a", true), "bad");
	CHECK_STR(iregexp("(?=a)", "a", true), "bad");
	CHECK_STR(iregexp("\\d", "1", true), "bad");
	CHECK_STR(iregexp("(a)\\1", "aa", true), "bad");
	CHECK_STR(iregexp("a)(", "a", true), "bad");
	CHECK_STR(iregexp("[a", "a", true), "bad");
	CHECK_STR(iregexp("a{,2}", "a", true), "bad");
	arena_free(arena);
	arena = NULL;
}

TESTS(TEST(groups), TEST(faults), TEST(bombs), TEST(too_long), TEST(portable))
