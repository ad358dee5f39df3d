#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/str.h"
#include "cmd/dryrun_show.h"

static const struct table_column posting_columns[] = {
	{ "title", "TITLE", 20, TABLE_LEFT },
	{ "company", "COMPANY", 10, TABLE_LEFT },
	{ "place", "PLACE", 10, TABLE_LEFT },
	{ "pay", "PAY", 0, TABLE_LEFT },
	{ "posted", "POSTED", 0, TABLE_LEFT },
	{ "url", "URL", 20, TABLE_LEFT },
};

static const struct table_column fill_columns[] = {
	{ "field", "FIELD", 0, TABLE_LEFT },
	{ "found", "FOUND", 0, TABLE_RIGHT },
	{ "rate", "RATE", 0, TABLE_RIGHT },
	{ "example", "EXAMPLE", 20, TABLE_LEFT },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- one posting in a line ---- */

static const char *
place_text(struct arena *arena, const struct posting *p)
{
	const char *text = "";

	for (size_t i = 0; i < p->nplaces; i++) {
		const struct place *place = &p->places[i];
		const char *first =
		    place->city != NULL ? place->city : place->region;

		text = arena_printf(arena, "%s%s%s%s%s", text,
		    i == 0 ? "" : "; ", first == NULL ? "" : first,
		    first == NULL || place->country == NULL ? "" : ", ",
		    place->country == NULL ? "" : place->country);
	}
	if (text[0] == '\0' && p->location != NULL)
		text = p->location;
	if (p->remote == REMOTE_NONE || str_eq_ci(text, remote_name(p->remote)))
		return text;
	return arena_printf(arena, "%s%s%s", text, text[0] == '\0' ? "" : " ",
	    arena_printf(arena, "(%s)", remote_name(p->remote)));
}

static const char *
pay_text(struct arena *arena, const struct salary *s)
{
	const char *range;

	if (!s->present)
		return "";
	if (s->min > 0 && s->max > 0 && s->min != s->max)
		range = arena_printf(arena, "%.0f-%.0f", s->min, s->max);
	else if (s->min > 0)
		range = arena_printf(
		    arena, "%s%.0f", s->max > 0 ? "" : "from ", s->min);
	else
		range = arena_printf(arena, "to %.0f", s->max);
	return arena_printf(arena, "%s%s%s%s%s", range,
	    s->currency == NULL ? "" : " ",
	    s->currency == NULL ? "" : s->currency,
	    s->period == PAY_NONE ? "" : "/",
	    s->period == PAY_NONE ? "" : pay_period_name(s->period));
}

static struct json *
posting_line(struct arena *arena, const struct posting *p)
{
	struct json *line = json_object();

	json_set(line, "title", json_string(p->title));
	json_set(line, "company", json_string(p->company));
	json_set(line, "place", json_string(place_text(arena, p)));
	json_set(line, "pay", json_string(pay_text(arena, &p->salary)));
	json_set(line, "posted",
	    p->posted.present ? json_string(arena_strndup(
				    arena, clock_iso(arena, p->posted.ms), 10))
			      : json_null());
	json_set(line, "url", json_string(p->url));
	return line;
}

static void
postings_show(
    struct arena *arena, const struct dryrun *run, enum table_style style)
{
	struct json *rows = json_array();

	for (size_t i = 0; i < run->n; i++)
		json_append(rows, style == TABLE_JSON
				      ? posting_json(&run->postings[i], arena)
				      : posting_line(arena, &run->postings[i]));
	table_print(
	    stdout, style, rows, posting_columns, COUNT(posting_columns));
	json_free(rows);
}

/* ---- how often each field was there ---- */

static bool
is_there(const struct json *value)
{
	if (value == NULL || json_is_null(value))
		return false;
	return !(json_is_array(value) || json_is_object(value)) ||
	       json_size(value) > 0;
}

static struct json *
fill_of(struct json *fills, const char *field)
{
	struct json *fill;

	for (size_t i = 0; i < json_size(fills); i++)
		if (str_eq(json_get_text(json_at(fills, i), "field"), field))
			return json_at(fills, i);
	fill = json_object();
	json_set(fill, "field", json_string(field));
	json_set(fill, "found", json_int(0));
	json_append(fills, fill);
	return fill;
}

static const char *
example_of(struct arena *arena, const struct json *value)
{
	if (json_is_array(value) && json_size(value) > 0)
		value = json_at(value, 0);
	if (json_is_string(value))
		return str_fold_space(
		    arena, arena_strndup(arena, json_text(value),
			       strnlen(json_text(value), 200)));
	return json_dump(arena, value);
}

static void
fill_count(struct arena *arena, struct json *fills, const char *field,
    const struct json *value)
{
	struct json *fill = fill_of(fills, field);

	if (!is_there(value))
		return;
	if (json_get(fill, "example") == NULL)
		json_set(
		    fill, "example", json_string(example_of(arena, value)));
	json_set(fill, "found", json_int(json_get_i64(fill, "found", 0) + 1));
}

static void
posting_count(
    struct arena *arena, struct json *fills, const struct json *posting)
{
	const char *key;
	struct json *value;

	for (size_t i = 0; json_member(posting, i, &key, &value); i++) {
		const char *name;
		struct json *more;

		if (str_eq(key, "source") || str_eq(key, "warnings") ||
		    str_eq(key, "description_html"))
			continue;
		if (!str_eq(key, "metadata")) {
			fill_count(arena, fills, key, value);
			continue;
		}
		for (size_t k = 0; json_member(value, k, &name, &more); k++)
			fill_count(arena, fills,
			    arena_printf(arena, "metadata.%s", name), more);
	}
}

/* What a field of a file is called in a posting. */
static const char *
field_key(struct arena *arena, const char *name)
{
	if (str_eq(name, "location"))
		return "places";
	if (field_type_find(name) == NULL)
		return arena_printf(arena, "metadata.%s", name);
	return name;
}

/* What a file asks for is listed, even if it was never there. */
static void
fills_expect(struct arena *arena, struct json *fills, const struct view *view)
{
	for (size_t i = 0; i < view->nfields; i++)
		json_set(
		    fill_of(fills, field_key(arena, view->fields[i].name.text)),
		    "asked", json_bool(true));
}

/* What was in the items, when none of them became a posting. */
static void
items_count(struct arena *arena, struct json *fills, const struct dryrun *run)
{
	for (size_t i = 0; i < run->nlist_fills; i++) {
		const struct fill *fill = &run->list_fills[i];

		if (fill->in_items > 0)
			json_set(fill_of(fills, field_key(arena, fill->name)),
			    "found", json_int(fill->in_items));
	}
}

static void
rate_set(struct arena *arena, struct json *fill, int64_t of)
{
	int64_t n = json_get_i64(fill, "found", 0);

	json_set(fill, "rate",
	    json_string(arena_printf(arena, "%.0f%%",
		of == 0 ? 0.0 : 100.0 * (double)n / (double)of)));
	if (n == 0)
		json_set(fill, "example", json_string("(nothing)"));
}

static void
fills_show(struct arena *arena, const struct dryrun_options *options,
    const struct dryrun *run, enum table_style style)
{
	struct json *fills = json_array(), *found = json_array();

	fills_expect(arena, fills, &options->source->list);
	if (run->detail_pages > 0)
		fills_expect(arena, fills, &options->source->detail);
	for (size_t i = 0; i < run->n; i++) {
		struct json *posting = posting_json(&run->postings[i], arena);

		posting_count(arena, fills, posting);
		json_free(posting);
	}
	if (run->n == 0)
		items_count(arena, fills, run);
	for (size_t i = 0; i < json_size(fills); i++) {
		struct json *fill = json_at(fills, i);

		rate_set(
		    arena, fill, run->n > 0 ? (int64_t)run->n : run->items);
		if (json_get_i64(fill, "found", 0) > 0 ||
		    json_get_true(fill, "asked"))
			json_append(found, json_ref(fill));
	}
	putchar('\n');
	table_print(stdout, style, found, fill_columns, COUNT(fill_columns));
	json_free(found);
	json_free(fills);
}

/* ---- the end ---- */

static void
warnings_show(FILE *to, struct arena *arena, const struct dryrun *run)
{
	for (size_t i = 0; i < run->n; i++) {
		const struct posting *p = &run->postings[i];

		for (size_t k = 0; k < p->nwarnings; k++)
			fprintf(to, "%s: %s\n",
			    str_safe(
				arena, p->title == NULL ? "" : p->title, 60),
			    str_safe(arena, p->warnings[k], 200));
	}
}

/* "drop title: '/intern/' or 'trainee'" */
static const char *
condition_text(struct arena *arena, const struct condition *c)
{
	const char *text = arena_printf(
	    arena, "%s %s:", c->is_drop ? "drop" : "keep", c->field.text);

	for (size_t i = 0; i < c->ntests; i++)
		text =
		    arena_printf(arena, "%s%s '%s'", text, i == 0 ? "" : " or",
			str_safe(arena, c->tests[i].text.text, 100));
	return text;
}

static void
drops_show(FILE *to, struct arena *arena, const struct dryrun *run)
{
	if (run->ndrops > 0)
		fprintf(to, "%zu job%s left out:\n", run->ndrops,
		    run->ndrops == 1 ? " is" : "s are");
	for (size_t i = 0; i < run->ndrops; i++)
		fprintf(to, "  %s (%s)\n",
		    str_safe(arena, run->drops[i].title, 100),
		    str_safe(
			arena, condition_text(arena, run->drops[i].by), 200));
}

static void
summary_show(FILE *to, struct arena *arena,
    const struct dryrun_options *options, const struct dryrun *run)
{
	fprintf(to, "%s: %s%s%s; %zu jobs of %lld items on %d page%s\n",
	    options->target->key, outcome_name(run->outcome),
	    run->reason[0] == '\0' ? "" : ": ",
	    str_safe(arena, run->reason, 300), run->n, (long long)run->items,
	    run->list_pages, run->list_pages == 1 ? "" : "s");
	if (run->total >= 0)
		fprintf(
		    to, "The board says it has %lld.\n", (long long)run->total);
	if (run->is_cut)
		fprintf(to, "The list goes on; --pages ended it.\n");
	if (run->refused > 0)
		fprintf(to, "%lld refused%s%s\n", (long long)run->refused,
		    run->refused_why[0] == '\0' ? "" : ", the first because: ",
		    str_safe(arena, run->refused_why, 300));
	if (run->detail_urls > 0)
		fprintf(to, "%d of %zu details were read, %d failed.\n",
		    run->detail_pages, run->detail_urls, run->failed_details);
}

/* A definition that finds nothing is not known to work. */
static int
exit_code(const struct dryrun *run)
{
	switch (run->outcome) {
	case OUTCOME_OK:
	case OUTCOME_UNCHANGED:
	case OUTCOME_EMPTY:
	case OUTCOME_TRUNCATED:
		return run->n + run->ndrops > 0 ? 0 : err_exit_code(ERR_DATA);
	case OUTCOME_THROTTLED:
		return err_exit_code(ERR_TEMP);
	case OUTCOME_BLOCKED:
	case OUTCOME_GONE:
	case OUTCOME_FAILED:
		return err_exit_code(ERR_UNAVAILABLE);
	default:
		return err_exit_code(ERR_DATA);
	}
}

int
dryrun_show(struct arena *arena, const struct dryrun_options *options,
    const struct dryrun *run, enum table_style style)
{
	FILE *to = style == TABLE_JSON ? stderr : stdout;

	postings_show(arena, run, style);
	if (style != TABLE_JSON) {
		fills_show(arena, options, run, style);
		putchar('\n');
	}
	warnings_show(to, arena, run);
	drops_show(to, arena, run);
	missed_show(to, arena, options, run);
	summary_show(to, arena, options, run);
	return exit_code(run);
}
