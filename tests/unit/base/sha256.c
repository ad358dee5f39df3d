/*
 * SHA-256 by the examples of FIPS 180-4, HMAC by those of RFC 4231.
 */
#include "base/sha256.h"
#include "base/str.h"
#include "check.h"

static struct arena *arena;

static const char *
hash(const void *data, size_t n)
{
	uint8_t to[SHA256_BYTES];

	sha256_of(data, n, to);
	return str_hex(arena, to, sizeof(to));
}

static void
fips_examples(void)
{
	char *million = malloc(1000000);

	arena = arena_new(1 << 20);
	CHECK_STR(hash("", 0), "e3b0c44298fc1c149afbf4c8996fb924"
			       "27ae41e4649b934ca495991b7852b855");
	CHECK_STR(hash("abc", 3), "ba7816bf8f01cfea414140de5dae2223"
				  "b00361a396177a9cb410ff61f20015ad");
	CHECK_STR(
	    hash(
		"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56),
	    "248d6a61d20638b8e5c026930c3e6039"
	    "a33ce45964ff2167f6ecedd419db06c1");
	CHECK_STR(hash("abcdefghbcdefghicdefghijdefghijkefghijklfghijklm"
		       "ghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrs"
		       "mnopqrstnopqrstu",
		      112),
	    "cf5b16a778af8380036ce59e7b049237"
	    "0b249b11e8f07a51afac45037afee9d1");
	memset(million, 'a', 1000000);
	CHECK_STR(hash(million, 1000000), "cdc76e5c9914fb9281a1c7e284d73e67"
					  "f1809a48a497200e046d39ccc7112cd0");
	free(million);
	arena_free(arena);
}

static void
any_way_of_cutting(void)
{
	uint8_t data[500], whole[SHA256_BYTES], parts[SHA256_BYTES];
	struct sha256 h;

	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 7);
	for (size_t n = 0; n < 200; n++) {
		sha256_of(data, n, whole);
		for (size_t step = 1; step < 140; step += 9) {
			sha256_init(&h);
			for (size_t at = 0; at < n; at += step)
				sha256_add(&h, data + at,
				    n - at < step ? n - at : step);
			sha256_end(&h, parts);
			CHECK(memcmp(whole, parts, sizeof(whole)) == 0);
		}
	}
}

static const char *
mac(const void *key, size_t key_bytes, const void *data, size_t n)
{
	uint8_t to[SHA256_BYTES];

	hmac_sha256(key, key_bytes, data, n, to);
	return str_hex(arena, to, sizeof(to));
}

static void
rfc4231(void)
{
	char key[131], data[50];

	arena = arena_new(1 << 20);
	memset(key, 0x0b, 20);
	CHECK_STR(mac(key, 20, "Hi There", 8),
	    "b0344c61d8db38535ca8afceaf0bf12b"
	    "881dc200c9833da726e9376c2e32cff7");
	CHECK_STR(mac("Jefe", 4, "what do ya want for nothing?", 28),
	    "5bdcc146bf60754e6a042426089575c7"
	    "5a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, sizeof(key));
	memset(data, 0xdd, sizeof(data));
	CHECK_STR(mac(key, 20, data, 50), "773ea91e36800e46854db8ebd09181a7"
					  "2959098b3ef8c122d9635514ced565fe");
	CHECK_STR(
	    mac(key, 131,
		"Test Using Larger Than Block-Size Key - Hash Key First", 54),
	    "60e431591ee0b67f0d8a26aacbf5b77f"
	    "8e0bc6213728c5140546040f0ee37f54");
	CHECK_STR(mac(key, 131,
		      "This is a test using a larger than block-size key and a"
		      " larger than block-size data. The key needs to be hashed"
		      " before being used by the HMAC algorithm.",
		      152),
	    "9b09ffa71b942fcb27635fbcd5b0e944"
	    "bfdc63644f0713938a7f51535c3a35e2");
	arena_free(arena);
}

static void
short_hash_spreads(void)
{
	unsigned int seen[256] = { 0 }, most = 0;

	for (uint32_t i = 0; i < 65536; i++)
		seen[hash64(&i, sizeof(i)) >> 56]++;
	for (int i = 0; i < 256; i++)
		most = seen[i] > most ? seen[i] : most;
	CHECK(most < 350); /* 256 is even; the spread of chance is 16 */
	CHECK(hash64("a", 1) != hash64("b", 1));
	CHECK(hash64("", 0) != hash64("\0", 1));
	CHECK(hash64("abc", 3) == hash64("abc", 3));
}

TESTS(TEST(fips_examples), TEST(any_way_of_cutting), TEST(rfc4231),
    TEST(short_hash_spreads))
