/*
 * Punycode: the samples of RFC 3492 section 7.1, and a larger set.
 */
#include "base/base_int.h"
#include "base/json.h"
#include "base/utf8.h"
#include "check.h"
#include "shared.h"

/* True if plain and coded are each other's form. */
static bool
is_pair(const char *plain, const char *coded)
{
	uint32_t chars[100], back[100];
	const char *p = plain, *end = plain + strlen(plain);
	char text[200];
	int n = 0, length, count;

	while (p < end)
		chars[n++] = utf8_next(&p, end);
	length = punycode_encode(chars, (size_t)n, text, sizeof(text));
	if (length != (int)strlen(coded) ||
	    strncasecmp(text, coded, (size_t)length) != 0)
		return false;
	count = punycode_decode(coded, strlen(coded), back, 100);
	return count == n &&
	       memcmp(chars, back, (size_t)n * sizeof(chars[0])) == 0;
}

static void
rfc3492(void)
{
	CHECK(is_pair("b\xc3\xbc"
		      "cher",
	    "bcher-kva"));
	CHECK(is_pair("\xe4\xbb\x96\xe4\xbb\xac\xe4\xb8\xba\xe4\xbb\x80\xe4\xb9"
		      "\x88\xe4\xb8\x8d\xe8\xaf\xb4\xe4\xb8\xad\xe6\x96\x87",
	    "ihqwcrb4cv8a8dqg056pqjye"));
	CHECK(is_pair("Pro\xc4\x8dprost\xc4\x9bnemluv\xc3\xad\xc4\x8d"
		      "esky",
	    "Proprostnemluvesky-uyb24dma41a"));
	CHECK(is_pair("3\xe5\xb9\xb4"
		      "B\xe7\xb5\x84\xe9\x87\x91\xe5\x85\xab"
		      "\xe5\x85\x88\xe7\x94\x9f",
	    "3B-ww4c5e180e575a65lsy2b"));
	CHECK(is_pair("-> $1.00 <-", "-> $1.00 <--"));
	CHECK(is_pair("", ""));
}

static void
broken(void)
{
	uint32_t to[20];

	CHECK_INT(punycode_decode("99999zzzz", 9, to, 20), -1);
	CHECK_INT(punycode_decode("999999999", 9, to, 20), -1);
	CHECK_INT(punycode_decode("a\xc3-b", 4, to, 20), -1);
	CHECK_INT(punycode_decode("bcher-kv", 8, to, 20), -1);
	CHECK_INT(punycode_decode("bcher-k!a", 9, to, 20), -1);
	CHECK_INT(punycode_decode("abcdef-", 7, to, 3), -1);
	CHECK_INT(
	    punycode_encode((uint32_t[]){ 0xfc, 'a' }, 2, (char[4]){ 0 }, 4),
	    -1);
	CHECK_INT(
	    punycode_encode((uint32_t[]){ 'a', 'b' }, 2, (char[2]){ 0 }, 2),
	    -1);
}

static void
corpus(void)
{
	struct arena *a = arena_new(1 << 20);
	struct json *tests, *test;
	size_t n, count = 0;
	char *text;

	text = shared_read(
	    a, "corpus/suites/url/idna/tests/punycode_tests.json", &n);
	if (text == NULL) {
		arena_free(a);
		SKIP("the punycode vectors are not here");
	}
	tests = json_parse(text, n, NULL);
	CHECK(tests != NULL);
	for (size_t i = 0; i < json_size(tests); i++) {
		test = json_at(tests, i);
		if (json_get_text(test, "decoded") == NULL)
			continue;
		CHECK(is_pair(json_get_text(test, "decoded"),
		    json_get_text(test, "encoded")));
		count++;
	}
	CHECK(count > 20);
	json_free(tests);
	arena_free(a);
}

TESTS(TEST(rfc3492), TEST(broken), TEST(corpus))
