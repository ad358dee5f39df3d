/*
 * Addresses that must not be dialled, and some that may.
 */
#include <string.h>
#include "base/addr.h"
#include "check.h"

static void
special(void)
{
	static const char *const bad[] = { "0.0.0.0", "0.1.2.3", "10.0.0.1",
		"100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.0.1",
		"169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1",
		"192.0.2.5", "192.88.99.1", "192.168.1.1", "198.18.0.1",
		"198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1",
		"239.1.1.1", "240.0.0.1", "255.255.255.255", "::", "::1",
		"::ffff:127.0.0.1", "::ffff:10.0.0.1", "::10.0.0.1",
		"64:ff9b::10.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1", "100::1",
		"2001:db8::1", "2001:2::1", "2001:10::1", "2002:a00:1::1",
		"2002:7f00:1::", "2001:0:4136:e378:8000:63bf:f5ff:fffe",
		"2001:0:a00:1:8000:63bf:3fff:fdd2", "fc00::1", "fd12::1",
		"fe80::1", "fec0::1", "ff02::1", "3fff::1", "5f00::1",
		"4000::1", "not an address", "" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const char *reason = NULL;
		if (addr_text_is_public(bad[i], &reason))
			printf("public: %s\n", bad[i]);
		CHECK(!addr_text_is_public(bad[i], &reason));
		CHECK(reason != NULL);
	}
}

static void public(void)
{
	static const char *const good[] = { "1.1.1.1", "8.8.8.8", "9.255.0.1",
		"11.0.0.1", "100.63.255.255", "100.128.0.1", "172.15.0.1",
		"172.32.0.1", "192.0.1.1", "198.17.0.1", "198.20.0.1",
		"223.255.255.255", "2606:4700::1111", "2a00:1450::1",
		"64:ff9b::8.8.8.8", "::ffff:8.8.8.8", "2002:808:808::1" };

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		const char *reason = NULL;
		if (!addr_text_is_public(good[i], &reason))
			printf("%s: %s\n", good[i], reason);
		CHECK(addr_text_is_public(good[i], &reason));
	}
	CHECK(addr_text_is_public("1.1.1.1", NULL));
}

TESTS(TEST(special), TEST(public))
