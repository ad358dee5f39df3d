/*
 * How fast this room is: MB/s of the scan for skills, microseconds for an
 * identity, a pair and a fit. Over descriptions given as files (each a
 * text), or over made ones of 3 KB.
 *
 *	match_bench [FILE...]
 *
 * Prints the median of five passes on one core.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "match/match.h"

#define PASSES    5
#define MADE      400
#define MADE_SIZE 3000
#define FILE_MAX  (256L * 1024 * 1024)

struct texts {
	const char **at;
	size_t n, bytes;
};

static const char *const sentences[] = {
	"You will design reliable services and review the work of others.\n",
	"Requirements:\n- 5 years of experience with Python, Go or C++\n",
	"- Strong knowledge of PostgreSQL and Redis in production\n",
	"Nice to have:\n- Kubernetes, Terraform and AWS are a plus\n",
	"Our team works closely with every partner to plan each release.\n",
	"We offer a modern office, thirty days of leave and a budget.\n",
	"It is important to us that you can explain complex systems well.\n",
	"Java is not needed, and no clearance is required for this role.\n",
	"Together we build a platform so that customers can ship quickly.\n",
	"About us\nWe are a growing firm with colleagues in nine countries.\n"
};

static void
texts_make(struct arena *arena, struct texts *to)
{
	uint32_t x = 1;

	to->at = arena_array(arena, MADE, sizeof(*to->at));
	for (to->n = 0; to->n < MADE; to->n++) {
		char *text = arena_alloc(arena, MADE_SIZE + 200), *p = text;

		while (p - text < MADE_SIZE) {
			x = x * 1664525U + 1013904223U;
			p = stpcpy(p, sentences[(x >> 16) % 10]);
		}
		to->at[to->n] = text;
		to->bytes += (size_t)(p - text);
	}
}

static void
texts_read(struct arena *arena, int n, char **names, struct texts *to)
{
	to->at = arena_array(arena, (size_t)n, sizeof(*to->at));
	for (int i = 0; i < n; i++) {
		FILE *f = fopen(names[i], "rb");
		char *text;
		long size;

		if (f == NULL)
			fatal("%s: cannot be read", names[i]);
		fseek(f, 0, SEEK_END);
		size = ftell(f);
		rewind(f);
		text = arena_alloc(arena, (size_t)size + 1);
		size = (long)fread(text, 1, (size_t)size, f);
		fclose(f);
		to->at[to->n++] = text;
		to->bytes += (size_t)size;
	}
}

static int
compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

struct work {
	const struct texts *texts;
	struct vocabulary *v;
	struct user_conf user;
	struct arena *arena;
	size_t found; /* so that nothing is left out as unused */
};

static void
work_scan(struct work *w)
{
	for (size_t i = 0; i < w->texts->n; i++) {
		size_t n;

		skills_scan(w->v, w->arena, w->texts->at[i],
		    strlen(w->texts->at[i]), &n);
		w->found += n;
		arena_reset(w->arena);
	}
}

static void
posting_set(const struct work *w, size_t i, struct posting *p)
{
	memset(p, 0, sizeof(*p));
	p->source = "bench";
	p->title = "Senior Software Engineer (m/w/d) - Berlin";
	p->company = "Acme Technologies GmbH & Co. KG";
	p->location = "Berlin, Germany";
	p->url = "https://boards.greenhouse.io/acme/jobs/4012345?utm_source=x";
	p->description = w->texts->at[i];
}

static void
work_identity_bare(struct work *w)
{
	struct posting p;
	struct identity id;

	for (size_t i = 0; i < w->texts->n; i++) {
		posting_set(w, i, &p);
		p.description = NULL;
		identity_make(w->arena, &p, &id);
		w->found += id.level;
		arena_reset(w->arena);
	}
}

static void
work_identity(struct work *w)
{
	struct posting p;
	struct identity id;
	int64_t keys[16];

	for (size_t i = 0; i < w->texts->n; i++) {
		posting_set(w, i, &p);
		identity_make(w->arena, &p, &id);
		w->found += identity_keys(&id, keys, 16);
		arena_reset(w->arena);
	}
}

static void
work_pair(struct work *w)
{
	struct posting p;
	struct identity a, b;

	posting_set(w, 0, &p);
	p.url = NULL;
	identity_make(w->arena, &p, &a);
	p.description = w->texts->at[w->texts->n - 1];
	identity_make(w->arena, &p, &b);
	for (size_t i = 0; i < w->texts->n; i++)
		w->found += identity_same(&a, &b) != NULL;
	arena_reset(w->arena);
}

static void
work_fit(struct work *w)
{
	struct posting p;
	struct skill_hit *hits;
	struct arena *own = arena_new(FILE_MAX);
	size_t n;

	posting_set(w, 0, &p);
	hits = posting_skills(w->v, own, &p, &n);
	for (size_t i = 0; i < w->texts->n; i++) {
		struct fit fit;

		fit_score(w->arena, w->v, &w->user, &p, hits, n, 0, &fit);
		w->found += (size_t)fit.score;
		arena_reset(w->arena);
	}
	arena_free(own);
}

/* Median microseconds for one text. */
static double
measure(struct work *w, void (*run)(struct work *))
{
	double us[PASSES];

	run(w);
	for (int i = 0; i < PASSES; i++) {
		int64_t from = clock_mono_ms(), ms;
		size_t rounds = 0;

		do {
			run(w);
			rounds++;
			ms = clock_mono_ms() - from;
		} while (ms < 200);
		us[i] = 1000.0 * (double)ms / (double)(rounds * w->texts->n);
	}
	qsort(us, PASSES, sizeof(us[0]), compare);
	return us[PASSES / 2];
}

int
main(int argc, char **argv)
{
	static struct skill_wish skills[] = { { "C", 0, false },
		{ "Python", 0, false }, { "PostgreSQL", 0, false },
		{ "Linux", 0, false }, { "Kubernetes", 0, false } };
	static const char *const places[] = { "Berlin", "remote" };
	struct arena *own = arena_new(FILE_MAX);
	struct texts texts = { 0 };
	struct work w = { .texts = &texts, .arena = arena_new(FILE_MAX) };
	double us;

	if (argc > 1)
		texts_read(own, argc - 1, argv + 1, &texts);
	else
		texts_make(own, &texts);
	w.user = (struct user_conf){ .present = true,
		.skills = skills,
		.nskills = 5,
		.locations = places,
		.nlocations = 2,
		.experience = EXP_SENIOR };
	w.v = vocabulary_new(NULL, 0);
	printf("%zu texts of %zu bytes, %zu skills\n", texts.n,
	    texts.bytes / texts.n, vocabulary_size(w.v));
	us = measure(&w, work_scan);
	printf("scan      %8.2f us a text, %.0f MB/s\n", us,
	    (double)texts.bytes / (double)texts.n / us);
	printf("identity  %8.2f us a posting, keys included\n",
	    measure(&w, work_identity));
	printf("  without text %5.2f us\n", measure(&w, work_identity_bare));
	printf("pair      %8.3f us\n", measure(&w, work_pair));
	printf("fit       %8.2f us, skills given\n", measure(&w, work_fit));
	vocabulary_free(w.v);
	arena_free(w.arena);
	arena_free(own);
	return w.found == 0;
}
