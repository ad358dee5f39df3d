/*
 * HTML into a tree by the rules of the HTML standard, 13.2.6, reduced to
 * what decides where an element lies: implied tags, table parts, foster
 * parents. Elements that end crosswise (<b><p></b></p>) are not split but
 * end where they can. Scripts do not run, so noscript is read.
 */
#include <string.h>
#include "base/limits.h"
#include "extract/dom.h"

struct open {
	struct node *node;
	struct node *last; /* its last child */
};

struct builder {
	struct dom *dom;
	struct tokenizer t;
	uint32_t at; /* where the present token begins in the source */
	struct open open[LIMIT_DOM_DEPTH]; /* [0] is the document */
	size_t depth;
	uint16_t count[TAG__MAX]; /* of each tag, how many are open */
	struct node *html, *head, *body;
	bool full; /* no more nodes */
};

static enum tag
top_tag(const struct builder *b)
{
	return b->open[b->depth - 1].node->tag;
}

static uint32_t
offset(const struct builder *b)
{
	return (uint32_t)(b->t.p - b->dom->source);
}

static bool
is_foreign(const struct builder *b)
{
	return b->count[TAG_SVG] > 0 || b->count[TAG_MATH] > 0;
}

static bool
is_one_of(enum tag tag, enum tag a, enum tag b, enum tag c)
{
	return tag == a || tag == b || tag == c;
}

/* ---- linking ---- */

static void
append(struct builder *b, struct node *n)
{
	struct open *o = &b->open[b->depth - 1];

	n->parent = o->node;
	n->prev = o->last;
	if (o->last == NULL)
		o->node->first = n;
	else
		o->last->next = n;
	o->last = n;
}

static void
insert_before(struct node *n, struct node *next)
{
	n->parent = next->parent;
	n->prev = next->prev;
	n->next = next;
	if (next->prev == NULL)
		next->parent->first = n;
	else
		next->prev->next = n;
	next->prev = n;
}

static bool
is_body_of_rows(enum tag tag)
{
	return is_one_of(tag, TAG_TBODY, TAG_THEAD, TAG_TFOOT);
}

/* Only rows and cells may stand there. */
static bool
is_table_part(enum tag tag)
{
	return tag == TAG_TABLE || tag == TAG_TR || is_body_of_rows(tag);
}

/* What may not stand in a table goes before it (foster parenting). */
static void
insert(struct builder *b, struct node *n)
{
	size_t i = b->depth - 1;

	if (!is_table_part(top_tag(b))) {
		append(b, n);
		return;
	}
	while (i > 0 && b->open[i].node->tag != TAG_TABLE)
		i--;
	if (i == 0)
		append(b, n);
	else
		insert_before(n, b->open[i].node);
}

static void
pop(struct builder *b)
{
	struct node *n = b->open[--b->depth].node;

	n->inner_to = b->at;
	b->count[n->tag]--;
	b->t.cdata = is_foreign(b);
}

/* Ends all that is open from open[i] on. */
static void
pop_to(struct builder *b, size_t i)
{
	while (b->depth > i)
		pop(b);
}

static void
push(struct builder *b, struct node *n)
{
	/* Too deep: what is open deepest ends, as browsers do it. */
	if (b->depth == LIMIT_DOM_DEPTH)
		pop(b);
	b->open[b->depth].node = n;
	b->open[b->depth++].last = NULL;
	b->count[n->tag]++;
	b->t.cdata = is_foreign(b);
}

static struct node *
element(struct builder *b, const struct token *t)
{
	struct node *n = node_element(b->dom, t);

	if (n == NULL)
		b->full = true;
	else
		n->inner_from = n->inner_to = offset(b);
	return n;
}

/* An element that nobody wrote, appended and open. */
static struct node *
imply(struct builder *b, enum tag tag, const char *name)
{
	struct token made = { .kind = TOKEN_START,
		.text = name,
		.len = (uint32_t)strlen(name),
		.tag = tag };
	struct node *n;

	made.hash = name_hash(name, made.len, false);
	n = element(b, &made);
	if (n == NULL)
		return NULL;
	n->inner_from = b->at;
	append(b, n);
	push(b, n);
	return n;
}

static void
text_node(struct builder *b, const struct token *t, bool foster)
{
	struct node *n;

	if (t->len == 0)
		return;
	n = node_new_text(b->dom, t);
	if (n == NULL)
		b->full = true;
	else if (foster)
		insert(b, n);
	else
		append(b, n);
}

/* Content that is text up to its own end tag; n is in the tree already. */
static void
raw_text(struct builder *b, struct node *n)
{
	struct token t = { 0 };

	n->inner_from = offset(b);
	token_raw(&b->t, n->text, n->len, &t);
	n->inner_to = n->inner_from + t.len;
	t.raw = (tag_flags(n->tag) & TAG_IS_RCDATA) == 0;
	if (t.len == 0)
		return;
	n->first = node_new_text(b->dom, &t);
	if (n->first == NULL)
		b->full = true;
	else
		n->first->parent = n;
}

static void
fill(struct builder *b, struct node *n)
{
	uint32_t flags = tag_flags(n->tag);

	if ((flags & (TAG_IS_RAW | TAG_IS_RCDATA)) != 0 && !is_foreign(b))
		raw_text(b, n);
	else if ((flags & TAG_IS_VOID) == 0)
		push(b, n);
}

/* ---- searching what is open ---- */

enum scope { SCOPE_PLAIN, SCOPE_BUTTON, SCOPE_LIST };

/* The nearest open element of that tag within scope, 0 if there is none. */
static size_t
in_scope(const struct builder *b, enum tag tag, enum scope scope)
{
	for (size_t i = b->depth - 1; i > 0 && b->count[tag] > 0; i--) {
		enum tag is = b->open[i].node->tag;

		if (is == tag)
			return i;
		if ((tag_flags(is) & TAG_IS_SCOPE) != 0 ||
		    (scope == SCOPE_BUTTON && is == TAG_BUTTON) ||
		    (scope == SCOPE_LIST && (is == TAG_UL || is == TAG_OL)))
			break;
	}
	return 0;
}

/* The open table, 0 if none is open or a template lies between. */
static size_t
open_table(const struct builder *b)
{
	for (size_t i = b->depth - 1; i > 0 && b->count[TAG_TABLE] > 0; i--) {
		if (b->open[i].node->tag == TAG_TABLE)
			return i;
		if (b->open[i].node->tag == TAG_TEMPLATE)
			break;
	}
	return 0;
}

static void
close_if_open(struct builder *b, enum tag tag, enum scope scope)
{
	size_t i = in_scope(b, tag, scope);

	if (i > 0)
		pop_to(b, i);
}

static bool
is_heading(enum tag tag)
{
	return tag >= TAG_H1 && tag <= TAG_H6;
}

/* An open li, dd, dt, tr or td that a new one ends. */
static void
close_item(struct builder *b, enum tag a, enum tag other)
{
	size_t open = (size_t)b->count[a] + b->count[other];

	for (size_t i = b->depth - 1; i > 0 && open > 0; i--) {
		enum tag is = b->open[i].node->tag;

		if (is == a || is == other) {
			pop_to(b, i);
			return;
		}
		if ((tag_flags(is) & TAG_IS_SPECIAL) != 0 &&
		    !is_one_of(is, TAG_ADDRESS, TAG_DIV, TAG_P))
			return;
	}
}

/* Take open[i] out without ending what was opened in it. */
static void
forget(struct builder *b, size_t i)
{
	struct node *n = b->open[i].node;

	n->inner_to = b->at;
	b->count[n->tag]--;
	memmove(&b->open[i], &b->open[i + 1],
	    (b->depth - i - 1) * sizeof(b->open[0]));
	b->depth--;
}

/* The end of b, i, a and the like: they may end across other elements. */
static void
end_format(struct builder *b, enum tag tag)
{
	bool crosses = false;

	for (size_t i = b->depth - 1; i > 0 && b->count[tag] > 0; i--) {
		enum tag is = b->open[i].node->tag;

		if (is == tag) {
			if (crosses)
				forget(b, i);
			else
				pop_to(b, i);
			return;
		}
		if ((tag_flags(is) & TAG_IS_SCOPE) != 0)
			return;
		crosses |= (tag_flags(is) & TAG_IS_SPECIAL) != 0;
	}
}

/* ---- before the body ---- */

/* A tag of html, head or body that is there already gives it attributes. */
static void
add_attrs(struct builder *b, struct node *n, const struct token *t)
{
	struct node *made;

	if (n == NULL || n->nattrs > 0 || t->nattrs == 0)
		return;
	made = element(b, t);
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
		b->html = imply(b, TAG_HTML, "html");
}

static void
need_head(struct builder *b)
{
	need_html(b);
	if (b->head == NULL && !b->full)
		b->head = imply(b, TAG_HEAD, "head");
}

static void
need_body(struct builder *b)
{
	if (b->body != NULL || b->count[TAG_TEMPLATE] > 0)
		return;
	need_head(b);
	if (b->full)
		return;
	pop_to(b, 2);
	b->body = imply(b, TAG_BODY, "body");
}

static bool
is_blank(const struct token *t)
{
	for (uint32_t i = 0; i < t->len; i++)
		if (strchr(" \t\n\f\r", t->text[i]) == NULL)
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
		push(b, b->head);
		n = b->head->first;
		for (; n != NULL; n = n->next)
			b->open[b->depth - 1].last = n;
	}
	n = element(b, t);
	if (n == NULL)
		return;
	append(b, n);
	fill(b, n);
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
			pop_to(b, b->depth - 1);
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
	pop_to(b, i + 1);
}

static void
start_row(struct builder *b, size_t table)
{
	clear_to(b, table, true);
	if (top_tag(b) == TAG_TR)
		pop(b);
	if (top_tag(b) == TAG_TABLE)
		imply(b, TAG_TBODY, "tbody");
}

static void
start_cell(struct builder *b, size_t table)
{
	clear_to(b, table, true);
	if (top_tag(b) == TAG_TABLE)
		imply(b, TAG_TBODY, "tbody");
	if (top_tag(b) != TAG_TR && !b->full)
		imply(b, TAG_TR, "tr");
}

/* Make the place ready for a part of a table; false if it is no such. */
static bool
start_table_part(struct builder *b, enum tag tag)
{
	size_t table = open_table(b);

	switch (tag) {
	case TAG_TR:
		if (table > 0) {
			start_row(b, table);
			return true;
		}
		close_item(b, TAG_TD, TAG_TH);
		close_item(b, TAG_TR, TAG_TR);
		return true;
	case TAG_TD:
	case TAG_TH:
		if (table > 0)
			start_cell(b, table);
		else
			close_item(b, TAG_TD, TAG_TH);
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
			imply(b, TAG_COLGROUP, "colgroup");
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
	struct node *n = element(b, t);

	if (n == NULL)
		return;
	insert(b, n);
	if (!t->self_closing)
		push(b, n);
}

/* End what the start of this element ends. */
static void
make_place(struct builder *b, enum tag tag)
{
	switch (tag) {
	case TAG_LI:
		close_item(b, TAG_LI, TAG_LI);
		break;
	case TAG_DD:
	case TAG_DT:
		close_item(b, TAG_DD, TAG_DT);
		break;
	case TAG_A:
	case TAG_NOBR:
		end_format(b, tag);
		break;
	case TAG_BUTTON:
		close_if_open(b, TAG_BUTTON, SCOPE_PLAIN);
		break;
	case TAG_OPTGROUP:
	case TAG_OPTION:
		if (top_tag(b) == TAG_OPTION)
			pop(b);
		if (tag == TAG_OPTGROUP && top_tag(b) == TAG_OPTGROUP)
			pop(b);
		break;
	case TAG_TABLE:
		if (is_table_part(top_tag(b)) && open_table(b) > 0)
			pop_to(b, open_table(b));
		break;
	default:
		break;
	}
	if ((tag_flags(tag) & TAG_ENDS_P) != 0 ||
	    is_one_of(tag, TAG_LI, TAG_DD, TAG_DT) || tag == TAG_TABLE)
		close_if_open(b, TAG_P, SCOPE_BUTTON);
	if (is_heading(tag) && is_heading(top_tag(b)))
		pop(b);
}

static void
start_tag(struct builder *b, const struct token *t)
{
	struct node *n;
	bool part;

	if (is_foreign(b) && breaks_out(t->tag))
		while (is_foreign(b))
			pop(b);
	if (start_frame(b, t))
		return;
	need_body(b);
	if (b->full || (t->tag == TAG_FORM && b->count[TAG_FORM] > 0 &&
			   b->count[TAG_TEMPLATE] == 0))
		return;
	if (is_foreign(b) || t->tag == TAG_SVG || t->tag == TAG_MATH) {
		start_foreign(b, t);
		return;
	}
	part = start_table_part(b, t->tag);
	if (!part)
		make_place(b, t->tag);
	n = b->full ? NULL : element(b, t);
	if (n == NULL)
		return;
	if (part || is_one_of(t->tag, TAG_SCRIPT, TAG_STYLE, TAG_TEMPLATE)) {
		append(b, n);
	} else if (t->tag == TAG_FORM && is_table_part(top_tag(b))) {
		/* Old pages wrap rows in a form: it holds nothing. */
		append(b, n);
		return;
	} else {
		insert(b, n);
	}
	fill(b, n);
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
			pop_to(b, i);
			return;
		}
		if (!is_foreign(b) &&
		    (tag_flags(b->open[i].node->tag) & TAG_IS_SPECIAL) != 0)
			return;
	}
}

static void
end_p(struct builder *b)
{
	size_t i = in_scope(b, TAG_P, SCOPE_BUTTON);

	if (i == 0) {
		need_body(b);
		if (b->full || imply(b, TAG_P, "p") == NULL)
			return;
		i = b->depth - 1;
	}
	pop_to(b, i);
}

static void
end_heading(struct builder *b)
{
	for (size_t i = b->depth - 1; i > 0; i--) {
		enum tag is = b->open[i].node->tag;

		if (is_heading(is)) {
			pop_to(b, i);
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
	size_t table = open_table(b);

	for (size_t i = b->depth - 1; i > 0 && i >= table; i--)
		if (b->open[i].node->tag == tag) {
			pop_to(b, i);
			return;
		}
}

static void
end_form(struct builder *b)
{
	size_t i = in_scope(b, TAG_FORM, SCOPE_PLAIN);

	if (i == b->depth - 1 && i > 0)
		pop(b);
	else if (i > 0)
		forget(b, i);
}

static void
end_tag(struct builder *b, const struct token *t)
{
	struct token br = *t;

	if (is_foreign(b) && (tag_flags(t->tag) & TAG_IS_SPECIAL) == 0) {
		end_any(b, t);
	} else if (is_heading(t->tag)) {
		end_heading(b);
	} else if (is_table_part(t->tag) ||
		   is_one_of(t->tag, TAG_TD, TAG_TH, TAG_CAPTION)) {
		end_table_part(b, t->tag);
	} else if (t->tag == TAG_P) {
		end_p(b);
	} else if (t->tag == TAG_LI) {
		close_if_open(b, TAG_LI, SCOPE_LIST);
	} else if (t->tag == TAG_FORM) {
		end_form(b);
	} else if (t->tag == TAG_BR) {
		br.nattrs = 0;
		start_tag(b, &br);
	} else if (t->tag == TAG_BODY || t->tag == TAG_HTML) {
		/* More may follow, and belongs to the body all the same. */
		return;
	} else if ((tag_flags(t->tag) & TAG_IS_FORMAT) != 0) {
		end_format(b, t->tag);
	} else if ((tag_flags(t->tag) & TAG_IS_SPECIAL) != 0) {
		close_if_open(b, t->tag, SCOPE_PLAIN);
	} else {
		end_any(b, t);
	}
}

static void
text(struct builder *b, const struct token *t)
{
	need_body(b);
	if (!b->full)
		text_node(b, t, !is_table_part(top_tag(b)) || !is_blank(t));
}

struct dom *
dom_html(struct arena *arena, const char *source, size_t n)
{
	struct builder *b = arena_alloc(arena, sizeof(*b));
	struct token t;

	b->dom = dom_new(arena, source, n, false);
	b->open[0].node = b->dom->root;
	b->depth = 1;
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
	if (!b->full)
		need_body(b);
	pop_to(b, 1);
	return b->dom;
}
