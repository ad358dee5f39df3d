/* A selector, a line end, and the page it is asked of. */
#include "base/limits.h"
#include "base/utf8.h"
#include "extract/css.h"
#include "extract/dom.h"
#include "fuzz_value.h"

static const char page[] =
    "<!DOCTYPE html><ul id=a class='x y'><li>one<li lang=de><b>two</b>"
    "<li data-a=1 data-b='q r'></ul><form><input type=checkbox checked>"
    "<option selected>o</form><p>a<p class=x>b<table><tr><td>c</table>";

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct arena *arena;
	char *copy = fuzz_text(data, n), *text, *html;
	struct css_found *found = NULL;
	struct err e = { 0 };
	size_t at = 0, count = 0;
	struct css *css;
	struct dom *dom;

	if (arena == NULL)
		arena = arena_new(256L * 1024 * 1024);
	text = utf8_mend(arena, copy, n);
	html = strchr(text, '\n');
	if (html != NULL)
		*html++ = '\0';
	css = css_new(arena, text, false, &at, &e);
	if (css == NULL)
		assert(e.text[0] != '\0' && at <= strlen(text));
	dom = dom_html(arena, html == NULL ? page : html,
	    html == NULL ? strlen(page) : strlen(html));
	if (css != NULL &&
	    css_select(css, arena, dom->root, SIZE_MAX, &found, &count) == 0)
		for (size_t i = 0; i < count; i++)
			assert(found[i].node == NULL ||
			       found[i].node->type == NODE_ELEMENT);
	arena_reset(arena);
	free(copy);
	return 0;
}
