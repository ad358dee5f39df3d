/*
 * Addresses that must not be dialled, and those just beside them.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include "base/addr.h"
#include "check.h"

static void
special(void)
{
	static const char *const bad[] = { "0.0.0.0", "0.1.2.3", "10.0.0.1",
		"10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1",
		"127.255.0.1", "169.254.169.254", "172.16.0.1",
		"172.31.255.255", "192.0.0.1", "192.0.0.8", "192.0.0.9",
		"192.0.0.10", "192.0.0.170", "192.0.0.171", "192.0.0.200",
		"192.0.2.5", "192.31.196.1", "192.52.193.1", "192.88.99.1",
		"192.168.1.1", "192.175.48.1", "198.18.0.1", "198.19.255.255",
		"198.51.100.7", "203.0.113.9", "224.0.0.1", "239.1.1.1",
		"240.0.0.1", "255.255.255.255", "::", "::1", "[::1]", "::2",
		"::8.8.8.8", "64:ff9b:1:1::8.8.8.8", "100::1", "100:0:0:1::1",
		"2001:1::1", "2001:1::2", "2001:1::3", "2001:2::1", "2001:3::1",
		"2001:4:112::1", "2001:5::1", "2001:10::1", "2001:20::1",
		"2001:30::1", "2001:1ff::1", "2001:db8::1", "2620:4f:8000::1",
		"3fff::1", "3fff:fff::1", "5f00::1", "fc00::1", "fd12::1",
		"fe80::1", "febf::1", "fec0::1", "ff02::1", "1fff::1",
		"4000::1", "8000::1", "2a00:1450::5efe:10.0.0.1",
		"2a00:1450::200:5efe:127.0.0.1", "not an address", "", "127.1",
		"2130706433", "0x7f.0.0.1", "[127.0.0.1]", "[::1", "fe80::1%lo",
		"1111111111111111111111111111111111111111111111::1" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const char *reason = NULL;
		if (addr_text_is_public(bad[i], &reason))
			printf("public: %s\n", bad[i]);
		CHECK(!addr_text_is_public(bad[i], &reason));
		CHECK(reason != NULL && strcmp(reason, "public") != 0);
	}
}

static void
unwrapped(void)
{
	static const char *const cases[][2] = {
		{ "::ffff:127.0.0.1", "loopback (RFC 1122)" },
		{ "::ffff:10.0.0.1", "private network (RFC 1918)" },
		{ "::10.0.0.1", "private network (RFC 1918)" },
		{ "64:ff9b::10.0.0.1", "private network (RFC 1918)" },
		{ "64:ff9b::a9fe:a9fe", "link local (RFC 3927)" },
		{ "64:ff9b:1::192.168.0.1", "private network (RFC 1918)" },
		{ "64:ff9b:1:a00:1::", "local NAT64 (RFC 8215)" },
		{ "2002:a00:1::1", "private network (RFC 1918)" },
		{ "2002:7f00:1::", "loopback (RFC 1122)" },
		/* The client of Teredo, 10.0.0.1, and then its server. */
		{ "2001:0:4136:e378:8000:63bf:f5ff:fffe",
		    "private network (RFC 1918)" },
		{ "2001:0:a00:1:8000:63bf:3fff:fdd2",
		    "private network (RFC 1918)" },
	};
	const char *reason;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		reason = NULL;
		CHECK(!addr_text_is_public(cases[i][0], &reason));
		CHECK_STR(reason, cases[i][1]);
	}
}

static void
beside_them(void)
{
	static const char *const good[] = { "1.1.1.1", "8.8.8.8", "9.255.0.1",
		"11.0.0.1", "100.63.255.255", "100.128.0.1", "126.255.255.255",
		"128.0.0.1", "169.253.255.255", "169.255.0.1", "172.15.0.1",
		"172.32.0.1", "191.255.255.255", "192.0.1.1", "192.0.3.1",
		"192.167.255.255", "192.169.0.1", "198.17.0.1", "198.20.0.1",
		"203.0.112.1", "203.0.114.1", "223.255.255.255",
		"2606:4700::1111", "2a00:1450::1", "2001:200::1", "2001:db7::1",
		"2001:db9::1", "2003::1", "3ffe::1", "[2606:4700::1111]",
		"64:ff9b::8.8.8.8", "::ffff:8.8.8.8", "2002:808:808::1",
		"64:ff9b:1::8.8.8.8", "2a00:1450::5efe:8.8.8.8" };

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		const char *reason = NULL;
		if (!addr_text_is_public(good[i], &reason))
			printf("%s: %s\n", good[i], reason);
		CHECK(addr_text_is_public(good[i], &reason));
		CHECK_STR(reason, "public");
	}
	CHECK(addr_text_is_public("1.1.1.1", NULL));
}

static void
socket_addresses(void)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
	struct sockaddr other = { .sa_family = AF_UNIX };
	const char *reason;

	v4.sin_addr.s_addr = htonl(0x08080808);
	CHECK(addr_is_public((struct sockaddr *)&v4, &reason));
	v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	CHECK(!addr_is_public((struct sockaddr *)&v4, &reason));
	CHECK_STR(reason, "loopback (RFC 1122)");
	v6.sin6_addr = in6addr_loopback;
	CHECK(!addr_is_public((struct sockaddr *)&v6, &reason));
	CHECK_STR(reason, "loopback (RFC 4291)");
	CHECK(!addr_is_public(&other, &reason));
	CHECK_STR(reason, "not an internet address");
	CHECK(!addr_is_public(&other, NULL));
}

TESTS(TEST(special), TEST(unwrapped), TEST(beside_them), TEST(socket_addresses))
