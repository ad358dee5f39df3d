/*
 * The ways to a definition, the surest first; each is tried on the page it
 * was made of before it is believed.
 */
#include <string.h>
#include "base/clock.h"
#include "base/limits.h"
#include "base/str.h"
#include "base/url.h"
#include "cmd/check.h"
#include "cmd/source_new.h"

/* Boards one page may link to. */
#define BOARDS_MOST 32
#define FEEDS_TRIED 2
/* A list that says so many times more is the fuller one. */
#define FULLER(a, b) ((a)*4 > (b)*5)

/* ---- a draft ---- */

static void
draft_begin(struct make *m, const char *way)
{
	struct draft *d = &m->draft;

	buf_reset(&d->text);
	d->way = way;
	d->source = NULL;
	d->notes.n = 0;
	d->board = (struct board){ .source = NULL };
	d->is_tried = d->goes_on = false;
	d->sure = -1;
}

/*
 * The employer of all jobs, if the site is its own: its name is that of the
 * host, and the host is no board's.
 */
static const char *
company_of(struct make *m)
{
	static const char *const words[] = { "job", "career", "karriere",
		"stellen", "work", "hiring", "talent" };
	const char *site = json_get_text(m->looked.page, "site");
	const char *name = definition_name(m->arena, m->url);
	char *own;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_find_ci(name, words[i]) != NULL ||
		    (site != NULL && str_find_ci(site, words[i]) != NULL))
			return NULL;
	if (!str_is_empty(site) && strlen(site) < 60)
		return site;
	if (str_eq(name, "page"))
		return NULL;
	own = arena_strdup(m->arena, name);
	if (own[0] >= 'a' && own[0] <= 'z')
		own[0] = (char)(own[0] - 'a' + 'A');
	return own;
}

static struct definition
definition_of(struct make *m)
{
	return (struct definition){ .arena = m->arena,
		.asked = m->url,
		.url = m->looked.fetched.url,
		.site = json_get_text(m->looked.page, "site"),
		.company = company_of(m),
		.day = arena_strndup(
		    m->arena, clock_iso(m->arena, m->options.now_ms), 10),
		.notes = m->draft.notes.list,
		.nnotes = m->draft.notes.n,
		.allow_private = m->options.source->allow_private };
}

/* What was written is read again as from a file. */
static bool
draft_read(struct make *m)
{
	struct draft *d = &m->draft;
	struct problems problems;

	problems_init(&problems, m->arena);
	d->source = conf_source_parse(
	    m->arena, "new", d->text.data, d->text.len, &problems);
	if (d->source != NULL && check_selectors(d->source, &problems) &&
	    d->source->ntargets == 1)
		return true;
	note(m, &m->refused, "Written as %s, it would be wrong: %s", d->way,
	    problems.n > 0 ? problems.list[0].text : "it has no target");
	return false;
}

/* On a page that is here. */
static bool
draft_try(struct make *m, const struct looked *page)
{
	struct draft *d = &m->draft;
	struct dryrun_options options = m->options;
	struct err e = { 0 };

	if (!draft_read(m))
		return false;
	options.source = d->source;
	options.target = &d->source->targets[0];
	options.page = buf_cstr(&page->body);
	options.page_bytes = page->body.len;
	options.page_url = page->fetched.url;
	options.page_type = page->fetched.content_type;
	if (dryrun(m->arena, &options, &d->run, &e) == -1) {
		note(m, &m->refused, "Tried as %s: %s", d->way, e.text);
		return false;
	}
	d->is_tried = true;
	if (d->run.n > 0)
		return true;
	note(m, &m->refused, "Tried as %s: %s%s%s", d->way,
	    outcome_name(d->run.outcome), d->run.reason[0] == '\0' ? "" : ": ",
	    d->run.reason);
	return false;
}

/* ---- boards ---- */

static const char *
params_text(struct make *m, const struct board *board)
{
	const char *text = "";

	for (size_t i = 0; i < board->nparams; i++)
		text = arena_printf(m->arena, "%s%s%s %s", text,
		    i == 0 ? " (" : ", ", board->params[i].name,
		    board->params[i].value);
	return board->nparams == 0 ? "" : arena_printf(m->arena, "%s)", text);
}

static void
board_notes(struct make *m, const struct board *board)
{
	struct draft *d = &m->draft;
	const struct param_info *params;
	size_t n = conf_source_params(board->source, &params);

	note(m, &d->notes, "%s: %s%s", board->source->name,
	    board->source->about == NULL ? "a shipped definition"
					 : board->source->about,
	    params_text(m, board));
	if (!board->source->enabled)
		note(m, &d->notes,
		    "It is shipped off; enabled: true beside its parameters "
		    "turns it on.");
	for (size_t i = 0; i < n; i++)
		if (!params[i].required && params[i].default_value == NULL &&
		    params[i].help != NULL)
			note(m, &d->notes, "It can be told %s, too: %s.",
			    params[i].name, params[i].help);
}

bool
way_board(struct make *m, const char *way, const struct board *board)
{
	struct draft *d = &m->draft;
	struct dryrun_options options = m->options;
	struct err e = { 0 };

	draft_begin(m, way);
	d->board = *board;
	d->source = board->source;
	definition_board(&d->text, board);
	board_notes(m, board);
	if (conf_source_fill(m->arena, board->source, board->params,
		board->nparams, &e) == -1) {
		note(m, &m->refused, "%s", e.text);
		return false;
	}
	if (!may_ask(m)) {
		note(m, &d->notes, "It was not tried.");
		return true;
	}
	progress_say(&m->progress,
	    arena_printf(m->arena, "trying %s", board->source->name));
	options.source = board->source;
	options.target = &board->source->targets[0];
	if (secrets_read(m->arena, m->conf, &options, &e) == -1 ||
	    dryrun(m->arena, &options, &d->run, &e) == -1) {
		note(m, &d->notes, "It could not be tried: %s", e.text);
		return true;
	}
	d->is_tried = true;
	return d->run.n > 0 || d->run.list_pages > 0;
}

/* A board that the page leads to, and how often. */
struct lead {
	struct board board;
	const char *text;
	int frames, links;
};

static size_t
leads_find(struct make *m, struct lead *leads)
{
	const struct json *list = json_get(m->looked.page, "addresses");
	size_t n = 0;

	for (size_t i = 0; i < json_size(list); i++) {
		const char *url = json_get_text(json_at(list, i), "url");
		const char *by = json_get_text(json_at(list, i), "by");
		struct board board;
		const char *text;
		size_t k = 0;

		if (url == NULL || str_eq(by, "asset") ||
		    !conf_board_find(m->arena, m->boards, url, &board) ||
		    !conf_board_is_employers(&board))
			continue;
		text = arena_printf(m->arena, "%s%s", board.source->name,
		    params_text(m, &board));
		while (k < n && !str_eq(leads[k].text, text))
			k++;
		if (k == n && n == BOARDS_MOST)
			continue;
		if (k == n)
			leads[n++] =
			    (struct lead){ .board = board, .text = text };
		if (str_eq(by, "link"))
			leads[k].links++;
		else
			leads[k].frames++;
	}
	return n;
}

/* A script or frame says more than many links. */
static bool
is_stronger(const struct lead *a, const struct lead *b)
{
	if ((a->frames > 0) != (b->frames > 0))
		return a->frames > 0;
	return a->links + a->frames > b->links + b->frames;
}

/* One link alone may lead anywhere, unless it is all there is. */
static bool
way_embedded(struct make *m, bool is_last_resort)
{
	struct lead leads[BOARDS_MOST];
	size_t n = leads_find(m, leads), best = 0;

	for (size_t i = 1; i < n; i++)
		if (is_stronger(&leads[i], &leads[best]))
			best = i;
	if (n == 0 || (!is_last_resort && leads[best].frames == 0 &&
			  leads[best].links < 2))
		return false;
	if (!way_board(m, "embedded", &leads[best].board)) {
		note(m, &m->refused,
		    "The page leads to %s, which does not answer: %s",
		    leads[best].text, m->draft.run.reason);
		return false;
	}
	note(m, &m->draft.notes, "The page %s %s.",
	    leads[best].frames > 0 ? "holds the board" : "links to",
	    leads[best].text);
	for (size_t i = 0; i < n; i++)
		if (i != best)
			note(m, &m->draft.notes, "It also leads to %s.",
			    leads[i].text);
	return true;
}

/* A site that a vendor runs at the employer's own address. */
static bool
way_held(struct make *m)
{
	const struct json *list = json_get(m->looked.page, "addresses");
	struct board board;

	for (size_t i = 0; i < json_size(list); i++) {
		const char *url = json_get_text(json_at(list, i), "url");

		if (url == NULL ||
		    str_eq(json_get_text(json_at(list, i), "by"), "link") ||
		    !conf_board_held(m->arena, m->boards, url,
			m->looked.fetched.url, &board))
			continue;
		if (!way_board(m, "embedded", &board)) {
			note(m, &m->refused,
			    "The page loads %s as sites of %s do, but: %s", url,
			    board.source->name, m->draft.run.reason);
			return false;
		}
		note(m, &m->draft.notes,
		    "The page loads %s, as sites of %s do.", url,
		    board.source->name);
		return true;
	}
	return false;
}

/* ---- schema.org ---- */

static bool
way_jobposting(struct make *m)
{
	int64_t n = json_get_i64(m->looked.page, "postings", 0);
	struct definition definition;

	if (n == 0)
		return false;
	draft_begin(m, "jobposting");
	note(m, &m->draft.notes,
	    n == 1 ? "The page holds schema.org data of one job only: it may "
		     "be a job's own page, not the list."
		   : "The page holds schema.org data of %lld jobs.",
	    (long long)n);
	definition = definition_of(m);
	definition_jobposting(&m->draft.text, &definition);
	return draft_try(m, &m->looked);
}

/* ---- feeds ---- */

static bool
speaks_of_jobs(const char *text)
{
	static const char *const words[] = { "job", "career", "karriere",
		"stelle", "vacanc", "vacature", "emploi", "offre", "empleo",
		"trabajo", "lavoro", "praca", "prace", "position", "opening",
		"hiring" };

	for (size_t i = 0; text != NULL && i < sizeof(words) / sizeof(words[0]);
	     i++)
		if (str_find_ci(text, words[i]) != NULL)
			return true;
	return false;
}

/* Behind the host, which says nothing: jobs.example.com/blog/feed. */
static const char *
path_of(const char *url)
{
	const char *p = strstr(url, "://");

	return p == NULL ? url : p + 3 + strcspn(p + 3, "/");
}

static void
feed_write(struct make *m, const char *url, const char *title)
{
	struct definition definition = definition_of(m);

	definition.url = url;
	if (!str_is_empty(title))
		definition.site = title;
	definition_feed(&m->draft.text, &definition);
}

bool
way_feed_itself(struct make *m)
{
	draft_begin(m, "feed");
	note(m, &m->draft.notes, "The address is that of a feed.");
	feed_write(m, m->looked.fetched.url, NULL);
	return draft_try(m, &m->looked);
}

static bool
feed_take(struct make *m, const char *url, const char *title)
{
	struct looked feed;
	struct err e = { 0 };
	bool holds = false;

	draft_begin(m, "feed");
	note(m, &m->draft.notes, "The page names a feed of jobs%s%s.",
	    str_is_empty(title) ? "" : ": ", str_is_empty(title) ? "" : title);
	feed_write(m, url, title);
	if (!may_ask(m)) {
		note(m, &m->draft.notes, "It was not tried.");
		return draft_read(m);
	}
	progress_say(&m->progress, "looking at the page's feed");
	if (looker_look(m->looker, url, &feed, &e) == -1 || feed.page == NULL)
		note(m, &m->refused, "The feed %s does not come: %s", url,
		    e.kind != ERR_NONE ? e.text : feed.fetched.reason);
	else
		holds = draft_try(m, &feed);
	looked_free(&feed);
	return holds;
}

static bool
way_feed(struct make *m)
{
	const struct json *feeds = json_get(m->looked.page, "feeds");
	int tried = 0;

	for (size_t i = 0; i < json_size(feeds); i++) {
		const char *url = json_get_text(json_at(feeds, i), "url");
		const char *title = json_get_text(json_at(feeds, i), "title");

		if (url == NULL ||
		    (!speaks_of_jobs(title) && !speaks_of_jobs(path_of(url)))) {
			note(m, &m->refused,
			    "The page names the feed %s; nothing says that "
			    "it is of jobs.",
			    url == NULL ? "" : url);
			continue;
		}
		if (tried++ < FEEDS_TRIED && feed_take(m, url, title))
			return true;
	}
	return false;
}

/* ---- cards ---- */

static bool
has_field(const struct json *cards, const char *name)
{
	const struct json *fields = json_get(cards, "fields");

	for (size_t i = 0; i < json_size(fields); i++)
		if (str_eq(json_get_text(json_at(fields, i), "field"), name))
			return true;
	return false;
}

static void
cards_notes(struct make *m, const struct json *cards)
{
	static const char *const wanted[] = { "company", "location", "salary",
		"posted_date", "description" };
	const struct json *fields = json_get(cards, "fields");
	struct notes *to = &m->draft.notes;
	int64_t sure = json_get_i64(cards, "sure", 0);
	const char *missing = "";

	note(m, to,
	    "%s, %lld%% sure: '%s' is a job. It stands %lld times on the "
	    "page; %lld%% of the titles name jobs, %lld%% of the addresses "
	    "speak of jobs, in %lld%% stand a place, a date or a wage.",
	    sure < 60 ? "A bold guess" : "Guessed", (long long)sure,
	    json_get_text(cards, "jobs"),
	    (long long)json_get_i64(cards, "found", 0),
	    (long long)json_get_i64(cards, "titles", 0),
	    (long long)json_get_i64(cards, "paths", 0),
	    (long long)json_get_i64(cards, "facts", 0));
	for (size_t i = 0; i < json_size(fields); i++) {
		const struct json *f = json_at(fields, i);

		note(m, to, "%s: '%s' in %lld of %lld (%s), such as \"%s\"",
		    json_get_text(f, "field"), json_get_text(f, "selector"),
		    (long long)json_get_i64(f, "found", 0),
		    (long long)json_get_i64(f, "of", 0),
		    json_get_text(f, "why"),
		    str_safe(m->arena, json_get_text(f, "example"), 60));
	}
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if (!has_field(cards, wanted[i]))
			missing = arena_printf(m->arena, "%s%s%s", missing,
			    missing[0] == '\0' ? "" : ", ", wanted[i]);
	if (json_get_true(cards, "linkless"))
		note(m, to,
		    "The jobs have no pages of their own: their titles tell "
		    "them apart.");
	if (json_get_text(cards, "next") == NULL)
		note(m, to, "A link to a next page was not found.");
	if (missing[0] != '\0')
		note(m, to, "Not found in the cards: %s.", missing);
}

/* One job's own page: what does it hold? */
static void
detail_look(struct make *m, const struct json *cards, struct looked *to)
{
	const char *example = json_get_text(cards, "example");
	struct err e = { 0 };

	*to = (struct looked){ .page = NULL };
	buf_init(&to->body, 0);
	if (json_get_true(cards, "linkless") || example == NULL)
		return;
	if (!may_ask(m)) {
		note(m, &m->draft.notes,
		    "The jobs' own pages were not looked at.");
		return;
	}
	progress_say(&m->progress, "looking at the page of one job");
	buf_fini(&to->body);
	if (looker_look(m->looker, example, to, &e) == -1 || to->page == NULL)
		note(m, &m->draft.notes,
		    "The page of a job does not come (%s): %s", example,
		    e.kind != ERR_NONE ? e.text : to->fetched.reason);
	else if (json_get_i64(to->page, "postings", 0) > 0)
		note(m, &m->draft.notes,
		    "The jobs' own pages hold schema.org data.");
	else if (json_get_text(to->page, "description") != NULL)
		note(m, &m->draft.notes,
		    "description: '%s' on the jobs' own pages",
		    json_get_text(to->page, "description"));
	else
		note(m, &m->draft.notes,
		    "The jobs' own pages have no text that is long enough.");
}

static bool
way_cards(struct make *m)
{
	const struct json *cards = json_get(m->looked.page, "cards");
	struct definition definition;
	struct looked detail;
	bool holds;

	if (!json_is_object(cards) || json_get_text(cards, "jobs") == NULL)
		return false;
	draft_begin(m, "cards");
	m->draft.sure = json_get_i64(cards, "sure", 0);
	m->draft.goes_on = json_get_text(cards, "next") != NULL;
	cards_notes(m, cards);
	detail_look(m, cards, &detail);
	definition = definition_of(m);
	if (definition.company != NULL && !has_field(cards, "company"))
		note(m, &m->draft.notes,
		    "company: the site's own name, as the cards name none; "
		    "take it out if the page lists several employers.");
	definition.nnotes = m->draft.notes.n;
	definition_cards(&m->draft.text, &definition, cards, detail.page);
	holds = draft_try(m, &m->looked);
	looked_free(&detail);
	return holds;
}

/* ---- all of them ---- */

/* Is what was made shorter than the list of cards on the page? */
static bool
is_shorter(const struct make *m)
{
	int64_t cards =
	    json_get_i64(json_get(m->looked.page, "cards"), "found", 0);

	return m->draft.is_tried && FULLER(cards, (int64_t)m->draft.run.n);
}

bool
way_page(struct make *m)
{
	if (way_embedded(m, false) || (may_ask(m) && way_held(m)))
		return true;
	if (way_jobposting(m) && !is_shorter(m))
		return true;
	/* Cards are tried here and now; a feed has to come first. */
	if (may_ask(m) && way_feed(m) && !is_shorter(m))
		return true;
	if (way_cards(m))
		return true;
	/* Short, but better than nothing. */
	return way_jobposting(m) || way_feed(m) ||
	       (!may_ask(m) && way_held(m)) || way_embedded(m, true);
}
