/*
 * Arenas: alignment, zeroes, limits, and that reset forgets.
 */
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/arena.h"
#include "check.h"

static bool
is_zero(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] != 0)
			return false;
	return true;
}

static void
aligned_zeroed_apart(void)
{
	struct arena *a = arena_new(1 << 24);
	char *last = NULL;

	for (int round = 0; round < 3; round++) {
		for (size_t size = 1; size < 3000; size += 7) {
			char *p = arena_alloc(a, size);
			CHECK((uintptr_t)p % _Alignof(max_align_t) == 0);
			CHECK(is_zero(p, size));
			memset(p, 0xaa, size);
			CHECK(p != last);
			last = p;
			memset(arena_strdup(a, "odd"), 0xbb, 4);
		}
		arena_reset(a);
		CHECK_INT(arena_used(a), 0);
	}
	arena_free(a);
}

static void
large_blocks(void)
{
	struct arena *a = arena_new(1 << 26);
	char *small = arena_alloc(a, 10), *large = arena_alloc(a, 5 << 20);

	memset(large, 1, 5 << 20);
	memset(small, 2, 10);
	CHECK(is_zero(arena_alloc(a, 100), 100));
	CHECK_INT(arena_used(a), 10 + (5 << 20) + 100);
	arena_reset(a);
	CHECK(is_zero(arena_alloc(a, 2 << 20), 2 << 20));
	arena_free(a);
	arena_free(NULL);
}

static void
soft_limit(void)
{
	struct arena *a = arena_new_soft(100);

	CHECK(arena_alloc(a, 101) == NULL);
	CHECK(arena_alloc(a, 60) != NULL);
	CHECK(arena_alloc(a, 41) == NULL);
	CHECK(arena_array(a, SIZE_MAX / 2, 3) == NULL);
	CHECK(arena_alloc(a, SIZE_MAX) == NULL);
	CHECK(arena_strndup(a, "x", SIZE_MAX) == NULL);
	CHECK(arena_printf(a, "%50d", 1) == NULL);
	CHECK(arena_printf(a, "%500d", 1) == NULL);
	CHECK_STR(arena_printf(a, "%d", 12), "12");
	CHECK_INT(arena_used(a), 63);
	arena_reset(a);
	CHECK(arena_alloc(a, 100) != NULL);
	arena_free(a);
}

static void
hard_limit_is_fatal(void)
{
	int status = -1;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		struct arena *a = arena_new(100);
		close(STDERR_FILENO);
		arena_alloc(a, 101);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	CHECK(WIFEXITED(status));
	CHECK_INT(WEXITSTATUS(status), 71);
}

static void
copies(void)
{
	struct arena *a = arena_new(1 << 20);
	char long_text[1000];

	memset(long_text, 'x', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	CHECK_STR(arena_strdup(a, "abc"), "abc");
	CHECK(arena_strdup(a, NULL) == NULL);
	CHECK_STR(arena_strndup(a, "abcdef", 3), "abc");
	CHECK_STR(arena_strndup(a, NULL, 0), "");
	CHECK_STR(arena_printf(a, "%s-%d", "n", 5), "n-5");
	CHECK_STR(arena_printf(a, "%s", long_text), long_text);
	CHECK_STR(arena_printf(a, "%s", ""), "");
	arena_free(a);
}

static void
many_small(void)
{
	struct arena *a = arena_new(64 << 20);
	uint32_t **all = arena_array(a, 100000, sizeof(*all));

	for (uint32_t i = 0; i < 100000; i++) {
		all[i] = arena_alloc(a, sizeof(uint32_t));
		*all[i] = i;
	}
	for (uint32_t i = 0; i < 100000; i++)
		CHECK_INT(*all[i], i);
	arena_free(a);
}

TESTS(TEST(aligned_zeroed_apart), TEST(large_blocks), TEST(soft_limit),
    TEST(hard_limit_is_fatal), TEST(copies), TEST(many_small))
