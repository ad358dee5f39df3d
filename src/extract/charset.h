/*
 * Bytes of a page made UTF-8: by its BOM, what HTTP or the page itself says
 * its charset is, else UTF-8 if it is well-formed, else windows-1252 (HTML
 * standard 13.2.3). What is malformed becomes U+FFFD.
 */
#ifndef EXTRACT_CHARSET_H
#define EXTRACT_CHARSET_H

#include <stddef.h>
#include "base/arena.h"

enum charset_hint {
	CHARSET_JSON, /* UTF-8 unless a BOM or HTTP says otherwise */
	CHARSET_HTML, /* may have a meta element */
	CHARSET_XML   /* may have an encoding declaration */
};

/*
 * Valid UTF-8 without NUL and BOM: the bytes given if they are so already,
 * else a copy in the arena; *n is changed. content_type may be NULL. NULL if
 * the arena is too small.
 */
const char *charset_read(struct arena *, const char *, size_t *n,
    const char *content_type, enum charset_hint);
/* Open every converter, for life: in the jail none can be opened. */
void charset_warm_up(void);

#endif
