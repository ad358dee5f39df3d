/*
 * Structured data of extruct's test suite: its scripts of JSON-LD are JSON to
 * us, and its items of microdata have the properties that extruct finds. Its
 * items are no jobs, so each is called one before it is read.
 */
#include <strings.h>
#include "base/json.h"
#include "extract/charset.h"
#include "extract/extract_int.h"
#include "suite.h"

static struct arena *arena;

static const char *
page_read(const char *path, size_t *n)
{
	char *body = suite_read(path, n);
	const char *text = charset_read(arena, body, n, NULL, CHARSET_HTML);

	/* A copy of its own, so that reading beyond it is noticed. */
	text = arena_strndup(arena, text, *n);
	free(body);
	return text;
}

static bool
is_script(const struct node *n)
{
	const char *type =
	    n->tag == TAG_SCRIPT ? node_attr_text(arena, n, "type") : NULL;

	return type != NULL && strcasestr(type, "ld+json") != NULL;
}

static void
scripts_count(const char *path, int *read, int *all)
{
	const struct jnode *root;
	struct err e = { 0 };
	size_t n;
	const char *text = page_read(path, &n);
	struct dom *dom = dom_html(arena, text, n);

	for (const struct node *s = dom->root; s != NULL;
	     s = node_after(s, dom->root)) {
		if (!is_script(s) || s->first == NULL)
			continue;
		++*all;
		if (jdoc_parse(arena, s->first->text, s->first->len,
			JDOC_LENIENT, &root, &e) == JDOC_OK)
			++*read;
		else
			printf("%s: %s\n", path, e.text);
	}
}

static void
linked_data(void)
{
	struct suite *s = suite_find("extruct");
	int read = 0, all = 0;

	for (size_t i = 0; i < s->n; i++) {
		if (!str_ends(s->paths[i], ".html"))
			continue;
		arena = arena_new(256 * 1024 * 1024);
		scripts_count(s->paths[i], &read, &all);
		arena_free(arena);
	}
	suite_close(s);
	printf("table: extruct: %d of %d scripts of JSON-LD read\n", read, all);
	CHECK_INT(read, all);
}

/* ---- microdata ---- */

/* The page with "itemtype=...NAME" of an item made ".../JobPosting". */
static const char *
called_job(const char *text, const char *type)
{
	const char *at = strstr(text, type), *quote = "\"'";

	while (at != NULL && (at == text || strchr(quote, at[-1]) == NULL ||
				 strchr(quote, at[strlen(type)]) == NULL))
		at = strstr(at + 1, type);
	if (at == NULL)
		return NULL;
	return arena_printf(arena, "%.*shttp://schema.org/JobPosting%s",
	    (int)(at - text), text, at + strlen(type));
}

static const char *
folded(const char *text)
{
	return str_fold_space(
	    arena, value_html_text(arena, text, strlen(text)));
}

static bool item_is(const struct jnode *, const struct json *);

static bool
value_is(const struct jnode *got, const struct json *want)
{
	const char *text, *wanted;

	if (json_is_object(want))
		return got != NULL && got->type == J_OBJECT &&
		       item_is(got, want);
	text = got == NULL ? NULL : jnode_text(arena, got);
	wanted = json_text(want);
	if (text == NULL)
		return false;
	/* Addresses are made absolute elsewhere. */
	return strcmp(folded(text), folded(wanted)) == 0 ||
	       (str_starts(wanted, "http") && str_ends(wanted, text));
}

static bool
property_is(const struct jnode *got, const struct json *want)
{
	if (!json_is_array(want))
		return value_is(got, want);
	if (got == NULL || got->type != J_ARRAY || got->len != json_size(want))
		return false;
	for (uint32_t i = 0; i < got->len; i++)
		if (!value_is(jnode_at(got, i), json_at(want, i)))
			return false;
	return true;
}

static int met, all;

static bool
item_is(const struct jnode *got, const struct json *want)
{
	const struct json *properties = json_get(want, "properties");
	struct json *value;
	const char *name;
	bool same = true;

	for (size_t i = 0; json_member(properties, i, &name, &value); i++) {
		bool is = property_is(jnode_member(got, name), value);

		all++;
		met += is;
		same &= is;
		if (!is)
			printf(
			    "  %s is not %s\n", name, json_dump(arena, value));
	}
	return same;
}

static void
item_check(const char *text, const struct json *want)
{
	const char *type = json_get_text(want, "type");
	const struct jnode *root;
	struct buf json;
	struct dom *dom;

	text = type == NULL ? NULL : called_job(text, type);
	if (text == NULL)
		return;
	buf_init(&json, 1 << 22);
	dom = dom_html(arena, text, strlen(text));
	microdata_write(dom, &json);
	CHECK(json.len > 0);
	CHECK_INT(
	    jdoc_parse(arena, json.data, json.len, JDOC_STRICT, &root, NULL),
	    JDOC_OK);
	item_is(jnode_at(root, 0), want);
	buf_fini(&json);
}

static void
file_check(const char *path)
{
	struct err e = { 0 };
	size_t n;
	const char *expected = page_read(path, &n), *text;
	struct json *list = json_parse(expected, n, &e);
	char *page = arena_strdup(arena, path);
	FILE *file;

	if (!json_is_array(list) ||
	    json_get(json_at(list, 0), "properties") == NULL) {
		json_free(list);
		return;
	}
	memcpy(page + strlen(page) - strlen(".json"), ".html", 5);
	file = fopen(page, "r");
	if (file != NULL) {
		fclose(file);
		text = page_read(page, &n);
		printf("%s\n", page);
		item_check(text, json_at(list, 0));
	}
	json_free(list);
}

static void
microdata(void)
{
	struct suite *s = suite_find("extruct");

	for (size_t i = 0; i < s->n; i++) {
		if (!str_ends(s->paths[i], ".json"))
			continue;
		arena = arena_new(256 * 1024 * 1024);
		file_check(s->paths[i]);
		arena_free(arena);
	}
	suite_close(s);
	printf("table: extruct: %d of %d properties of microdata\n", met, all);
	/* Links by whose text we go, and what lies in those, differ. */
	CHECK(met * 100 >= all * 90);
}

TESTS(TEST(linked_data), TEST(microdata))
