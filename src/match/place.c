/*
 * Places as keys that can be compared without knowing the map.
 */
#include <string.h>
#include "base/str.h"
#include "match/match_int.h"

#define PLACE_ITEMS   16
#define PLACE_PARTS   4
#define PLACE_KEY_MAX 4000

const char *
region_code(const char *folded)
{
	const char *const *row =
	    table_find(regions_table[0], regions_rows, 2, folded);

	return row == NULL ? NULL : row[1];
}

struct item {
	const char *parts[PLACE_PARTS]; /* "*" first if remote */
	size_t n;
};
struct items {
	struct item at[PLACE_ITEMS];
	size_t n;
};

static bool
is_remote_word(const char *word)
{
	static const char *const list[] = { "remote", "remotely", "anywhere",
		"worldwide", "telecommute", "homeoffice", "wfh" };

	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		if (str_eq(word, list[i]))
			return true;
	return false;
}

/* Words that are written around a place and are none. */
static bool
is_filler(const char *word)
{
	static const char *const list[] = { "hybrid", "onsite", "office", "hq",
		"headquarters", "area", "greater", "metro", "metropolitan",
		"the", "in", "from", "work", "home", "based", "fully", "first",
		"only", "eligible", "friendly", "position", "location",
		"locations", "city", "of", "or", "and" };

	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		if (str_eq(word, list[i]))
			return true;
	return false;
}

static void
item_add(struct items *items, const struct item *item)
{
	if (item->n > 0 && items->n < PLACE_ITEMS)
		items->at[items->n++] = *item;
}

static void
part_add(struct item *item, const char *part)
{
	if (part == NULL || part[0] == '\0')
		return;
	/* "Berlin, Berlin, DE" says no more than "Berlin, DE". */
	for (size_t i = 0; i < item->n; i++)
		if (str_eq(item->parts[i], part))
			return;
	if (item->n < PLACE_PARTS)
		item->parts[item->n++] = part;
}

/* Words [from, to) as one part of an item; remote words mark the item. */
static void
part_read(struct arena *arena, const struct words *w, size_t from, size_t to,
    struct item *item, bool *remote)
{
	struct words kept = { .n = 0 };
	const char *part, *code;

	for (size_t i = from; i < to; i++) {
		if (is_remote_word(w->at[i].text))
			*remote = true;
		else if (str_eq(w->at[i].text, "home") && i + 1 < to &&
			 (str_eq(w->at[i + 1].text, "based") ||
			     str_eq(w->at[i + 1].text, "office")))
			*remote = true;
		else if (str_eq(w->at[i].text, "from") && i + 1 < to &&
			 str_eq(w->at[i + 1].text, "home"))
			*remote = true;
		else if (!is_filler(w->at[i].text))
			kept.at[kept.n++] = w->at[i];
	}
	part = words_join(arena, &kept, 0, kept.n);
	code = item->n > 0 || *remote || kept.n > 0 ? region_code(part) : NULL;
	part_add(item, code != NULL ? code : part);
}

/* One place of a text: "Berlin, Germany", "Remote - US", "Cincinnati, OH". */
static void
item_read(struct arena *arena, const char *text, struct items *items)
{
	struct words w;
	struct item item = { .n = 0 }, whole = { .n = 0 };
	bool remote = false;
	size_t end;

	words_split(arena, text, &w);
	for (size_t i = 0; i < w.n; i = end) {
		for (end = i; end < w.n && w.at[end].segment == w.at[i].segment;
		     end++)
			;
		part_read(arena, &w, i, end, &item, &remote);
	}
	if (remote)
		part_add(&whole, "*");
	for (size_t i = 0; i < item.n; i++)
		part_add(&whole, item.parts[i]);
	item_add(items, &whole);
}

/* A location text holds one place or several. */
static void
items_read(struct arena *arena, const char *text, struct items *items)
{
	while (*text != '\0') {
		size_t n = 0;

		while (text[n] != '\0' && strchr(";|\n", text[n]) == NULL &&
		       strncmp(text + n, " or ", 4) != 0 &&
		       strncmp(text + n, " / ", 3) != 0 &&
		       strncmp(text + n, " and ", 5) != 0)
			n++;
		item_read(arena, arena_strndup(arena, text, n), items);
		text += n;
		if (*text == ' ')
			text += text[1] == 'a' ? 5 : text[1] == 'o' ? 4 : 3;
		else
			text += *text != '\0';
	}
}

static const char *
part_fold(struct arena *arena, const char *text)
{
	struct words w;
	const char *part, *code;

	words_split(arena, text, &w);
	part = words_join(arena, &w, 0, w.n);
	code = region_code(part);
	return code != NULL ? code : part;
}

static int
item_compare(const struct item *a, const struct item *b)
{
	for (size_t i = 0; i < a->n && i < b->n; i++) {
		int order = strcmp(a->parts[i], b->parts[i]);

		if (order != 0)
			return order;
	}
	return (a->n > b->n) - (a->n < b->n);
}

static void
items_sort(struct items *items)
{
	size_t to = 0;

	for (size_t i = 1; i < items->n; i++)
		for (size_t k = i; k > 0 && item_compare(&items->at[k - 1],
						&items->at[k]) > 0;
		     k--) {
			struct item swap = items->at[k];

			items->at[k] = items->at[k - 1];
			items->at[k - 1] = swap;
		}
	for (size_t i = 0; i < items->n; i++)
		if (to == 0 ||
		    item_compare(&items->at[to - 1], &items->at[i]) != 0)
			items->at[to++] = items->at[i];
	items->n = to;
}

static const char *
items_text(struct arena *arena, const struct items *items)
{
	struct buf b;
	const char *text;

	buf_init(&b, PLACE_KEY_MAX);
	for (size_t i = 0; i < items->n; i++)
		for (size_t k = 0; k < items->at[i].n; k++) {
			if (k > 0 || i > 0)
				buf_char(&b, k > 0 ? ',' : ';');
			buf_str(&b, items->at[i].parts[k]);
		}
	text = arena_strdup(arena, buf_cstr(&b));
	buf_fini(&b);
	return text;
}

const char *
place_key(struct arena *arena, const struct posting *p)
{
	struct items items = { .n = 0 };
	bool remote = p->remote == REMOTE_REMOTE;

	for (size_t i = 0; i < p->nplaces; i++) {
		const struct place *place = &p->places[i];
		struct item item = { .n = 0 };

		if (remote && place->city == NULL)
			part_add(&item, "*");
		part_add(&item, part_fold(arena, place->city));
		part_add(&item, part_fold(arena, place->region));
		part_add(&item, part_fold(arena, place->country));
		item_add(&items, &item);
	}
	if (p->nplaces == 0 && p->location != NULL)
		items_read(arena, p->location, &items);
	if (items.n == 0 && remote)
		item_add(&items, &(struct item){ { "*" }, 1 });
	items_sort(&items);
	return items_text(arena, &items);
}

/* ---- comparing keys ---- */

/* Parts of an item as spans of the key. */
struct spans {
	const char *at[PLACE_PARTS];
	size_t length[PLACE_PARTS];
	size_t n;
};

static const char *
spans_next(const char *key, struct spans *to)
{
	to->n = 0;
	while (*key != '\0' && *key != ';') {
		size_t n = strcspn(key, ",;");

		if (to->n < PLACE_PARTS) {
			to->at[to->n] = key;
			to->length[to->n++] = n;
		}
		key += n;
		key += *key == ',';
	}
	return key + (*key == ';');
}

static bool
span_eq(const struct spans *a, size_t i, const struct spans *b, size_t k)
{
	return a->length[i] == b->length[k] &&
	       memcmp(a->at[i], b->at[k], a->length[i]) == 0;
}

/* The first part is the same, and one says no more than the other knows. */
static bool
item_same(const struct spans *a, const struct spans *b)
{
	const struct spans *less = a->n <= b->n ? a : b;
	const struct spans *more = a->n <= b->n ? b : a;

	if (!span_eq(a, 0, b, 0))
		return false;
	for (size_t i = 1; i < less->n; i++) {
		bool found = false;

		for (size_t k = 1; k < more->n; k++)
			found |= span_eq(less, i, more, k);
		if (!found)
			return false;
	}
	return true;
}

static bool
items_within(const char *a, const char *b)
{
	struct spans x, y;

	while (*a != '\0') {
		bool found = false;

		a = spans_next(a, &x);
		for (const char *q = b; *q != '\0' && !found;) {
			q = spans_next(q, &y);
			found = x.n > 0 && y.n > 0 && item_same(&x, &y);
		}
		if (!found)
			return false;
	}
	return true;
}

bool
place_same(const char *a, const char *b)
{
	if (*a == '\0' || *b == '\0')
		return *a == *b;
	return items_within(a, b) && items_within(b, a);
}

bool
place_city(const char *key, size_t i, char *to, size_t size)
{
	struct spans item;

	do {
		if (*key == '\0')
			return false;
		key = spans_next(key, &item);
	} while (i-- > 0);
	if (item.n == 0 || item.length[0] >= size)
		return false;
	memcpy(to, item.at[0], item.length[0]);
	to[item.length[0]] = '\0';
	return true;
}

static void
words_add(struct words *to, const char *text)
{
	if (text != NULL && to->n < WORDS_MAX)
		to->at[to->n++].text = text;
}

void
place_words(struct arena *arena, const struct posting *p, struct words *to)
{
	struct words w;
	const char *texts[3];

	words_split(arena, p->location, to);
	for (size_t i = 0; i < p->nplaces; i++) {
		texts[0] = p->places[i].city;
		texts[1] = p->places[i].region;
		texts[2] = p->places[i].country;
		for (size_t k = 0; k < 3; k++) {
			words_split(arena, texts[k], &w);
			for (size_t j = 0; j < w.n; j++)
				words_add(to, w.at[j].text);
		}
	}
	for (size_t i = 0, n = to->n, taken; i < n; i += taken) {
		const char *const *row;

		taken = 1;
		row = words_find(
		    to, i, 4, regions_table[0], regions_rows, 2, &taken);
		if (row != NULL)
			words_add(to, row[1]);
	}
}
