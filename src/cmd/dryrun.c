#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/str.h"
#include "cmd/dryrun_int.h"

#define GROWTH_FIRST 64

static void
say(const struct run_dry *run, const char *text)
{
	if (run->options->say != NULL)
		run->options->say(run->options->context, text);
}

static void
posting_add(struct run_dry *run, const struct posting *posting)
{
	struct dryrun *to = run->to;

	if (to->n == run->size) {
		size_t size = run->size == 0 ? GROWTH_FIRST : run->size * 2;
		struct posting *list =
		    arena_array(run->arena, size, sizeof(*list));

		if (to->n > 0)
			memcpy(list, to->postings, to->n * sizeof(*list));
		to->postings = list;
		run->size = size;
	}
	to->postings[to->n] = *posting;
	to->postings[to->n].source = run->options->source->name;
	to->n++;
}

static void
drop_add(struct run_dry *run, const struct posting *posting,
    const struct condition *by)
{
	struct dryrun *to = run->to;

	if (to->ndrops == run->drops_size) {
		size_t size =
		    run->drops_size == 0 ? GROWTH_FIRST : run->drops_size * 2;
		struct dryrun_drop *list =
		    arena_array(run->arena, size, sizeof(*list));

		if (to->ndrops > 0)
			memcpy(list, to->drops, to->ndrops * sizeof(*list));
		to->drops = list;
		run->drops_size = size;
	}
	to->drops[to->ndrops].title =
	    posting->title != NULL ? posting->title : posting->url;
	to->drops[to->ndrops++].by = by;
}

/* True if it is left out; has_more: its detail is still to come. */
static bool
is_dropped(struct run_dry *run, const struct posting *posting, bool has_more)
{
	const struct condition *by =
	    posting_dropped_by(run->options->source, posting, has_more);

	if (by != NULL)
		drop_add(run, posting, by);
	return by != NULL;
}

/* The second look that store takes too. */
static void
postings_take(struct run_dry *run, struct page_read *read)
{
	for (size_t i = 0; i < read->n; i++) {
		struct posting *posting = &read->postings[i];
		struct err e = { 0 };

		if (posting_check(run->arena, posting, &e) == 0) {
			if (!is_dropped(
				run, posting, posting->detail_url != NULL))
				posting_add(run, posting);
			continue;
		}
		run->to->refused++;
		if (run->to->refused_why[0] == '\0')
			run->to->refused_why = arena_strdup(run->arena, e.text);
	}
	run->to->refused += read->extracted.refused;
}

/* All pages of a view have the same fields in the same order. */
static void
fills_add(struct run_dry *run, const struct extracted *x, struct fill **fills,
    size_t *n)
{
	if (*n == 0 && x->nfills > 0) {
		*fills = arena_array(run->arena, x->nfills, sizeof(**fills));
		*n = x->nfills;
	}
	for (size_t i = 0; i < *n && i < x->nfills; i++) {
		(*fills)[i].name = x->fills[i].name;
		(*fills)[i].found += x->fills[i].found;
		(*fills)[i].in_items += x->fills[i].in_items;
	}
}

static bool
is_repeat(struct run_dry *run, const struct extracted *extracted)
{
	for (size_t i = 0; i < run->nprints; i++)
		if (run->prints[i] == extracted->fingerprint)
			return extracted->items > 0;
	if (run->nprints < PRINTS_MAX)
		run->prints[run->nprints++] = extracted->fingerprint;
	return false;
}

static void
list_page_count(struct run_dry *run, const struct page_read *read)
{
	const struct expect *expect = &run->options->source->expect;
	const struct extracted *x = &read->extracted;
	struct run_facts *facts = &run->facts;

	if (read->fetched.result != FETCH_OK || x->result != EXTRACT_OK) {
		facts->failed_pages++;
		facts->fetch = read->fetched.result;
		facts->status = read->fetched.status;
		facts->told_when = read->fetched.retry_after != NULL;
		facts->fetch_reason = read->fetched.reason;
		facts->extract = x->result;
		facts->extract_reason = x->reason;
		facts->crashed = x->result == EXTRACT_CRASHED;
		return;
	}
	facts->list_pages++;
	facts->items += x->items;
	if (page_lost_field(run->options->source, x) != NULL) {
		facts->lost_field = page_lost_field(run->options->source, x);
		facts->lost_pages++;
	}
	if (x->total >= 0 && (facts->total < 0 || !expect->total_on_first_page))
		facts->total = x->total;
}

/* Count it and take its postings over; false if it could not be read. */
static bool
list_page_take(struct run_dry *run, struct page_read *read, bool *repeat)
{
	/* A mail that is not for the source is none of its pages. */
	if (read->fetched.result == FETCH_UNCHANGED ||
	    (read->fetched.result == FETCH_OK &&
		read->extracted.result == EXTRACT_PASSED_BY)) {
		run->passed_by = read->extracted.reason;
		run->facts.list_pages++;
		run->facts.unchanged_pages++;
		return true;
	}
	list_page_count(run, read);
	if (read->fetched.result != FETCH_OK ||
	    read->extracted.result != EXTRACT_OK)
		return false;
	*repeat = is_repeat(run, &read->extracted);
	if (!*repeat) {
		postings_take(run, read);
		fills_add(run, &read->extracted, &run->to->list_fills,
		    &run->to->nlist_fills);
		run->counted += read->extracted.postings;
	}
	return true;
}

/* One page of the list; true if there is another one to be read. */
static bool
list_page(struct run_dry *run, struct list_place *place)
{
	const struct dryrun_options *o = run->options;
	struct page_read read = { 0 };
	struct page_position next;
	enum page_step step;
	bool repeat = false;

	if (page_bring_list(run, place, &read) == -1 ||
	    !list_page_take(run, &read, &repeat))
		return false;
	say(run, arena_printf(run->arena, "page %d: %u items, %zu jobs so far",
		     run->facts.list_pages, read.extracted.items, run->to->n));
	step = page_next(o->source, &read.extracted, &place->at,
	    run->facts.items, repeat, &next, &place->url);
	run->facts.truncated = step == PAGE_TRUNCATED;
	if (step != PAGE_NEXT || o->page != NULL)
		return false;
	if ((uint32_t)run->facts.list_pages >= o->max_pages) {
		run->to->is_cut = true;
		return false;
	}
	place->at = next;
	place->cursor = read.extracted.next;
	return true;
}

/* The mails of a mailbox, the newest first. */
static void
mails_read(struct run_dry *run)
{
	const char *p = page_bring_mailbox(run);
	uint32_t n = 0;

	if (p != NULL) {
		run->facts.list_pages++;
		run->facts.unchanged_pages++;
	}
	for (; p != NULL && *p != '\0'; p += *p == '\n') {
		size_t len = strcspn(p, "\n");
		struct page_read read = { 0 };
		bool repeat = false;

		if (n++ == run->options->max_pages) {
			run->to->is_cut = true;
			return;
		}
		if (page_bring_mail(
			run, arena_strndup(run->arena, p, len), &read) == -1)
			return;
		list_page_take(run, &read, &repeat);
		p += len;
		say(run, arena_printf(run->arena,
			     "mail %u: %u items, %zu jobs so far", n,
			     read.extracted.items, run->to->n));
	}
}

static void
list_read(struct run_dry *run)
{
	struct list_place place = { 0 };

	if (run->options->source->list.format == FORMAT_MAIL &&
	    run->options->page == NULL) {
		mails_read(run);
		return;
	}
	page_first(run->options->source, &place.at);
	while (list_page(run, &place))
		;
}

/* True if it was read, and the posting has what it says. */
static bool
detail_read(struct run_dry *run, struct posting *posting)
{
	struct page_read read = { 0 };

	run->facts.detail_pages++;
	if (!source_may_request(run->options->source, posting->detail_url) ||
	    page_bring_detail(run, posting, &read) == -1 ||
	    read.extracted.result != EXTRACT_OK || read.n != 1) {
		run->facts.failed_details++;
		say(run, arena_printf(run->arena, "detail %s: %s",
			     posting->detail_url,
			     str_is_empty(read.fetched.reason)
				 ? read.extracted.reason == NULL
				       ? "it is not allowed"
				       : read.extracted.reason
				 : read.fetched.reason));
		return false;
	}
	fills_add(run, &read.extracted, &run->to->detail_fills,
	    &run->to->ndetail_fills);
	posting_merge(run->arena, posting, &read.postings[0]);
	return true;
}

/* A saved page has at most one saved detail. */
static int
details_most(const struct dryrun_options *o)
{
	if (o->page != NULL)
		return o->detail != NULL;
	return (int)o->max_details;
}

static void
details_read(struct run_dry *run)
{
	const struct dryrun_options *o = run->options;
	struct dryrun *to = run->to;
	size_t n = 0;

	for (size_t i = 0; i < to->n; i++) {
		struct posting *posting = &to->postings[i];
		bool has_detail = posting->detail_url != NULL;

		to->detail_urls += has_detail;
		if (has_detail && run->facts.detail_pages < details_most(o) &&
		    detail_read(run, posting) &&
		    is_dropped(run, posting, false))
			continue;
		to->postings[n++] = *posting;
		if (has_detail)
			say(run, arena_printf(run->arena, "detail %d of %d",
				     run->facts.detail_pages, details_most(o)));
	}
	to->n = n;
}

/* What the source expects of its fields, beside what was found. */
static void
fills_judge(
    struct run_dry *run, const struct fill *fills, size_t n, bool of_detail)
{
	const struct source *source = run->options->source;
	struct run_facts *f = &run->facts;
	int read = f->detail_pages - f->failed_details;
	struct fill_fact *list =
	    arena_array(run->arena, f->nfills + n + 1, sizeof(*list));

	if (f->nfills > 0)
		memcpy(list, f->fills, f->nfills * sizeof(*list));
	f->fills = list;
	for (size_t i = 0; i < n; i++)
		list[f->nfills++] = (struct fill_fact){ .name = fills[i].name,
			.of_detail = of_detail,
			.found = fills[i].found,
			.of = of_detail ? read : run->counted,
			.expected =
			    fill_expected(source, fills[i].name, of_detail) };
}

static void
account(struct run_dry *run)
{
	struct dryrun *to = run->to;

	run->facts.postings = (int64_t)(to->n + to->ndrops);
	run->facts.refused = to->refused;
	/* Of a list that was cut short by wish, nothing is missing. */
	if (to->is_cut || run->options->page != NULL)
		run->facts.total = -1;
	/* Nor does a list go on that never began. */
	if (to->is_cut || run->options->page != NULL || run->facts.items == 0)
		run->facts.truncated = false;
	to->list_pages = run->facts.list_pages;
	to->detail_pages = run->facts.detail_pages;
	to->failed_details = run->facts.failed_details;
	to->items = run->facts.items;
	fills_judge(run, to->list_fills, to->nlist_fills, false);
	fills_judge(run, to->detail_fills, to->ndetail_fills, true);
	to->outcome = run_outcome(run->arena, &run->facts, &to->reason);
	if (to->outcome == OUTCOME_UNCHANGED && run->passed_by != NULL)
		to->reason = run->passed_by;
}

int
workers_begin(struct run_dry *run, struct err *e)
{
	struct setup setup = { .foreground = true,
		.log_level = LOG_LEVEL_WARN,
		.root = "",
		.user_agent = run->options->user_agent };
	struct peer_conf conf = { .setup = &setup,
		.source = run->options->source };

	run->extract = peer_open(ROLE_EXTRACT, &conf, e);
	if (run->extract == NULL)
		return -1;
	if (run->options->page != NULL)
		return 0;
	conf.secrets = run->options->secrets;
	conf.nsecrets = run->options->nsecrets;
	run->fetch = peer_open(ROLE_FETCH, &conf, e);
	return run->fetch == NULL ? -1 : 0;
}

void
workers_end(struct run_dry *run)
{
	peer_close(run->fetch);
	peer_close(run->extract);
}

int
dryrun(struct arena *arena, const struct dryrun_options *options,
    struct dryrun *to, struct err *e)
{
	struct run_dry run = { .arena = arena, .options = options, .to = to };
	int result;

	*to = (struct dryrun){ .total = -1, .reason = "", .refused_why = "" };
	run.facts = (struct run_facts){ .total = -1,
		.usual = -1,
		.min_jobs = options->source->expect.min_jobs,
		.throttled_status = options->source->expect.throttled_status,
		.fetch = FETCH_OK,
		.fetch_reason = "",
		.extract_reason = "" };
	result = workers_begin(&run, e);
	if (result == 0) {
		list_read(&run);
		to->total = run.facts.total;
		details_read(&run);
		account(&run);
		result = run.fault.kind == ERR_NONE ? 0 : -1;
		if (result == -1)
			*e = run.fault;
	}
	workers_end(&run);
	return result;
}
