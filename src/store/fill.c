/*
 * How often fields are found: counted with each page, kept with a page for
 * when it is unchanged, and with a source as what is usual.
 */
#include <string.h>
#include "base/str.h"
#include "store/store_int.h"

#define TALLIES_FIRST 32
#define OF_DETAIL     "detail."

/* ---- counting ---- */

static struct tally *
tally_of(struct tx *tx, struct delta *d, const char *name, bool of_detail)
{
	struct tally *grown;

	for (size_t i = 0; i < d->ntallies; i++)
		if (d->tallies[i].of_detail == of_detail &&
		    str_eq(d->tallies[i].name, name))
			return &d->tallies[i];
	if (d->ntallies == d->tallies_size) {
		d->tallies_size =
		    d->ntallies == 0 ? TALLIES_FIRST : d->ntallies * 2;
		grown = arena_array(tx->a, d->tallies_size, sizeof(*grown));
		if (d->ntallies > 0)
			memcpy(grown, d->tallies, d->ntallies * sizeof(*grown));
		d->tallies = grown;
	}
	d->tallies[d->ntallies] =
	    (struct tally){ .name = name, .of_detail = of_detail };
	return &d->tallies[d->ntallies++];
}

void
tally_add(struct tx *tx, struct delta *d, const char *name, bool of_detail,
    int64_t found, int64_t of)
{
	struct tally *t = tally_of(tx, d, name, of_detail);

	t->found += found;
	t->of += of;
}

void
tally_page(struct tx *tx, struct delta *d, const struct extracted *x)
{
	for (size_t i = 0; i < x->nfills; i++)
		tally_add(tx, d, x->fills[i].name, false, x->fills[i].found,
		    x->postings);
}

void
tally_known(struct tx *tx, struct delta *d, const char *fills, int64_t postings)
{
	struct json *o =
	    fills == NULL ? NULL : json_parse(fills, strlen(fills), NULL);
	struct json *value;
	const char *name;

	for (size_t i = 0; json_member(o, i, &name, &value); i++)
		tally_add(tx, d, arena_strdup(tx->a, name), false,
		    json_i64(value, 0), postings);
	json_free(o);
}

/* ---- as JSON ---- */

const char *
page_fills_json(struct arena *a, const struct extracted *x)
{
	struct json *o = json_object();
	const char *text;

	for (size_t i = 0; i < x->nfills; i++)
		json_set(o, x->fills[i].name, json_int(x->fills[i].found));
	text = json_dump(a, o);
	json_free(o);
	return text;
}

static void
set_pair(struct json *o, const char *key, int64_t found, int64_t of)
{
	struct json *pair = json_array();

	json_append(pair, json_int(found));
	json_append(pair, json_int(of));
	json_set(o, key, pair);
}

static const char *
key_of(struct arena *a, const char *name, bool of_detail)
{
	return of_detail ? arena_printf(a, OF_DETAIL "%s", name) : name;
}

const char *
tallies_json(struct arena *a, const struct delta *d)
{
	struct json *o;
	const char *text;

	if (d->ntallies == 0)
		return NULL;
	o = json_object();
	for (size_t i = 0; i < d->ntallies; i++) {
		const struct tally *t = &d->tallies[i];

		set_pair(o, key_of(a, t->name, t->of_detail), t->found, t->of);
	}
	text = json_dump(a, o);
	json_free(o);
	return text;
}

/* ---- a run beside what is usual ---- */

static struct json *
parse(const char *text)
{
	return text == NULL ? NULL : json_parse(text, strlen(text), NULL);
}

static struct fill_fact
fact_of(struct arena *a, const struct source *source, const char *key,
    const struct json *run, const struct json *usual)
{
	struct fill_fact f = { .of_detail = str_starts(key, OF_DETAIL),
		.found = json_i64(json_at(run, 0), 0),
		.of = json_i64(json_at(run, 1), 0),
		.usual_found = json_i64(json_at(usual, 0), 0),
		.usual = json_i64(json_at(usual, 1), 0) };

	f.name = arena_strdup(a, f.of_detail ? key + strlen(OF_DETAIL) : key);
	f.expected = fill_expected(source, f.name, f.of_detail);
	return f;
}

struct fill_fact *
fills_read(struct arena *a, const struct source *source, const char *run,
    const char *usual, size_t *n)
{
	struct json *now = parse(run), *before = parse(usual), *value;
	struct fill_fact *list =
	    arena_array(a, json_size(now) + 1, sizeof(*list));
	const char *key;

	*n = 0;
	for (size_t i = 0; json_member(now, i, &key, &value); i++)
		list[(*n)++] =
		    fact_of(a, source, key, value, json_get(before, key));
	json_free(now);
	json_free(before);
	return list;
}

const char *
fills_learnt(
    struct arena *a, const struct fill_fact *list, size_t n, const char *usual)
{
	struct json *o = parse(usual);
	int64_t found, of;
	const char *text;

	if (o == NULL)
		o = json_object();
	for (size_t i = 0; i < n; i++) {
		fill_learn(&list[i], &found, &of);
		set_pair(
		    o, key_of(a, list[i].name, list[i].of_detail), found, of);
	}
	text = json_dump(a, o);
	json_free(o);
	return text;
}
