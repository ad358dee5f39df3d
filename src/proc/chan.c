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

struct control {
	_Alignas(struct cmsghdr) char bytes[CMSG_SPACE(
	    LIMIT_FRAME_FDS * sizeof(int))];
};

/* Frames in one system call, both ways, once chan_batch was called. */
#define BATCH 16

#define IN_BYTES (sizeof(struct head) + LIMIT_FRAME_BYTES)

struct chan {
	int fd;
	struct queued *first, **last;
	size_t nqueued;
	/* What came: frames from at up to have were not handed out yet. */
	unsigned batch, at, have;
	bool drained; /* the last call got all that there was */
	struct mmsghdr in[BATCH];
	struct iovec iov[BATCH];
	struct control control[BATCH];
	char *bytes; /* batch times IN_BYTES; only what is used is touched */
};

static void
in_init(struct chan *c, unsigned batch)
{
	free(c->bytes);
	c->bytes = xcalloc(batch, IN_BYTES);
	c->batch = batch;
	c->at = c->have = 0;
	for (unsigned i = 0; i < batch; i++) {
		struct msghdr *m = &c->in[i].msg_hdr;

		c->iov[i].iov_base = c->bytes + i * IN_BYTES;
		c->iov[i].iov_len = IN_BYTES;
		m->msg_iov = &c->iov[i];
		m->msg_iovlen = 1;
		m->msg_control = c->control[i].bytes;
	}
}

struct chan *
chan_new(int fd)
{
	struct chan *c = xcalloc(1, sizeof(*c));
	int flags = fcntl(fd, F_GETFL);

	if (flags != -1)
		(void)fcntl(fd, F_SETFL, flags | O_NONBLOCK);
	c->fd = fd;
	c->last = &c->first;
	in_init(c, 1);
	return c;
}

void
chan_batch(struct chan *c)
{
	in_init(c, BATCH);
}

static void
queued_free(struct queued *q)
{
	for (int i = 0; i < q->nfd; i++)
		close(q->fd[i]);
	free(q);
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
	while (c->at < c->have) {
		struct frame f = { .nfd = 0 };

		(void)take_fds(&c->in[c->at++].msg_hdr, &f);
		frame_close_fds(&f);
	}
	close(c->fd);
	free(c->bytes);
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

static void
fds_attach(struct msghdr *m, struct control *control, const int *fds, int nfd)
{
	if (nfd == 0)
		return;
	memset(control, 0, sizeof(*control));
	m->msg_control = control->bytes;
	m->msg_controllen = CMSG_SPACE((size_t)nfd * sizeof(int));
	struct cmsghdr *c = CMSG_FIRSTHDR(m);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN((size_t)nfd * sizeof(int));
	memcpy(CMSG_DATA(c), fds, (size_t)nfd * sizeof(int));
}

/* What a failed sendmsg means. 0: the socket is full; -1: no peer. */
static int
send_failed(struct err *e)
{
	/* Too many descriptors on their way is a full socket, too. */
	if (errno == EAGAIN || errno == ENOBUFS || errno == ETOOMANYREFS)
		return 0;
	return err_errno(e, ERR_UNAVAILABLE, "channel: cannot send");
}

/* 1: sent; 0: the socket is full; -1: the peer is gone. */
static int
send_now(int to, struct iovec *iov, size_t niov, const int *fds, int nfd,
    struct err *e)
{
	struct msghdr m = { .msg_iov = iov, .msg_iovlen = niov };
	struct control control;
	ssize_t n;

	fds_attach(&m, &control, fds, nfd);
	do {
		n = sendmsg(to, &m, MSG_NOSIGNAL);
	} while (n == -1 && errno == EINTR);
	return n >= 0 ? 1 : send_failed(e);
}

static struct queued *
queued_new(const struct head *head, const void *body, size_t n)
{
	struct queued *q = xmalloc(sizeof(*q) + sizeof(*head) + n);

	q->next = NULL;
	q->nfd = 0;
	q->n = sizeof(*head) + n;
	memcpy(q->bytes, head, sizeof(*head));
	if (n > 0)
		memcpy(q->bytes + sizeof(*head), body, n);
	return q;
}

static void
queued_add(struct chan *c, struct queued *q)
{
	*c->last = q;
	c->last = &q->next;
	c->nqueued++;
}

static int
enqueue(
    struct chan *c, struct queued *q, const int *fds, int nfd, struct err *e)
{
	for (int i = 0; i < nfd; i++) {
		int fd = fcntl(fds[i], F_DUPFD_CLOEXEC, 0);

		if (fd == -1) {
			err_errno(e, ERR_OS, "channel: no descriptor left");
			queued_free(q);
			return -1;
		}
		q->fd[q->nfd++] = fd;
	}
	queued_add(c, q);
	return 0;
}

void
chan_give(struct chan *c, enum msg_type type, int64_t id, const void *body,
    size_t n, int fd)
{
	struct head head = { .type = type, .id = id };
	struct queued *q = queued_new(&head, body, n);

	if (fd != -1)
		q->fd[q->nfd++] = fd;
	queued_add(c, q);
}

int
chan_send(struct chan *c, enum msg_type type, int64_t id,
    const struct buf *body, const int *fds, int nfd, struct err *e)
{
	struct head head = { .type = type, .id = id };
	size_t n = body == NULL ? 0 : body->len;
	struct iovec iov[2];
	int rc = 0;

	if (n > LIMIT_FRAME_BYTES || nfd > LIMIT_FRAME_FDS ||
	    (body != NULL && body->over))
		return err_set(
		    e, ERR_BUG, "%s: the frame is too big", msg_name(type));
	iov[0] = (struct iovec){ .iov_base = &head, .iov_len = sizeof(head) };
	if (n > 0)
		iov[1] = (struct iovec){ .iov_base = body->data, .iov_len = n };
	if (c->first == NULL)
		rc = send_now(c->fd, iov, n > 0 ? 2 : 1, fds, nfd, e);
	if (rc == 0)
		return enqueue(c,
		    queued_new(&head, n > 0 ? body->data : NULL, n), fds, nfd,
		    e);
	return rc == 1 ? 0 : -1;
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
	rc = chan_send(c, type, id, NULL, &fd, 1, e);
	close(fd);
	return rc;
}

int
chan_send_secret(
    struct chan *c, const char *name, const char *text, struct err *e)
{
	int fd = body_make("secret", text, strlen(text), e), rc;
	struct buf body;

	if (fd == -1)
		return -1;
	buf_init(&body, LIMIT_FRAME_BYTES);
	put_str(&body, name);
	rc = chan_send(c, MSG_SECRET, 0, &body, &fd, 1, e);
	buf_fini(&body);
	close(fd);
	return rc;
}

/* The first frames of the queue in one call: how many went; as send_now. */
static int
send_first(struct chan *c, struct err *e)
{
	struct mmsghdr out[BATCH];
	struct control control[BATCH];
	struct iovec iov[BATCH];
	unsigned n = 0;
	int sent;

	memset(out, 0, sizeof(out));
	for (struct queued *q = c->first; q != NULL && n < BATCH; q = q->next) {
		iov[n] =
		    (struct iovec){ .iov_base = q->bytes, .iov_len = q->n };
		out[n].msg_hdr.msg_iov = &iov[n];
		out[n].msg_hdr.msg_iovlen = 1;
		fds_attach(&out[n].msg_hdr, &control[n], q->fd, q->nfd);
		n++;
	}
	do {
		sent = sendmmsg(c->fd, out, n, MSG_NOSIGNAL);
	} while (sent == -1 && errno == EINTR);
	return sent > 0 ? sent : send_failed(e);
}

int
chan_flush(struct chan *c, struct err *e)
{
	while (c->first != NULL) {
		int sent = send_first(c, e);

		if (sent <= 0)
			return sent;
		while (sent-- > 0) {
			struct queued *q = c->first;

			c->first = q->next;
			c->nqueued--;
			queued_free(q);
		}
		if (c->first == NULL)
			c->last = &c->first;
	}
	return 0;
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

static int
frame_read(const char *bytes, size_t n, struct frame *f, struct err *e)
{
	struct head head;

	if (n < sizeof(head))
		return err_set(e, ERR_DATA, "channel: frame without a head");
	memcpy(&head, bytes, sizeof(head));
	if (head.type <= MSG_NONE || head.type >= MSG__MAX || head.zero != 0)
		return err_set(
		    e, ERR_DATA, "channel: unknown message %u", head.type);
	f->type = head.type;
	f->id = head.id;
	f->body = bytes + sizeof(head);
	f->len = n - sizeof(head);
	return 1;
}

/* Receive one or several; how many, 0 if nothing is there, -1 on a fault. */
static int
receive(struct chan *c)
{
	ssize_t n;

	for (unsigned i = 0; i < c->batch; i++)
		c->in[i].msg_hdr.msg_controllen = sizeof(c->control[i].bytes);
	do {
		/* The jail knows the plain call only. */
		if (c->batch == 1)
			n = recvmsg(c->fd, &c->in[0].msg_hdr, MSG_CMSG_CLOEXEC);
		else
			n = recvmmsg(
			    c->fd, c->in, c->batch, MSG_CMSG_CLOEXEC, NULL);
	} while (n == -1 && errno == EINTR);
	if (n == -1)
		return errno == EAGAIN ? 0 : -1;
	c->at = 0;
	if (c->batch == 1) {
		c->in[0].msg_len = (unsigned)n;
		n = 1;
	}
	c->have = (unsigned)n;
	c->drained = c->have < c->batch;
	return 1;
}

bool
chan_has_input(const struct chan *c)
{
	return c->at < c->have;
}

static int
frame_take(struct chan *c, struct frame *f, struct err *e)
{
	struct mmsghdr *m = &c->in[c->at];
	const char *bytes = c->bytes + c->at * IN_BYTES;
	int rc;

	c->at++;
	if (m->msg_len == 0)
		return err_set(e, ERR_UNAVAILABLE, "channel: closed");
	if (!take_fds(&m->msg_hdr, f) ||
	    (m->msg_hdr.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0)
		rc = err_set(e, ERR_DATA, "channel: frame is too big");
	else
		rc = frame_read(bytes, m->msg_len, f, e);
	if (rc == -1)
		frame_close_fds(f);
	return rc;
}

int
chan_recv(struct chan *c, struct frame *f, struct err *e)
{
	int rc;

	*f = (struct frame){ .type = MSG_NONE, .fd = { -1, -1 } };
	if (c->at < c->have)
		return frame_take(c, f, e);
	/* After a batch that was not full, the next call is for poll to say. */
	if (c->drained && c->batch > 1) {
		c->drained = false;
		return 0;
	}
	rc = receive(c);
	if (rc == -1)
		return err_errno(e, ERR_UNAVAILABLE, "channel: cannot receive");
	return rc == 0 ? 0 : frame_take(c, f, e);
}
