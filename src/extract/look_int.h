/*
 * A look at a page for who writes a definition of it: elements and links in
 * a row, the cards that repeat, the fields in them.
 */
#ifndef EXTRACT_LOOK_INT_H
#define EXTRACT_LOOK_INT_H

#include "extract/extract_int.h"

/* Texts by number, each kept once. */
struct names {
	struct arena *arena;
	const char **texts;
	uint32_t *slots; /* number + 1; 0: free */
	uint32_t n;
	size_t size; /* of slots; texts has room for half */
};
#define NAME_NONE UINT32_MAX
void names_init(struct names *, struct arena *);
/* Its number; it is copied if it is new and add is set, else NAME_NONE. */
uint32_t names_number(struct names *, const char *, bool add);

/* An element, in the order of the document. */
struct spot {
	const struct node *node;
	uint32_t parent, end;  /* end: behind what is in it */
	uint32_t link, nlinks; /* its links, itself one or not */
	bool aside;            /* in a menu, the page's header or footer */
};

/* What counts as a link. */
enum look_links {
	LOOK_FINE,   /* an <a> to another page; addresses by their path */
	LOOK_COARSE, /* the same; addresses by how many parts they have */
	LOOK_TITLES  /* no links: headings that name a job */
};

struct link {
	uint32_t spot;
	uint32_t url;   /* number in urls; of a heading its text */
	uint32_t shape; /* of addresses that look alike, in shapes */
	const char *text;
};

struct look {
	struct reading *r;
	struct arena *arena; /* begun anew with each kind of links */
	struct arena *brief; /* what is needed for one step */
	struct spot *spots;  /* spots[0] is the document */
	uint32_t n;
	enum look_links links_are;
	struct link *links;
	uint32_t nlinks, size;
	uint32_t met; /* links of the page, also those that were too many */
	struct names urls, shapes;
	int64_t work; /* steps so far, against LIMIT_LOOK_STEPS */
};

/* look_page.c: spots and links of the page's tree. */
void look_page(struct look *, enum look_links);

/* look_element.c: the classes of an element, at most max; how many. */
size_t look_classes(
    struct look *, const struct node *, const char **to, size_t max);
/* An id or class that a selector can hold as it is. */
bool look_is_word(const char *);
/* A class that a program made up ("css-1x2y3z"), or that says nothing. */
bool look_is_made_up(const char *);
/* "JobCard_card__x7Yz2" up to what a build tool made up; 0: nothing of it. */
size_t look_stable_part(const char *class);
const char *look_tag(struct look *, const struct node *); /* lower case */
/* What a person reads of it, cut to so many bytes. */
const char *look_text(struct look *, const struct node *, size_t max);
/* Does text stand in it, and not only in what is in it? */
bool look_has_text(const struct node *);
/* Its number among the elements of its parent, from 1. */
int look_child_number(const struct node *);
/* What a text in a card could be. */
#define IS_PLACE  0x01
#define IS_DATE   0x02
#define IS_SALARY 0x04
#define IS_TYPE   0x08
#define IS_JOB    0x10
uint8_t look_facts(struct look *, const char *text);

/* look_words.c: what speaks of jobs, in the languages of boards. */
bool look_names_job(const char *title);     /* "Senior Engineer (m/f/d)" */
bool look_speaks_of_jobs(const char *text); /* a class, a path */
bool look_speaks_of_companies(const char *path);
bool look_speaks_of_menus(const char *text); /* a class, an id */
/* The field that a class is about ("job-location"), or NULL. */
const char *look_field_of(const char *text);

/* look_keys.c: selectors, each with the spots it is written for. */
struct key {
	uint32_t *spots;
	uint32_t n, size;
};
struct keys {
	struct names names; /* the selectors */
	struct key *list;   /* by their number */
};
void look_keys(struct look *, bool with_asides, struct keys *to);

/* What repeats: a selector, and its elements with a link each. */
struct cards {
	const char *selector;
	uint32_t *spots, *links;
	size_t n;
	double sure;                 /* 0 to 1 */
	double titles, paths, facts; /* shares that speak for it */
	const char *example;         /* the first one's link */
	uint32_t matches;            /* of the selector in the page */
};

/* The path of a link's address; "" of a heading. */
const char *look_path(const struct look *, const struct link *);

/* look_cards.c: false if nothing on the page looks like a list of jobs. */
bool look_cards(struct look *, enum look_links, struct cards *to);

/* Cards whose fields are looked at, and fields at most. */
#define LOOK_CARDS  60
#define LOOK_FIELDS 12

struct cell {
	const char *text; /* NULL: nothing in this card */
	uint32_t spot;
	uint8_t facts;
};

/* A selector and what it finds first in each card. */
struct found {
	const char *selector;
	struct cell *cells;
	size_t n;          /* cards that have one */
	const char *about; /* the field its name speaks of, or NULL */
	double place, date, salary, type, job; /* shares of its texts */
	double length;                         /* mean, bytes */
	double distinct;                       /* share */
	bool is_heading, is_markup;            /* h1..h6; a class or the like */
	double in_link;                        /* in the job's link */
	double to_company;                     /* in a link to an employer */
	bool counts;                           /* 1, 2, 3, ... */
};

/* The search for fields. */
struct fields {
	struct look *look;
	const struct cards *cards;
	size_t n; /* of cards that are read */
	struct names names;
	struct found *list;
	size_t room;
	uint32_t *used; /* by card and field: spots that are taken */
	size_t nused;
	struct column *to;
	size_t nto;
};

/* look_columns.c: fill n, names and list. */
void look_columns(struct fields *);

struct column {
	const char *field, *selector;
	size_t found;        /* in so many cards */
	const char *example; /* the first value */
	const char *why;
	double job; /* share of them that name a job */
};

/* look_fields.c: the fields of cards; how many. */
size_t look_fields(
    struct look *, const struct cards *, struct column to[LOOK_FIELDS]);

/* look_head.c: for extract_look's keys of these names. */
struct json *look_addresses(struct look *);
struct json *look_feeds(struct look *);
/* What a selector finds first, in one line; NULL if nothing. */
const char *look_head_text(struct look *, const char *selector);
/* Selectors: of the link to the next page, of the text of a job; or NULL. */
const char *look_next(struct look *);
const char *look_description(struct look *);

/*
 * look.c: the elements a selector finds below node, in the order of the
 * document, until the next is asked for; NULL if it is none or too costly.
 */
struct css_found *look_select(
    struct look *, const char *selector, const struct node *, size_t *n);

#endif
