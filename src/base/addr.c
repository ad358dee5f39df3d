#include "base/addr.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/*
 * IANA's IPv4 special-purpose address registry, and multicast. The blocks
 * that it calls globally reachable (AS112, AMT, anycasts) are here too: they
 * are infrastructure, and no web site lives there.
 */
static const struct {
	uint32_t net;
	int bits;
	const char *name;
} special4[] = {
	{ 0xffffffff, 32, "limited broadcast (RFC 919)" },
	{ 0xc0000000, 29, "IPv4 service continuity (RFC 7335)" },
	{ 0xc0000008, 32, "IPv4 dummy address (RFC 7600)" },
	{ 0xc0000009, 32, "port control anycast (RFC 7723)" },
	{ 0xc000000a, 32, "TURN anycast (RFC 8155)" },
	{ 0xc00000aa, 31, "NAT64 discovery (RFC 7050)" },
	{ 0x00000000, 8, "this network (RFC 791)" },
	{ 0x0a000000, 8, "private network (RFC 1918)" },
	{ 0x64400000, 10, "carrier-grade NAT (RFC 6598)" },
	{ 0x7f000000, 8, "loopback (RFC 1122)" },
	{ 0xa9fe0000, 16, "link local (RFC 3927)" },
	{ 0xac100000, 12, "private network (RFC 1918)" },
	{ 0xc0000000, 24, "IETF protocol assignments (RFC 6890)" },
	{ 0xc0000200, 24, "documentation (RFC 5737)" },
	{ 0xc01fc400, 24, "AS112 (RFC 7535)" },
	{ 0xc034c100, 24, "multicast tunnelling (RFC 7450)" },
	{ 0xc0586300, 24, "6to4 relay anycast (RFC 7526)" },
	{ 0xc0a80000, 16, "private network (RFC 1918)" },
	{ 0xc0af3000, 24, "AS112 (RFC 7534)" },
	{ 0xc6120000, 15, "benchmarking (RFC 2544)" },
	{ 0xc6336400, 24, "documentation (RFC 5737)" },
	{ 0xcb007100, 24, "documentation (RFC 5737)" },
	{ 0xe0000000, 4, "multicast (RFC 5771)" },
	{ 0xf0000000, 4, "reserved (RFC 1112)" },
};

/* The IPv6 registry; net is the upper half, and only ::/127 needs more. */
static const struct {
	uint64_t net;
	int bits;
	const char *name;
} special6[] = {
	{ UINT64_C(0x0064ff9b00010000), 48, "local NAT64 (RFC 8215)" },
	{ UINT64_C(0x0100000000000000), 64, "discard only (RFC 6666)" },
	{ UINT64_C(0x0100000000000001), 64, "dummy prefix (RFC 9780)" },
	{ UINT64_C(0x2001000100000000), 48, "anycasts (RFC 7723, RFC 8155)" },
	{ UINT64_C(0x2001000200000000), 48, "benchmarking (RFC 5180)" },
	{ UINT64_C(0x2001000300000000), 32, "multicast tunnelling (RFC 7450)" },
	{ UINT64_C(0x2001000401120000), 48, "AS112 (RFC 7535)" },
	{ UINT64_C(0x2001001000000000), 28, "ORCHID (RFC 4843)" },
	{ UINT64_C(0x2001002000000000), 28, "ORCHIDv2 (RFC 7343)" },
	{ UINT64_C(0x2001003000000000), 28, "drone identifiers (RFC 9374)" },
	{ UINT64_C(0x2001000000000000), 23,
	    "IETF protocol assignments (RFC 2928)" },
	{ UINT64_C(0x20010db800000000), 32, "documentation (RFC 3849)" },
	{ UINT64_C(0x2620004f80000000), 48, "AS112 (RFC 7534)" },
	{ UINT64_C(0x3fff000000000000), 20, "documentation (RFC 9637)" },
	{ UINT64_C(0x5f00000000000000), 16, "segment routing (RFC 9602)" },
	{ UINT64_C(0xfc00000000000000), 7, "unique local (RFC 4193)" },
	{ UINT64_C(0xfe80000000000000), 10, "link local (RFC 4291)" },
	{ UINT64_C(0xfec0000000000000), 10, "site local (RFC 3879)" },
	{ UINT64_C(0xff00000000000000), 8, "multicast (RFC 4291)" },
};

/* The name of what makes an IPv4 address special, or NULL if it is public. */
static const char *
special_v4(uint32_t address)
{
	for (size_t i = 0; i < COUNT(special4); i++)
		if ((address ^ special4[i].net) >> (32 - special4[i].bits) == 0)
			return special4[i].name;
	return NULL;
}

static uint64_t
load64(const uint8_t *p)
{
	uint64_t value = 0;

	for (int i = 0; i < 8; i++)
		value = value << 8 | p[i];
	return value;
}

/*
 * Addresses that stand for an IPv4 address. True if high:low is one that
 * goes there; *name is then what is special about the IPv4 address.
 */
static bool
is_wrapped(uint64_t high, uint64_t low, const char **name)
{
	uint32_t last = (uint32_t)low;

	if (high == 0 && low >> 32 == 0xffff) {
		*name = special_v4(last); /* mapped, RFC 4291 */
	} else if (high == UINT64_C(0x0064ff9b00000000) && low >> 32 == 0) {
		*name = special_v4(last); /* NAT64, RFC 6052 */
	} else if (high == UINT64_C(0x0064ff9b00010000) && low >> 32 == 0) {
		*name = special_v4(last); /* local NAT64 used as a /96 */
	} else if (high >> 48 == 0x2002) {
		*name = special_v4((uint32_t)(high >> 16)); /* 6to4 */
	} else if (high >> 32 == 0x20010000) {
		/* Teredo, RFC 4380: the server, and the client inverted. */
		*name = special_v4((uint32_t)high);
		if (*name == NULL)
			*name = special_v4(~last);
	} else {
		return false;
	}
	return true;
}

static const char *
special_v6(const uint8_t address[16])
{
	uint64_t high = load64(address), low = load64(address + 8);
	const char *name = NULL;

	if (is_wrapped(high, low, &name))
		return name;
	if (high == 0 && low <= 1)
		return low == 0 ? "unspecified (RFC 4291)"
				: "loopback (RFC 4291)";
	if (high == 0 && low >> 32 == 0) {
		name = special_v4((uint32_t)low);
		return name != NULL ? name : "IPv4-compatible (RFC 4291)";
	}
	for (size_t i = 0; i < COUNT(special6); i++)
		if ((high ^ special6[i].net) >> (64 - special6[i].bits) == 0)
			return special6[i].name;
	if (high >> 61 != 1)
		return "not global unicast (RFC 4291)";
	/* ISATAP, RFC 5214: an interface identifier that is a tunnel's end. */
	if ((low >> 32 & 0xfdffffff) == 0x00005efe)
		return special_v4((uint32_t)low);
	return NULL;
}

static bool
verdict(const char *special, const char **reason)
{
	if (reason != NULL)
		*reason = special == NULL ? "public" : special;
	return special == NULL;
}

bool
addr_is_public(const struct sockaddr *sa, const char **reason)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	/* Copies, since sa may point into a buffer that is not aligned. */
	switch (sa->sa_family) {
	case AF_INET:
		memcpy(&v4, sa, sizeof(v4));
		return verdict(special_v4(ntohl(v4.sin_addr.s_addr)), reason);
	case AF_INET6:
		memcpy(&v6, sa, sizeof(v6));
		return verdict(special_v6(v6.sin6_addr.s6_addr), reason);
	default:
		return verdict("not an internet address", reason);
	}
}

bool
addr_text_is_public(const char *text, const char **reason)
{
	char inner[INET6_ADDRSTRLEN];
	struct in6_addr v6;
	struct in_addr v4;
	size_t n = strlen(text);

	if (inet_pton(AF_INET, text, &v4) == 1)
		return verdict(special_v4(ntohl(v4.s_addr)), reason);
	if (n >= 2 && text[0] == '[' && text[n - 1] == ']') {
		text++;
		n -= 2;
	}
	if (n < sizeof(inner)) {
		memcpy(inner, text, n);
		inner[n] = '\0';
		if (inet_pton(AF_INET6, inner, &v6) == 1)
			return verdict(special_v6(v6.s6_addr), reason);
	}
	return verdict("not an address", reason);
}
