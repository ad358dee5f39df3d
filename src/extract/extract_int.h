/*
 * The plan that a source is compiled to, the reading of one page by it, and
 * what a format must know to take part.
 */
#ifndef EXTRACT_EXTRACT_INT_H
#define EXTRACT_EXTRACT_INT_H

#include "base/limits.h"
#include "extract/css.h"
#include "extract/dom.h"
#include "extract/extract.h"
#include "extract/jdoc.h"
#include "extract/jsonpath.h"
#include "extract/mime.h"
#include "extract/re.h"
#include "extract/watch.h"
#include "extract/xpath.h"

/* ---- the plan ---- */

enum selector_kind {
	SELECT_NONE,
	SELECT_JSONPATH,
	SELECT_CSS,
	SELECT_XPATH,
	SELECT_RE,   /* the matches in a piece of text, or their group 1 */
	SELECT_GROUP /* a group of the pattern that cut the piece out */
};

struct selector {
	enum selector_kind kind;
	const char *text;
	struct jsonpath *jsonpath;
	struct css *css;
	struct xpath *xpath;
	struct re *re;
	unsigned group;
	/* From the root: finds the same in every item. An XPath's number. */
	bool is_absolute;
	size_t index;
};

struct rule_plan {
	const struct rule *rule;
	struct selector selector;
	struct re *re;
};

struct field_plan {
	const struct field *field;
	const struct slot *slot; /* where its value goes; NULL: metadata */
	struct rule_plan *rules; /* as many as the field's */
	struct re *re;           /* of what they find, or NULL */
	bool late;               /* asks for other fields: a template */
};

struct view_plan {
	const struct view *view;
	const struct format_reader *reader;
	struct selector jobs;
	struct selector script;    /* of format script */
	struct field_plan *fields; /* as many as the view's */
	/* Names whose fill is told: fields, then what the format knows. */
	const char **fills;
	size_t nfills;
};

struct extractor {
	struct arena *arena;
	const struct source *source;
	struct view_plan list, detail;
	struct selector next, until, total;
	struct condition_plan *conditions; /* as many as the source's */
	/* While a view is compiled: whose groups its fields may name. */
	const struct re *groups;
	struct re *subject; /* of mails that are read; NULL: all */
	bool needs_title;   /* a list posting without one is refused */
	struct xpath **xpaths;
	size_t nxpaths;
};

/* ---- the reading of a page ---- */

/* Some of a page's text, without a NUL at its end. */
struct piece {
	const char *text; /* NULL: its group took no part */
	size_t n;
};

/* One job in a page: an element, a JSON value, both, or a piece of text. */
struct item {
	const struct node *node;
	const struct jnode *json;
	const struct piece *pieces; /* what matched, then its groups; or NULL */
};

/* What a selector found, in one of three forms. */
struct value {
	const char *text;
	const struct node *node;
	const struct jnode *json;
};

struct values {
	struct value *at;
	size_t n;
	bool known; /* of absolute XPaths: it was asked */
};

/* A selector or pattern as errors show it: not more than its beginning. */
const char *text_shown(struct arena *, const char *text);

struct reading {
	const struct extractor *extractor;
	const struct view_plan *plan;
	const struct page *page;
	struct arena *arena;   /* the page's: document and items */
	struct arena *scratch; /* the posting's */
	const char *body;      /* as it came */
	size_t n;
	const char *base; /* what URLs of the document are relative to */
	struct dom *dom;
	struct xpath_doc *xpath_doc;
	struct values *absolute; /* what absolute XPaths found, by number */
	const struct jnode *json;
	const struct feed_names *feed; /* of a feed in XML */
	struct piece text;             /* of format text: all of it */
	const struct mime *mail;       /* of format mail */
	/* JSON-LD of the page, for what refers to other parts of it. */
	const struct jnode *linked[LIMIT_LINKED_DATA];
	size_t nlinked;
	struct item *items;
	size_t nitems;
	int asking;         /* fields that are asked for in turn */
	struct watch watch; /* of what it costs */
	size_t at;          /* the item that is read */
	enum extract_result result;
	const char *reason;
};

/* A format of pages: one const struct in its own file. */
struct format_reader {
	const char *name;
	/* How a selector that does not tell by itself is read. */
	enum selector_kind selects;
	bool is_xml;
	/* Parse the body; false when result and reason say why not. */
	bool (*open)(struct reading *);
	/* Fill items where the source names no selector; may be NULL. */
	void (*find_items)(struct reading *);
	/* What the format itself says of an item; may be NULL. */
	void (*fill)(struct reading *, const struct item *, struct posting *);
	/* A value by the name of a field, as the item has it; may be NULL. */
	const char *(*raw)(
	    struct reading *, const struct item *, const char *name);
	/* Fields it fills, NULL-ended; may be NULL. */
	const char *const *fills;
};

extern const struct format_reader reader_json, reader_feed, reader_html,
    reader_jobposting, reader_script, reader_text, reader_mail,
    reader_mail_text;

/* The page is not to be read: sets result and reason, returns false. */
bool reading_fail(struct reading *, enum extract_result, const char *format,
    ...) PRINTF_LIKE(3, 4);
/* A body that is not what was asked for: what does it look like? */
bool reading_not_format(struct reading *, const char *wanted);
/*
 * What an HTML page without data is: a wall, a log-in, a page that is not
 * there, a parked domain, each with a word for people; OK if none of these.
 * may_be_list: it could be an honest list that is empty.
 */
enum extract_result wall_look(
    struct reading *, bool may_be_list, const char **what);
/* A body that begins with a tag: is it a page for people? */
bool is_html(struct reading *);
/* "Not found" and its like, in a heading or message; NULL: no. */
bool says_not_found(const char *);
/* Blanks at the beginning of n bytes; n if there is nothing else. */
size_t blank_prefix(const char *, size_t n);
/* Items of a JSON page without a selector for them. */
void json_items(struct reading *);
/*
 * Does the page cost more than pages may? Then it fails, and says at which
 * job, and at which selector if one is given.
 */
bool reading_costs_too_much(struct reading *, const struct selector *);
/* Parse the body's HTML into r->dom and set r->base. */
bool reading_open_html(struct reading *);

/* ---- selectors ---- */

/*
 * Compile by format; -1 and err with a sentence, *at the fault's offset.
 */
int selector_new(struct extractor *, const struct format_reader *,
    const char *text, struct selector *, size_t *at, struct err *);
/* At most max values in the scratch arena; none if a limit was met. */
void selector_run(struct reading *, const struct selector *,
    const struct item *, size_t max, struct values *to);

/* "/pattern/flags", or "$1" and "$name" for a group of jobs. */
int pattern_selector_new(struct extractor *, const char *text,
    struct selector *, size_t *at, struct err *);
/* Matches in the item's text; -1 if a limit was met. */
int pattern_run(struct reading *, const struct selector *, const struct item *,
    size_t max, struct values *to);
/* Cut the page's text into items. */
void pattern_items(struct reading *);
/* What the named groups of jobs say of an item. */
void pattern_fill(struct reading *, const struct item *, struct posting *);
const char *pattern_raw(
    struct reading *, const struct item *, const char *name);

/* ---- values ---- */

/* The text of a value on one line, or NULL if it has none. */
const char *value_text(struct reading *, const struct value *);
/* The same with markup or lines kept, for descriptions. */
const char *value_markup(struct reading *, const struct value *);
/* JSON arrays opened, objects asked for their name; in scratch. */
void values_flatten(struct reading *, struct values *);
/* "3 of 1,204 jobs": the number that text is about; -1 if none. */
int64_t value_count(const char *text);
/* An address in an element or text, absolute, or NULL. */
const char *value_url(struct reading *, const struct value *, const char *base);
/* Lines of plain text: blanks folded within, at most one empty between. */
char *text_lines(struct arena *, const char *);
/* Does a tag of HTML stand in it, and not only a '<'? */
bool text_has_tags(const char *);
/* UTF-8 that was taken for windows-1252 mended; else the text itself. */
const char *text_mend(struct arena *, const char *);
/* Do question marks stand where letters were? */
bool text_has_lost_letters(const char *);

/* ---- postings ---- */

enum slot_kind {
	SLOT_TEXT,
	SLOT_URL,
	SLOT_DESCRIPTION,
	SLOT_LOCATION,
	SLOT_JOB_TYPE,
	SLOT_EXPERIENCE,
	SLOT_REMOTE,
	SLOT_SALARY,
	SLOT_LIST,
	SLOT_LANGUAGE,
	SLOT_DATE
};

struct slot {
	const char *name;
	enum slot_kind kind;
	size_t offset, count_offset; /* in struct posting */
};

const struct slot *slot_find(const char *name);
/* True if the posting has a value for that name, a slot or metadata. */
bool posting_has(const struct posting *, const char *name);
/* Read an item by the plan; what was filled before is overridden. */
void fields_fill(struct reading *, const struct item *, struct posting *);
/* The plain text of a field before typing, as "from:" asks it; or NULL. */
const char *field_raw(struct reading *, const struct item *, const char *name);
/* Expand a template for an item; NULL if a name has no value. */
char *fields_template(struct reading *, const struct item *,
    const struct posting *, const char *text, enum template_kind);

struct filler {
	struct reading *r;
	const struct item *item;
	struct posting *posting;
};
/* Put typed values where the slot says (fields_typed.c). */
void slot_set(struct filler *, const struct slot *, const struct field *,
    const struct values *);
/* Note something a person may want to know of this posting. */
void posting_warn(struct filler *, const char *format, ...) PRINTF_LIKE(2, 3);
/* The text of one value as the field says, on one line; or NULL. */
const char *field_text(
    struct filler *, const struct field *, const struct value *);
/* Read the places that text names, and keep it as the location. */
/* Fill what only the description says (derive.c). */
void posting_derive(struct filler *);
void posting_add_location(struct filler *, const char *text);
void posting_set_location(
    struct filler *, const struct field *, const struct values *);
void posting_set_html(struct filler *, const char *html);
void posting_add_metadata(struct filler *, const char *name, const char *);

/* ---- mails ---- */

/* "mail.subject" and the like of the mail that is read; NULL: not there. */
const char *reading_mail(struct reading *, const char *name);
/*
 * Addresses of a mail as they are compared: what tracks its reader is no part
 * of a job's address.
 */
void reading_mail_urls(struct reading *, struct posting *);

/* ---- conditions (condition.c) ---- */

/* Compile those of the source; NULL, or the test that is at fault. */
const struct condition_test *conditions_compile(
    struct extractor *, struct err *);
/* Say of each what the posting is by it. */
void conditions_test(struct reading *, struct posting *);

/* ---- schema.org ---- */

/* A page's JobPosting items in microdata as a JSON array; "" if none. */
void microdata_write(const struct dom *, struct buf *);

/* ---- what else the jail is asked ---- */

/* A mail that came back: bounce, unsubscribe or other (message.c). */
struct json *extract_message(const char *text, size_t n);

#endif
