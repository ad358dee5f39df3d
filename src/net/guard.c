/*
 * What may be dialled. libcurl asks with the very address it is about to
 * use, so neither a redirect nor a name that changes its mind gets past.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <unistd.h>
#include "base/addr.h"
#include "base/str.h"
#include "net/net_int.h"

#define REFUSAL "%s is not a public address: %s%s"
#define REMEDY  "; allow_private: true permits it"

void
transfer_guard(struct transfer *t, enum fetch_result result, const char *reason)
{
	if (t->guard != FETCH_OK)
		return;
	t->guard = result;
	t->guard_reason = reason;
}

static const char *
address_text(struct arena *arena, const struct sockaddr *sa)
{
	char text[INET6_ADDRSTRLEN] = "?";

	if (sa->sa_family == AF_INET)
		inet_ntop(AF_INET,
		    &((const struct sockaddr_in *)(const void *)sa)->sin_addr,
		    text, sizeof(text));
	else if (sa->sa_family == AF_INET6)
		inet_ntop(AF_INET6,
		    &((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr,
		    text, sizeof(text));
	return arena_strdup(arena, text);
}

static bool
is_internet(const struct sockaddr *sa)
{
	return sa->sa_family == AF_INET || sa->sa_family == AF_INET6;
}

/*
 * allow_private opens private networks, never what is link local: there
 * clouds keep the secrets of a machine.
 */
static bool
may_reach(const struct transfer *t, bool is_public, const char *why)
{
	return is_public ||
	       (t->grant->allow_private && !str_starts(why, "link local"));
}

curl_socket_t
guard_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct transfer *t = context;
	const char *why = "no internet address";
	bool is_public =
	    is_internet(&address->addr) && addr_is_public(&address->addr, &why);

	if (purpose != CURLSOCKTYPE_IPCXN || !is_internet(&address->addr) ||
	    !may_reach(t, is_public, why)) {
		transfer_guard(t, FETCH_REFUSED,
		    arena_printf(t->arena, REFUSAL,
			address_text(t->arena, &address->addr), why,
			t->grant->allow_private ? "" : REMEDY));
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC,
	    address->protocol);
}

/*
 * Asked before each request, also over a kept connection: one that was made
 * for a source with allow_private is not there for the others.
 */
int
guard_peer(
    void *context, char *peer_ip, char *local_ip, int peer_port, int local_port)
{
	struct transfer *t = context;
	const char *why = "";
	bool is_public = addr_text_is_public(peer_ip, &why);

	(void)local_ip;
	(void)peer_port;
	(void)local_port;
	if (may_reach(t, is_public, why))
		return CURL_PREREQFUNC_OK;
	transfer_guard(t, FETCH_REFUSED,
	    arena_printf(t->arena, REFUSAL, peer_ip, why,
		t->grant->allow_private ? "" : REMEDY));
	return CURL_PREREQFUNC_ABORT;
}
