/*
 * Fields: where in a job its title, company and so on are.
 */
#include <string.h>
#include "conf/conf_int.h"

#define ALTERNATIVES_MAX 20

/* A field that is being read. */
struct field_part {
	const struct source_part *of;
	struct field *field;
	const struct node *re_node, *group_node, *from_node, *base_node;
	const struct node *order_node;
	const char *from;
	uint32_t group;
};

static void
rule_add(const struct reader *r, const struct source_part *of,
    struct field *field, const struct node *node)
{
	struct rule *rule = &field->rules[field->nrules];
	const char *text;

	if (!read_text(r, node, &text))
		return;
	rule->text = text_at(node);
	rule->kind = is_template(r, of, node) ? RULE_TEMPLATE : RULE_SELECTOR;
	field->nrules++;
}

/* A text, or a list of them: the first that is not empty wins. */
static void
rules_read(const struct reader *r, const struct source_part *of,
    struct field *field, const struct node *node)
{
	size_t n = node->kind == NODE_LIST ? node->n : 1;

	field->rules = arena_array(r->arena, n, sizeof(*field->rules));
	if (node->kind != NODE_LIST) {
		rule_add(r, of, field, node);
		return;
	}
	if (n == 0 || n > ALTERNATIVES_MAX) {
		fault(r->problems, node, "expected 1 to %d alternatives",
		    ALTERNATIVES_MAX);
		return;
	}
	for (size_t i = 0; i < n; i++)
		rule_add(r, of, field, node->items[i]);
}

static bool
is_only_rule(const struct reader *r, const struct node *node, void *part)
{
	struct field_part *p = part;

	if (p->field->nrules == 0)
		return true;
	fault(r->problems, node, "a field has one of path and const");
	return false;
}

void
field_path(const struct reader *r, const struct node *node, void *part)
{
	struct field_part *p = part;

	if (is_only_rule(r, node, part))
		rules_read(r, p->of, p->field, node);
}

static void
rule_set(const struct reader *r, struct field *field, enum rule_kind kind,
    struct text_at text)
{
	field->rules = arena_array(r->arena, 1, sizeof(*field->rules));
	field->rules[0] = (struct rule){ .kind = kind, .text = text };
	field->nrules = 1;
}

void
field_const(const struct reader *r, const struct node *node, void *part)
{
	const char *text;

	if (is_only_rule(r, node, part) && read_text(r, node, &text))
		rule_set(r, ((struct field_part *)part)->field, RULE_CONST,
		    text_at(node));
}

/* Capturing groups of a regular expression, as far as counting goes. */
static uint32_t
groups_count(const char *re)
{
	uint32_t n = 0;
	bool in_class = false;

	for (; *re != '\0'; re++) {
		if (*re == '\\' && re[1] != '\0')
			re++;
		else if (in_class)
			in_class = *re != ']';
		else if (*re == '[')
			in_class = true;
		else if (*re == '(' &&
			 (re[1] != '?' || str_starts(re, "(?P<") ||
			     str_starts(re, "(?'") ||
			     (str_starts(re, "(?<") && re[3] != '=' &&
				 re[3] != '!')) &&
			 re[1] != '*')
			n++;
	}
	return n;
}

void
field_re(const struct reader *r, const struct node *node, void *part)
{
	struct field_part *p = part;
	const char *text;

	p->re_node = node;
	if (read_text(r, node, &text))
		p->group = groups_count(text) > 0;
}

void
field_from(const struct reader *r, const struct node *node, void *part)
{
	struct field_part *p = part;

	if (read_text(r, node, &p->from))
		p->from_node = node;
}

void
field_group(const struct reader *r, const struct node *node, void *part)
{
	struct field_part *p = part;
	int64_t value;

	p->group_node = node;
	if (p->field->nrules == 0 && p->re_node == NULL &&
	    cuts_text(p->of->view)) {
		if (read_i64(r, node, 0, 99, &value))
			rule_set(r, p->field, RULE_SELECTOR,
			    (struct text_at){ .text = arena_printf(
						  r->arena, "$%d", (int)value),
				.line = node->line,
				.column = node->column,
				.file = node->file });
		return;
	}
	if (p->re_node == NULL) {
		fault(r->problems, node, "group belongs to re");
		return;
	}
	if (!read_i64(r, node, 0, 99, &value) ||
	    p->re_node->kind != NODE_SCALAR)
		return;
	if (value > groups_count(p->re_node->text))
		fault(r->problems, node,
		    "the regular expression has %u groups, so no group %u",
		    groups_count(p->re_node->text), (unsigned)value);
	p->group = (uint32_t)value;
}

void
field_as(const struct reader *r, const struct node *node, void *part)
{
	struct field *field = ((struct field_part *)part)->field;
	const char *words[AS__MAX];
	size_t at;

	for (enum value_type as = 0; as < AS__MAX; as++)
		words[as] = value_type_name(as);
	if (!read_word(r, node, words, AS__MAX, &at))
		return;
	field->as = (enum value_type)at;
	field->has_as = true;
}

void
field_map(const struct reader *r, const struct node *node, void *part)
{
	struct field *field = ((struct field_part *)part)->field;

	if (!is_map(r, node))
		return;
	field->map = arena_array(r->arena, node->n, sizeof(*field->map));
	for (size_t i = 0; i < node->n; i++) {
		const struct node *to = node->items[i];

		if (node->keys[i]->kind != NODE_SCALAR)
			continue;
		if (to->kind != NODE_SCALAR)
			fault(r->problems, to, "expected a text, found %s",
			    node_found(r->arena, to));
		else
			field->map[field->nmap++] = (struct pair){
				node->keys[i]->text,
				to->text,
			};
	}
}

void
field_all(const struct reader *r, const struct node *node, void *part)
{
	read_bool(r, node, &((struct field_part *)part)->field->all);
}

void
field_order(const struct reader *r, const struct node *node, void *part)
{
	static const char *const words[] = { "day-first", "month-first" };
	struct field_part *p = part;
	size_t at;

	p->order_node = node;
	if (read_word(r, node, words, 2, &at))
		p->field->order = at == 0 ? DAY_ORDER_DMY : DAY_ORDER_MDY;
}

void
field_split(const struct reader *r, const struct node *node, void *part)
{
	/* A space may well be what parts the items. */
	if (node->kind != NODE_SCALAR || node->text[0] == '\0')
		fault(r->problems, node,
		    "expected what parts the items, such as ',', found %s",
		    node_found(r->arena, node));
	else
		((struct field_part *)part)->field->split = node->text;
}

void
field_default(const struct reader *r, const struct node *node, void *part)
{
	read_text(r, node, &((struct field_part *)part)->field->default_value);
}

void
field_base(const struct reader *r, const struct node *node, void *part)
{
	struct field_part *p = part;
	const char *text;

	p->base_node = node;
	if (!read_text(r, node, &text))
		return;
	p->field->base = text_at(node);
	if (strchr(text, '{') != NULL && !is_template(r, p->of, node))
		fault(r->problems, node,
		    "%s is neither an address nor a template of one",
		    node_found(r->arena, node));
}

/* What re is searched in: what path finds, a field, or all of the job. */
static void
re_place(const struct reader *r, struct field_part *p)
{
	struct field *field = p->field;
	const struct node *at = p->re_node != NULL ? p->re_node : p->from_node;
	struct text_at re = text_at(at);

	if (p->re_node == NULL)
		re.text = "(?s)^.*$";
	if (field->nrules == 0) {
		rule_set(r, field, RULE_RE, re);
		field->rules[0].group = p->group;
		field->rules[0].from = p->from;
	} else if (p->from_node != NULL) {
		fault(r->problems, p->from_node,
		    "from is searched in place of path; one is enough");
	} else if (field->rules[0].kind == RULE_CONST) {
		fault(r->problems, at, "a const is not searched");
	} else {
		field->re = re;
		field->group = p->group;
	}
}

static void
field_read_map(
    const struct reader *r, const struct node *node, struct field_part *p)
{
	size_t faults = r->problems->n;

	read_section(r, node, SECTION_KEYS_FIELD, p);
	if (r->problems->n > faults)
		return;
	if (p->re_node != NULL || p->from_node != NULL)
		re_place(r, p);
	else if (p->field->nrules == 0)
		fault(r->problems, node,
		    "a field needs one of path, const, re and from%s",
		    cuts_text(p->of->view) ? ", or group" : "");
	if (p->base_node != NULL && p->field->as != AS_URL)
		fault(r->problems, p->base_node,
		    "base belongs to addresses; write as: url");
	if (p->order_node != NULL && p->field->as != AS_DATE)
		fault(r->problems, p->order_node,
		    "order belongs to dates; write as: date");
	if (p->field->split != NULL && p->field->as != AS_LIST)
		fault(r->problems, node,
		    "split belongs to lists; write as: list");
}

static bool
is_field_name(const char *name)
{
	return name[0] >= 'a' && name[0] <= 'z' && strlen(name) <= 64 &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") ==
		   strlen(name);
}

static void
field_read(const struct reader *r, const struct source_part *of,
    const struct node *key, const struct node *node, struct field *to)
{
	struct field_part p = { .of = of, .field = to };

	to->name = text_at(key);
	to->as = field_type_of(key->text);
	if (!is_field_name(key->text))
		fault(r->problems, key,
		    "'%s' is no name for a field: small letters, digits and "
		    "'_', a letter first",
		    str_safe(r->arena, key->text, 60));
	if (node->kind == NODE_MAP)
		field_read_map(r, node, &p);
	else
		rules_read(r, of, to, node);
}

void
top_fields(const struct reader *r, const struct node *node, void *part)
{
	struct source_part *of = part;
	struct view *view = of->view;

	if (!is_map(r, node))
		return;
	view->fields = arena_array(r->arena, node->n, sizeof(*view->fields));
	for (size_t i = 0; i < node->n; i++)
		if (node->keys[i]->kind == NODE_SCALAR)
			view->fields[view->nfields++].name =
			    text_at(node->keys[i]);
	/* Names first: a template may look forward. */
	for (size_t i = 0, at = 0; i < node->n; i++)
		if (node->keys[i]->kind == NODE_SCALAR)
			field_read(r, of, node->keys[i], node->items[i],
			    &view->fields[at++]);
}
