/*
 * Waiting. curl_multi_perform looks at every transfer whenever one has
 * something to say; with epoll and curl_multi_socket_action only that one is
 * looked at, which at 64 connections saves most of the system time.
 */
#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>
#include "base/clock.h"
#include "net/net_int.h"

#define EVENTS 64

/* Told by libcurl what it waits for at a socket. known: we have it already. */
static int
on_socket(CURL *easy, curl_socket_t fd, int what, void *context, void *known)
{
	struct net *net = context;
	struct epoll_event event = { .data.fd = fd };

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		(void)epoll_ctl(net->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
		return 0;
	}
	if (what & CURL_POLL_IN)
		event.events |= EPOLLIN;
	if (what & CURL_POLL_OUT)
		event.events |= EPOLLOUT;
	if (known != NULL &&
	    epoll_ctl(net->epoll_fd, EPOLL_CTL_MOD, fd, &event) == 0)
		return 0;
	if (epoll_ctl(net->epoll_fd, EPOLL_CTL_ADD, fd, &event) == -1 &&
	    (errno != EEXIST ||
		epoll_ctl(net->epoll_fd, EPOLL_CTL_MOD, fd, &event) == -1))
		return -1;
	curl_multi_assign(net->multi, fd, net);
	return 0;
}

static int
on_timer(CURLM *multi, long timeout_ms, void *context)
{
	struct net *net = context;

	(void)multi;
	net->timer_ms = timeout_ms < 0 ? -1 : clock_mono_ms() + timeout_ms;
	return 0;
}

int
sockets_open(struct net *net, struct err *err)
{
	net->timer_ms = net->extra_fd = -1;
	net->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (net->epoll_fd == -1)
		return err_errno(err, ERR_OS, "net: no epoll");
	curl_multi_setopt(net->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(net->multi, CURLMOPT_SOCKETDATA, net);
	curl_multi_setopt(net->multi, CURLMOPT_TIMERFUNCTION, on_timer);
	curl_multi_setopt(net->multi, CURLMOPT_TIMERDATA, net);
	return 0;
}

void
sockets_close(struct net *net)
{
	close(net->epoll_fd);
}

/* The caller's own descriptor wakes us too. */
static int
extra_watch(struct net *net, int fd, bool want_write, struct err *err)
{
	struct epoll_event event = { .data.fd = fd,
		.events = EPOLLIN | (want_write ? EPOLLOUT : 0) };
	int how = EPOLL_CTL_MOD;

	if (fd == net->extra_fd && event.events == net->extra_events)
		return 0;
	if (fd != net->extra_fd) {
		if (net->extra_fd != -1)
			(void)epoll_ctl(
			    net->epoll_fd, EPOLL_CTL_DEL, net->extra_fd, NULL);
		how = EPOLL_CTL_ADD;
	}
	net->extra_fd = fd;
	net->extra_events = event.events;
	if (fd != -1 && epoll_ctl(net->epoll_fd, how, fd, &event) == -1)
		return err_errno(err, ERR_OS, "net: cannot wait for %d", fd);
	return 0;
}

static int
time_to_wait(const struct net *net, int timeout_ms)
{
	int64_t left;

	if (net->timer_ms == -1)
		return timeout_ms;
	left = net->timer_ms - clock_mono_ms();
	if (left <= 0)
		return 0;
	return timeout_ms < 0 || left < timeout_ms ? (int)left : timeout_ms;
}

static CURLMcode
act(struct net *net, const struct epoll_event *events, int n)
{
	CURLMcode rc = CURLM_OK;
	int running;

	for (int i = 0; i < n && rc == CURLM_OK; i++) {
		uint32_t e = events[i].events;
		int what = 0;

		if (events[i].data.fd == net->extra_fd ||
		    imap_event(net, events[i].data.fd))
			continue;
		if (e & EPOLLIN)
			what |= CURL_CSELECT_IN;
		if (e & EPOLLOUT)
			what |= CURL_CSELECT_OUT;
		if (e & (EPOLLERR | EPOLLHUP))
			what |= CURL_CSELECT_ERR;
		rc = curl_multi_socket_action(
		    net->multi, events[i].data.fd, what, &running);
	}
	if (rc == CURLM_OK && net->timer_ms != -1 &&
	    clock_mono_ms() >= net->timer_ms) {
		net->timer_ms = -1;
		rc = curl_multi_socket_action(
		    net->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	}
	return rc;
}

int
net_poll(
    struct net *net, int fd, bool want_write, int timeout_ms, struct err *err)
{
	struct epoll_event events[EVENTS];
	CURLMcode rc;
	CURLMsg *msg;
	int n, left;

	if (extra_watch(net, fd, want_write, err) == -1)
		return -1;
	n = epoll_wait(
	    net->epoll_fd, events, EVENTS, time_to_wait(net, timeout_ms));
	if (n == -1 && errno != EINTR)
		return err_errno(err, ERR_OS, "net: cannot wait");
	rc = act(net, events, n);
	if (rc != CURLM_OK)
		return err_set(
		    err, ERR_BUG, "libcurl: %s", curl_multi_strerror(rc));
	while ((msg = curl_multi_info_read(net->multi, &left)) != NULL)
		if (msg->msg == CURLMSG_DONE &&
		    !imap_connected(net, msg->easy_handle, msg->data.result))
			transfer_end(net, msg->easy_handle, msg->data.result);
	imap_tick(net);
	return 0;
}
