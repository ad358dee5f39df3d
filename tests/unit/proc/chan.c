#include "check.h"
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>
#include "proc/proc.h"

static struct chan *a, *b;
static int raw; /* the other end of a, when bytes are written by hand */

/* A body of n bytes, until the next call. */
static const struct buf *
bytes_of(size_t n)
{
	static char bytes[LIMIT_FRAME_BYTES + 1];
	static struct buf body;

	body = (struct buf){ .data = bytes, .len = n, .limit = sizeof(bytes) };
	return &body;
}

static void
pair_open(bool with_b)
{
	int fd[2];

	chan_free(a);
	chan_free(b);
	CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fd) == 0);
	a = chan_new(fd[0]);
	b = NULL;
	raw = fd[1];
	if (with_b)
		b = chan_new(fd[1]);
}

static void
pair_close(void)
{
	chan_free(a);
	chan_free(b);
	a = b = NULL;
}

static void
frames_arrive_whole(void)
{
	struct frame f;
	struct buf body;
	struct err e;

	pair_open(true);
	buf_init(&body, LIMIT_FRAME_BYTES);
	put_str(&body, "hello");
	CHECK_INT(chan_send(a, MSG_EVENT, 77, &body, NULL, 0, &e), 0);
	CHECK_INT(chan_send(a, MSG_PING, -1, NULL, NULL, 0, &e), 0);
	CHECK_INT(chan_recv(b, &f, &e), 1);
	CHECK_INT(f.type, MSG_EVENT);
	CHECK_INT(f.id, 77);
	CHECK_INT(f.len, body.len);
	CHECK(memcmp(f.body, body.data, body.len) == 0);
	CHECK_INT(chan_recv(b, &f, &e), 1);
	CHECK_INT(f.type, MSG_PING);
	CHECK_INT(f.id, -1);
	CHECK_INT(f.len, 0);
	CHECK_INT(chan_recv(b, &f, &e), 0);
	buf_fini(&body);
	pair_close();
}

static void
descriptors_travel(void)
{
	struct frame f;
	struct err e;
	int fds[2], taken;
	size_t n;

	pair_open(true);
	fds[0] = body_make("one", "1", 1, &e);
	fds[1] = body_make("two", "22", 2, &e);
	CHECK_INT(chan_send(a, MSG_PAGE, 1, NULL, fds, 2, &e), 0);
	close(fds[0]);
	close(fds[1]);
	CHECK_INT(chan_recv(b, &f, &e), 1);
	CHECK_INT(f.nfd, 2);
	CHECK((fcntl(f.fd[0], F_GETFD) & FD_CLOEXEC) != 0);
	const char *text = body_map(f.fd[1], &n, &e);
	CHECK(text != NULL && n == 2 && memcmp(text, "22", 2) == 0);
	body_unmap(text, n);
	taken = frame_take_fd(&f, 0);
	CHECK(taken >= 0);
	CHECK_INT(frame_take_fd(&f, 0), -1);
	CHECK_INT(frame_take_fd(&f, 2), -1);
	int left = f.fd[1];
	frame_close_fds(&f);
	CHECK_INT(fcntl(left, F_GETFD), -1);
	CHECK(fcntl(taken, F_GETFD) != -1);
	close(taken);
	pair_close();
}

static void
full_socket_queues_in_order(void)
{
	struct frame f;
	struct err e;
	int64_t got = 0;
	int fd, rc;

	pair_open(true);
	fd = body_make("x", "x", 1, &e);
	for (int64_t i = 0; i < 40; i++)
		CHECK_INT(
		    chan_send(a, MSG_EVENT, i, bytes_of(60000), &fd, 1, &e), 0);
	close(fd);
	CHECK(chan_has_output(a));
	CHECK(chan_queued(a) > 0 && chan_queued(a) < 40);
	while (got < 40) {
		rc = chan_recv(b, &f, &e);
		CHECK(rc >= 0);
		if (rc == 0) {
			CHECK_INT(chan_flush(a, &e), 0);
			continue;
		}
		CHECK_INT(f.id, got++);
		CHECK_INT(f.len, 60000);
		CHECK_INT(f.nfd, 1);
		frame_close_fds(&f);
	}
	CHECK(!chan_has_output(a));
	CHECK_INT(chan_queued(a), 0);
	pair_close();
}

/* Frames that are given wait for the flush, and come in batches. */
static void
batches_keep_order_and_descriptors(void)
{
	struct frame f;
	struct err e;

	pair_open(true);
	chan_batch(b);
	for (int64_t i = 0; i < 40; i++)
		chan_give(a, MSG_EVENT, i, "body", 4,
		    i % 2 == 0 ? body_make("x", "x", 1, &e) : -1);
	CHECK_INT(chan_queued(a), 40);
	CHECK_INT(chan_recv(b, &f, &e), 0);
	CHECK_INT(chan_flush(a, &e), 0);
	CHECK_INT(chan_queued(a), 0);
	for (int64_t i = 0; i < 40; i++) {
		CHECK_INT(chan_recv(b, &f, &e), 1);
		CHECK_INT(f.id, i);
		CHECK_INT(f.len, 4);
		CHECK_INT(f.nfd, i % 2 == 0);
		frame_close_fds(&f);
	}
	CHECK(!chan_has_input(b));
	CHECK_INT(chan_recv(b, &f, &e), 0);
	pair_close();
}

/* What was received and not handed out is closed with the channel. */
static void
unread_batch_is_closed(void)
{
	int before = dup(0), after;
	struct frame f;
	struct err e;

	close(before);
	pair_open(true);
	chan_batch(b);
	for (int64_t i = 0; i < 5; i++)
		chan_give(a, MSG_EVENT, i, NULL, 0, body_make("x", "x", 1, &e));
	CHECK_INT(chan_flush(a, &e), 0);
	CHECK_INT(chan_recv(b, &f, &e), 1);
	frame_close_fds(&f);
	CHECK(chan_has_input(b));
	pair_close();
	after = dup(0);
	close(after);
	CHECK_INT(after, before);
}

static void
batch_ends_with_its_peer(void)
{
	struct frame f;
	struct err e;
	int rc;

	pair_open(true);
	chan_batch(b);
	chan_give(a, MSG_PONG, 1, NULL, 0, -1);
	CHECK_INT(chan_flush(a, &e), 0);
	chan_free(a);
	a = NULL;
	CHECK_INT(chan_recv(b, &f, &e), 1);
	while ((rc = chan_recv(b, &f, &e)) == 0)
		;
	CHECK_INT(rc, -1);
	CHECK_INT(e.kind, ERR_UNAVAILABLE);
	pair_close();
}

static void
queue_is_given_back(void)
{
	struct err e;
	int fd;

	pair_open(true);
	fd = body_make("x", "x", 1, &e);
	for (int i = 0; i < 20; i++)
		(void)chan_send(a, MSG_EVENT, i, bytes_of(60000), &fd, 1, &e);
	close(fd);
	pair_close();
	CHECK(true);
}

static void
largest_frame_passes_and_larger_does_not(void)
{
	struct frame f;
	struct buf over;
	struct err e;

	pair_open(true);
	CHECK_INT(chan_send(a, MSG_EVENT, 1, bytes_of(LIMIT_FRAME_BYTES), NULL,
		      0, &e),
	    0);
	CHECK_INT(chan_recv(b, &f, &e), 1);
	CHECK_INT(f.len, LIMIT_FRAME_BYTES);
	CHECK_INT(chan_send(a, MSG_EVENT, 1, bytes_of(LIMIT_FRAME_BYTES + 1),
		      NULL, 0, &e),
	    -1);
	CHECK_INT(e.kind, ERR_BUG);
	buf_init(&over, 1);
	put_u32(&over, 1);
	CHECK_INT(chan_send(a, MSG_EVENT, 1, &over, NULL, 0, &e), -1);
	buf_fini(&over);
	pair_close();
}

static void
large_nouns_go_beside(void)
{
	struct frame f;
	struct buf body;
	struct err e;
	size_t n;

	pair_open(true);
	buf_init(&body, 1024 * 1024);
	CHECK(buf_reserve(&body, 300000) != NULL);
	memset(body.data, 'x', 300000);
	body.len = 300000;
	CHECK_INT(chan_send_any(a, MSG_SOURCE, 0, &body, &e), 0);
	CHECK_INT(chan_recv(b, &f, &e), 1);
	CHECK_INT(f.len, 0);
	CHECK_INT(f.nfd, 1);
	const char *text = body_map(f.fd[0], &n, &e);
	CHECK_INT(n, 300000);
	body_unmap(text, n);
	frame_close_fds(&f);
	body.len = 5;
	CHECK_INT(chan_send_any(a, MSG_SOURCE, 0, &body, &e), 0);
	CHECK_INT(chan_recv(b, &f, &e), 1);
	CHECK_INT(f.len, 5);
	CHECK_INT(f.nfd, 0);
	buf_fini(&body);
	pair_close();
}

static void
bad_frame(const void *bytes, size_t n)
{
	struct frame f;
	struct err e;

	pair_open(false);
	CHECK_INT(send(raw, bytes, n, 0), n);
	CHECK_INT(chan_recv(a, &f, &e), -1);
	CHECK_INT(e.kind, ERR_DATA);
	CHECK_INT(f.nfd, 0);
	close(raw);
	pair_close();
}

static void
hostile_frames_are_refused(void)
{
	static char huge[LIMIT_FRAME_BYTES + 17];
	uint32_t head[4] = { MSG_PING, 0, 0, 0 };

	bad_frame("x", 1);
	bad_frame(head, sizeof(head) - 1);
	head[0] = 0;
	bad_frame(head, sizeof(head));
	head[0] = MSG__MAX;
	bad_frame(head, sizeof(head));
	head[0] = UINT32_MAX;
	bad_frame(head, sizeof(head));
	head[0] = MSG_PING;
	head[1] = 1;
	bad_frame(head, sizeof(head));
	memcpy(huge, (uint32_t[]){ MSG_PING, 0, 0, 0 }, 16);
	bad_frame(huge, sizeof(huge));
}

/* Five descriptors where two are the most: none of them stays open. */
static void
too_many_descriptors_are_closed(void)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(5 * sizeof(int))];
	} control = { .align = { 0 } };
	uint32_t head[4] = { MSG_PING, 0, 0, 0 };
	struct iovec iov = { head, sizeof(head) };
	struct msghdr m = { .msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	struct frame f;
	struct err e;
	int before, after;

	pair_open(false);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(5 * sizeof(int));
	memcpy(CMSG_DATA(c), (int[]){ 0, 0, 0, 0, 0 }, 5 * sizeof(int));
	before = dup(0);
	close(before);
	CHECK(sendmsg(raw, &m, 0) > 0);
	CHECK_INT(chan_recv(a, &f, &e), -1);
	CHECK_INT(e.kind, ERR_DATA);
	after = dup(0);
	close(after);
	CHECK_INT(after, before);
	close(raw);
	pair_close();
}

static void
end_of_the_peer_is_told(void)
{
	struct frame f;
	struct err e;

	pair_open(true);
	CHECK_INT(chan_send(b, MSG_PONG, 1, NULL, NULL, 0, &e), 0);
	chan_free(b);
	b = NULL;
	CHECK_INT(chan_recv(a, &f, &e), 1);
	CHECK_INT(chan_recv(a, &f, &e), -1);
	CHECK_INT(e.kind, ERR_UNAVAILABLE);
	CHECK_INT(chan_recv(a, &f, &e), -1);
	CHECK_INT(chan_send(a, MSG_PING, 1, NULL, NULL, 0, &e), -1);
	CHECK_INT(e.kind, ERR_UNAVAILABLE);
	pair_close();
}

TESTS(TEST(frames_arrive_whole), TEST(descriptors_travel),
    TEST(full_socket_queues_in_order), TEST(queue_is_given_back),
    TEST(batches_keep_order_and_descriptors), TEST(unread_batch_is_closed),
    TEST(batch_ends_with_its_peer),
    TEST(largest_frame_passes_and_larger_does_not), TEST(large_nouns_go_beside),
    TEST(hostile_frames_are_refused), TEST(too_many_descriptors_are_closed),
    TEST(end_of_the_peer_is_told))
