/*
 * Secrets of a source: which it sends and where, never what they are.
 */
#include <string.h>
#include "conf/conf_int.h"

/* Headers or parameters with secrets: two are the most in use. */
#define PARTS_MAX 16

static struct source *
source_of(void *part)
{
	return &((struct source_part *)part)->own->source;
}

static void
part_add(const struct reader *r, void *to, const struct auth_part *part)
{
	struct auth *auth = &source_of(to)->auth;

	if (auth->parts == NULL)
		auth->parts =
		    arena_array(r->arena, PARTS_MAX, sizeof(*auth->parts));
	if (auth->nparts < PARTS_MAX)
		auth->parts[auth->nparts++] = *part;
}

static void
credential_add(const struct reader *r, const struct node *node, void *to,
    enum auth_place place, const char *name)
{
	struct auth_part part = { .place = place, .name = name };

	if (read_credential(r, node, &part.credential))
		part_add(r, to, &part);
}

/* Two of them would both be Authorization. */
static bool
is_only_way(const struct reader *r, const struct node *node, void *part)
{
	const struct auth *auth = &source_of(part)->auth;

	for (size_t i = 0; i < auth->nparts; i++) {
		if (auth->parts[i].place == AUTH_HEADER ||
		    auth->parts[i].place == AUTH_QUERY)
			continue;
		fault(r->problems, node,
		    "bearer, basic and oauth2 are three ways for the same "
		    "header; one is enough");
		return false;
	}
	return true;
}

void
auth_bearer(const struct reader *r, const struct node *node, void *part)
{
	credential_add(r, node, part, AUTH_BEARER, NULL);
}

static void
basic_user(const struct reader *r, const struct node *node, void *part)
{
	struct auth_part user = { .place = AUTH_USER };

	if (node->kind == NODE_SCALAR && str_starts(node->text, "credential:"))
		credential_add(r, node, part, AUTH_USER, NULL);
	else if (read_text(r, node, &user.text))
		part_add(r, part, &user);
}

static void
basic_password(const struct reader *r, const struct node *node, void *part)
{
	/* "password: ''" says that there is none. */
	if (node->kind != NODE_SCALAR || node->text[0] != '\0')
		credential_add(r, node, part, AUTH_PASSWORD, NULL);
}

void
auth_basic(const struct reader *r, const struct node *node, void *part)
{
	static const struct key keys[] = { { "user", basic_user },
		{ "password", basic_password } };
	size_t faults = r->problems->n;
	size_t before = source_of(part)->auth.nparts;

	if (!is_only_way(r, node, part))
		return;
	read_map(r, node, keys, 2, part);
	if (r->problems->n == faults && source_of(part)->auth.nparts == before)
		fault(r->problems, node,
		    "basic needs a user, a password, or both");
}

static void
named_read(const struct reader *r, const struct node *map, void *part,
    enum auth_place place)
{
	if (!is_map(r, map))
		return;
	if (map->n == 0 || map->n > PARTS_MAX / 2)
		fault(r->problems, map, "expected 1 to %d names, found %zu",
		    PARTS_MAX / 2, map->n);
	for (size_t i = 0; i < map->n && i < PARTS_MAX / 2; i++) {
		const struct node *key = map->keys[i];

		if (key->kind != NODE_SCALAR)
			continue;
		if (!is_header_name(key->text))
			fault(r->problems, key, "'%s' is no name of a %s",
			    str_safe(r->arena, key->text, 60),
			    place == AUTH_HEADER ? "header" : "parameter");
		else
			credential_add(
			    r, map->items[i], part, place, key->text);
	}
}

void
auth_header(const struct reader *r, const struct node *node, void *part)
{
	named_read(r, node, part, AUTH_HEADER);
	if (node->kind != NODE_MAP)
		return;
	for (size_t i = 0; i < node->n; i++) {
		const struct node *key = node->keys[i];
		const char *owner =
		    key->kind == NODE_SCALAR ? header_owner(key->text) : NULL;

		/* Some want an address of their user's in it. */
		if (owner != NULL && !str_eq_ci(key->text, "user-agent"))
			fault(r->problems, key,
			    "header %s cannot be set here: %s", key->text,
			    str_eq_ci(key->text, "authorization")
				? "bearer, basic and oauth2 do"
				: owner);
	}
}

void
auth_query(const struct reader *r, const struct node *node, void *part)
{
	named_read(r, node, part, AUTH_QUERY);
}

static void
oauth2_url(const struct reader *r, const struct node *node, void *part)
{
	const char *text;

	if (!read_text(r, node, &text))
		return;
	if (!str_starts(text, "https://") && !str_starts(text, "http://"))
		fault(r->problems, node,
		    "expected an address that begins with https://, found %s",
		    node_found(r->arena, node));
	source_of(part)->auth.token_url = text;
}

static void
oauth2_id(const struct reader *r, const struct node *node, void *part)
{
	credential_add(r, node, part, AUTH_CLIENT_ID, NULL);
}

static void
oauth2_secret(const struct reader *r, const struct node *node, void *part)
{
	credential_add(r, node, part, AUTH_CLIENT_SECRET, NULL);
}

static void
oauth2_scope(const struct reader *r, const struct node *node, void *part)
{
	read_text(r, node, &source_of(part)->auth.scope);
}

void
auth_oauth2(const struct reader *r, const struct node *node, void *part)
{
	static const struct key keys[] = { { "url", oauth2_url },
		{ "id", oauth2_id }, { "secret", oauth2_secret },
		{ "scope", oauth2_scope } };

	if (!is_only_way(r, node, part))
		return;
	read_map(r, node, keys, 4, part);
	for (size_t i = 0; i < 3 && node->kind == NODE_MAP; i++)
		if (node_get(node, keys[i].name) == NULL)
			fault(
			    r->problems, node, "oauth2 needs %s", keys[i].name);
}

void
top_auth(const struct reader *r, const struct node *node, void *part)
{
	((struct source_part *)part)->own->auth_node = node;
	read_section(r, node, SECTION_KEYS_AUTH, part);
	if (node->kind == NODE_MAP && node->n == 0)
		fault(r->problems, node,
		    "auth needs one of bearer, basic, header, query and "
		    "oauth2");
}
