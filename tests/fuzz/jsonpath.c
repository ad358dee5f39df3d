/* A path, a line end, and the document it is asked of. */
#include "base/limits.h"
#include "extract/jdoc.h"
#include "extract/jsonpath.h"
#include "fuzz_value.h"

static const char document[] =
    "{\"a\":[1,2.5,-3e2,\"x\",null,true,{\"b\":[]}],\"b\":{\"c\":\"\\u00e9\","
    "\"d\":{\"a\":1}},\"\":0,\"q'\\\"\":[[1],[2,[3]]]}";

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct arena *arena;
	char *text = fuzz_text(data, n), *json = memchr(text, '\n', n);
	const struct jnode *root = NULL, *const *found = NULL;
	struct jsonpath *path;
	struct err e = { 0 };
	size_t at = 0, count = 0, len = strlen(document);
	const char *source = document;

	if (arena == NULL)
		arena = arena_new(256L * 1024 * 1024);
	if (json != NULL) {
		*json++ = '\0';
		source = json;
		len = n - (size_t)(json - text);
	}
	path = jsonpath_new(arena, text, &at, &e);
	if (path == NULL)
		assert(e.text[0] != '\0' && at <= strlen(text));
	jdoc_parse(arena, source, len, JDOC_LENIENT, &root, NULL);
	if (jdoc_parse(arena, source, len, JDOC_STRICT, &root, NULL) ==
		JDOC_OK &&
	    path != NULL &&
	    jsonpath_select(path, arena, root, &found, &count) == 0)
		for (size_t i = 0; i < count; i++)
			assert(found[i] >= root && found[i] < jnode_next(root));
	arena_reset(arena);
	free(text);
	return 0;
}
