/*
 * How a source asks, for its list and for details.
 */
#include <string.h>
#include "conf/conf_int.h"

void
top_url(const struct reader *r, const struct node *node, void *part)
{
	request_url(r, node, part);
}

void
request_url(const struct reader *r, const struct node *node, void *part)
{
	struct source_part *of = part;

	if (of->has_url) {
		fault(r->problems, node,
		    "the address stands in url and in request; one is enough");
		return;
	}
	of->has_url = true;
	read_address(r, of, node, &of->view->url);
}

void
read_address(const struct reader *r, const struct source_part *of,
    const struct node *node, struct text_at *to)
{
	const char *text;

	if (!read_text(r, node, &text))
		return;
	/* A template may begin with the address itself. */
	if (text[0] != '{' && !str_starts(text, "https://") &&
	    !str_starts(text, "http://") && !is_mailbox(text)) {
		fault(r->problems, node,
		    "expected an address that begins with https:// or "
		    "http://, found %s",
		    node_found(r->arena, node));
		return;
	}
	check_template(r, of, node, text);
	*to = text_at(node);
}

void
top_request(const struct reader *r, const struct node *node, void *part)
{
	struct source_part *of = part;
	struct view *view = of->view;

	view->method = NULL;
	read_section(r, node, SECTION_KEYS_REQUEST, part);
	if (view->method == NULL)
		view->method = view->body == NULL ? "GET" : "POST";
	if (node->kind == NODE_MAP && node_get(node, "url") == NULL)
		fault(r->problems, node, "request has no url");
	if (str_eq(view->method, "GET") && view->body != NULL)
		fault(
		    r->problems, node, "a GET has no body; write method: POST");
}

void
request_method(const struct reader *r, const struct node *node, void *part)
{
	static const char *const words[] = { "GET", "POST" };
	size_t at;

	if (read_word(r, node, words, 2, &at))
		((struct source_part *)part)->view->method = words[at];
}

void
request_json(const struct reader *r, const struct node *node, void *part)
{
	struct source_part *of = part;

	of->view->body = json_template(r, of, node);
	of->view->body_type = "application/json";
}

void
request_body(const struct reader *r, const struct node *node, void *part)
{
	struct source_part *of = part;
	const char *text;

	if (of->view->body != NULL)
		fault(r->problems, node,
		    "the body stands in json and in body; one is enough");
	else if (read_text(r, node, &text)) {
		check_template(r, of, node, text);
		of->view->body = text;
		of->view->body_type = "application/x-www-form-urlencoded";
	}
}

void
request_headers(const struct reader *r, const struct node *node, void *part)
{
	struct source_part *of = part;
	struct node *rest = arena_alloc(r->arena, sizeof(*rest));

	/* What type a body has belongs to the body; the rest is as at the top.
	 */
	*rest = *node;
	if (node->kind == NODE_MAP && of->view->body != NULL) {
		rest->keys = nodes_new(r->arena, node->n, NULL, 0);
		rest->items = nodes_new(r->arena, node->n, NULL, 0);
		rest->n = 0;
		for (size_t i = 0; i < node->n; i++) {
			if (node->keys[i]->kind == NODE_SCALAR &&
			    str_eq_ci(node->keys[i]->text, "content-type")) {
				read_text(
				    r, node->items[i], &of->view->body_type);
				continue;
			}
			rest->keys[rest->n] = node->keys[i];
			rest->items[rest->n++] = node->items[i];
		}
	}
	top_headers(r, rest, part);
}

const char *const *
format_words(void)
{
	static const char *words[FORMAT__MAX];

	for (enum format f = 0; f < FORMAT__MAX; f++)
		words[f] = format_name(f);
	return words;
}

void
top_format(const struct reader *r, const struct node *node, void *part)
{
	struct source_part *of = part;
	const char *const *words = format_words();
	const char *near;
	size_t at;

	if (!read_word(r, node, words, FORMAT__MAX, &at)) {
		/* What follows is read as what was probably meant. */
		near = node->kind == NODE_SCALAR
			   ? str_nearest(node->text, words, FORMAT__MAX)
			   : NULL;
		for (at = 0; at < FORMAT__MAX && !str_eq(words[at], near);)
			at++;
		if (at == FORMAT__MAX)
			return;
	}
	of->view->format = (enum format)at;
	if (!of->is_detail)
		of->own->has_format = true;
}

void
top_script(const struct reader *r, const struct node *node, void *part)
{
	struct source_part *of = part;
	const char *text;

	if (of->view->format != FORMAT_SCRIPT)
		fault(r->problems, node,
		    "script says where in a page JSON is; it goes with "
		    "format: script");
	if (read_text(r, node, &text))
		of->view->script = text_at(node);
}

void
top_jobs(const struct reader *r, const struct node *node, void *part)
{
	struct view *view = ((struct source_part *)part)->view;
	const char *text;

	if (!read_text(r, node, &text))
		return;
	if (view->format == FORMAT_JOBPOSTING)
		fault(r->problems, node,
		    "format jobposting finds its jobs itself; leave jobs out");
	view->jobs = text_at(node);
}

void
top_detail(const struct reader *r, const struct node *node, void *part)
{
	struct source_part *list = part;
	struct view *view = &list->own->source.detail;
	struct source_part detail = {
		.own = list->own, .view = view, .node = node, .is_detail = true
	};

	view->present = true;
	view->method = "GET";
	view->format = is_json(list->view) ? list->view->format : FORMAT_HTML;
	read_section(r, node, SECTION_KEYS_DETAIL, &detail);
	if (node->kind != NODE_MAP)
		return;
	if (view->format == FORMAT_SCRIPT && node_get(node, "script") == NULL)
		view->script = list->view->script;
	if (!detail.has_url)
		fault(r->problems, node, "detail has no url");
	if (view->format == FORMAT_FEED || view->format == FORMAT_MAIL)
		fault(r->problems, node, "a detail is no %s",
		    format_name(view->format));
	if (view->nfields == 0 && view->format != FORMAT_JOBPOSTING)
		fault(r->problems, node, "detail has no fields");
}
