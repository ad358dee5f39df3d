/*
 * JSONPath (RFC 9535), the whole grammar with its five functions, compiled
 * once. Evaluation is bounded by LIMIT_JSONPATH_STEPS.
 */
#ifndef EXTRACT_JSONPATH_H
#define EXTRACT_JSONPATH_H

#include "extract/jdoc.h"

struct jsonpath;

/*
 * Compile; in the arena and as long-lived as it. NULL and err if text is no
 * JSONPath; *at (if given) is the offset of the fault.
 */
struct jsonpath *jsonpath_new(
    struct arena *, const char *text, size_t *at, struct err *);
/*
 * The nodes it selects of root, an array in the arena; *n how many. -1 when
 * the limit of steps was met.
 */
int jsonpath_select(const struct jsonpath *, struct arena *,
    const struct jnode *root, const struct jnode *const **to, size_t *n);

/*
 * Where a path begins with names ("$.data.jobs[*]"): the first of them that
 * root does not have, or NULL. null is had.
 */
const char *jsonpath_missing(
    const struct jsonpath *, struct arena *, const struct jnode *root);

#endif
