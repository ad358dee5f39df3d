/* robots.txt: every group has agents, patterns are printable ASCII. */
#include "fuzz_value.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct arena *arena;
	char *copy = malloc(n > 0 ? n : 1);
	const struct robots *r;

	if (arena == NULL)
		arena = arena_new(64L * 1024 * 1024);
	assert(copy != NULL);
	memcpy(copy, data, n);
	r = robots_parse(arena, copy, n);
	for (size_t i = 0; i < r->ngroups; i++) {
		const struct robots_group *g = &r->groups[i];
		assert(g->nagents > 0 && g->crawl_delay_ms >= -1);
		for (size_t k = 0; k < g->nrules; k++)
			for (const char *s = g->rules[k].pattern; *s; s++)
				assert(*s > 0x20 && *s < 0x7f);
	}
	arena_reset(arena);
	free(copy);
	return 0;
}
