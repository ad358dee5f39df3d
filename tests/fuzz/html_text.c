/* HTML to text: no more than two line ends or one blank in a row. */
#include "fuzz_value.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct arena *arena;
	char *copy = malloc(n > 0 ? n : 1);
	const char *text;

	if (arena == NULL)
		arena = arena_new(64L * 1024 * 1024);
	assert(copy != NULL);
	memcpy(copy, data, n);
	text = value_html_text(arena, copy, n);
	assert(strlen(text) <= n + n / 5);
	assert(strstr(text, "\n\n\n") == NULL && strstr(text, "  ") == NULL);
	assert(*text != ' ' && *text != '\n');
	assert(strlen(value_unescape(arena, copy, n)) <= n + n / 5);
	arena_reset(arena);
	free(copy);
	return 0;
}
