/*
 * CSS selectors (Selectors level 4 as scrapers use it), compiled once and
 * matched over a dom. A selector may end in "@name", which takes that
 * attribute; "@name" alone takes it of the element that is asked.
 *
 * Beyond the standard: :contains() and :-soup-contains(), and in XML a name
 * with its prefix, "tt:city", unless what follows is a pseudo-class.
 */
#ifndef EXTRACT_CSS_H
#define EXTRACT_CSS_H

#include "base/err.h"
#include "extract/dom.h"

struct css;

struct css_found {
	const struct node *node;
	const struct attr *attr; /* where the selector takes one */
};

/*
 * Compile; in the arena and as long-lived as it. NULL and err ("unexpected
 * '>' at character 5") if text is none; *at (if given) is that offset.
 */
struct css *css_new(
    struct arena *, const char *text, bool is_xml, size_t *at, struct err *);
/*
 * Elements below top that match, in document order, an array in the arena,
 * at most max; *n how many. Where none does, top itself may match. -1 when
 * LIMIT_CSS_STEPS was met.
 */
int css_select(const struct css *, struct arena *, const struct node *top,
    size_t max, struct css_found **to, size_t *n);

#endif
