/*
 * Pages of any bytes, read by a source as a worker reads them: whatever comes
 * out must be what store would take.
 */
#ifndef TESTS_FUZZ_FUZZ_PAGE_H
#define TESTS_FUZZ_FUZZ_PAGE_H

#include "base/limits.h"
#include "base/utf8.h"
#include "conf/conf.h"
#include "extract/extract.h"
#include "fuzz_value.h"

static inline void
fuzz_fault(void *context, const char *file, uint32_t line, uint32_t column,
    const char *text)
{
	(void)context;
	fprintf(stderr, "%s:%u:%u: %s\n", file, line, column, text);
}

static inline struct extractor *
fuzz_extractor(const char *yaml)
{
	static struct arena *arena; /* of all sources, for ever */
	struct problems problems;
	struct source *source;
	struct extractor *x;

	if (arena == NULL)
		arena = arena_new(1L << 24);
	problems_init(&problems, arena);
	source = conf_source_parse(
	    arena, "fuzz.yaml", yaml, strlen(yaml), &problems);
	problems_print(&problems, stderr, false);
	assert(source != NULL);
	x = extractor_new(source, fuzz_fault, NULL);
	assert(x != NULL);
	return x;
}

static inline void
fuzz_check(struct arena *arena, const struct buf *output, bool is_list,
    uint32_t postings)
{
	struct wire wire;
	uint32_t n;

	wire_init(&wire, arena, output->data, output->len);
	n = get_u32(&wire);
	assert(n == postings);
	while (n-- > 0) {
		struct posting p;

		posting_get(&wire, &p);
		assert(!is_list || p.url != NULL || p.external_id != NULL);
		assert(
		    p.title == NULL || utf8_is_valid(p.title, strlen(p.title)));
		assert(p.description == NULL ||
		       utf8_is_valid(p.description, strlen(p.description)));
	}
	assert(get_end(&wire, "output", NULL) == 0);
}

static inline void
fuzz_page(
    struct extractor *x, enum request_kind kind, const uint8_t *data, size_t n)
{
	static struct arena *arena;
	struct page page = { .id = 1,
		.source = "fuzz",
		.target = "fuzz",
		.kind = kind,
		.url = "https://x.example/jobs/",
		.now_ms = INT64_C(1764000000000) };
	struct extracted to;
	struct buf output;
	char *copy = fuzz_text(data, n);

	if (arena == NULL)
		arena = arena_new(256L * 1024 * 1024);
	buf_init(&output, LIMIT_OUTPUT_BYTES);
	extract_page(x, arena, &page, copy, n, &output, &to);
	if (to.result == EXTRACT_OK)
		fuzz_check(arena, &output, kind == REQUEST_LIST, to.postings);
	else
		assert(output.len == 0 && to.reason[0] != '\0');
	buf_fini(&output);
	arena_reset(arena);
	free(copy);
}

#endif
