#include "extract/xpath.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <libxml/HTMLtree.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include "base/limits.h"
#include "extract/watch.h"

/* How often an expression's time is looked at. */
#define BUDGET_BYTES 4096
#define BUDGET_EVERY 64

struct xpath {
	xmlXPathCompExprPtr compiled;
};

struct xpath_doc {
	const struct dom *dom;
	xmlDocPtr doc;
	xmlXPathContextPtr context;
	xmlNodePtr *copies; /* by the index of the node */
};

/* libxml2 gives the place of a fault to its handler only. */
static int fault_at;
static char fault_text[200];

static void
note_fault(void *context, xmlErrorPtr e)
{
	(void)context;
	fault_at = e->int1;
	snprintf(fault_text, sizeof(fault_text), "%s",
	    e->message == NULL ? "bad expression" : e->message);
	fault_text[strcspn(fault_text, "\n")] = '\0';
}

/* Some messages of libxml2 go round the structured handler. */
static void
say_nothing(void *context, const char *format, ...)
{
	(void)context;
	(void)format;
}

/*
 * The operations that libxml2 counts may build texts of any length; so memory
 * is refused to an expression that takes too long, which ends it.
 */
static struct {
	struct watch watch;
	bool is_on, is_over;
	unsigned asked;
} budget;

static bool
may_take(size_t n)
{
	if (budget.is_on && !budget.is_over &&
	    (n > BUDGET_BYTES || ++budget.asked % BUDGET_EVERY == 0))
		budget.is_over = watch_is_over(&budget.watch);
	return !budget.is_over;
}

static void *
take(size_t n)
{
	return may_take(n) ? malloc(n) : NULL;
}

static void *
take_more(void *p, size_t n)
{
	return may_take(n) ? realloc(p, n) : NULL;
}

static char *
take_copy(const char *text)
{
	return may_take(0) ? strdup(text) : NULL;
}

void
xpath_warm_up(void)
{
	static bool done;

	if (!done) {
		xmlMemSetup(free, take, take_more, take_copy);
		xmlInitParser();
	}
	done = true;
	xmlSetStructuredErrorFunc(NULL, note_fault);
	xmlSetGenericErrorFunc(NULL, say_nothing);
}

struct xpath *
xpath_new(const char *text, size_t *at, struct err *e)
{
	xmlXPathContextPtr context;
	xmlXPathCompExprPtr compiled = NULL;
	struct xpath *x;

	xpath_warm_up();
	fault_at = 0;
	snprintf(fault_text, sizeof(fault_text), "bad expression");
	context = xmlXPathNewContext(NULL);
	if (context != NULL && strlen(text) <= LIMIT_XPATH_BYTES)
		compiled = xmlXPathCtxtCompile(context, BAD_CAST text);
	xmlXPathFreeContext(context);
	if (compiled == NULL) {
		if (at != NULL)
			*at = fault_at > 0 ? (size_t)fault_at : 0;
		err_set(e, ERR_DATA, "%s at character %d", fault_text,
		    fault_at + 1);
		return NULL;
	}
	x = xcalloc(1, sizeof(*x));
	x->compiled = compiled;
	return x;
}

void
xpath_free(struct xpath *x)
{
	if (x == NULL)
		return;
	xmlXPathFreeCompExpr(x->compiled);
	free(x);
}

/* ---- the copy of the tree ---- */

static const xmlChar *
name_in(xmlDocPtr doc, const char *p, size_t n, bool lower)
{
	char name[200];

	if (n >= sizeof(name))
		n = sizeof(name) - 1;
	for (size_t i = 0; i < n; i++)
		name[i] = lower && p[i] >= 'A' && p[i] <= 'Z'
			      ? (char)(p[i] | 32)
			      : p[i];
	return xmlDictLookup(doc->dict, BAD_CAST name, (int)n);
}

static bool
add_attrs(const struct xpath_doc *d, xmlNodePtr copy, const struct node *n)
{
	for (size_t i = 0; i < n->nattrs; i++) {
		const struct attr *a = &n->attrs[i];
		const xmlChar *name =
		    name_in(d->doc, a->name, a->name_len, !d->dom->is_xml);
		char *value = strndup(a->value, a->value_len);
		xmlAttrPtr made = NULL;

		/* The first of one name counts. */
		if (name != NULL && value != NULL &&
		    (xmlHasProp(copy, name) != NULL ||
			(made = xmlNewProp(copy, name, BAD_CAST value))))
			made = copy->properties;
		free(value);
		if (made == NULL)
			return false;
	}
	return true;
}

/* In XML a declared prefix is a namespace; all are taken from the root. */
static void
set_namespace(const struct xpath_doc *d, xmlNodePtr copy, const struct node *n)
{
	const char *colon = memchr(n->text, ':', n->len);
	xmlNodePtr root = xmlDocGetRootElement(d->doc);
	xmlNsPtr ns;
	char prefix[64];
	size_t len;

	if (colon == NULL || root == NULL || n->len - 1 == colon - n->text)
		return;
	len = (size_t)(colon - n->text);
	if (len >= sizeof(prefix))
		return;
	memcpy(prefix, n->text, len);
	prefix[len] = '\0';
	ns = xmlSearchNs(d->doc, root, BAD_CAST prefix);
	if (ns == NULL)
		return;
	copy->name = name_in(d->doc, colon + 1, n->len - len - 1, false);
	xmlSetNs(copy, ns);
}

static void
declare_namespaces(
    const struct xpath_doc *d, xmlNodePtr root, const struct node *n)
{
	for (size_t i = 0; i < n->nattrs; i++) {
		const struct attr *a = &n->attrs[i];
		char *prefix, *uri;

		if (a->name_len <= 6 || memcmp(a->name, "xmlns:", 6) != 0)
			continue;
		prefix = strndup(a->name + 6, a->name_len - 6);
		uri = strndup(a->value, a->value_len);
		if (prefix != NULL && uri != NULL &&
		    xmlNewNs(root, BAD_CAST uri, BAD_CAST prefix) != NULL)
			xmlXPathRegisterNs(
			    d->context, BAD_CAST prefix, BAD_CAST uri);
		free(prefix);
		free(uri);
	}
}

static xmlNodePtr
copy_element(const struct xpath_doc *d, xmlNodePtr parent, const struct node *n)
{
	const xmlChar *name = name_in(d->doc, n->text, n->len, !d->dom->is_xml);
	xmlNodePtr copy;

	if (name == NULL)
		return NULL;
	copy = xmlNewDocNodeEatName(
	    d->doc, NULL, (xmlChar *)(uintptr_t)name, NULL);
	if (copy == NULL)
		return NULL;
	copy->_private = (void *)(uintptr_t)n;
	xmlAddChild(parent, copy);
	if (d->dom->is_xml) {
		if (parent == (xmlNodePtr)d->doc)
			declare_namespaces(d, copy, n);
		set_namespace(d, copy, n);
	}
	return add_attrs(d, copy, n) ? copy : NULL;
}

static xmlNodePtr
copy_text(const struct xpath_doc *d, xmlNodePtr parent, const struct node *n)
{
	struct buf text;
	xmlNodePtr copy;

	buf_init(&text, LIMIT_PAGE_BYTES);
	node_text_raw(n, &text);
	copy =
	    xmlNewDocTextLen(d->doc, BAD_CAST buf_cstr(&text), (int)text.len);
	buf_fini(&text);
	/* xmlAddChild joins neighbouring texts and frees this one. */
	return copy == NULL ? NULL : xmlAddChild(parent, copy);
}

static bool
copy_tree(struct xpath_doc *d)
{
	const struct node *top = d->dom->root, *n = node_after(top, top);

	for (; n != NULL; n = node_after(n, top)) {
		xmlNodePtr parent = n->parent == top
					? (xmlNodePtr)d->doc
					: d->copies[n->parent->index],
			   copy;

		/* Text beside the root element has no place in a document. */
		if (n->type == NODE_TEXT && n->parent == top)
			continue;
		copy = n->type == NODE_TEXT ? copy_text(d, parent, n)
					    : copy_element(d, parent, n);
		if (copy == NULL)
			return false;
		d->copies[n->index] = copy;
	}
	return true;
}

struct xpath_doc *
xpath_doc_new(struct arena *arena, const struct dom *dom)
{
	struct xpath_doc *d;

	xpath_warm_up();
	if (dom->count > LIMIT_XPATH_NODES)
		return NULL;
	d = xcalloc(1, sizeof(*d));
	d->dom = dom;
	d->copies = arena_array(arena, dom->count, sizeof(xmlNodePtr));
	d->doc = dom->is_xml ? xmlNewDoc(BAD_CAST "1.0")
			     : htmlNewDocNoDtD(NULL, NULL);
	if (d->doc != NULL)
		d->doc->dict = xmlDictCreate();
	d->context = d->doc == NULL ? NULL : xmlXPathNewContext(d->doc);
	if (d->context == NULL || d->doc->dict == NULL || !copy_tree(d)) {
		xpath_doc_free(d);
		return NULL;
	}
	xmlXPathOrderDocElems(d->doc);
	return d;
}

void
xpath_doc_free(struct xpath_doc *d)
{
	if (d == NULL)
		return;
	xmlXPathFreeContext(d->context);
	xmlFreeDoc(d->doc);
	free(d);
}

/* ---- asking ---- */

static struct xpath_found
found_node(struct arena *arena, xmlNodePtr n)
{
	struct xpath_found to = { 0 };
	xmlChar *text;

	if (n->type == XML_ELEMENT_NODE) {
		to.node = n->_private;
		return to;
	}
	text = n->type == XML_NAMESPACE_DECL ? NULL : xmlNodeGetContent(n);
	to.text = arena_strdup(arena, text == NULL ? "" : (char *)text);
	xmlFree(text);
	return to;
}

static struct xpath_found *
found_nodes(struct arena *arena, xmlNodeSetPtr set, size_t max, size_t *n)
{
	struct xpath_found *to;

	*n = set == NULL || set->nodeNr < 0 ? 0 : (size_t)set->nodeNr;
	if (*n > max)
		*n = max;
	if (*n == 0)
		return NULL;
	xmlXPathNodeSetSort(set);
	to = arena_array(arena, *n, sizeof(*to));
	for (size_t i = 0; i < *n; i++)
		to[i] = found_node(arena, set->nodeTab[i]);
	return to;
}

static struct xpath_found *
found_value(struct arena *arena, xmlXPathObjectPtr object, size_t *n)
{
	struct xpath_found *to;
	xmlChar *text;

	*n = 0;
	if (object->type == XPATH_BOOLEAN && !object->boolval)
		return NULL;
	text = xmlXPathCastToString(object);
	to = arena_alloc(arena, sizeof(*to));
	to->text = arena_strdup(arena, text == NULL ? "" : (char *)text);
	xmlFree(text);
	*n = 1;
	return to;
}

int
xpath_select(const struct xpath *x, struct xpath_doc *d, struct arena *arena,
    const struct node *context, size_t max, struct xpath_found **to, size_t *n)
{
	xmlXPathObjectPtr object;
	bool is_over;

	d->context->node = context == d->dom->root ? (xmlNodePtr)d->doc
						   : d->copies[context->index];
	d->context->opLimit = LIMIT_XPATH_OPERATIONS;
	d->context->opCount = 0;
	watch_begin(&budget.watch, LIMIT_XPATH_CPU_US);
	budget.is_on = true;
	object = xmlXPathCompiledEval(x->compiled, d->context);
	is_over = budget.is_over;
	budget.is_on = budget.is_over = false;
	/* Without memory some functions only give another answer. */
	if (object == NULL || is_over) {
		xmlXPathFreeObject(object);
		return -1;
	}
	if (object->type == XPATH_NODESET)
		*to = found_nodes(arena, object->nodesetval, max, n);
	else
		*to = found_value(arena, object, n);
	xmlXPathFreeObject(object);
	return 0;
}
