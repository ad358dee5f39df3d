/*
 * Inside conf: YAML as nodes with places, and how typed values are read out
 * of them. Every reader adds a problem and returns false when the node is not
 * what it should be; what it points to is then left as it was.
 */
#ifndef CONF_CONF_INT_H
#define CONF_CONF_INT_H

#include "base/buf.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/str.h"
#include "conf/conf.h"

/* ---- yaml.c ---- */

enum node_kind { NODE_SCALAR, NODE_LIST, NODE_MAP };

struct node {
	enum node_kind kind;
	const char *file;
	uint32_t line, column;
	const char *text; /* SCALAR */
	bool quoted;      /* SCALAR: in quotes or a block, so surely text */
	/* LIST: items. MAP: values, whose keys stand beside them. */
	struct node **items, **keys;
	size_t n;
};

/*
 * The one document in n bytes of text, *root NULL if it is empty. -1 when
 * the text could not be read to its end; faults that leave the rest readable
 * (anchors, doubled keys) are problems only.
 */
int yaml_parse(struct arena *, struct problems *, const char *file,
    const char *text, size_t n, struct node **root);
/* The same of a file; -1 with a problem if it cannot be read. */
int yaml_load(
    struct arena *, struct problems *, const char *file, struct node **root);
/* Room for n nodes, the first have of them copied from from. */
struct node **nodes_new(
    struct arena *, size_t n, struct node *const *from, size_t have);
/* The value of a key, or NULL. */
struct node *node_get(const struct node *map, const char *key);
bool node_is_null(const struct node *); /* nothing, "~" or "null" */
/* A scalar that stands nowhere in the file, at the place of at. */
struct node *node_scalar(
    struct arena *, const char *text, const struct node *at);
/* As flow YAML in one line; as JSON, plain words being what JSON says. */
void node_print(const struct node *, struct buf *);
struct json *node_json(const struct node *);

/* ---- problems.c ---- */

void fault(struct problems *, const struct node *, const char *format, ...)
    PRINTF_LIKE(3, 4);
/* " (did you mean 'x'?)", or "". */
const char *did_you_mean(
    struct arena *, const char *word, const char *const *words, size_t n);

/* ---- read.c ---- */

/* What readers share: where to allocate, where to complain. */
struct reader {
	struct arena *arena;
	struct problems *problems;
};

/* "a list", "a mapping", "nothing" or the text in quotes, cut to be shown. */
const char *node_found(struct arena *, const struct node *);
bool read_text(const struct reader *, const struct node *, const char **to);
bool read_bool(const struct reader *, const struct node *, bool *to);
bool read_i64(const struct reader *, const struct node *, int64_t min,
    int64_t max, int64_t *to);
bool read_double(const struct reader *, const struct node *, double min,
    double max, double *to);
bool read_duration(const struct reader *, const struct node *, int64_t min_ms,
    int64_t max_ms, int64_t *to);
bool read_bytes(const struct reader *, const struct node *, int64_t min,
    int64_t max, int64_t *to);
/* One of the words; *to is its index. */
bool read_word(const struct reader *, const struct node *,
    const char *const *words, size_t n, size_t *to);
/* "a, b or c" */
const char *words_or(struct arena *, const char *const *words, size_t n);
/* A list of texts, or one text alone. */
bool read_texts(const struct reader *, const struct node *,
    const char *const **to, size_t *n);
bool is_map(const struct reader *, const struct node *);
/* "credential:NAME": the name. What is no such is not repeated. */
bool read_credential(
    const struct reader *, const struct node *, const char **to);

/*
 * A mapping of known keys: each is a row of a table whose read function is
 * called, in the table's order, with the value and what is being filled.
 */
struct key {
	const char *name;
	void (*read)(const struct reader *, const struct node *, void *to);
};
void read_map(const struct reader *, const struct node *, const struct key *,
    size_t nkeys, void *to);
void unknown_key(const struct reader *, const struct node *key,
    const char *const *words, size_t n);

/* ---- values.c: the small grammars of careerd.yaml ---- */

bool is_email(const char *);
bool is_domain(const char *);
bool is_currency(const char *);
/* "08:00" as a minute of the day. */
bool parse_minute(const char *, uint32_t *to);
/* "2026-08-24" or "until 2026-08-24". */
bool parse_date(const char *, int *year, int *month, int *day);
/* "Name <address>" or an address alone; name may become NULL. */
bool parse_mailbox(
    struct arena *, const char *, const char **name, const char **address);
/* Host of an smtp:// or smtps:// URL in the arena; NULL if it is none. */
const char *smtp_host(struct arena *, const char *url);
bool is_loopback_host(const char *host);
/* True if a URL of any scheme carries "user:password@". */
bool has_password(const char *url);

/* ---- options.c ---- */

/* One row of options.def. */
struct option {
	struct option_info info;
	int64_t min, max;
	size_t offset; /* of its member in struct conf */
	int type;
};
extern const struct option options[];
extern const size_t options_count;

/* Where the value of an option came from. */
struct option_value {
	const struct node *node; /* as written; NULL: no value, no default */
	const char *origin;      /* "default", "environment" or the place */
};

/* struct conf as this room keeps it. */
struct conf_own {
	struct conf conf;            /* first */
	struct option_value *values; /* one for each option */
};
/* Defaults, then the file's mapping (or NULL), then the environment. */
void options_read(
    const struct reader *, struct conf_own *, const struct node *root);
/* What was written for an option, or its default; NULL if neither. */
const struct node *option_node(const struct conf_own *, const char *key);
/* True if the file or the environment gave it. */
bool option_is_given(const struct conf_own *, const char *key);

/* ---- paths.c ---- */

char *path_dir(struct arena *, const char *path);
/* path as seen from the directory of file; "~/" is the home. */
char *path_beside(struct arena *, const char *file, const char *path);
/* A path as seen from everywhere. */
char *path_absolute(struct arena *, const char *path);
bool path_is_dir(const char *);
bool path_is_file(const char *);

/* ---- source.c and its parts ---- */

/* Labels, parts of a path or of a query that one pattern may have. */
#define ADDRESS_PARTS 12

/* A label of a host, a part of a path or the value of a query. */
struct address_part {
	enum {
		PART_LITERAL, /* before, whatever its case */
		PART_VALUE,   /* before, {name}, after */
		PART_ANY,     /* "*" */
		PART_LOCALE,  /* "[locale]": en or en-US, or nothing */
	} kind;
	const char *before, *name, *after;
};

struct address_query {
	const char *name;
	struct address_part value;
};

/* A pattern by which a board is known (address.c, board.c). */
struct address {
	bool is_not;  /* what matches is none */
	bool is_held; /* by the page, whose own address says the rest */
	int port;     /* 0: that of the scheme */
	struct address_part *labels, *path;
	size_t nlabels, npath;
	struct address_query *query;
	size_t nquery;
	struct pair *sets; /* parameters, and templates of what is captured */
	size_t nsets;
	int weight; /* how much it fixes; 0: it was refused */
};

/*
 * Of a page's own address, for what it holds: host, the first label of that
 * and the rest, the first two parts of its path.
 */
#define ADDRESS_PAGE_NAMES 5
extern const char *const address_page_names[ADDRESS_PAGE_NAMES];

/* A source with what only this room needs. */
struct source_own {
	struct source source; /* first */
	struct param_info *params;
	size_t nparams;
	struct address *addresses;
	size_t naddresses;
	/* places of what is judged when all is read */
	const struct node *root, *every_node, *pages_node, *rate_node;
	const struct node *robots_node, *auth_node, *mail_node, *follow_node;
	bool has_format; /* of the list, and it is one */
	const struct node *until_node, *fill_node;
};

/* What a part of a source file is read into. */
struct source_part {
	struct source_own *own;
	struct view *view;       /* list or detail */
	const struct node *node; /* of the view */
	bool is_detail;
	bool has_url;
};

/*
 * The readers of source.def; each is given a struct source_part, those of
 * params a struct param_info, those of fields what source_fields.c has. The
 * keys of details are read by readers of other sections.
 */
#define READER(fn) \
	void fn(const struct reader *, const struct node *, void *part);
#define READER_TOP(fn)     READER(fn)
#define READER_REQUEST(fn) READER(fn)
#define READER_PARAM(fn)   READER(fn)
#define READER_FIELD(fn)   READER(fn)
#define READER_PAGES(fn)   READER(fn)
#define READER_MAIL(fn)    READER(fn)
#define READER_DETAIL(fn)
#define READER_EXPECT(fn)                         READER(fn)
#define READER_LIMITS(fn)                         READER(fn)
#define READER_AUTH(fn)                           READER(fn)
#define X(section, key, fn, type, fallback, help) READER_##section(fn)
#include "conf/source.def"
#undef X

/* The tables of source.def by section. */
enum source_section {
	SECTION_KEYS_TOP,
	SECTION_KEYS_REQUEST,
	SECTION_KEYS_PARAM,
	SECTION_KEYS_FIELD,
	SECTION_KEYS_PAGES,
	SECTION_KEYS_MAIL,
	SECTION_KEYS_DETAIL,
	SECTION_KEYS_EXPECT,
	SECTION_KEYS_LIMITS,
	SECTION_KEYS_AUTH,
	SECTION_KEYS__MAX
};
/* read_map with the keys of one section. */
void read_section(
    const struct reader *, const struct node *, enum source_section, void *to);
bool is_source_key(const char *name); /* one of the top */

/*
 * One entry of "sources:"; NULL if it is at fault. *draft is then what could
 * be read of it, or NULL.
 */
struct source *source_entry(const struct reader *, const struct conf *,
    const struct node *key, const struct node *value, struct source **draft);

/* source_target.c: targets from sets of parameters, each a mapping. */
void source_targets(const struct reader *, struct source_own *,
    const struct node *at, const struct node *const *sets, size_t nsets);

/* source_mail.c */
void mails_default(struct source *);
/* Does a url name a mailbox? */
bool is_mailbox(const char *text);
/* What only the whole file can tell of mail: and follow:. */
void source_mail_check(const struct reader *, const struct source_own *);
/* The mailbox of a target of format mail, from its url and parameters. */
void mailbox_resolve(const struct reader *, const struct source *,
    const struct node *at, struct target *);

/* source_template.c */
/* True if text holds {name} and each name is one a template may use. */
bool is_template(
    const struct reader *, const struct source_part *, const struct node *);
/* "mail.X": what every mail has, which its jobs may use. */
bool is_mail_name(const struct source *, const char *name);
/* Complains about braces and names; the texts of requests are templates. */
/* An address or a template of one. */
void read_address(const struct reader *, const struct source_part *,
    const struct node *, struct text_at *to);
void check_template(const struct reader *, const struct source_part *,
    const struct node *, const char *text);
/* A body of JSON whose texts are templates, as one template; NULL: at fault */
const char *json_template(
    const struct reader *, const struct source_part *, const struct node *);

/* source_check.c: what only the whole can tell */
void source_check(const struct reader *, struct source_own *);

bool is_header_name(const char *);
/* Who sets a header that is not a file's to set, or NULL. */
const char *header_owner(const char *name);
/* A text with its place. */
struct text_at text_at(const struct node *);
const char *const *format_words(void); /* FORMAT__MAX of them */
/* What is read there is JSON, whatever it came in. */
bool is_json(const struct view *);
/* Is it text that patterns cut up? */
bool cuts_text(const struct view *);
/* Has the view a field of that name, or (text) a group called so? */
bool has_field(const struct view *, const char *name);

#endif
