/*
 * Same job? on a whole board: each posting is looked up by its keys among
 * those before it and joined with what the rules call the same. Prints the
 * time for a posting, the candidates met, and pairwise precision and recall.
 *
 *	dedupe_bench JOBS.JSONL TRUTH.TSV
 *
 * Jobs have source, ext, url, title, company, location and desc, a JSON
 * object a line; the fourth column of the truth is the number of the job
 * that a posting shows.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/str.h"
#include "match/match.h"

#define KEYS         16
#define POSTINGS_MAX 2000000
#define MEMORY       (8LL * 1024 * 1024 * 1024)

/* Postings that share a key: a list through next, newest first. */
struct link {
	int64_t key;
	uint32_t posting, next;
};

static struct identity *ids;
static uint32_t *parents, *truth;
static struct link *links;
static uint32_t *slots, nlinks;
static size_t nids, slots_size, candidates, compared;

static uint32_t
root_of(uint32_t i)
{
	while (parents[i] != i)
		i = parents[i] = parents[parents[i]];
	return i;
}

static void
join(uint32_t a, uint32_t b)
{
	a = root_of(a);
	b = root_of(b);
	if (a != b)
		parents[a > b ? a : b] = a > b ? b : a;
}

static const char *
text_of(struct arena *arena, const struct json *o, const char *key)
{
	return arena_strdup(arena, json_get_text(o, key));
}

static void
posting_add(const int64_t *keys, size_t n)
{
	uint32_t me = (uint32_t)nids;

	parents[me] = me;
	for (size_t k = 0; k < n; k++) {
		uint32_t *slot = &slots[(uint64_t)keys[k] & (slots_size - 1)];

		for (uint32_t i = *slot; i != 0; i = links[i].next) {
			if (links[i].key != keys[k])
				continue;
			candidates++;
			if (root_of(links[i].posting) == root_of(me))
				continue;
			compared++;
			if (identity_same(&ids[links[i].posting], &ids[me]))
				join(links[i].posting, me);
		}
		links[++nlinks] = (struct link){ keys[k], me, *slot };
		*slot = nlinks;
	}
	nids++;
}

/* As a store keeps it: put and got again, without what making it took. */
static void
identity_keep(struct arena *arena, const struct identity *id)
{
	struct buf b;
	struct wire w;

	buf_init(&b, 1 << 20);
	identity_put(&b, id);
	wire_init(&w, arena, b.data, b.len);
	identity_get(&w, &ids[nids]);
	buf_fini(&b);
}

/* Read, judge and time; only judging is timed. */
static int64_t
postings_read(FILE *f, struct arena *arena, struct arena *page)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t n;
	int64_t ms = 0, from;

	while (nids < POSTINGS_MAX && (n = getline(&line, &size, f)) > 0) {
		struct json *o = json_parse(line, (size_t)n, NULL);
		struct posting p = { 0 };
		struct identity id;
		int64_t keys[KEYS];

		p.source = text_of(page, o, "source");
		p.external_id = text_of(page, o, "ext");
		p.url = text_of(page, o, "url");
		p.title = text_of(page, o, "title");
		p.company = text_of(page, o, "company");
		p.location = text_of(page, o, "location");
		p.description = text_of(page, o, "desc");
		json_free(o);
		from = clock_cpu_ms();
		identity_make(page, &p, &id);
		identity_keep(arena, &id);
		posting_add(keys, identity_keys(&id, keys, KEYS));
		ms += clock_cpu_ms() - from;
		arena_reset(page);
	}
	free(line);
	return ms;
}

static void
truth_read(FILE *f)
{
	char *line = NULL;
	size_t size = 0;

	for (size_t i = 0; i < nids && getline(&line, &size, f) > 0; i++) {
		unsigned cluster = 0;

		if (sscanf(line, "%*u\t%*[^\t]\t%*[^\t]\t%u", &cluster) != 1)
			fatal("truth, line %zu: no cluster", i + 1);
		truth[i] = cluster;
	}
	free(line);
}

static int
compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Pairs of postings with equal keys. */
static size_t
pairs_count(uint64_t *keys)
{
	size_t pairs = 0, run = 0;

	qsort(keys, nids, sizeof(*keys), compare);
	for (size_t i = 1; i < nids; i++) {
		run = keys[i] == keys[i - 1] ? run + 1 : 0;
		pairs += run;
	}
	return pairs;
}

static void
report(int64_t ms)
{
	uint64_t *keys = xcalloc(nids, sizeof(*keys));
	size_t found, real, right;

	for (size_t i = 0; i < nids; i++)
		keys[i] = root_of((uint32_t)i);
	found = pairs_count(keys);
	for (size_t i = 0; i < nids; i++)
		keys[i] = truth[i];
	real = pairs_count(keys);
	for (size_t i = 0; i < nids; i++)
		keys[i] = (uint64_t)root_of((uint32_t)i) << 32 | truth[i];
	right = pairs_count(keys);
	free(keys);
	printf("%zu postings, %.1f us each (reading them not counted)\n", nids,
	    1000.0 * (double)ms / (double)nids);
	printf("%.2f candidates and %.2f comparisons each\n",
	    (double)candidates / (double)nids, (double)compared / (double)nids);
	printf("precision %.4f, recall %.4f of %zu pairs\n",
	    found == 0 ? 1 : (double)right / (double)found,
	    real == 0 ? 1 : (double)right / (double)real, real);
}

int
main(int argc, char **argv)
{
	struct arena *arena = arena_new((size_t)MEMORY);
	struct arena *page = arena_new(64L * 1024 * 1024);
	FILE *jobs = argc == 3 ? fopen(argv[1], "r") : NULL;
	FILE *labels = argc == 3 ? fopen(argv[2], "r") : NULL;
	int64_t ms;

	if (jobs == NULL || labels == NULL) {
		fprintf(stderr, "usage: dedupe_bench JOBS.JSONL TRUTH.TSV\n");
		return 64;
	}
	slots_size = 1 << 22;
	slots = xcalloc(slots_size, sizeof(*slots));
	ids = xcalloc(POSTINGS_MAX, sizeof(*ids));
	parents = xcalloc(POSTINGS_MAX, sizeof(*parents));
	truth = xcalloc(POSTINGS_MAX, sizeof(*truth));
	links = xcalloc((size_t)POSTINGS_MAX * KEYS + 1, sizeof(*links));
	ms = postings_read(jobs, arena, page);
	truth_read(labels);
	report(ms);
	fclose(jobs);
	fclose(labels);
	free(slots);
	free(ids);
	free(parents);
	free(truth);
	free(links);
	arena_free(arena);
	arena_free(page);
	return 0;
}
