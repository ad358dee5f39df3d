/*
 * Typed values out of nodes. What was found and what was expected is said in
 * the same words everywhere.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "conf/conf_int.h"

#define SHOWN_BYTES 60
#define CREDENTIAL_CHARS \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-."

const char *
node_found(struct arena *arena, const struct node *node)
{
	if (node->kind == NODE_LIST)
		return "a list";
	if (node->kind == NODE_MAP)
		return "a mapping";
	if (node_is_null(node))
		return "nothing";
	if (node->text[0] == '\0')
		return "an empty text";
	return arena_printf(
	    arena, "'%s'", str_safe(arena, node->text, SHOWN_BYTES));
}

static bool
expected(const struct reader *r, const struct node *node, const char *what)
{
	fault(r->problems, node, "expected %s, found %s", what,
	    node_found(r->arena, node));
	return false;
}

bool
is_map(const struct reader *r, const struct node *node)
{
	if (node->kind == NODE_MAP)
		return true;
	return expected(r, node, "a mapping (key: value)");
}

bool
read_text(const struct reader *r, const struct node *node, const char **to)
{
	if (node->kind != NODE_SCALAR || node_is_null(node) ||
	    str_is_empty(node->text))
		return expected(r, node, "a text");
	*to = node->text;
	return true;
}

bool
read_bool(const struct reader *r, const struct node *node, bool *to)
{
	static const char *const yes[] = { "true", "yes", "on" };
	static const char *const no[] = { "false", "no", "off" };

	for (size_t i = 0; node->kind == NODE_SCALAR && i < 3; i++) {
		bool is_yes = str_eq_ci(node->text, yes[i]);

		if (is_yes || str_eq_ci(node->text, no[i])) {
			*to = is_yes;
			return true;
		}
	}
	return expected(r, node, "true or false (on, off, yes, no)");
}

bool
read_i64(const struct reader *r, const struct node *node, int64_t min,
    int64_t max, int64_t *to)
{
	int64_t value;

	if (node->kind == NODE_SCALAR &&
	    str_to_i64(node->text, min, max, &value) == 0) {
		*to = value;
		return true;
	}
	return expected(r, node,
	    arena_printf(r->arena,
		"a whole number from %" PRId64 " to %" PRId64, min, max));
}

bool
read_double(const struct reader *r, const struct node *node, double min,
    double max, double *to)
{
	double value;

	if (node->kind == NODE_SCALAR &&
	    str_to_double(node->text, &value) == 0 && value >= min &&
	    value <= max) {
		*to = value;
		return true;
	}
	return expected(r, node,
	    arena_printf(r->arena, "a number from %.15g to %.15g", min, max));
}

bool
read_duration(const struct reader *r, const struct node *node, int64_t min_ms,
    int64_t max_ms, int64_t *to)
{
	struct err e = { 0 };
	int64_t value;

	if (node->kind != NODE_SCALAR ||
	    str_to_duration_ms(node->text, &value, &e) == -1)
		return expected(
		    r, node, "a duration such as 30s, 5m, 6h or 2d");
	if (value < min_ms || value > max_ms) {
		fault(r->problems, node, "%s is not within %s and %s",
		    node_found(r->arena, node), str_duration(r->arena, min_ms),
		    str_duration(r->arena, max_ms));
		return false;
	}
	*to = value;
	return true;
}

bool
read_bytes(const struct reader *r, const struct node *node, int64_t min,
    int64_t max, int64_t *to)
{
	struct err e = { 0 };
	int64_t value;

	if (node->kind != NODE_SCALAR ||
	    str_to_bytes(node->text, &value, &e) == -1)
		return expected(r, node, "a size such as 512KiB or 16MiB");
	if (value < min || value > max) {
		fault(r->problems, node, "%s is not within %s and %s",
		    node_found(r->arena, node), str_bytes(r->arena, min),
		    str_bytes(r->arena, max));
		return false;
	}
	*to = value;
	return true;
}

const char *
words_or(struct arena *arena, const char *const *words, size_t n)
{
	const char *text = words[0];

	for (size_t i = 1; i < n; i++)
		text = arena_printf(arena, "%s%s%s", text,
		    i + 1 == n ? " or " : ", ", words[i]);
	return text;
}

bool
read_word(const struct reader *r, const struct node *node,
    const char *const *words, size_t n, size_t *to)
{
	const char *near = "";

	for (size_t i = 0; node->kind == NODE_SCALAR && i < n; i++) {
		if (strcmp(node->text, words[i]) == 0) {
			*to = i;
			return true;
		}
	}
	if (node->kind == NODE_SCALAR)
		near = did_you_mean(r->arena, node->text, words, n);
	fault(r->problems, node, "expected %s, found %s%s",
	    words_or(r->arena, words, n), node_found(r->arena, node), near);
	return false;
}

bool
read_texts(const struct reader *r, const struct node *node,
    const char *const **to, size_t *n)
{
	size_t count = node->kind == NODE_LIST ? node->n : 1;
	const char **list = arena_array(r->arena, count, sizeof(*list));
	bool ok = true;

	if (node->kind == NODE_MAP)
		return expected(r, node, "a list of texts");
	if (node->kind == NODE_SCALAR)
		ok = read_text(r, node, &list[0]);
	else
		for (size_t i = 0; i < count; i++)
			ok = read_text(r, node->items[i], &list[i]) && ok;
	if (ok) {
		*to = list;
		*n = count;
	}
	return ok;
}

void
unknown_key(const struct reader *r, const struct node *key,
    const char *const *words, size_t n)
{
	fault(r->problems, key, "unknown key '%s'%s",
	    str_safe(r->arena, key->text, SHOWN_BYTES),
	    did_you_mean(r->arena, key->text, words, n));
}

/*
 * A key that is misspelt is complained about and then taken for the one that
 * was meant, unless that stands there too: what is wrong behind it is found
 * at the same time, and nobody is told that it is missing.
 */
static void
key_mend(const struct reader *r, const struct node *map, size_t i,
    const char *const *words, size_t n)
{
	const struct node *key = map->keys[i];
	const char *near = str_nearest(key->text, words, n);

	unknown_key(r, key, words, n);
	if (near != NULL && node_get(map, near) == NULL)
		map->keys[i] = node_scalar(r->arena, near, key);
}

static bool
is_key(const struct key *keys, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(keys[i].name, name) == 0)
			return true;
	return false;
}

void
read_map(const struct reader *r, const struct node *map, const struct key *keys,
    size_t nkeys, void *to)
{
	const char **words = arena_array(r->arena, nkeys, sizeof(*words));

	if (!is_map(r, map))
		return;
	for (size_t i = 0; i < nkeys; i++)
		words[i] = keys[i].name;
	/* The parser has complained about keys that are no words. */
	for (size_t i = 0; i < map->n; i++)
		if (map->keys[i]->kind == NODE_SCALAR &&
		    !is_key(keys, nkeys, map->keys[i]->text))
			key_mend(r, map, i, words, nkeys);
	/* In the table's order, so that a row can rely on those above it. */
	for (size_t i = 0; i < nkeys; i++) {
		const struct node *value = node_get(map, keys[i].name);

		if (value != NULL)
			keys[i].read(r, value, to);
	}
}

bool
read_credential(
    const struct reader *r, const struct node *node, const char **to)
{
	static const char prefix[] = "credential:";
	const char *name;

	/* What stands here may be a password: it is not repeated. */
	if (node->kind != NODE_SCALAR || !str_starts(node->text, prefix)) {
		fault(r->problems, node,
		    "expected credential:NAME; a secret is named here, never "
		    "written (put it into the file creds/NAME, mode 0600, "
		    "beside careerd.yaml)");
		return false;
	}
	name = node->text + strlen(prefix);
	if (name[0] == '\0' || name[0] == '.' ||
	    strspn(name, CREDENTIAL_CHARS) != strlen(name))
		return expected(r, node,
		    "credential:NAME with a name of letters, digits, '_', '-' "
		    "and '.'");
	*to = name;
	return true;
}
