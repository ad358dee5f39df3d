/*
 * JSON pages.
 */
#include <string.h>
#include "extract/charset.h"
#include "extract/extract_int.h"

/* What some put before JSON so that no script can read it. */
static void
skip_guard(const char **text, size_t *n)
{
	static const char *const guards[] = { ")]}',", ")]}'", "while(1);",
		"for(;;);" };

	for (size_t i = 0; i < sizeof(guards) / sizeof(guards[0]); i++) {
		size_t len = strlen(guards[i]);

		if (*n > len && memcmp(*text, guards[i], len) == 0) {
			*text += len;
			*n -= len;
			return;
		}
	}
}

/* Bytes that no UTF-8 JSON has: another charset may explain them. */
static bool
is_other_charset(enum jdoc_result result, const char *text, size_t n)
{
	return result == JDOC_NOT_UTF8 ||
	       (result == JDOC_MALFORMED && memchr(text, '\0', n) != NULL);
}

/* Text from its first character on; a BOM may stand before it. */
static bool
begins_json(const char *text, size_t n)
{
	size_t blanks = blank_prefix(text, n);

	text += blanks;
	return blanks < n && (*text == '{' || *text == '[' || *text == '"' ||
				 *text == '\xef');
}

static bool
json_open(struct reading *r)
{
	const char *text = r->body, *utf8;
	size_t n = r->n;
	struct err e = { 0 };
	enum jdoc_result result;

	skip_guard(&text, &n);
	result = jdoc_parse(r->arena, text, n, JDOC_STRICT, &r->json, &e);
	if (is_other_charset(result, text, n)) {
		size_t len = n;

		utf8 = charset_read(
		    r->arena, text, &len, r->page->content_type, CHARSET_JSON);
		result =
		    jdoc_parse(r->arena, utf8, len, JDOC_STRICT, &r->json, &e);
	}
	if (result == JDOC_OK)
		return true;
	if (result == JDOC_TOO_BIG)
		return reading_fail(r, EXTRACT_TOO_BIG, "JSON: %s", e.text);
	if (!begins_json(text, n))
		return reading_not_format(r, "JSON");
	return reading_fail(r, EXTRACT_MALFORMED, "JSON: %s", e.text);
}

/* Without a selector: the elements of an array, or the one object. */
void
json_items(struct reading *r)
{
	const struct jnode *n = r->json;
	bool is_list = n->type == J_ARRAY && r->page->kind == REQUEST_LIST;

	r->nitems = is_list ? n->len : 1;
	r->items = arena_array(r->arena, r->nitems, sizeof(r->items[0]));
	if (is_list)
		n = jnode_first(n);
	if (!is_list && r->dom != NULL)
		r->items[0].node = r->dom->root;
	for (size_t i = 0; i < r->nitems; i++) {
		r->items[i].json = n;
		if (is_list)
			n = jnode_next(n);
	}
}

const struct format_reader reader_json = {
	.name = "json",
	.selects = SELECT_JSONPATH,
	.open = json_open,
	.find_items = json_items,
};
