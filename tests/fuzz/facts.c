/* Facts in running text: amounts and years are such as people have. */
#include "base/utf8.h"
#include "fuzz_value.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct arena *arena;
	char *copy = fuzz_text(data, n);
	const char *text, *language;
	struct facts f;

	if (arena == NULL)
		arena = arena_new(64L * 1024 * 1024);
	text = utf8_mend(arena, copy, n);
	value_facts(arena, text, NULL, &f);
	if (f.salary.present) {
		assert(f.salary.min >= 0 && f.salary.max >= 0);
		assert(f.salary.min > 0 || f.salary.max > 0);
		assert(f.salary.max == 0 || f.salary.max >= f.salary.min);
	}
	if (f.years.present) {
		assert(f.years.min >= -1 && f.years.min <= 25);
		assert(f.years.max == -1 || f.years.max > f.years.min);
	}
	assert(f.degree < DEGREE__MAX);
	language = value_language(text);
	assert(language == NULL || strlen(language) == 2);
	arena_reset(arena);
	free(copy);
	return 0;
}
