/*
 * careerd source new URL: look at a page and write a definition for it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/limits.h"
#include "base/str.h"
#include "base/url.h"
#include "cmd/source_new.h"

void
note(struct make *m, struct notes *to, const char *format, ...)
{
	char text[600];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (to->n < NOTES_MOST)
		to->list[to->n++] = arena_strdup(m->arena, text);
}

bool
may_ask(const struct make *m)
{
	return m->options.page == NULL && !cmd_flag(m->context, "--untried");
}

/* ---- what was asked ---- */

static int
address_read(struct make *m, const char *text, struct err *e)
{
	struct url parts;

	if (strstr(text, "://") == NULL)
		text = arena_printf(m->arena, "https://%s", text);
	if (url_parse(m->arena, text, &parts, e) == -1) {
		e->kind = ERR_USAGE;
		return err_hint(
		    e, "careerd source new https://acme.example/careers");
	}
	m->url = url_text(m->arena, &parts);
	return 0;
}

/* Looked at before there is something to lose. */
static int
file_check(const char *path, struct err *e)
{
	if (path == NULL || access(path, F_OK) != 0)
		return 0;
	err_set(e, ERR_EXISTS, "%s is there already", path);
	return err_hint(e, "name another file; none is overwritten");
}

/* A source without fields, for the manners of a fetch. */
static int
options_fill(struct make *m, struct err *e)
{
	bool is_private = cmd_flag(m->context, "--private");
	const char *page = cmd_value(m->context, "--page");
	const char *text = arena_printf(m->arena,
	    "source: new\nurl: https://x.example/\nformat: jobposting\n%s",
	    is_private ? "allow_private: true\n" : "");
	struct problems problems;
	struct source *source;

	problems_init(&problems, m->arena);
	source =
	    conf_source_parse(m->arena, "new", text, strlen(text), &problems);
	if (source == NULL)
		return err_set(e, ERR_BUG, "a source without fields is wrong");
	m->options = (struct dryrun_options){ .source = source,
		.target = &source->targets[0],
		.user_agent = m->conf->user_agent,
		.now_ms = clock_wall_ms(),
		.max_pages = 1,
		.say = progress_say,
		.context = &m->progress };
	if (page == NULL)
		return 0;
	if (page_load(page, &m->saved, e) == -1)
		return -1;
	m->options.page = buf_cstr(&m->saved);
	m->options.page_bytes = m->saved.len;
	m->options.page_url = m->url;
	return 0;
}

/* ---- pages that are none ---- */

static int
fetch_fault(const struct make *m, struct err *e)
{
	const struct fetched *f = &m->looked.fetched;
	int status = f->status;

	if (m->looked.is_forbidden) {
		err_set(e, ERR_UNAVAILABLE, "%s: %s", m->url, f->reason);
		return err_hint(e, "ask the site's owner; a saved page can be "
				   "read with --page");
	}
	if (f->status != 0 && f->url != NULL &&
	    (f->result == FETCH_STATUS || f->result == FETCH_MOVED)) {
		if (strstr(f->reason, "robots.txt") != NULL)
			return err_set(
			    e, ERR_UNAVAILABLE, "%s: %s", m->url, f->reason);
		err_set(e,
		    status == 404 || status == 410   ? ERR_NOINPUT
		    : status == 429 || status == 503 ? ERR_TEMP
						     : ERR_UNAVAILABLE,
		    "%s: HTTP status %d%s", m->url, status,
		    status == 404 || status == 410 ? ": there is no such page"
						   : "");
		return status == 401 || status == 403
			   ? err_hint(e, "a page saved in a browser can be "
					 "read with --page")
			   : -1;
	}
	err_set(e, ERR_UNAVAILABLE, "%s: %s", m->url,
	    str_is_empty(f->reason) ? fetch_result_name(f->result) : f->reason);
	return f->result == FETCH_REFUSED
		   ? err_hint(e, "--private allows private addresses and "
				 "other ports")
		   : -1;
}

/* True if it is a page or a feed; else err says what it is. */
static bool
is_readable(struct make *m, struct err *e)
{
	static const struct pair kinds[] = {
		{ "empty", "the page is empty" },
		{ "pdf", "a PDF, not a page" },
		{ "file", "a file, not a page" },
		{ "text", "plain text; see format: text in careerd help "
			  "sources" },
		{ "xml", "XML that is no feed; with jobs: and fields:, "
			 "format: feed can read it (careerd help sources)" },
		{ "json", "JSON; say with format: json, jobs: and fields: what "
			  "is where (careerd help sources)" },
	};
	const char *kind = json_get_text(m->looked.page, "kind");
	const char *reason = json_get_text(m->looked.page, "reason");

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (str_eq(kinds[i].name, kind)) {
			err_set(e, ERR_DATA, "%s: %s", m->url, kinds[i].value);
			return false;
		}
	if (str_eq(kind, "html") || str_eq(kind, "feed"))
		return true;
	err_set(e, ERR_DATA, "%s: %s", m->url,
	    reason == NULL ? "cannot be read" : reason);
	return false;
}

/* ---- the way to a definition ---- */

static int
nothing_found(struct make *m, struct err *e)
{
	int64_t text = json_get_i64(m->looked.page, "text", 0);
	int64_t links = json_get_i64(m->looked.page, "links", 0);
	const char *why;

	if (links > LIMIT_LOOK_LINKS)
		note(m, &m->refused,
		    "The page has %lld links; a list of jobs was looked for "
		    "among the first %d.",
		    (long long)links, LIMIT_LOOK_LINKS);
	if (text < 300)
		why = "\nHINT: the page has next to no text: a script fills "
		      "it. The network view of a browser shows the address "
		      "that it asks; careerd help sources tells how to read "
		      "that";
	else
		why = "\nHINT: is there a page that lists the jobs? Else write "
		      "the selectors: careerd help sources";
	for (size_t i = 0; i < m->refused.n; i++)
		fprintf(stderr, "careerd: %s\n",
		    str_safe(m->arena, m->refused.list[i], 600));
	return err_set(e, ERR_DATA,
	    "%s: no board that is known, no JobPosting data, no feed of jobs "
	    "and no list of jobs was found%s",
	    m->url, why);
}

static int
make_run(struct make *m, struct err *e)
{
	struct board board;

	if (conf_board_find(m->arena, m->boards, m->url, &board)) {
		way_board(m, "board", &board);
		return 0;
	}
	progress_say(&m->progress, "looking at the page");
	m->looker = looker_open(m->arena, &m->options, e);
	if (m->looker == NULL)
		return -1;
	if (looker_look(m->looker, m->url, &m->looked, e) == -1) {
		/* It took too long, or too much memory: so it will again. */
		if (m->looked.body.len > 0)
			e->kind = ERR_DATA;
		return err_prefix(e, "%s: looking at the page", m->url);
	}
	if (m->looked.page == NULL)
		return fetch_fault(m, e);
	if (!is_readable(m, e))
		return -1;
	/* A page of an employer's own may have moved to a board. */
	if (conf_board_find(
		m->arena, m->boards, m->looked.fetched.url, &board) &&
	    way_board(m, "board", &board))
		return 0;
	if (str_eq(json_get_text(m->looked.page, "kind"), "feed")
		? way_feed_itself(m)
		: way_page(m))
		return 0;
	return nothing_found(m, e);
}

/* ---- what is said of it ---- */

static struct json *
texts_json(const struct notes *notes)
{
	struct json *list = json_array();

	for (size_t i = 0; i < notes->n; i++)
		json_append(list, json_string(notes->list[i]));
	return list;
}

static void
json_print(const struct make *m, const char *file)
{
	const struct draft *d = &m->draft;
	struct json *o = json_object(), *params = json_object();

	for (size_t i = 0; i < d->board.nparams; i++)
		json_set(params, d->board.params[i].name,
		    json_string(d->board.params[i].value));
	json_set(o, "url", json_string(m->url));
	json_set(o, "way", json_string(d->way));
	json_set(o, "source", json_string(d->source->name));
	json_set(o, "params", params);
	json_set(o, "definition", json_string(buf_cstr(&d->text)));
	json_set(o, "file", json_string(file));
	json_set(o, "sure", d->sure < 0 ? json_null() : json_int(d->sure));
	json_set(
	    o, "jobs", d->is_tried ? json_int((int64_t)d->run.n) : json_null());
	json_set(o, "outcome",
	    json_string(d->is_tried ? outcome_name(d->run.outcome) : NULL));
	json_set(o, "notes", texts_json(&d->notes));
	json_set(o, "refused", texts_json(&m->refused));
	printf("%s\n", json_dump(m->arena, o));
	json_free(o);
}

static void
people_print(const struct make *m, const char *file)
{
	const struct draft *d = &m->draft;
	const char *job;

	for (size_t i = 0; i < m->refused.n; i++)
		fprintf(stderr, "%s\n",
		    str_safe(m->arena, m->refused.list[i], 600));
	for (size_t i = 0; i < d->notes.n; i++)
		fprintf(
		    stderr, "%s\n", str_safe(m->arena, d->notes.list[i], 600));
	if (d->is_tried) {
		job = d->run.n > 0 ? d->run.postings[0].title : NULL;
		fprintf(stderr, "Tried: %s%s%s; %zu job%s%s%s%s%s\n",
		    outcome_name(d->run.outcome),
		    d->run.reason[0] == '\0' ? "" : ": ",
		    str_safe(m->arena, d->run.reason, 300), d->run.n,
		    d->run.n == 1 ? "" : "s",
		    d->run.is_cut || d->goes_on ? " on the first page" : "",
		    job == NULL ? "" : ", the first \"",
		    job == NULL ? "" : str_safe(m->arena, job, 80),
		    job == NULL ? "" : "\"");
	}
	if (file != NULL)
		fprintf(stderr, "%s is written.\n", file);
}

static int
file_write(const struct make *m, const char *path, struct err *e)
{
	const struct buf *text = &m->draft.text;
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	ssize_t n;

	if (fd == -1)
		return err_errno(e, ERR_EXISTS, "%s", path);
	n = write(fd, text->data, text->len);
	if (close(fd) == -1 || n != (ssize_t)text->len) {
		unlink(path);
		return err_errno(e, ERR_IO, "%s", path);
	}
	return 0;
}

/* A board that did not answer is written all the same, and said. */
static int
exit_code(const struct draft *d)
{
	if (!d->is_tried || d->run.n > 0 || d->run.list_pages > 0)
		return 0;
	return d->run.outcome == OUTCOME_THROTTLED
		   ? err_exit_code(ERR_TEMP)
		   : err_exit_code(ERR_UNAVAILABLE);
}

static int
result_print(const struct make *m, struct err *e)
{
	const char *file = cmd_value(m->context, "-o");

	if (file != NULL && file_write(m, file, e) == -1)
		return cmd_fail(e);
	if (m->context->json)
		json_print(m, file);
	else if (file == NULL)
		printf("%s", buf_cstr(&m->draft.text));
	fflush(stdout);
	if (!m->context->json)
		people_print(m, file);
	return exit_code(&m->draft);
}

int
cmd_source_new(const struct cmd_context *c, int argc, char **argv)
{
	struct make m = { .context = c,
		.arena = arena_new(LIMIT_CONF_BYTES * 4) };
	struct err e = { 0 };
	int ret;

	if (argc != 1)
		return cmd_usage(c, "source new takes one URL");
	m.progress = (struct progress){ .arena = m.arena,
		.is_terminal = isatty(STDERR_FILENO) && !c->json };
	buf_init(&m.saved, LIMIT_PAGE_BYTES);
	buf_init(&m.draft.text, LIMIT_YAML_BYTES);
	buf_init(&m.looked.body, 0);
	m.boards = conf_boards(m.arena);
	m.conf = conf_of(m.arena, c);
	ret = address_read(&m, argv[0], &e);
	if (ret == 0)
		ret = file_check(cmd_value(c, "-o"), &e);
	if (ret == 0)
		ret = options_fill(&m, &e);
	if (ret == 0)
		ret = make_run(&m, &e);
	progress_end(&m.progress);
	ret = ret == -1 ? cmd_fail(&e) : result_print(&m, &e);
	looker_close(m.looker);
	looked_free(&m.looked);
	buf_fini(&m.draft.text);
	buf_fini(&m.saved);
	arena_free(m.arena);
	return ret;
}
