/*
 * The multi handle: transfers begin, run side by side and end.
 */
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/limits.h"
#include "net/net_int.h"

#define ARENA_BYTES (LIMIT_HEADER_BYTES * 4)
/* Connections kept open for later; more hosts than this are dialled anew. */
#define CONNECTIONS_KEPT 64L

struct net {
	CURLM *multi;
	char *user_agent;
	struct transfer *spare; /* kept with their easy handles and buffers */
	int running;
};

int
net_init(struct err *err)
{
	CURLcode rc = curl_global_init(CURL_GLOBAL_DEFAULT);

	if (rc != CURLE_OK)
		return err_set(
		    err, ERR_OS, "libcurl: %s", curl_easy_strerror(rc));
	return 0;
}

struct net *
net_new(const char *user_agent, struct err *err)
{
	struct net *net = xcalloc(1, sizeof(*net));

	net->multi = curl_multi_init();
	if (net->multi == NULL) {
		free(net);
		err_set(err, ERR_OS, "libcurl: no memory");
		return NULL;
	}
	net->user_agent = xstrdup(user_agent);
	curl_multi_setopt(net->multi, CURLMOPT_MAXCONNECTS, CONNECTIONS_KEPT);
	/* how many at once to one host is decided by who grants */
	curl_multi_setopt(
	    net->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_MULTIPLEX);
	return net;
}

static void
transfer_free(struct transfer *t)
{
	curl_easy_cleanup(t->easy);
	curl_slist_free_all(t->headers);
	buf_fini(&t->body);
	arena_free(t->arena);
	free(t);
}

void
net_free(struct net *net)
{
	struct transfer *t;

	if (net == NULL)
		return;
	while ((t = net->spare) != NULL) {
		net->spare = t->next_free;
		transfer_free(t);
	}
	curl_multi_cleanup(net->multi);
	free(net->user_agent);
	free(net);
}

static struct transfer *
transfer_take(struct net *net, struct err *err)
{
	struct transfer *t = net->spare;

	if (t != NULL) {
		net->spare = t->next_free;
		return t;
	}
	t = xcalloc(1, sizeof(*t));
	t->net = net;
	t->easy = curl_easy_init();
	if (t->easy == NULL) {
		free(t);
		err_set(err, ERR_OS, "libcurl: no memory");
		return NULL;
	}
	t->arena = arena_new(ARENA_BYTES);
	return t;
}

/* Ready for another grant; large buffers are not kept. */
static void
transfer_give_back(struct transfer *t)
{
	struct net *net = t->net;

	curl_easy_reset(t->easy);
	curl_slist_free_all(t->headers);
	t->headers = NULL;
	buf_fini(&t->body);
	arena_reset(t->arena);
	t->next_free = net->spare;
	net->spare = t;
}

int
net_fetch(struct net *net, const struct grant *grant, net_done *done,
    void *context, struct err *err)
{
	struct transfer *t = transfer_take(net, err);
	CURLMcode rc;

	if (t == NULL)
		return -1;
	t->grant = grant;
	t->done = done;
	t->context = context;
	buf_init(&t->body, (size_t)grant->max_bytes);
	if (transfer_setup(t, net->user_agent, err) == -1) {
		transfer_give_back(t);
		return -1;
	}
	t->begin_ms = clock_mono_ms();
	rc = curl_multi_add_handle(net->multi, t->easy);
	if (rc != CURLM_OK) {
		transfer_give_back(t);
		return err_set(
		    err, ERR_BUG, "libcurl: %s", curl_multi_strerror(rc));
	}
	net->running++;
	return 0;
}

int
net_running(const struct net *net)
{
	return net->running;
}

static void
transfer_end(struct net *net, CURL *easy, CURLcode rc)
{
	struct fetched fetched;
	struct transfer *t;

	curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&t);
	transfer_result(t, rc, &fetched);
	curl_multi_remove_handle(net->multi, easy);
	net->running--;
	t->done(t->context, t->grant, &fetched,
	    t->body.len == 0 ? NULL : t->body.data, t->body.len);
	transfer_give_back(t);
}

static void
ended(struct net *net)
{
	CURLMsg *msg;
	int left;

	while ((msg = curl_multi_info_read(net->multi, &left)) != NULL)
		if (msg->msg == CURLMSG_DONE)
			transfer_end(net, msg->easy_handle, msg->data.result);
}

int
net_poll(
    struct net *net, int fd, bool want_write, int timeout_ms, struct err *err)
{
	struct curl_waitfd extra = { .fd = fd,
		.events = (short)(CURL_WAIT_POLLIN |
				  (want_write ? CURL_WAIT_POLLOUT : 0)) };
	CURLMcode rc;
	int running;

	rc = curl_multi_poll(
	    net->multi, fd == -1 ? NULL : &extra, fd != -1, timeout_ms, NULL);
	if (rc == CURLM_OK)
		rc = curl_multi_perform(net->multi, &running);
	if (rc != CURLM_OK)
		return err_set(
		    err, ERR_BUG, "libcurl: %s", curl_multi_strerror(rc));
	ended(net);
	return 0;
}
