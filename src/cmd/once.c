/*
 * careerd once: everything that is due now, then the end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/str.h"
#include "cmd/check.h"
#include "cmd/cmd.h"
#include "cmd/table.h"
#include "hub/hub.h"

#define ARENA_BYTES (64UL * 1024 * 1024)
#define LINE_BYTES  400

struct progress {
	struct arena *arena;
	bool is_terminal;
	bool line_open;          /* a progress line waits to be overwritten */
	bool has_shown;          /* anything that happened */
	char ended[LINE_BYTES];  /* the source whose end was shown last */
	char person[LINE_BYTES]; /* matches of theirs are added up */
	int64_t suit, judged;
	const char *good, *bad, *dim, *plain; /* colours or "" */
};

static void
line_clear(struct progress *p)
{
	if (p->line_open)
		printf("\r\033[K");
	p->line_open = false;
}

static bool
is_good(const char *outcome)
{
	return str_eq(outcome, "ok") || str_eq(outcome, "unchanged") ||
	       str_eq(outcome, "empty") || str_eq(outcome, "sent");
}

/* "48 found, 40 new, 3 merged, 5 pages (2 unchanged), 0.4 s" */
static char *
counts_text(struct arena *arena, const struct event *e)
{
	char *text = arena_printf(arena, "%lld found", (long long)e->found);
	const struct {
		int64_t n;
		const char *word;
	} parts[] = { { e->added, "new" }, { e->changed, "changed" },
		{ e->merged, "merged" }, { e->closed, "closed" },
		{ e->dropped, "left out" }, { e->refused, "refused" } };

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (parts[i].n > 0)
			text = arena_printf(arena, "%s, %lld %s", text,
			    (long long)parts[i].n, parts[i].word);
	text = arena_printf(arena, "%s; %lld page%s", text, (long long)e->pages,
	    e->pages == 1 ? "" : "s");
	if (e->unchanged_pages > 0)
		text = arena_printf(arena, "%s, %lld unchanged", text,
		    (long long)e->unchanged_pages);
	return arena_printf(
	    arena, "%s; %.1f s", text, (double)e->took_ms / 1000);
}

static void
run_end_show(struct progress *p, const struct event *e)
{
	printf("%-28s %s%-10s%s %s\n", e->object,
	    is_good(e->outcome) ? p->good : p->bad, e->outcome, p->plain,
	    counts_text(p->arena, e));
	if (*e->reason != '\0')
		printf("%28s %s%s%s\n", "", p->dim, e->reason, p->plain);
}

/* Jobs are matched in portions; people want to see the sum. */
static void
matched_add(struct progress *p, const struct event *e)
{
	str_copy(p->person, e->object, sizeof(p->person));
	p->suit += e->count;
	p->judged += e->total;
}

static void
matched_show(const struct progress *p)
{
	if (p->judged > 0)
		printf("%-28s %lld of %lld jobs suit %s\n", "match",
		    (long long)p->suit, (long long)p->judged, p->person);
}

/* One line for each step; on a terminal pages overwrite theirs. */
static void
show(const struct event *e, void *context)
{
	struct progress *p = context;
	bool is_page = e->kind == EVENT_RUN_BEGIN || e->kind == EVENT_PAGE;
	struct event safe = *e;
	const char *object;

	p->has_shown = true;
	if (is_page && !p->is_terminal)
		return;
	object = str_safe(p->arena, e->object, LINE_BYTES);
	safe.object = object;
	safe.reason = str_safe(p->arena, e->reason, LINE_BYTES);
	if (is_page) {
		line_clear(p);
		printf("%-28s %s%lld pages, %lld postings%s", object, p->dim,
		    (long long)e->pages, (long long)e->found, p->plain);
		p->line_open = true;
	} else {
		line_clear(p);
		if (e->kind == EVENT_RUN_END) {
			run_end_show(p, &safe);
			str_copy(p->ended, object, sizeof(p->ended));
		} else if (e->kind == EVENT_MATCHED)
			matched_add(p, &safe);
		else if (e->kind == EVENT_MAIL)
			printf("%-28s %s%-10s%s to %s%s%s\n", "mail",
			    is_good(e->outcome) ? p->good : p->bad, e->outcome,
			    p->plain, object, *safe.reason == '\0' ? "" : ": ",
			    safe.reason);
		else if (e->kind == EVENT_WAIT)
			printf("%-28s %s%-10s%s %.0f s: %s\n", object, p->dim,
			    "waits", p->plain, (double)e->took_ms / 1000,
			    safe.reason);
		else if (e->kind == EVENT_AWAY)
			printf("%-28s %strouble%s    %s\n", object, p->bad,
			    p->plain, safe.reason);
		else if (e->kind == EVENT_BACK)
			printf("%-28s back\n", object);
		else if (e->kind == EVENT_TROUBLE && !str_eq(p->ended, object))
			printf("%-28s %strouble%s    %s\n", object, p->bad,
			    p->plain, safe.reason);
	}
	fflush(stdout);
	arena_reset(p->arena);
}

/* Silence would leave people to wonder. */
static void
nothing_show(struct progress *p, const struct account *last, const char *task)
{
	if (p->has_shown || p->judged > 0)
		return;
	if (task != NULL)
		printf(
		    "Nothing to do: no task of the kind '%s' is due.\n", task);
	else if (last->next_due_ms == 0)
		printf("Nothing is due, and nothing is planned.\n");
	else
		printf(
		    "Nothing is due; the next source is looked at %s (%s).\n",
		    clock_relative(
			p->arena, last->next_due_ms, clock_wall_ms()),
		    clock_iso(p->arena, last->next_due_ms));
}

static struct progress
progress_new(void)
{
	struct progress p = { .arena = arena_new(1024UL * 1024),
		.is_terminal = isatty(STDOUT_FILENO) };
	bool colour = table_has_colour(stdout);

	p.good = colour ? "\033[32m" : "";
	p.bad = colour ? "\033[33m" : "";
	p.dim = colour ? "\033[2m" : "";
	p.plain = colour ? "\033[0m" : "";
	return p;
}

static bool
is_task(const char *kind)
{
	static const char *const kinds[] = { "scrape", "match", "digest",
		"deliver" };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (str_eq(kinds[i], kind))
			return true;
	return false;
}

/* A name that is mistyped is no source with nothing to do. */
static int
source_check(const struct conf *conf, const char *only)
{
	struct err e = { 0 };
	const char **names;
	const char *near;

	if (only == NULL)
		return 0;
	for (size_t i = 0; i < conf->nsources; i++) {
		const struct source *s = &conf->sources[i];

		if (str_eq(s->name, only))
			return 0;
		for (size_t k = 0; k < s->ntargets; k++)
			if (str_eq(s->targets[k].key, only))
				return 0;
	}
	names = xcalloc(conf->nsources + 1, sizeof(*names));
	for (size_t i = 0; i < conf->nsources; i++)
		names[i] = conf->sources[i].name;
	near = str_nearest(only, names, conf->nsources);
	free(names);
	err_set(&e, ERR_NOINPUT, "no source '%s' is configured", only);
	if (near != NULL)
		err_hint(&e, "did you mean '%s'?", near);
	else
		err_hint(&e, "careerd source list shows their names");
	return cmd_fail(&e);
}

static int
once(const struct cmd_context *c, int argc, char **argv)
{
	struct arena *arena = arena_new(ARENA_BYTES);
	struct progress progress = progress_new();
	struct account last = { 0 };
	struct hub_options options = { .config_path = c->config_path,
		.foreground = true,
		.only_source = cmd_value(c, "--source"),
		.only_task = cmd_value(c, "--task"),
		.show = show,
		.context = &progress,
		.last = &last };
	struct conf *conf = NULL;
	int ret = 0;

	(void)argc, (void)argv;
	if (options.only_task != NULL && !is_task(options.only_task))
		ret = cmd_usage(c,
		    "there are no tasks of the kind '%s': "
		    "scrape, match, digest, deliver",
		    options.only_task);
	else
		conf = cmd_conf(c, arena, &ret);
	if (conf != NULL)
		ret = check_mails(conf, c);
	if (conf != NULL && ret == 0)
		ret = source_check(conf, options.only_source);
	if (conf != NULL && ret == 0)
		ret = hub_run(conf, &options);
	line_clear(&progress);
	matched_show(&progress);
	if (conf != NULL && ret == 0)
		nothing_show(&progress, &last, options.only_task);
	arena_free(progress.arena);
	arena_free(arena);
	return ret;
}

static const struct cmd_option options[] = {
	{ "--source", "S", "only this source, whether it is due or not" },
	{ "--task", "KIND",
	    "only tasks of this kind: scrape, match, digest, "
	    "deliver; a digest is made now" },
	{ NULL, NULL, NULL },
};

static const struct cmd_verb verbs[] = {
	{ NULL, NULL, "do everything that is due now, then end", options,
	    once },
	{ NULL, NULL, NULL, NULL, NULL },
};

const struct cmd cmd_once = { "once",
	"everything that is due now, then the end", verbs,
	"For cron, for tests and for looking what a new source does. A daemon\n"
	"may run beside it on the same database: work is done once.\n" };
