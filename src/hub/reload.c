/*
 * SIGHUP: the new configuration is first checked whole in a process of its
 * own (which may include every room), then read and told to the workers; or
 * the old one stays, whole.
 */
#include <string.h>
#include "base/clock.h"
#include "base/json.h"

#include "base/str.h"
#include "hub/hub_int.h"

/* A check opens no network; so long it takes only if something hangs. */
#define CHECK_MOST_MS 20000
/* What a refused one is a trouble of. */
#define OBJECT "configuration"
/* What of its output is worth a log line each. */
#define CHECK_OUTPUT_BYTES (64 * 1024)

static void
refuse(struct hub *h, const char *why)
{
	lack_begin(h, OBJECT,
	    arena_printf(h->arena,
		"the last reload was refused, the one before stays in force: "
		"%s\nHINT: careerd config check",
		why));
}

void
reload_begin(struct hub *h)
{
	const char *with_path[] = { "-c", h->opt->config_path, "config",
		"check", "--json", NULL };
	const char *const *argv =
	    h->opt->config_path == NULL ? with_path + 2 : with_path;
	struct err e;

	if (h->check.fd != -1) {
		h->reload_wanted = true;
		return;
	}
	if (h->phase != HUB_SERVING)
		return;
	(void)systemd_say(h, "RELOADING=1");
	buf_fini(&h->check_output);
	buf_init(&h->check_output, CHECK_OUTPUT_BYTES);
	h->check_ms = clock_mono_ms();
	if (run_begin(&h->check, argv, &e) == -1) {
		log_error("reload: %s; the old configuration stays", e.text);
		h->told_ready = false;
	}
}

/* The first of them is what status shows. */
static void
fault_take(struct hub *h, const char *file, int64_t line, int64_t column,
    const char *text, bool is_first)
{
	const char *place = arena_printf(h->arena, "%s:%lld:%lld: %s",
	    file == NULL ? "" : file, (long long)line, (long long)column, text);

	log_error("reload: %s", place);
	if (is_first)
		refuse(h, place);
}

/* Each line of the check is one fault as a JSON object. */
static void
faults_log(struct hub *h)
{
	const char *line = buf_cstr(&h->check_output);
	bool is_first = true;

	while (*line != '\0') {
		size_t n = strcspn(line, "\n");
		struct json *fault = json_parse(line, n, NULL);
		const char *text = json_get_text(fault, "text");

		if (text != NULL) {
			fault_take(h, json_get_text(fault, "file"),
			    json_get_i64(fault, "line", 0),
			    json_get_i64(fault, "column", 0), text, is_first);
			is_first = false;
		}
		json_free(fault);
		line += n;
		line += *line == '\n';
	}
}

static void
say_restart(const char *name, bool differs)
{
	if (differs)
		log_warn("reload: %s takes effect at the next start", name);
}

static void
say_restarts(const struct conf *old, const struct conf *new)
{
	say_restart("database", !str_eq(old->database, new->database));
	say_restart(
	    "extract workers", old->extract_workers != new->extract_workers);
	say_restart("state directory", !str_eq(old->state_dir, new->state_dir));
	say_restart("run directory", !str_eq(old->run_dir, new->run_dir));
}

static void
conf_swap(struct hub *h, struct arena *arena, const struct conf *conf)
{
	struct err e;

	say_restarts(h->conf, conf);
	h->conf = conf;
	log_init(role_name(ROLE_HUB), hub_log_level(h));
	for (size_t i = 0; i < h->nslots; i++) {
		struct slot *s = &h->slots[i];

		if (s->state == SLOT_UP && slot_is_up(s) &&
		    slot_configure(h, s, &e) == -1)
			slot_kill(h, s, "cannot be configured");
	}
	arena_free(h->conf_arena);
	h->conf_arena = arena;
	lack_end(h, OBJECT);
	log_info("reload: %zu sources, the new configuration is in force",
	    conf->nsources);
}

static void
conf_read(struct hub *h)
{
	struct arena *arena = arena_new(LIMIT_CONF_BYTES);
	struct problems problems;
	struct conf *conf;
	struct err e = { .kind = ERR_NONE };

	problems_init(&problems, arena);
	conf = conf_load(arena, h->opt->config_path, &problems, &e);
	if (conf != NULL && problems.n == 0) {
		conf_swap(h, arena, conf);
		return;
	}
	for (size_t i = 0; i < problems.n; i++) {
		const struct problem *p = &problems.list[i];

		fault_take(h, p->file, p->line, p->column, p->text, i == 0);
	}
	if (problems.n == 0)
		refuse(h, e.text);
	log_error("reload: %s, the old configuration stays",
	    problems.n > 0 ? "refused" : e.text);
	arena_free(arena);
}

static void
reload_end(struct hub *h, bool late)
{
	int status = run_end(&h->check, late);

	if (late) {
		log_error("reload: the check did not end, "
			  "the old configuration stays");
		refuse(h, "its check did not end in time");
	} else if (status != 0) {
		refuse(h, "its check failed");
		faults_log(h);
		log_error("reload: refused, the old configuration stays");
	} else {
		conf_read(h);
	}
	h->told_ready = false;
	h->dirty = true;
	if (h->reload_wanted) {
		h->reload_wanted = false;
		reload_begin(h);
	}
}

void
reload_read(struct hub *h)
{
	if (h->check.fd != -1 && run_read(&h->check, &h->check_output) == 0)
		reload_end(h, false);
}

void
reload_watch(struct hub *h, int64_t now_ms)
{
	if (h->check.fd != -1 && now_ms - h->check_ms > CHECK_MOST_MS)
		reload_end(h, true);
}
