/*
 * The judgement "posting": a definition read on a page, as a run would.
 */
#include <string.h>
#include "base/clock.h"
#include "base/str.h"
#include "cmd/dryrun.h"
#include "cmd/try_int.h"
#include "conf/conf.h"
#include "extract/extract.h"

#define PARAMS_MAX 64

static struct json *
problems_fault(struct arena *arena, const struct problems *problems)
{
	char *text = arena_strdup(arena, "");

	for (size_t i = 0; i < problems->n; i++) {
		const struct problem *p = &problems->list[i];
		text = arena_printf(arena, "%s%s%u:%u: %s", text,
		    i > 0 ? "; " : "", p->line, p->column, p->text);
	}
	return try_fault(text);
}

/* "params": {"board": "acme", "page": 2} as pairs. */
static size_t
params_of(struct arena *arena, const struct json *params, struct pair *to)
{
	struct json *value;
	size_t n = 0;

	for (size_t i = 0;
	     n < PARAMS_MAX && json_member(params, i, &to[n].name, &value); i++)
		if (json_is_string(value) || json_is_number(value))
			to[n++].value = json_is_string(value)
					    ? json_text(value)
					    : json_dump(arena, value);
	return n;
}

/* "now" as an ISO instant, or milliseconds; the clock's if it is absent. */
static int64_t
now_of(const struct json *now)
{
	struct instant instant = { 0 };

	if (json_is_number(now))
		return json_i64(now, 0);
	if (json_is_string(now) && value_date(json_text(now), clock_wall_ms(),
				       0, DAY_ORDER_NONE, &instant))
		return instant.ms;
	return clock_wall_ms();
}

static struct json *
postings_json(struct try *t, const struct dryrun *run)
{
	struct json *list = json_array();

	for (size_t i = 0; i < run->n; i++)
		json_append(list, posting_json(&run->postings[i], t->arena));
	return try_result(list);
}

/* An empty list and a page that could not be read are two things. */
static bool
could_look(const struct dryrun *run)
{
	return run->n > 0 || run->outcome == OUTCOME_OK ||
	       run->outcome == OUTCOME_EMPTY || run->outcome == OUTCOME_PARTIAL;
}

struct json *
try_posting(struct try *t, const struct json *in)
{
	const char *text = json_get_text(in, "source");
	const char *page = json_get_text(in, "page");
	struct dryrun_options options = { .max_pages = 1 };
	struct pair params[PARAMS_MAX];
	struct problems problems;
	struct err err = { 0 };
	struct source *source;
	struct dryrun run;

	if (text == NULL || page == NULL)
		return try_fault("source and page are needed");
	problems_init(&problems, t->arena);
	source = conf_source_parse(
	    t->arena, "source", text, strlen(text), &problems);
	if (source == NULL || problems.n > 0)
		return problems_fault(t->arena, &problems);
	if (conf_source_fill(t->arena, source, params,
		params_of(t->arena, json_get(in, "params"), params),
		&err) == -1)
		return try_fault(err.text);
	options.source = source;
	options.target = &source->targets[0];
	options.user_agent = "careerd";
	options.page = page;
	options.page_bytes = strlen(page);
	options.detail = json_get_text(in, "detail");
	if (options.detail != NULL)
		options.detail_bytes = strlen(options.detail);
	options.page_url = json_get_text(in, "url");
	options.now_ms = now_of(json_get(in, "now"));
	if (dryrun(t->arena, &options, &run, &err) == -1)
		return try_fault(err.text);
	if (!could_look(&run))
		return try_fault(arena_printf(
		    t->arena, "%s: %s", outcome_name(run.outcome), run.reason));
	return postings_json(t, &run);
}
