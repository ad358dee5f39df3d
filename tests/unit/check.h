/*
 * The unit tests' harness: a program is a list of functions.
 *
 *	static void empty_text(void) { CHECK(str_is_empty("")); }
 *	TESTS(TEST(empty_text))
 *
 * Each function is one test; it fails at its first false CHECK. Programs
 * end with "N passed, N failed" (", N skipped") and the exit code says it.
 */
#ifndef TESTS_UNIT_CHECK_H
#define TESTS_UNIT_CHECK_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <setjmp.h>

struct check_test {
	const char *name;
	void (*run)(void);
};

static jmp_buf check_end;
static int check_skipped;

#define HERE                 __FILE__, __LINE__
#define CHECK(condition)     check_that((condition), #condition, HERE)
#define CHECK_STR(got, want) check_str((got), (want), #got, HERE)
#define CHECK_INT(got, want) \
	check_int((long long)(got), (long long)(want), #got, HERE)
#define SKIP(why) check_skip(why)

/* How many times slower all is than it is built for: under valgrind. */
static inline long
check_slower(void)
{
	const char *times = getenv("CHECK_SLOWER");

	return times == NULL ? 1 : strtol(times, NULL, 10);
}

static inline void
check_that(bool ok, const char *what, const char *file, int line)
{
	if (ok)
		return;
	printf("%s:%d: not true: %s\n", file, line, what);
	longjmp(check_end, 1);
}

static inline void
check_str(const char *got, const char *want, const char *what, const char *file,
    int line)
{
	if (got == want ||
	    (got != NULL && want != NULL && strcmp(got, want) == 0))
		return;
	printf("%s:%d: %s is \"%s\", not \"%s\"\n", file, line, what,
	    got == NULL ? "(null)" : got, want == NULL ? "(null)" : want);
	longjmp(check_end, 1);
}

static inline void
check_int(
    long long got, long long want, const char *what, const char *file, int line)
{
	if (got == want)
		return;
	printf("%s:%d: %s is %lld, not %lld\n", file, line, what, got, want);
	longjmp(check_end, 1);
}

static inline void
check_skip(const char *why)
{
	printf("skipped: %s\n", why);
	check_skipped++;
	longjmp(check_end, 2);
}

static inline int
check_run(const struct check_test *tests, size_t n)
{
	/* volatile: kept over the jump back */
	volatile int passed = 0, failed = 0;

	for (volatile size_t i = 0; i < n; i++) {
		int end = setjmp(check_end);
		if (end == 0) {
			tests[i].run();
			passed++;
		} else if (end == 1) {
			printf("FAIL %s\n", tests[i].name);
			failed++;
		}
	}
	printf("%d passed, %d failed", passed, failed);
	if (check_skipped > 0)
		printf(", %d skipped", check_skipped);
	printf("\n");
	return failed > 0;
}

#define TEST(name)          \
	{                   \
#name, name \
	}
#define TESTS(...)                                                         \
	int main(void)                                                     \
	{                                                                  \
		static const struct check_test tests[] = { __VA_ARGS__ };  \
		return check_run(tests, sizeof(tests) / sizeof(tests[0])); \
	}

#endif
