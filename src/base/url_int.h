/*
 * Hosts of URLs: private to the url files of base.
 */
#ifndef BASE_URL_INT_H
#define BASE_URL_INT_H

#include "base/arena.h"
#include "base/err.h"

/*
 * A host as written into the form that is dialled: percent-encoding undone,
 * lower case, punycode, IPv4 in any notation to dotted decimal, IPv6 in its
 * shortest form within brackets. NULL and err if it is none.
 */
char *url_host(struct arena *, const char *text, size_t n, struct err *);

#endif
