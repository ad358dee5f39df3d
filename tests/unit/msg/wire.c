#include "check.h"
#include <math.h>
#include "base/limits.h"
#include "msg/wire.h"

static struct arena *arena;
static struct buf out;

static void
begin(void)
{
	arena_free(arena);
	arena = arena_new(1024 * 1024);
	buf_fini(&out);
	buf_init(&out, 4096);
}

static struct wire
wire_of(const void *bytes, size_t n)
{
	struct wire w;

	wire_init(&w, arena, bytes, n);
	return w;
}

static void
numbers_pass(void)
{
	struct err e;

	begin();
	put_u8(&out, 255);
	put_u32(&out, UINT32_MAX);
	put_i64(&out, INT64_MIN);
	put_double(&out, -0.5);
	put_bool(&out, true);
	CHECK_INT(out.len, 1 + 4 + 8 + 8 + 1);
	struct wire w = wire_of(out.data, out.len);
	CHECK_INT(get_u8(&w), 255);
	CHECK(get_u32(&w) == UINT32_MAX);
	CHECK(get_i64(&w) == INT64_MIN);
	CHECK(get_double(&w) == -0.5);
	CHECK(get_bool(&w));
	CHECK_INT(get_end(&w, "numbers", &e), 0);
}

static void
integers_are_little_endian(void)
{
	begin();
	put_u32(&out, 0x01020304);
	CHECK(memcmp(out.data, "\4\3\2\1", 4) == 0);
}

static void
strings_pass(void)
{
	struct err e;

	begin();
	put_str(&out, "Übung \xe2\x82\xac");
	put_str(&out, "");
	put_str(&out, NULL);
	put_text(&out, NULL);
	struct wire w = wire_of(out.data, out.len);
	CHECK_STR(get_str(&w), "Übung \xe2\x82\xac");
	CHECK_STR(get_str_opt(&w), "");
	CHECK(get_str_opt(&w) == NULL);
	CHECK_STR(get_str(&w), "");
	CHECK_INT(get_end(&w, "strings", &e), 0);
}

static void
foreign_bytes_are_mended_before_they_go_out(void)
{
	begin();
	put_str(&out, "caf\xe9");
	struct wire w = wire_of(out.data, out.len);
	CHECK_STR(get_str(&w), "caf\xef\xbf\xbd");
	CHECK(!w.bad);
}

static void
null_where_a_string_must_be_is_bad(void)
{
	begin();
	put_str(&out, NULL);
	struct wire w = wire_of(out.data, out.len);
	CHECK_STR(get_str(&w), "");
	CHECK(w.bad);
}

static void
string_is_bad(const void *bytes, size_t n)
{
	struct wire w;

	begin();
	put_bytes(&out, bytes, n);
	w = wire_of(out.data, out.len);
	CHECK(get_str_opt(&w) == NULL);
	CHECK(w.bad);
}

static void
hostile_strings_are_refused(void)
{
	string_is_bad("a\0b", 3);
	string_is_bad("\0", 1);
	string_is_bad("abcdefgh\xff", 9);
	string_is_bad("\xc0\xaf", 2);
	string_is_bad("\xed\xa0\x80", 3);
	string_is_bad("\xe2\x82", 2);
}

static void
length_over_the_end_is_bad(void)
{
	begin();
	put_u32(&out, UINT32_MAX - 1);
	buf_add(&out, "abc", 3);
	struct wire w = wire_of(out.data, out.len);
	CHECK(get_str_opt(&w) == NULL);
	CHECK(w.bad);
	w = wire_of(out.data, out.len);
	size_t n = 7;
	CHECK(get_bytes(&w, &n) == NULL);
	CHECK_INT(n, 0);
	CHECK(w.bad);
}

static void
bad_stays_bad(void)
{
	struct err e;

	begin();
	put_u8(&out, 2);
	put_u8(&out, 1);
	struct wire w = wire_of(out.data, out.len);
	CHECK(!get_bool(&w));
	CHECK(w.bad);
	CHECK_INT(get_u8(&w), 0);
	CHECK_STR(get_str(&w), "");
	CHECK_INT(get_end(&w, "frame", &e), -1);
	CHECK_STR(e.text, "frame: malformed message");
}

static void
leftover_is_an_error(void)
{
	struct err e;

	begin();
	put_u32(&out, 1);
	struct wire w = wire_of(out.data, out.len);
	(void)get_u8(&w);
	CHECK_INT(get_end(&w, "frame", &e), -1);
	CHECK_STR(e.text, "frame: 3 bytes left over");
}

static void
counts_are_bounded(void)
{
	begin();
	put_u32(&out, 3);
	buf_add(&out, "12345678901", 11);
	struct wire w = wire_of(out.data, out.len);
	CHECK_INT(get_count(&w, 4, 100), 0);
	CHECK(w.bad);
	w = wire_of(out.data, out.len);
	CHECK_INT(get_count(&w, 3, 2), 0);
	CHECK(w.bad);
	w = wire_of(out.data, out.len);
	CHECK_INT(get_count(&w, 3, 3), 3);
	CHECK(!w.bad);
}

static void
enums_are_bounded(void)
{
	begin();
	put_u8(&out, 4);
	struct wire w = wire_of(out.data, out.len);
	CHECK_INT(get_enum(&w, 5), 4);
	w = wire_of(out.data, out.len);
	CHECK_INT(get_enum(&w, 4), 0);
	CHECK(w.bad);
}

static void
lists_pass(void)
{
	const char *const list[] = { "a", "", "c" };
	const char *const *got;
	size_t n;

	begin();
	put_strs(&out, list, 3);
	put_strs(&out, NULL, 0);
	struct wire w = wire_of(out.data, out.len);
	got = get_strs(&w, &n);
	CHECK_INT(n, 3);
	CHECK_STR(got[0], "a");
	CHECK_STR(got[2], "c");
	CHECK(get_strs(&w, &n) == NULL);
	CHECK_INT(n, 0);
	CHECK(!w.bad);
}

static void
full_arena_makes_the_reader_bad(void)
{
	struct arena *small = arena_new_soft(64);
	char text[1000];
	struct wire w;

	begin();
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	put_str(&out, text);
	wire_init(&w, small, out.data, out.len);
	CHECK_STR(get_str(&w), "");
	CHECK(w.bad);
	buf_reset(&out);
	put_u32(&out, 100);
	buf_add(&out, text, 400);
	wire_init(&w, small, out.data, out.len);
	size_t n;
	CHECK(get_strs(&w, &n) == NULL);
	CHECK(w.bad);
	arena_free(small);
}

static void
full_buffer_is_marked(void)
{
	struct buf small;

	buf_init(&small, 6);
	put_u32(&small, 1);
	CHECK(!small.over);
	put_u32(&small, 2);
	CHECK(small.over);
	CHECK_INT(small.len, 4);
	buf_reset(&small);
	small.over = false;
	put_bytes(&small, "x", UINT32_MAX);
	CHECK(small.over);
	buf_fini(&small);
}

static void
empty_frame_has_nothing(void)
{
	struct err e;

	begin();
	struct wire w = wire_of(NULL, 0);
	CHECK_INT(get_end(&w, "empty", &e), 0);
	CHECK_INT(get_u8(&w), 0);
	CHECK(w.bad);
}

static void
no_memory_is_kept(void)
{
	arena_free(arena);
	arena = NULL;
	buf_fini(&out);
	CHECK(true);
}

TESTS(TEST(numbers_pass), TEST(integers_are_little_endian), TEST(strings_pass),
    TEST(foreign_bytes_are_mended_before_they_go_out),
    TEST(null_where_a_string_must_be_is_bad), TEST(hostile_strings_are_refused),
    TEST(length_over_the_end_is_bad), TEST(bad_stays_bad),
    TEST(leftover_is_an_error), TEST(counts_are_bounded),
    TEST(enums_are_bounded), TEST(lists_pass),
    TEST(full_arena_makes_the_reader_bad), TEST(full_buffer_is_marked),
    TEST(empty_frame_has_nothing), TEST(no_memory_is_kept))
