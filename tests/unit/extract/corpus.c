/*
 * Recorded pages of real boards, where they lie beside the tree: the counts
 * that other parsers found in them (EXPECTED.tsv) must be ours.
 */
#include "base/str.h"
#include "check.h"
#include "extract/charset.h"
#include "extract/css.h"
#include "extract/jsonpath.h"
#include "extract/xpath.h"
#include "shared.h"

struct row {
	char *path, *format, *postings, *how;
};

static struct arena *list_arena, *arena;

/* The next line cut at its tabs; false at the end. */
static bool
next_row(char **at, struct row *to)
{
	char *columns[7] = { NULL }, *line;

	do {
		line = *at;
		if (line == NULL || *line == '\0')
			return false;
		*at = strchr(line, '\n');
		if (*at != NULL)
			*(*at)++ = '\0';
	} while (*line == '#');
	for (int i = 0; i < 7; i++) {
		columns[i] = line;
		line += strcspn(line, "\t");
		if (*line == '\t')
			*line++ = '\0';
	}
	*to = (struct row){ columns[0], columns[2], columns[4], columns[5] };
	return true;
}

static char *
body_of(const struct row *row, size_t *n)
{
	arena_free(arena);
	arena = arena_new(512 * 1024 * 1024);
	return shared_read(
	    arena, arena_printf(arena, "corpus/%s", row->path), n);
}

static long
count_css(const struct row *row)
{
	struct css_found *found;
	struct css *css;
	size_t n, count;
	const char *text = body_of(row, &n);

	css = css_new(
	    arena, row->how + strlen("count of CSS "), false, NULL, NULL);
	if (text == NULL || css == NULL)
		return -1;
	text = charset_read(
	    arena, text, &n, "text/html; charset=utf-8", CHARSET_HTML);
	if (css_select(css, arena, dom_html(arena, text, n)->root, 100000,
		&found, &count) != 0)
		return -1;
	return (long)count;
}

static long
count_json(const struct row *row)
{
	const struct jnode *root, *const *found;
	struct jsonpath *path;
	size_t n, count;
	const char *text = body_of(row, &n);
	size_t len = strlen(row->how);

	path = jsonpath_new(
	    arena, arena_strndup(arena, row->how + 4, len - 5), NULL, NULL);
	if (text == NULL || path == NULL ||
	    jdoc_parse(arena, text, n, JDOC_STRICT, &root, NULL) != JDOC_OK ||
	    jsonpath_select(path, arena, root, &found, &count) != 0)
		return -1;
	return (long)count;
}

static long
count_xpath(const struct row *row)
{
	struct xpath_found *found;
	struct xpath_doc *doc;
	struct xpath *xpath;
	struct dom *dom;
	size_t n, count;
	long result = -1;
	const char *text = body_of(row, &n);

	text = charset_read(arena, text, &n, NULL, CHARSET_XML);
	dom = dom_xml(arena, text, n);
	xpath = xpath_new(row->how, NULL, NULL);
	doc = xpath_doc_new(arena, dom);
	if (xpath != NULL && doc != NULL &&
	    xpath_select(xpath, doc, arena, dom->root, 1, &found, &count) ==
		0 &&
	    count == 1)
		result = strtol(found[0].text, NULL, 10);
	xpath_doc_free(doc);
	xpath_free(xpath);
	return result;
}

/* -2: the rule is none that one selector can answer. */
static long
count(const struct row *row)
{
	if (str_starts(row->how, "count of CSS ") &&
	    strstr(row->how, " that ") == NULL &&
	    strstr(row->how, " with text") == NULL)
		return count_css(row);
	if (str_starts(row->how, "len($") && str_ends(row->how, ")"))
		return count_json(row);
	if (str_starts(row->how, "count(") && str_ends(row->how, ")") &&
	    str_starts(row->path, "xml-feed/"))
		return count_xpath(row);
	return -2;
}

static void
counts(void)
{
	size_t n, right = 0, all = 0;
	struct row row;
	char *at;

	list_arena = arena_new(16 * 1024 * 1024);
	at = shared_read(list_arena, "corpus/EXPECTED.tsv", &n);
	if (at == NULL) {
		arena_free(list_arena);
		SKIP("no corpus");
	}
	while (next_row(&at, &row)) {
		long got = count(&row);

		if (got == -2)
			continue;
		all++;
		if (got == strtol(row.postings, NULL, 10))
			right++;
		else
			printf("%s: %s: %ld, not %s\n", row.path, row.how, got,
			    row.postings);
	}
	printf("corpus: %zu of %zu counts\n", right, all);
	arena_free(arena);
	arena_free(list_arena);
	CHECK_INT(right, all);
}

TESTS(TEST(counts))
