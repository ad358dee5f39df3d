/*
 * A page's markup as a lean tree: HTML built by the rules of the HTML
 * standard that matter for reading, XML as it stands. Nodes borrow from the
 * text they were read from; entities are decoded when somebody asks.
 */
#ifndef EXTRACT_DOM_H
#define EXTRACT_DOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/buf.h"

enum tag {
	TAG_NONE, /* a name that HTML does not know */
#define X(tag, name, flags) TAG_##tag,
#include "extract/tags.def"
#undef X
	TAG__MAX
};

/* What HTML says of a tag, and how text runs on round it. */
#define TAG_IS_VOID    0x001 /* has no content and no end tag */
#define TAG_IS_SPECIAL 0x002 /* ends the search of most end tags */
#define TAG_ENDS_P     0x004 /* its start ends an open p */
#define TAG_IS_RAW     0x008 /* content is text up to its own end tag */
#define TAG_IS_RCDATA  0x010 /* the same, with entities */
#define TAG_IN_HEAD    0x020 /* belongs into head when no body began */
#define TAG_IS_FORMAT  0x040 /* b, i, a, ...: may end crosswise */
#define TAG_IS_SCOPE   0x080 /* no end tag reaches out of it */
#define TAG_BREAKS     0x100 /* text before and behind it does not touch */
#define TAG_HIDDEN     0x200 /* its text is not read by people */
extern const uint32_t tag_flag_table[TAG__MAX];
static inline uint32_t
tag_flags(enum tag tag)
{
	return tag_flag_table[tag];
}

struct attr {
	const char *name, *value; /* value: decoded */
	uint32_t name_len, value_len;
	uint32_t hash; /* of the name */
};

enum node_type { NODE_DOCUMENT, NODE_ELEMENT, NODE_TEXT };

struct node {
	struct node *parent, *first, *next, *prev;
	const char *text; /* an element's name; text as it stands */
	uint32_t len;
	uint32_t hash;  /* of an element's name */
	uint32_t index; /* in the order of making, from 0 */
	uint8_t type;
	bool raw; /* text without entities: script, CDATA */
	uint16_t tag;
	uint16_t nattrs;
	struct attr *attrs;
	uint64_t classes;              /* one bit for each class, by hash */
	uint32_t inner_from, inner_to; /* its content in the source text */
};

struct dom {
	struct arena *arena;
	const char *source; /* the text */
	size_t n;
	bool is_xml;
	struct node *root; /* NODE_DOCUMENT */
	uint32_t count;
	size_t bytes; /* of memory that nodes and attributes take */
	bool over;    /* LIMIT_DOM_BYTES was met: the tree ends there */
};

/* n bytes of valid UTF-8 without NUL, which must live as long. */
struct dom *dom_html(struct arena *, const char *, size_t n);
/* Well-formed or not: what can be read is. Case matters; no DTD is read. */
struct dom *dom_xml(struct arena *, const char *, size_t n);

/* Names: FNV-1a, ASCII lowered for HTML. */
uint32_t name_hash(const char *, size_t n, bool lower);
uint64_t class_bits(const char *classes, size_t n);

/* The next node in document order below top (not top itself), or NULL. */
struct node *node_after(const struct node *, const struct node *top);
/* The same, passing over what is in it. */
struct node *node_behind(const struct node *, const struct node *top);
/* First attribute of that (for HTML lower-case) name, or NULL. */
const struct attr *node_attr(const struct node *, const char *name);
/* Its value in the arena; NULL if absent. */
char *node_attr_text(struct arena *, const struct node *, const char *name);
/* All text in it, decoded and otherwise as it stands, scripts left out. */
void node_text_raw(const struct node *, struct buf *);
/* What a person reads on one line, of so many bytes at most: blanks folded,
 * blocks kept apart. */
char *node_text(struct arena *, const struct node *, size_t max);
/* The markup of its content, a piece of the source. */
const char *node_inner(const struct dom *, const struct node *, size_t *len);
/* The first element of that name below top; NULL if there is none. */
struct node *dom_find(const struct node *top, const char *name);

/* ---- for the builders ---- */

struct token {
	enum { TOKEN_EOF, TOKEN_TEXT, TOKEN_START, TOKEN_END } kind;
	const char *begin; /* of the token in the source */
	const char *text;  /* name, or the text */
	uint32_t len, hash;
	enum tag tag;
	bool self_closing;
	bool raw; /* text out of CDATA */
	uint16_t nattrs;
	struct attr *attrs;
};

struct tokenizer {
	struct arena *arena;
	const char *source, *p, *end;
	bool is_xml;
	bool cdata;         /* HTML: inside of svg or math */
	struct attr *attrs; /* of the present tag, room for the most */
};

/* What HTML calls it. */
enum tag token_tag(const struct token *);
void tokenizer_init(struct tokenizer *, const struct dom *);
/* The line end that stands right behind the tag read last, if one does. */
void tokenizer_skip_newline(struct tokenizer *);
void token_next(struct tokenizer *, struct token *);
/*
 * Behind a start tag: all up to its end tag (the name is given), which is
 * read, too.
 */
void token_raw(
    struct tokenizer *, const char *name, uint32_t len, struct token *);

struct dom *dom_new(struct arena *, const char *, size_t n, bool is_xml);
/* Unlinked nodes; NULL when there are too many. */
struct node *node_element(struct dom *, const struct token *);
struct node *node_new_text(struct dom *, const struct token *);

#endif
