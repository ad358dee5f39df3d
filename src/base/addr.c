/*
 * The special-purpose address registries of IANA (RFC 6890 and its later
 * entries), and the IPv6 forms that carry an IPv4 address inside.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include "base/addr.h"

struct range4 {
	uint32_t net;
	int bits;
	const char *reason;
};

#define IP4(a, b, c, d) \
	((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (d))

/* What is none of these is public. */
static const struct range4 special4[] = {
	{ IP4(0, 0, 0, 0), 8, "this network (RFC 791)" },
	{ IP4(10, 0, 0, 0), 8, "private network (RFC 1918)" },
	{ IP4(100, 64, 0, 0), 10, "carrier-grade NAT (RFC 6598)" },
	{ IP4(127, 0, 0, 0), 8, "loopback (RFC 1122)" },
	{ IP4(169, 254, 0, 0), 16, "link local (RFC 3927)" },
	{ IP4(172, 16, 0, 0), 12, "private network (RFC 1918)" },
	{ IP4(192, 0, 0, 0), 24, "protocol assignments (RFC 6890)" },
	{ IP4(192, 0, 2, 0), 24, "documentation (RFC 5737)" },
	{ IP4(192, 31, 196, 0), 24, "AS112 (RFC 7535)" },
	{ IP4(192, 52, 193, 0), 24, "AMT (RFC 7450)" },
	{ IP4(192, 88, 99, 0), 24, "6to4 relay (RFC 7526)" },
	{ IP4(192, 168, 0, 0), 16, "private network (RFC 1918)" },
	{ IP4(192, 175, 48, 0), 24, "AS112 (RFC 7534)" },
	{ IP4(198, 18, 0, 0), 15, "benchmarking (RFC 2544)" },
	{ IP4(198, 51, 100, 0), 24, "documentation (RFC 5737)" },
	{ IP4(203, 0, 113, 0), 24, "documentation (RFC 5737)" },
	{ IP4(224, 0, 0, 0), 4, "multicast (RFC 5771)" },
	{ IP4(240, 0, 0, 0), 4, "reserved (RFC 1112)" },
};

struct range6 {
	uint8_t net[16];
	int bits;
	const char *reason;
	int inner;    /* byte where an IPv4 address lies inside; -1: none */
	uint8_t flip; /* Teredo hides its client's by inverting the bits */
};

/* The first that fits decides. */
static const struct range6 special6[] = {
	{ { 0 }, 128, "unspecified (RFC 4291)", -1, 0 },
	{ { [15] = 1 }, 128, "loopback (RFC 4291)", -1, 0 },
	{ { [10] = 0xff, [11] = 0xff }, 96, NULL, 12, 0 },
	{ { 0 }, 96, NULL, 12, 0 }, /* IPv4-compatible (RFC 4291 2.5.5.1) */
	{ { 0x00, 0x64, 0xff, 0x9b }, 96, NULL, 12, 0 },
	{ { 0x00, 0x64, 0xff, 0x9b, 0x00, 0x01 }, 48, "local NAT64 (RFC 8215)",
	    -1, 0 },
	{ { 0x20, 0x01, 0x00, 0x00 }, 32, NULL, 12, 0xff },
	{ { 0x20, 0x02 }, 16, NULL, 2, 0 },
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32, "documentation (RFC 3849)", -1, 0 },
	{ { 0x20, 0x01, 0x00 }, 23, "protocol assignments (RFC 2928)", -1, 0 },
	{ { 0x26, 0x20, 0x00, 0x4f, 0x80, 0x00 }, 48, "AS112 (RFC 7534)", -1,
	    0 },
	{ { 0x3f, 0xff, 0x00 }, 20, "documentation (RFC 9637)", -1, 0 },
	{ { 0x01, 0x00 }, 64, "discard only (RFC 6666)", -1, 0 },
	{ { 0x5f, 0x00 }, 16, "segment routing (RFC 9602)", -1, 0 },
	{ { 0xfc }, 7, "unique local (RFC 4193)", -1, 0 },
	{ { 0xfe, 0x80 }, 10, "link local (RFC 4291)", -1, 0 },
	{ { 0xfe, 0xc0 }, 10, "site local (RFC 3879)", -1, 0 },
	{ { 0xff }, 8, "multicast (RFC 4291)", -1, 0 },
};

static bool
is_public4(uint32_t address, const char **reason)
{
	for (size_t i = 0; i < sizeof(special4) / sizeof(special4[0]); i++) {
		const struct range4 *r = &special4[i];
		if ((address ^ r->net) >> (32 - r->bits) == 0) {
			*reason = r->reason;
			return false;
		}
	}
	*reason = "public";
	return true;
}

static bool
is_within(const uint8_t *address, const struct range6 *r)
{
	int whole = r->bits / 8, rest = r->bits % 8;

	if (memcmp(address, r->net, (size_t)whole) != 0)
		return false;
	return rest == 0 || (address[whole] ^ r->net[whole]) >> (8 - rest) == 0;
}

static uint32_t
inner4(const uint8_t *p, uint8_t flip)
{
	return IP4((uint8_t)(p[0] ^ flip), (uint8_t)(p[1] ^ flip),
	    (uint8_t)(p[2] ^ flip), (uint8_t)(p[3] ^ flip));
}

static bool
is_public6(const uint8_t *address, const char **reason)
{
	for (size_t i = 0; i < sizeof(special6) / sizeof(special6[0]); i++) {
		const struct range6 *r = &special6[i];
		if (!is_within(address, r))
			continue;
		if (r->inner == -1) {
			*reason = r->reason;
			return false;
		}
		/* Teredo also names its server, in bytes 4 to 7 */
		if (r->flip != 0 && !is_public4(inner4(address + 4, 0), reason))
			return false;
		return is_public4(inner4(address + r->inner, r->flip), reason);
	}
	/* only 2000::/3 is global unicast so far (RFC 4291 section 2.4) */
	*reason = address[0] >> 5 == 1 ? "public" : "not global unicast";
	return address[0] >> 5 == 1;
}

bool
addr_is_public(const struct sockaddr *sa, const char **reason)
{
	const char *ignored;

	if (reason == NULL)
		reason = &ignored;
	if (sa->sa_family == AF_INET) {
		struct sockaddr_in in;
		memcpy(&in, sa, sizeof(in));
		return is_public4(ntohl(in.sin_addr.s_addr), reason);
	}
	if (sa->sa_family == AF_INET6) {
		struct sockaddr_in6 in;
		memcpy(&in, sa, sizeof(in));
		return is_public6(in.sin6_addr.s6_addr, reason);
	}
	*reason = "not an internet address";
	return false;
}

bool
addr_text_is_public(const char *text, const char **reason)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };

	if (inet_pton(AF_INET, text, &in.sin_addr) == 1)
		return addr_is_public((const struct sockaddr *)&in, reason);
	if (inet_pton(AF_INET6, text, &in6.sin6_addr) == 1)
		return addr_is_public((const struct sockaddr *)&in6, reason);
	if (reason != NULL)
		*reason = "not an address";
	return false;
}
