/* A look at a page: selectors that are guessed hold. */
#include "fuzz_value.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct arena *arena;
	struct page page = { .url = "https://a.example/jobs",
		.now_ms = 1795521600000 };
	struct json *answer, *cards;

	if (arena == NULL)
		arena = arena_new(LIMIT_PAGE_MEMORY_BYTES);
	answer = extract_look(arena, &page, (const char *)data, n);
	assert(json_get_text(answer, "kind") != NULL);
	cards = json_get(answer, "cards");
	if (json_is_object(cards)) {
		assert(json_get_i64(cards, "found", 0) > 1);
		assert(json_size(json_get(cards, "fields")) > 0);
	}
	json_free(answer);
	arena_reset(arena);
	return 0;
}
