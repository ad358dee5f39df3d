/*
 * Identity measured on labelled pairs of the corpus: printed, and held above
 * floors. Skipped where the corpus is not.
 */
#include <glob.h>
#include <stdlib.h>
#include "check.h"
#include "cases.h"

struct count {
	int dups, found, differ, wrong; /* pairs */
};

static FILE *
corpus_open(const char *path)
{
	const char *shared = getenv("CAREERD_SHARED");
	char name[1024];
	FILE *f;

	if (shared == NULL)
		shared = "../shared";
	snprintf(name, sizeof(name), "%s/corpus/labelled/%s", shared, path);
	f = fopen(name, "r");
	if (f == NULL)
		SKIP("the corpus is not here");
	return f;
}

static struct json *
file_json(const char *name)
{
	FILE *f = fopen(name, "rb");
	char *text;
	long size;

	CHECK(f != NULL);
	fseek(f, 0, SEEK_END);
	size = ftell(f);
	rewind(f);
	text = arena_alloc(arena, (size_t)size + 1);
	size = (long)fread(text, 1, (size_t)size, f);
	fclose(f);
	return json_parse(text, (size_t)size, NULL);
}

static void
posting_of(const struct json *o, bool with_url, struct posting *to)
{
	memset(to, 0, sizeof(*to));
	to->title = arena_strdup(arena, json_get_text(o, "title"));
	to->company = arena_strdup(arena, json_get_text(o, "company"));
	to->location = arena_strdup(arena, json_get_text(o, "location"));
	to->description = arena_strdup(arena, json_get_text(o, "description"));
	if (with_url)
		to->url = arena_strdup(arena, json_get_text(o, "url"));
}

static bool
pair_same(const struct json *pair, bool with_url)
{
	struct posting a, b;
	struct identity x, y;

	posting_of(json_get(pair, "a"), with_url, &a);
	posting_of(json_get(pair, "b"), with_url, &b);
	identity_make(arena, &a, &x);
	identity_make(arena, &b, &y);
	return identity_same(&x, &y) != NULL;
}

static void
pairs_count(bool with_url, struct count *c)
{
	FILE *f = corpus_open("derived-dup-pairs/open/pairs.jsonl");
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	memset(c, 0, sizeof(*c));
	while ((n = getline(&line, &size, f)) > 0) {
		struct json *pair = json_parse(line, (size_t)n, NULL);
		const char *label = json_get_text(pair, "label");
		bool same;

		arena_begin();
		same = pair_same(pair, with_url);
		if (str_eq(label, "dup")) {
			c->dups++;
			c->found += same;
		} else if (str_eq(label, "different")) {
			c->differ++;
			c->wrong += same;
		}
		json_free(pair);
	}
	free(line);
	fclose(f);
}

static double
report(const char *what, const struct count *c, double *recall)
{
	double precision = c->found + c->wrong == 0
			       ? 1
			       : (double)c->found / (c->found + c->wrong);

	*recall = c->dups == 0 ? 1 : (double)c->found / c->dups;
	printf("%s: precision %.4f (%d wrong of %d), recall %.4f (%d of %d)\n",
	    what, precision, c->wrong, c->differ, *recall, c->found, c->dups);
	return precision;
}

static void
derived_with_urls(void)
{
	struct count c;
	double recall, precision;

	pairs_count(true, &c);
	precision = report("pairs with URLs", &c, &recall);
	CHECK(c.dups > 1000 && c.differ > 1000);
	CHECK(precision >= 0.995);
	CHECK(recall >= 0.985);
}

static void
derived_without_urls(void)
{
	struct count c;
	double recall, precision;

	pairs_count(false, &c);
	precision = report("pairs without URLs", &c, &recall);
	CHECK(precision >= 0.97);
	CHECK(recall >= 0.20);
}

/* ---- requisitions in recordings of boards ---- */

struct openings {
	int several, joined, titles; /* openings; of those, titles differ */
};

/* All postings of a board whose internal id is that of posting i. */
static void
opening_count(const struct json *jobs, size_t i, struct openings *c)
{
	int64_t id = json_get_i64(json_at(jobs, i), "internal_job_id", 0);
	const char *title = json_get_text(json_at(jobs, i), "title");
	struct identity first, other;
	size_t found = 0;
	bool joined = true, titles = false;

	for (size_t k = 0; k < json_size(jobs); k++) {
		const struct json *o = json_at(jobs, k);
		struct pair pair = { "internal_job_id", NULL };
		struct posting p = { .metadata = &pair, .nmetadata = 1 };

		if (json_get_i64(o, "internal_job_id", 0) != id)
			continue;
		if (k < i)
			return; /* counted before */
		pair.value = arena_printf(arena, "%lld", (long long)id);
		p.title = json_get_text(o, "title");
		p.company = json_get_text(o, "company_name");
		identity_make(arena, &p, found == 0 ? &first : &other);
		titles |= !str_eq(p.title, title);
		joined &= found++ == 0 || identity_same(&first, &other) != NULL;
	}
	c->several += found > 1;
	c->joined += found > 1 && joined;
	c->titles += found > 1 && titles;
}

static void
openings_of_boards(void)
{
	const char *shared = getenv("CAREERD_SHARED");
	struct openings c = { 0 };
	glob_t files;
	char pattern[1024];

	snprintf(pattern, sizeof(pattern),
	    "%s/corpus/json-api/greenhouse/*tech-jobs-hub/data/*.json",
	    shared == NULL ? "../shared" : shared);
	if (glob(pattern, 0, NULL, &files) != 0)
		SKIP("the corpus is not here");
	for (size_t f = 0; f < files.gl_pathc; f++) {
		struct json *j;
		const struct json *jobs;

		arena_begin();
		j = file_json(files.gl_pathv[f]);
		jobs = json_get(j, "jobs");
		for (size_t i = 0; i < json_size(jobs); i++)
			if (json_get_i64(
				json_at(jobs, i), "internal_job_id", 0) != 0)
				opening_count(jobs, i, &c);
		json_free(j);
	}
	globfree(&files);
	printf("openings with several postings: %d, %d of them one job, titles "
	       "differ in %d\n",
	    c.several, c.joined, c.titles);
	CHECK(c.several > 700);
	CHECK_INT(c.joined, c.several);
}

/*
 * Written by hand. Ten call one what differs in a word of seniority or in
 * the name of a parent company; those stay apart here, on purpose.
 */
static void
written_by_hand(void)
{
	FILE *f = corpus_open("dedupe-pairs/alex-zagorianos__Zaggregate/tests/"
			      "fixtures/coverage/labeled_pairs.jsonl");
	char *line = NULL;
	size_t size = 0;
	ssize_t n;
	int all = 0, right = 0, merged = 0;

	while ((n = getline(&line, &size, f)) > 0) {
		struct json *pair = json_parse(line, (size_t)n, NULL);
		bool label = json_get_true(pair, "same"), same;

		arena_begin();
		same = pair_same(pair, false);
		all++;
		right += same == label;
		merged += same && !label;
		json_free(pair);
	}
	free(line);
	fclose(f);
	arena_free(arena);
	arena = NULL;
	printf(
	    "pairs by hand: %d of %d, %d wrongly merged\n", right, all, merged);
	CHECK_INT(merged, 0);
	CHECK(right >= 30);
}

TESTS(TEST(derived_with_urls), TEST(derived_without_urls),
    TEST(openings_of_boards), TEST(written_by_hand))
