/*
 * Which network addresses a request may reach: the special-purpose
 * registries of IANA for IPv4 and IPv6 (RFC 6890), with addresses hidden in
 * IPv6 (mapped, NAT64, 6to4, Teredo) unwrapped first.
 */
#ifndef BASE_ADDR_H
#define BASE_ADDR_H

#include <stdbool.h>
#include <sys/socket.h>

/*
 * True if sa (AF_INET or AF_INET6) is a public unicast address. *reason,
 * which may be NULL, is set to a constant text such as "private network
 * (RFC 1918)", or "public".
 */
bool addr_is_public(const struct sockaddr *sa, const char **reason);
/* The same for "127.0.0.1", "::1" or "[::1]"; false for other texts. */
bool addr_text_is_public(const char *text, const char **reason);

#endif
