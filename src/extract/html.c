/*
 * HTML pages: the tree, and selectors over it.
 */
#include "extract/extract_int.h"

const struct format_reader reader_html = {
	.name = "html",
	.selects = SELECT_CSS,
	.open = reading_open_html,
};
