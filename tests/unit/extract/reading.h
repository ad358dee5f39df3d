/*
 * A page read by a source as people write it: for the tests of extraction.
 */
#ifndef TESTS_UNIT_EXTRACT_READING_H
#define TESTS_UNIT_EXTRACT_READING_H

#include "base/json.h"
#include "base/limits.h"
#include "conf/conf.h"
#include "extract/extract.h"
#include "check.h"

struct read {
	struct arena *arena;
	struct source *source;
	struct extractor *extractor;
	struct extracted extracted;
	struct posting *postings;
	size_t n;
	char fault[400]; /* of the selectors, "line:column: text" */
	/* May be set before reading. */
	const char *url, *content_type;
	enum request_kind kind;
	int64_t now_ms;
};

static inline void
read_fault(void *context, const char *file, uint32_t line, uint32_t column,
    const char *text)
{
	struct read *r = context;

	(void)file;
	snprintf(r->fault, sizeof(r->fault), "%u:%u: %s", line, column, text);
}

static inline void
read_done(struct read *r)
{
	extractor_free(r->extractor);
	arena_free(r->arena);
	r->extractor = NULL;
	r->arena = NULL;
}

/* Compile; false when the source or its selectors are wrong. */
static inline bool
read_source(struct read *r, const char *yaml)
{
	struct problems problems;

	read_done(r);
	r->arena = arena_new(256 * 1024 * 1024);
	problems_init(&problems, r->arena);
	r->source = conf_source_parse(
	    r->arena, "test.yaml", yaml, strlen(yaml), &problems);
	problems_print(&problems, stdout, false);
	if (r->source == NULL)
		return false;
	r->extractor = extractor_new(r->source, read_fault, r);
	return r->extractor != NULL;
}

/* Read a page of n bytes; the postings are taken from the output again. */
static inline void
read_page_n(struct read *r, const char *body, size_t n)
{
	struct page page = { .id = 1,
		.source = "test",
		.target = "test",
		.kind = r->kind,
		.url = r->url == NULL ? "https://x.example/jobs/" : r->url,
		.content_type = r->content_type,
		.now_ms = r->now_ms == 0 ? INT64_C(1764000000000) : r->now_ms };
	struct buf output;
	struct wire wire;

	if (r->source->ntargets > 0) {
		page.params = r->source->targets[0].params;
		page.nparams = r->source->targets[0].nparams;
	}
	buf_init(&output, LIMIT_OUTPUT_BYTES);
	extract_page(
	    r->extractor, r->arena, &page, body, n, &output, &r->extracted);
	r->n = 0;
	if (r->extracted.result == EXTRACT_OK) {
		wire_init(&wire, r->arena, output.data, output.len);
		r->n = get_u32(&wire);
		CHECK_INT(r->n, r->extracted.postings);
		r->postings =
		    arena_array(r->arena, r->n, sizeof(r->postings[0]));
		for (size_t i = 0; i < r->n; i++)
			posting_get(&wire, &r->postings[i]);
		CHECK_INT(get_end(&wire, "output", NULL), 0);
	} else {
		CHECK_INT(output.len, 0);
	}
	buf_fini(&output);
}

static inline void
read_page(struct read *r, const char *body)
{
	read_page_n(r, body, strlen(body));
}

/* Source and page at once; the source must be right. */
static inline void
read_with(struct read *r, const char *yaml, const char *body)
{
	CHECK(read_source(r, yaml));
	read_page(r, body);
}

#endif
