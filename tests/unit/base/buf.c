/*
 * Buffers: growth, the ceiling, and content that stays when it is met.
 */
#include "base/buf.h"
#include "check.h"

static void
grows(void)
{
	struct buf b;
	char c;

	buf_init(&b, 100000);
	CHECK_STR(buf_cstr(&b), "");
	for (int i = 0; i < 100000; i++) {
		c = (char)('a' + i % 26);
		CHECK_INT(buf_char(&b, c), 0);
	}
	CHECK_INT(b.len, 100000);
	CHECK_INT(strlen(buf_cstr(&b)), 100000);
	CHECK_INT(b.data[99999], 'a' + 99999 % 26);
	CHECK(!b.over);
	CHECK_INT(buf_char(&b, 'x'), -1);
	CHECK(b.over);
	buf_fini(&b);
}

static void
ceiling_keeps_content(void)
{
	struct buf b;

	buf_init(&b, 8);
	CHECK_INT(buf_str(&b, "12345678"), 0);
	CHECK_INT(buf_str(&b, "9"), -1);
	CHECK_INT(buf_printf(&b, "%d", 1), -1);
	CHECK(buf_reserve(&b, 1) == NULL);
	CHECK(buf_reserve(&b, (size_t)-1) == NULL);
	CHECK_STR(buf_cstr(&b), "12345678");
	CHECK(b.over);
	buf_reset(&b);
	CHECK(!b.over);
	CHECK_STR(buf_cstr(&b), "");
	CHECK_INT(buf_str(&b, ""), 0);
	buf_fini(&b);
}

static void
printing(void)
{
	struct buf b;
	char want[1200];

	buf_init(&b, 2000);
	CHECK_INT(buf_printf(&b, "%s=%d;", "a", 1), 0);
	CHECK_INT(buf_printf(&b, "%1000s", "x"), 0);
	snprintf(want, sizeof(want), "a=1;%1000s", "x");
	CHECK_STR(buf_cstr(&b), want);
	CHECK_INT(b.len, 1004);
	CHECK_INT(buf_printf(&b, "%1000s", "x"), -1);
	CHECK_INT(b.len, 1004);
	buf_fini(&b);
}

static void
reserve_and_take(void)
{
	struct buf b;
	char *p;

	buf_init(&b, 100);
	p = buf_reserve(&b, 5);
	memcpy(p, "hello", 5);
	b.len += 5;
	CHECK_INT(buf_add(&b, " \0w", 3), 0);
	CHECK_INT(b.len, 8);
	p = buf_take(&b);
	CHECK(memcmp(p, "hello \0w", 9) == 0);
	free(p);
	CHECK_INT(b.len, 0);
	p = buf_take(&b);
	CHECK_STR(p, "");
	free(p);
	buf_fini(&b);
}

TESTS(TEST(grows), TEST(ceiling_keeps_content), TEST(printing),
    TEST(reserve_and_take))
