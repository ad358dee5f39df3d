/*
 * Between the files that read feeds: the document and its items (feed.c),
 * and what an item of XML says (feed_item.c).
 */
#ifndef EXTRACT_FEED_INT_H
#define EXTRACT_FEED_INT_H

#include "extract/extract_int.h"

/* Which prefixes the document gives the namespaces that feeds use. */
const struct feed_names *feed_names_read(struct arena *, const struct dom *);
/*
 * Is the element called so? Of RSS and Atom alike without a prefix, else by
 * the usual one ("dc:creator"), whatever the document writes.
 */
bool feed_is(const struct feed_names *, const struct node *, const char *name);
/* What an item says by the name of a field, or NULL. */
const char *feed_item_text(
    struct reading *, const struct node *item, const char *name);

#endif
