/*
 * The multi handle: transfers begin, run side by side and end.
 */
#include <malloc.h>
#include <stdlib.h>
#include "base/limits.h"
#include "net/net_int.h"

/* Header fields and addresses of one exchange, each a few times over. */
#define ARENA_BYTES (1024L * 1024)
/* Connections kept open for later; more hosts than this are dialled anew. */
#define CONNECTIONS_KEPT 64L
/* Free memory that is not given back: some transfers' buffers. */
#define TRIM_BYTES (8 * 1024 * 1024)

int
net_init(struct err *err)
{
	CURLcode rc = curl_global_init(CURL_GLOBAL_DEFAULT);

	/* libcurl frees its buffer after each transfer: let it stay ours. */
	(void)mallopt(M_TRIM_THRESHOLD, TRIM_BYTES);
	if (rc != CURLE_OK)
		return err_set(
		    err, ERR_OS, "libcurl: %s", curl_easy_strerror(rc));
	return 0;
}

/* Handles have no sessions of their own in common: any may meet any host. */
static int
sessions_open(struct net *net, struct err *err)
{
	for (size_t i = 0; i < SESSION_SHARES; i++) {
		net->sessions[i] = curl_share_init();
		if (net->sessions[i] == NULL ||
		    curl_share_setopt(net->sessions[i], CURLSHOPT_SHARE,
			CURL_LOCK_DATA_SSL_SESSION) != CURLSHE_OK)
			return err_set(err, ERR_OS, "libcurl: no memory");
	}
	return 0;
}

static void
sessions_close(struct net *net)
{
	for (size_t i = 0; i < SESSION_SHARES; i++)
		if (net->sessions[i] != NULL)
			(void)curl_share_cleanup(net->sessions[i]);
}

struct net *
net_new(const char *user_agent, struct err *err)
{
	CURLM *multi = curl_multi_init();
	struct net *net;

	if (multi == NULL) {
		err_set(err, ERR_OS, "libcurl: no memory");
		return NULL;
	}
	net = xcalloc(1, sizeof(*net));
	net->multi = multi;
	if (sessions_open(net, err) == -1 || sockets_open(net, err) == -1) {
		sessions_close(net);
		curl_multi_cleanup(multi);
		free(net);
		return NULL;
	}
	net->user_agent = xstrdup(user_agent);
	curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, CONNECTIONS_KEPT);
	/* How many at once to one host is decided by who grants. */
	curl_multi_setopt(multi, CURLMOPT_PIPELINING, (long)CURLPIPE_MULTIPLEX);
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

static void
spares_free(struct net *net)
{
	struct transfer *t;

	while ((t = net->spare) != NULL) {
		net->spare = t->next;
		transfer_free(t);
	}
}

void
net_free(struct net *net)
{
	struct transfer *t;

	if (net == NULL)
		return;
	while ((t = net->first) != NULL) {
		net->first = t->next;
		curl_multi_remove_handle(net->multi, t->easy);
		transfer_free(t);
	}
	spares_free(net);
	imap_end_all(net);
	curl_multi_cleanup(net->multi);
	sessions_close(net);
	sockets_close(net);
	free(net->user_agent);
	free(net);
}

void
net_user_agent(struct net *net, const char *user_agent)
{
	char *old = net->user_agent;

	net->user_agent = xstrdup(user_agent);
	free(old);
	spares_free(net);
}

static struct transfer *
transfer_take(struct net *net, struct err *err)
{
	struct transfer *t = net->spare;
	CURL *easy;

	if (t != NULL) {
		net->spare = t->next;
		transfer_init(t, net->user_agent);
		return t;
	}
	easy = curl_easy_init();
	if (easy == NULL) {
		err_set(err, ERR_OS, "libcurl: no memory");
		return NULL;
	}
	t = xcalloc(1, sizeof(*t));
	t->net = net;
	t->easy = easy;
	t->arena = arena_new(ARENA_BYTES);
	buf_init(&t->body, 0);
	transfer_init(t, net->user_agent);
	return t;
}

static void
transfer_give_back(struct transfer *t)
{
	struct net *net = t->net;

	transfer_reset(t);
	t->next = net->spare;
	net->spare = t;
}

static void
running_add(struct net *net, struct transfer *t)
{
	t->next = net->first;
	t->link = &net->first;
	if (t->next != NULL)
		t->next->link = &t->next;
	net->first = t;
	net->running++;
}

static void
running_remove(struct net *net, struct transfer *t)
{
	*t->link = t->next;
	if (t->next != NULL)
		t->next->link = t->link;
	net->running--;
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
	if (transfer_setup(t, err) == -1) {
		transfer_give_back(t);
		return -1;
	}
	rc = curl_multi_add_handle(net->multi, t->easy);
	if (rc != CURLM_OK) {
		transfer_give_back(t);
		return err_set(
		    err, ERR_BUG, "libcurl: %s", curl_multi_strerror(rc));
	}
	running_add(net, t);
	return 0;
}

int
net_running(const struct net *net)
{
	return net->running;
}

void
transfer_end(struct net *net, CURL *easy, CURLcode rc)
{
	struct fetched fetched;
	struct transfer *t = NULL;

	curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&t);
	transfer_result(t, rc, &fetched);
	curl_multi_remove_handle(net->multi, easy);
	running_remove(net, t);
	if (t->body.len == 0 || t->is_over)
		t->done(t->context, t->grant, &fetched, NULL, 0);
	else
		t->done(
		    t->context, t->grant, &fetched, t->body.data, t->body.len);
	transfer_give_back(t);
}
