#include "check.h"
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include "proc/proc.h"

static void
body_reads_back(void)
{
	struct err e;
	size_t n;
	int fd = body_make("page", "hello", 5, &e);
	const char *text = body_map(fd, &n, &e);

	CHECK_INT(n, 5);
	CHECK(memcmp(text, "hello", 5) == 0);
	body_unmap(text, n);
	close(fd);
}

/* Few bytes are copied, many are mapped: both read back the same. */
static void
large_bodies_read_back(void)
{
	static const size_t sizes[] = { 4096, 1024 * 1024, 1024 * 1024 + 1,
		5 * 1024 * 1024 };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		size_t n, size = sizes[i];
		char *bytes = xmalloc(size);
		struct err e;

		memset(bytes, 'a', size);
		memcpy(bytes + size - 3, "end", 3);
		int fd = body_make("page", bytes, size, &e);
		const char *text = body_map(fd, &n, &e);
		CHECK_INT(n, size);
		CHECK(memcmp(text, bytes, size) == 0);
		body_unmap(text, n);
		close(fd);
		free(bytes);
	}
}

static void
sealed_body_cannot_change(void)
{
	struct err e;
	int fd = body_make("page", "hello", 5, &e);

	CHECK(body_is_sealed(fd));
	CHECK_INT(pwrite(fd, "J", 1, 0), -1);
	CHECK_INT(ftruncate(fd, 1), -1);
	CHECK_INT(ftruncate(fd, 100), -1);
	CHECK(mmap(NULL, 5, PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED);
	CHECK((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
	close(fd);
}

static void
empty_body_is_empty(void)
{
	struct err e;
	size_t n = 1;
	int fd = body_make("page", "", 0, &e);
	const char *text = body_map(fd, &n, &e);

	CHECK_STR(text, "");
	CHECK_INT(n, 0);
	body_unmap(text, n);
	close(fd);
}

static void
output_is_written_and_then_sealed(void)
{
	struct err e;
	size_t n;
	int fd = body_empty("postings", &e);

	CHECK(!body_is_sealed(fd));
	CHECK(body_map(fd, &n, &e) == NULL);
	CHECK_INT(write(fd, "abc", 3), 3);
	CHECK_INT(body_seal(fd, &e), 0);
	const char *text = body_map(fd, &n, &e);
	CHECK_INT(n, 3);
	body_unmap(text, n);
	close(fd);
}

static void
a_remaining_writer_is_found(void)
{
	struct err e;
	int fd = body_empty("postings", &e);

	CHECK_INT(ftruncate(fd, 4096), 0);
	void *hold =
	    mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK(hold != MAP_FAILED);
	CHECK_INT(body_seal(fd, &e), -1);
	CHECK_INT(munmap(hold, 4096), 0);
	CHECK_INT(body_seal(fd, &e), 0);
	close(fd);
}

static void
other_files_are_not_mapped(void)
{
	int fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	struct err e;
	size_t n;

	CHECK(body_map(fd, &n, &e) == NULL);
	CHECK_STR(e.text, "body: not a sealed memory file");
	CHECK(body_map(-1, &n, &e) == NULL);
	close(fd);
}

TESTS(TEST(body_reads_back), TEST(large_bodies_read_back),
    TEST(sealed_body_cannot_change), TEST(empty_body_is_empty),
    TEST(output_is_written_and_then_sealed), TEST(a_remaining_writer_is_found),
    TEST(other_files_are_not_mapped))
