/*
 * The host of a URL, as the WHATWG standard's host parser reads it. Names
 * in other scripts are mapped by the rules of UTS 46 that matter in links:
 * lower case, full width forms, other full stops, characters that are left
 * out. What would need Unicode's normal forms is refused.
 */
#include "base/base_int.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

/* RFC 1035 section 2.3.4: a name in its text form, and one label of it. */
#define NAME_BYTES  253
#define LABEL_BYTES 63

int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
		return (c | 0x20) - 'a' + 10;
	return -1;
}

/* The longest run of two or more zero groups; its length. */
static int
zero_run(const uint16_t group[8], int *start)
{
	int best = 1, length;

	*start = -1;
	for (int i = 0; i < 8; i += length + 1) {
		for (length = 0; i + length < 8 && group[i + length] == 0;)
			length++;
		if (length > best) {
			best = length;
			*start = i;
		}
	}
	return best;
}

/* "[...]" in the shortest form, all of it hexadecimal (RFC 5952, WHATWG). */
static char *
print_ipv6(struct arena *a, const struct in6_addr *address)
{
	char text[48] = "[", *p = text + 1;
	uint16_t group[8];
	int start, run;

	for (int i = 0; i < 8; i++)
		group[i] = (uint16_t)(address->s6_addr[2 * i] << 8 |
				      address->s6_addr[2 * i + 1]);
	run = zero_run(group, &start);
	for (int i = 0; i < 8; i++) {
		if (i == start) {
			p += sprintf_safe(p, i == 0 ? "::" : ":");
			i += run - 1;
			continue;
		}
		p += snprintf(p, (size_t)(text + sizeof(text) - p), "%x%s",
		    group[i], i < 7 ? ":" : "");
	}
	return arena_printf(a, "%s]", text);
}
