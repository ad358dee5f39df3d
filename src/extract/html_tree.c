/*
 * HTML into a tree by the rules of the HTML standard, 13.2.6, reduced to
 * what decides where an element lies: implied tags, table parts, foster
 * parents. Elements that end crosswise (<b><p></b></p>) are not split but
 * end where they can. Scripts do not run, so noscript is read.
 */
#include <string.h>
#include <strings.h>
#include "extract/html_tree_int.h"

/* ---- before the body ---- */

/* A tag of html, head or body that is there already gives it attributes. */
static void
add_attrs(struct builder *b, struct node *n, const struct token *t)
{
	struct node *made;

	if (n == NULL || n->nattrs > 0 || t->nattrs == 0)
		return;
	made = tree_element(b, t);
	if (made == NULL)
		return;
	n->attrs = made->attrs;
	n->nattrs = made->nattrs;
	n->classes = made->classes;
}

static void
need_html(struct builder *b)
{
	if (b->html == NULL)
		b->html = tree_imply(b, TAG_HTML, "html");
}

static void
need_head(struct builder *b)
{
	need_html(b);
	if (b->head == NULL && !b->full)
		b->head = tree_imply(b, TAG_HEAD, "head");
}

static void
need_body(struct builder *b)
{
	if (b->body != NULL || b->count[TAG_TEMPLATE] > 0)
		return;
	need_head(b);
	if (b->full)
		return;
	tree_pop_to(b, 2);
	b->body = tree_imply(b, TAG_BODY, "body");
}

static bool
is_white(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r' && c != '\v');
}

static bool
is_blank(const struct token *t)
{
	for (uint32_t i = 0; i < t->len; i++)
		if (!is_white(t->text[i]))
			return false;
	return true;
}

static void
head_element(struct builder *b, const struct token *t)
{
	struct node *n;

	need_head(b);
	if (b->full)
		return;
	if (b->depth == 2) {
		/* Behind </head>: it belongs there all the same. */
		tree_push(b, b->head);
		n = b->head->first;
		for (; n != NULL; n = n->next)
			b->open[b->depth - 1].last = n;
	}
	n = tree_element(b, t);
	if (n == NULL)
		return;
	tree_append(b, n);
	tree_fill(b, n);
}

/* True if the token was dealt with; false: it is the body's. */
static bool
before_body(struct builder *b, const struct token *t)
{
	if (b->body != NULL || b->count[TAG_TEMPLATE] > 0)
		return false;
	if (t->kind == TOKEN_TEXT)
		return is_blank(t);
	if (t->kind == TOKEN_END) {
		if (b->depth > 2 && top_tag(b) == t->tag)
			tree_pop_to(b, b->depth - 1);
		return t->tag != TAG_BR && t->tag != TAG_P;
	}
	if ((tag_flags(t->tag) & TAG_IN_HEAD) == 0)
		return false;
	head_element(b, t);
	return true;
}

/* Html, head and body are implied or given, and there is one of each. */
static bool
start_frame(struct builder *b, const struct token *t)
{
	struct node *had_head = b->head;

	switch (t->tag) {
	case TAG_HTML:
		need_html(b);
		add_attrs(b, b->html, t);
		return true;
	case TAG_HEAD:
		if (b->body == NULL)
			need_head(b);
		if (had_head == NULL && b->head != NULL)
			b->head->inner_from = offset(b);
		add_attrs(b, b->head, t);
		return true;
	case TAG_BODY:
		if (b->body == NULL) {
			need_body(b);
			if (b->body != NULL)
				b->body->inner_from = offset(b);
		}
		add_attrs(b, b->body, t);
		return true;
	case TAG_FRAMESET:
	case TAG_FRAME:
		return true;
	default:
		return false;
	}
}

/* ---- tables ---- */

/* Close what is open in the table down to a row, a body or the table. */
static void
clear_to(struct builder *b, size_t table, bool rows)
{
	size_t i = b->depth - 1;

	for (; i > table; i--)
		if (rows && is_table_part(b->open[i].node->tag))
			break;
	tree_pop_to(b, i + 1);
}

static void
start_row(struct builder *b, size_t table)
{
	clear_to(b, table, true);
	if (top_tag(b) == TAG_TR)
		tree_pop(b);
	if (top_tag(b) == TAG_TABLE)
		tree_imply(b, TAG_TBODY, "tbody");
}

static void
start_cell(struct builder *b, size_t table)
{
	clear_to(b, table, true);
	if (top_tag(b) == TAG_TABLE)
		tree_imply(b, TAG_TBODY, "tbody");
	if (top_tag(b) != TAG_TR && !b->full)
		tree_imply(b, TAG_TR, "tr");
}

/* Make the place ready for a part of a table; false if it is no such. */
static bool
start_table_part(struct builder *b, enum tag tag)
{
	size_t table = tree_open_table(b);

	switch (tag) {
	case TAG_TR:
		if (table > 0) {
			start_row(b, table);
			return true;
		}
		tree_close_item(b, TAG_TD, TAG_TH);
		tree_close_item(b, TAG_TR, TAG_TR);
		return true;
	case TAG_TD:
	case TAG_TH:
		if (table > 0)
			start_cell(b, table);
		else
			tree_close_item(b, TAG_TD, TAG_TH);
		return true;
	case TAG_TBODY:
	case TAG_THEAD:
	case TAG_TFOOT:
	case TAG_CAPTION:
	case TAG_COLGROUP:
		if (table > 0)
			clear_to(b, table, false);
		return true;
	case TAG_COL:
		if (table > 0 && top_tag(b) != TAG_COLGROUP) {
			clear_to(b, table, false);
			tree_imply(b, TAG_COLGROUP, "colgroup");
		}
		return true;
	default:
		return false;
	}
}

/* ---- the body ---- */

/* Svg and math end at an element that can only be HTML. */
static bool
breaks_out(enum tag tag)
{
	return (tag_flags(tag) & TAG_ENDS_P) != 0 ||
	       is_one_of(tag, TAG_BODY, TAG_BR, TAG_IMG) ||
	       is_one_of(tag, TAG_TABLE, TAG_LI, TAG_HEAD) ||
	       is_one_of(tag, TAG_B, TAG_STRONG, TAG_EM);
}

static void
start_foreign(struct builder *b, const struct token *t)
{
	struct node *n = tree_element(b, t);

	if (n == NULL)
		return;
	tree_insert(b, n);
	if (!t->self_closing)
		tree_push(b, n);
}

static void
end_options(struct builder *b, bool groups)
{
	if (top_tag(b) == TAG_OPTION)
		tree_pop(b);
	if (groups && top_tag(b) == TAG_OPTGROUP)
		tree_pop(b);
}

/* End what the start of this element ends. */
static void
make_place(struct builder *b, enum tag tag)
{
	switch (tag) {
	case TAG_LI:
		tree_close_item(b, TAG_LI, TAG_LI);
		break;
	case TAG_DD:
	case TAG_DT:
		tree_close_item(b, TAG_DD, TAG_DT);
		break;
	case TAG_A:
	case TAG_NOBR:
		tree_end_format(b, tag);
		break;
	case TAG_BUTTON:
		tree_close(b, TAG_BUTTON, SCOPE_PLAIN);
		break;
	case TAG_HR:
		if (b->count[TAG_SELECT] > 0)
			end_options(b, true);
		break;
	case TAG_INPUT:
		tree_close(b, TAG_SELECT, SCOPE_PLAIN);
		break;
	case TAG_OPTGROUP:
	case TAG_OPTION:
		end_options(b, tag == TAG_OPTGROUP);
		break;
	case TAG_TABLE:
		if (is_table_part(top_tag(b)) && tree_open_table(b) > 0)
			tree_pop_to(b, tree_open_table(b));
		break;
	default:
		break;
	}
	if ((tag_flags(tag) & TAG_ENDS_P) != 0 ||
	    is_one_of(tag, TAG_LI, TAG_DD, TAG_DT) ||
	    (tag == TAG_TABLE && !b->quirks))
		tree_close(b, TAG_P, SCOPE_BUTTON);
	if (is_heading(tag) && is_heading(top_tag(b)))
		tree_pop(b);
}

static bool
is_hidden_input(const struct node *n)
{
	const struct attr *type =
	    n->tag == TAG_INPUT ? node_attr(n, "type") : NULL;

	return type != NULL && type->value_len == 6 &&
	       strncasecmp(type->value, "hidden", 6) == 0;
}

/* Put an element of HTML where it belongs, and open it. */
static void
place_element(struct builder *b, struct node *n, bool is_part)
{
	bool in_table = is_table_part(top_tag(b));

	if (is_part || (in_table && is_hidden_input(n)) ||
	    is_one_of(n->tag, TAG_SCRIPT, TAG_STYLE, TAG_TEMPLATE)) {
		tree_append(b, n);
	} else if (n->tag == TAG_FORM && in_table) {
		/* Old pages wrap rows in a form: it holds nothing. */
		tree_append(b, n);
		return;
	} else {
		tree_insert(b, n);
	}
	tree_fill(b, n);
}

/* Tags that open nothing where they stand. */
static bool
is_ignored(struct builder *b, enum tag tag)
{
	if (tag == TAG_FORM)
		return b->count[TAG_FORM] > 0 && b->count[TAG_TEMPLATE] == 0;
	if (tag != TAG_SELECT || tree_in_scope(b, tag, SCOPE_PLAIN) == 0)
		return false;
	tree_close(b, tag, SCOPE_PLAIN);
	return true;
}

static void
start_tag(struct builder *b, const struct token *t)
{
	struct node *n;
	bool part;

	if (is_foreign(b) && breaks_out(t->tag))
		while (is_foreign(b))
			tree_pop(b);
	if (start_frame(b, t))
		return;
	need_body(b);
	if (b->full || (!is_foreign(b) && is_ignored(b, t->tag)))
		return;
	if (is_foreign(b) || t->tag == TAG_SVG || t->tag == TAG_MATH) {
		start_foreign(b, t);
		return;
	}
	part = start_table_part(b, t->tag);
	if (!part)
		make_place(b, t->tag);
	n = b->full ? NULL : tree_element(b, t);
	if (n != NULL)
		place_element(b, n, part);
}

static bool
same_name(const struct node *n, const struct token *t)
{
	return n->hash == t->hash && n->len == t->len;
}

/* An end tag of no special meaning: up to the nearest special element. */
static void
end_any(struct builder *b, const struct token *t)
{
	for (size_t i = b->depth - 1; i > 0; i--) {
		if (same_name(b->open[i].node, t)) {
			tree_pop_to(b, i);
			return;
		}
		if (!is_foreign_node(b, i) &&
		    (tag_flags(b->open[i].node->tag) & TAG_IS_SPECIAL) != 0)
			return;
	}
}

static void
end_p(struct builder *b)
{
	size_t i = tree_in_scope(b, TAG_P, SCOPE_BUTTON);

	if (i == 0) {
		need_body(b);
		if (b->full || tree_imply(b, TAG_P, "p") == NULL)
			return;
		i = b->depth - 1;
	}
	tree_pop_to(b, i);
}

static void
end_heading(struct builder *b)
{
	for (size_t i = b->depth - 1; i > 0; i--) {
		enum tag is = b->open[i].node->tag;

		if (is_heading(is)) {
			tree_pop_to(b, i);
			return;
		}
		if ((tag_flags(is) & TAG_IS_SCOPE) != 0)
			return;
	}
}

/* The end of a part of a table: that of the nearest table only. */
static void
end_table_part(struct builder *b, enum tag tag)
{
	size_t table = tree_open_table(b);

	for (size_t i = b->depth - 1; i > 0 && i >= table; i--)
		if (b->open[i].node->tag == tag) {
			tree_pop_to(b, i);
			return;
		}
}

static void
end_form(struct builder *b)
{
	size_t i = tree_in_scope(b, TAG_FORM, SCOPE_PLAIN);

	if (i == b->depth - 1 && i > 0)
		tree_pop(b);
	else if (i > 0)
		tree_forget(b, i);
}

/* The end of a part of svg or math; false if it is of no such. */
static bool
end_foreign(struct builder *b, const struct token *t)
{
	size_t i = b->depth - 1;

	for (; i > 0 && is_foreign_node(b, i); i--)
		if (same_name(b->open[i].node, t)) {
			tree_pop_to(b, i);
			return true;
		}
	if (t->tag == TAG_P || t->tag == TAG_BR)
		tree_pop_to(b, i + 1);
	return false;
}

static void
end_tag(struct builder *b, const struct token *t)
{
	struct token br = *t;

	if (is_foreign_node(b, b->depth - 1) && end_foreign(b, t)) {
		return;
	} else if (is_heading(t->tag)) {
		end_heading(b);
	} else if (is_table_part(t->tag) ||
		   is_one_of(t->tag, TAG_TD, TAG_TH, TAG_CAPTION)) {
		end_table_part(b, t->tag);
	} else if (t->tag == TAG_P) {
		end_p(b);
	} else if (t->tag == TAG_LI) {
		tree_close(b, TAG_LI, SCOPE_LIST);
	} else if (t->tag == TAG_FORM) {
		end_form(b);
	} else if (t->tag == TAG_BR) {
		br.nattrs = 0;
		start_tag(b, &br);
	} else if (t->tag == TAG_BODY || t->tag == TAG_HTML) {
		/* More may follow, and belongs to the body all the same. */
		return;
	} else if ((tag_flags(t->tag) & TAG_IS_FORMAT) != 0) {
		tree_end_format(b, t->tag);
	} else if ((tag_flags(t->tag) & TAG_IS_SPECIAL) != 0) {
		tree_close(b, t->tag, SCOPE_PLAIN);
	} else {
		end_any(b, t);
	}
}

static void
text(struct builder *b, const struct token *t)
{
	struct token rest = *t;
	bool stays;

	/* Blanks before the body are not of it. */
	for (; b->body == NULL && b->count[TAG_TEMPLATE] == 0 && rest.len > 0 &&
	       is_white(rest.text[0]);
	     rest.len--)
		rest.text++;
	t = &rest;
	need_body(b);
	if (b->full)
		return;
	stays = is_blank(t) &&
		(is_table_part(top_tag(b)) || top_tag(b) == TAG_COLGROUP);
	tree_text(b, t, !stays);
}

/* Doctypes of before 2000, and none at all: pages that are read as then. */
static bool
is_quirky(const char *p, size_t n)
{
	static const char *const old[] = { "html 2.0", "html 3", "html 4.0 tr",
		"html 4.0 fr", "html 4.01 tr", "html 4.01 fr" };
	const char *end = p + n, *close;
	char text[200];

	for (;;) {
		while (p < end && strchr(" \t\r\n\f", *p) != NULL)
			p++;
		close = end - p > 4 && memcmp(p, "<!--", 4) == 0
			    ? memmem(p, (size_t)(end - p), "-->", 3)
			    : NULL;
		if (close == NULL)
			break;
		p = close + 3;
	}
	if (end - p < 15 || strncasecmp(p, "<!doctype", 9) != 0)
		return true;
	n = (size_t)(end - p) < sizeof(text) ? (size_t)(end - p)
					     : sizeof(text) - 1;
	memcpy(text, p, n);
	text[n] = '\0';
	text[strcspn(text, ">")] = '\0';
	for (size_t i = 0; i < sizeof(old) / sizeof(old[0]); i++)
		if (strcasestr(text, old[i]) != NULL)
			/* An address of 4.01's rules makes it half new. */
			return i < 4 || strcasestr(text, "http") == NULL;
	return false;
}

struct dom *
dom_html(struct arena *arena, const char *source, size_t n)
{
	struct builder *b = arena_alloc(arena, sizeof(*b));
	struct token t;

	b->dom = dom_new(arena, source, n, false);
	b->open[0].node = b->dom->root;
	b->depth = 1;
	b->quirks = is_quirky(source, n);
	tokenizer_init(&b->t, b->dom);
	for (token_next(&b->t, &t); t.kind != TOKEN_EOF && !b->full;
	     token_next(&b->t, &t)) {
		b->at = (uint32_t)(t.begin - source);
		if (before_body(b, &t))
			continue;
		if (t.kind == TOKEN_START)
			start_tag(b, &t);
		else if (t.kind == TOKEN_END)
			end_tag(b, &t);
		else
			text(b, &t);
	}
	b->at = (uint32_t)n;
	if (b->body == NULL && b->count[TAG_TEMPLATE] > 0)
		tree_pop_to(b, 2);
	if (!b->full)
		need_body(b);
	tree_pop_to(b, 1);
	return b->dom;
}
