/* Locations: places say something, countries are two letters. */
#include "base/limits.h"
#include "fuzz_value.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct arena *arena;
	char *text = fuzz_text(data, n);
	struct location l;

	if (arena == NULL)
		arena = arena_new(64L * 1024 * 1024);
	value_location(arena, text, &l);
	assert(l.nplaces <= LIMIT_LIST_ITEMS);
	for (size_t i = 0; i < l.nplaces; i++) {
		const struct place *p = &l.places[i];
		assert(
		    p->city != NULL || p->region != NULL || p->country != NULL);
		assert(p->city == NULL || *p->city != '\0');
		assert(p->country == NULL || strlen(p->country) == 2);
	}
	arena_reset(arena);
	free(text);
	return 0;
}
