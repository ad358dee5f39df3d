/*
 * The one reader and writer of frames. SEQPACKET keeps their borders, so
 * there is no such thing as half a frame.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>
#include "proc/proc.h"

struct head {
	uint32_t type;
	uint32_t zero; /* room for a version; refused when it is not 0 */
	int64_t id;
};

/* A frame that the socket did not take yet. */
struct queued {
	struct queued *next;
	int fd[LIMIT_FRAME_FDS];
	int nfd;
	size_t n; /* of bytes: head and body */
	char bytes[];
};

struct chan {
	int fd;
	struct queued *first, **last;
	size_t nqueued;
	char in[sizeof(struct head) + LIMIT_FRAME_BYTES];
};

struct chan *
chan_new(int fd)
{
	struct chan *c = xcalloc(1, sizeof(*c));
	int flags = fcntl(fd, F_GETFL);

	if (flags != -1)
		(void)fcntl(fd, F_SETFL, flags | O_NONBLOCK);
	c->fd = fd;
	c->last = &c->first;
	return c;
}

static void
queued_free(struct queued *q)
{
	for (int i = 0; i < q->nfd; i++)
		close(q->fd[i]);
	free(q);
}

void
chan_free(struct chan *c)
{
	struct queued *q, *next;

	if (c == NULL)
		return;
	for (q = c->first; q != NULL; q = next) {
		next = q->next;
		queued_free(q);
	}
	close(c->fd);
	free(c);
}

int
chan_fd(const struct chan *c)
{
	return c->fd;
}

bool
chan_has_output(const struct chan *c)
{
	return c->first != NULL;
}

size_t
chan_queued(const struct chan *c)
{
	return c->nqueued;
}

union control {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(LIMIT_FRAME_FDS * sizeof(int))];
};

/* 1: sent; 0: the socket is full; -1: the peer is gone. */
static int
send_now(int to, struct iovec *iov, size_t niov, const int *fds, int nfd,
    struct err *e)
{
	struct msghdr m = { .msg_iov = iov, .msg_iovlen = niov };
	union control control = { .align = { 0 } };
	ssize_t n;

	if (nfd > 0) {
		m.msg_control = control.bytes;
		m.msg_controllen = CMSG_SPACE((size_t)nfd * sizeof(int));
		struct cmsghdr *c = CMSG_FIRSTHDR(&m);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN((size_t)nfd * sizeof(int));
		memcpy(CMSG_DATA(c), fds, (size_t)nfd * sizeof(int));
	}
	do {
		n = sendmsg(to, &m, MSG_NOSIGNAL);
	} while (n == -1 && errno == EINTR);
	if (n >= 0)
		return 1;
	/* Too many descriptors on their way is a full socket, too. */
	if (errno == EAGAIN || errno == ENOBUFS || errno == ETOOMANYREFS)
		return 0;
	return err_errno(e, ERR_UNAVAILABLE, "channel: cannot send");
}

static int
enqueue(struct chan *c, const struct head *head, const void *body, size_t n,
    const int *fds, int nfd, struct err *e)
{
	struct queued *q = xcalloc(1, sizeof(*q) + sizeof(*head) + n);

	q->n = sizeof(*head) + n;
	memcpy(q->bytes, head, sizeof(*head));
	if (n > 0)
		memcpy(q->bytes + sizeof(*head), body, n);
	for (int i = 0; i < nfd; i++) {
		int fd = fcntl(fds[i], F_DUPFD_CLOEXEC, 0);

		if (fd == -1) {
			err_errno(e, ERR_OS, "channel: no descriptor left");
			queued_free(q);
			return -1;
		}
		q->fd[q->nfd++] = fd;
	}
	*c->last = q;
	c->last = &q->next;
	c->nqueued++;
	return 0;
}

int
chan_send_bytes(struct chan *c, enum msg_type type, int64_t id,
    const void *body, size_t n, const int *fds, int nfd, struct err *e)
{
	struct head head = { .type = type, .id = id };
	struct iovec iov[2];
	int rc = 0;

	if (n > LIMIT_FRAME_BYTES || nfd > LIMIT_FRAME_FDS)
		return err_set(e, ERR_BUG, "%s: frame of %zu bytes is too big",
		    msg_name(type), n);
	iov[0] = (struct iovec){ .iov_base = &head, .iov_len = sizeof(head) };
	/* sendmsg only reads what the iovec points to. */
	memcpy(&iov[1].iov_base, &body, sizeof(body));
	iov[1].iov_len = n;
	if (c->first == NULL)
		rc = send_now(c->fd, iov, n > 0 ? 2 : 1, fds, nfd, e);
	if (rc == 0)
		return enqueue(c, &head, body, n, fds, nfd, e);
	return rc == 1 ? 0 : -1;
}

int
chan_send(struct chan *c, enum msg_type type, int64_t id,
    const struct buf *body, const int *fds, int nfd, struct err *e)
{
	if (body == NULL)
		return chan_send_bytes(c, type, id, NULL, 0, fds, nfd, e);
	if (body->over)
		return err_set(
		    e, ERR_BUG, "%s: frame is over its limit", msg_name(type));
	return chan_send_bytes(c, type, id, body->data, body->len, fds, nfd, e);
}

int
chan_send_any(struct chan *c, enum msg_type type, int64_t id,
    const struct buf *body, struct err *e)
{
	int fd, rc;

	if (body->len <= LIMIT_FRAME_BYTES || body->over)
		return chan_send(c, type, id, body, NULL, 0, e);
	fd = body_make(msg_name(type), body->data, body->len, e);
	if (fd == -1)
		return -1;
	rc = chan_send_bytes(c, type, id, NULL, 0, &fd, 1, e);
	close(fd);
	return rc;
}

int
chan_flush(struct chan *c, struct err *e)
{
	while (c->first != NULL) {
		struct queued *q = c->first;
		struct iovec iov = { .iov_base = q->bytes, .iov_len = q->n };
		int rc = send_now(c->fd, &iov, 1, q->fd, q->nfd, e);

		if (rc != 1)
			return rc;
		c->first = q->next;
		if (c->first == NULL)
			c->last = &c->first;
		c->nqueued--;
		queued_free(q);
	}
	return 0;
}

void
frame_close_fds(struct frame *f)
{
	for (int i = 0; i < f->nfd; i++) {
		if (f->fd[i] != -1)
			close(f->fd[i]);
		f->fd[i] = -1;
	}
	f->nfd = 0;
}

int
frame_take_fd(struct frame *f, int i)
{
	int fd;

	if (i >= f->nfd)
		return -1;
	fd = f->fd[i];
	f->fd[i] = -1;
	return fd;
}

/* Every descriptor that came is put into the frame, or closed if too many. */
static bool
take_fds(struct msghdr *m, struct frame *f)
{
	bool too_many = false;
	struct cmsghdr *c;

	for (c = CMSG_FIRSTHDR(m); c != NULL; c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		size_t n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < n; i++) {
			int fd;

			memcpy(
			    &fd, CMSG_DATA(c) + i * sizeof(int), sizeof(int));
			if (f->nfd < LIMIT_FRAME_FDS) {
				f->fd[f->nfd++] = fd;
				continue;
			}
			close(fd);
			too_many = true;
		}
	}
	return !too_many;
}

static int
frame_read(struct chan *c, size_t n, struct frame *f, struct err *e)
{
	struct head head;

	if (n < sizeof(head))
		return err_set(e, ERR_DATA, "channel: frame without a head");
	memcpy(&head, c->in, sizeof(head));
	if (head.type <= MSG_NONE || head.type >= MSG__MAX || head.zero != 0)
		return err_set(
		    e, ERR_DATA, "channel: unknown message %u", head.type);
	f->type = head.type;
	f->id = head.id;
	f->body = c->in + sizeof(head);
	f->len = n - sizeof(head);
	return 1;
}

int
chan_recv(struct chan *c, struct frame *f, struct err *e)
{
	struct iovec iov = { .iov_base = c->in, .iov_len = sizeof(c->in) };
	union control control = { .align = { 0 } };
	struct msghdr m = { .msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes) };
	ssize_t n;
	int rc;

	*f = (struct frame){ .type = MSG_NONE, .fd = { -1, -1 } };
	do {
		n = recvmsg(c->fd, &m, MSG_CMSG_CLOEXEC);
	} while (n == -1 && errno == EINTR);
	if (n == -1 && errno == EAGAIN)
		return 0;
	if (n == -1)
		return err_errno(e, ERR_UNAVAILABLE, "channel: cannot receive");
	if (n == 0)
		return err_set(e, ERR_UNAVAILABLE, "channel: closed");
	if (!take_fds(&m, f) || (m.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0)
		rc = err_set(e, ERR_DATA, "channel: frame is too big");
	else
		rc = frame_read(c, (size_t)n, f, e);
	if (rc == -1)
		frame_close_fds(f);
	return rc;
}
