/*
 * Every limit of the program, in one place, each with its reason.
 */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

/* A frame between processes; bodies go as descriptors beside it. */
#define LIMIT_FRAME_BYTES (128 * 1024)
/* Descriptors in one frame: a page and the place for its postings. */
#define LIMIT_FRAME_FDS 2
/* Elements of any list on the wire; what they hold is checked afterwards. */
#define LIMIT_WIRE_ITEMS 65536
/* A decoded page, unless its source says otherwise (sources.md). */
#define LIMIT_PAGE_BYTES (16L * 1024 * 1024)
/* What extract may write for one page: a page of postings and their texts. */
#define LIMIT_OUTPUT_BYTES (64L * 1024 * 1024)
/* Memory of one jailed worker: rlimit AS (architecture.md). */
#define LIMIT_JAIL_BYTES (256L * 1024 * 1024)
/* CPU a page may cost before its worker is killed, and hub's timer for it. */
#define LIMIT_PAGE_CPU_MS 2500
/* CPU at which extract gives the page up itself, for it can say where. */
#define LIMIT_PAGE_READ_MS 2000
/* Wall time after which a worker that holds a page counts as stuck. */
#define LIMIT_PAGE_WALL_MS 10000
/* Postings in one page: ten times the largest list seen in the wild. */
#define LIMIT_PAGE_POSTINGS 20000
/* Requests of one run, list and detail pages together. */
#define LIMIT_RUN_REQUESTS 20000
/* One text field of a posting; descriptions are the longest. */
#define LIMIT_TITLE_BYTES       1000
#define LIMIT_FIELD_BYTES       20000
#define LIMIT_DESCRIPTION_BYTES (1024L * 1024)
#define LIMIT_URL_BYTES         8000
/* Items of a list field (skills, tags, places). */
#define LIMIT_LIST_ITEMS 200
/* Foreign JSON: nesting as jansson allows it; nodes of 16 bytes each. */
#define LIMIT_JDOC_DEPTH 2048
#define LIMIT_JDOC_NODES (4 * 1024 * 1024)
/* Nodes one JSONPath may look at: some 40 ms, the largest page seen thrice. */
#define LIMIT_JSONPATH_STEPS (4 * 1000 * 1000)
/* Brackets within brackets of a JSONPath: people write one or two. */
#define LIMIT_JSONPATH_NESTING 64
/*
 * Memory of a page in extract, within the jail's: the document (a tree takes
 * at most its share), one posting, and the plan of a source.
 */
#define LIMIT_PAGE_MEMORY_BYTES (144L * 1024 * 1024)
#define LIMIT_DOM_BYTES         (80L * 1024 * 1024)
#define LIMIT_SCRATCH_BYTES     (64L * 1024 * 1024)
#define LIMIT_PLAN_BYTES        (16L * 1024 * 1024)
/* Markup: nesting and attributes of a tag, about as browsers have it. */
#define LIMIT_DOM_DEPTH      512
#define LIMIT_DOM_ATTRIBUTES 128
/* Comparisons of one selector on one page: some 50 ms. */
#define LIMIT_CSS_STEPS     (10 * 1000 * 1000)
#define LIMIT_CSS_BYTES     4096 /* twenty times the longest in use */
#define LIMIT_CSS_COMPOUNDS 32
#define LIMIT_CSS_NESTING   16
/* JSON-LD scripts of a page kept for references; microdata in microdata. */
#define LIMIT_LINKED_DATA     32
#define LIMIT_MICRODATA_DEPTH 8
/* Each itemref is a walk over the page. */
#define LIMIT_MICRODATA_REFERENCES 256
/* Items that name one another are read again and again: so much of it. */
#define LIMIT_MICRODATA_BYTES (16L * 1024 * 1024)
/*
 * A look at a page for a new definition: links that cards are looked for in
 * (ten times the longest list seen), addresses told to the command, steps
 * (some 0.5 s), and memory, which the largest tree of a page needs half of.
 */
#define LIMIT_LOOK_LINKS     5000
#define LIMIT_LOOK_ADDRESSES 2000
#define LIMIT_LOOK_STEPS     (20L * 1000 * 1000)
#define LIMIT_LOOK_BYTES     (96L * 1024 * 1024)
/* CPU of one XPath: its operations do not count what their texts take. */
#define LIMIT_XPATH_CPU_US (600 * 1000)
/* XPath by libxml2: 4 ms for its worst (semantics 6.2), 400 bytes a node. */
#define LIMIT_XPATH_BYTES      4096
#define LIMIT_XPATH_NODES      (200 * 1000)
#define LIMIT_XPATH_OPERATIONS (500 * 1000)
/* Patterns of sources (semantics, T49): text, groups, work and memory. */
#define LIMIT_RE_BYTES   1024
#define LIMIT_RE_GROUPS  99
#define LIMIT_RE_NESTING 100
#define LIMIT_RE_MATCH   100000
#define LIMIT_RE_DEPTH   10000
/* The same for one search through a whole page: JSON of so many bytes. */
#define LIMIT_RE_PAGE_MATCH (5 * 1000 * 1000)
/* CPU of a search in a field and in a page: both far below a page's own. */
#define LIMIT_RE_CPU_US      (200 * 1000)
#define LIMIT_RE_PAGE_CPU_US (600 * 1000)
/* CPU that patterns may take of a page: half of what it may cost. */
#define LIMIT_PATTERN_CPU_MS    1200
#define LIMIT_RE_HEAP_BYTES     (20 * 1024 * 1024)
#define LIMIT_RE_COMPILED_BYTES (4 * 1024 * 1024)
/* YAML: size, nesting and nodes (semantics 6.2). */
#define LIMIT_YAML_BYTES (1024L * 1024)
#define LIMIT_YAML_DEPTH 64
#define LIMIT_YAML_NODES 50000
/* Faults listed before one says that there are more: a screenful is read. */
#define LIMIT_PROBLEMS 200
/* Conditions of a source, a bit each, and alternatives of one. */
#define LIMIT_CONDITIONS 64
#define LIMIT_TESTS      100
/* Everything an operator wrote, as nodes and as structs: 5 MB a file. */
#define LIMIT_CONF_BYTES (256L * 1024 * 1024)
/* Sets of parameters of one source: a list of every known board fits. */
#define LIMIT_TARGETS 20000
/* A password or token; longer ones are a mistake. */
#define LIMIT_SECRET_BYTES 8192
/* JSON of ours: what people write nests less; the reader recurses. */
#define LIMIT_JSON_DEPTH 64
/* A TZif file: the largest of tzdata has 4 KiB, old fat ones 40. */
#define LIMIT_ZONE_BYTES (256 * 1024)
/* robots.txt: RFC 9309 section 2.5 asks for at least 500 KiB. */
#define LIMIT_ROBOTS_BYTES (512L * 1000)
/* How long rules are believed (RFC 9309 section 2.4). */
#define LIMIT_ROBOTS_AGE_MS (24LL * 60 * 60 * 1000)
/* Store's view of all targets: zones and names of LIMIT_TARGETS each. */
#define LIMIT_STORE_LANES_BYTES (64L * 1024 * 1024)
/* One granted request with its page of postings: twice what travels. */
#define LIMIT_FLIGHT_BYTES (2 * LIMIT_OUTPUT_BYTES)
/* What one transaction of store works out: keys and texts of a batch. */
#define LIMIT_TX_BYTES (512L * 1024 * 1024)
/* Redirects: followed one at a time, each granted anew (semantics 5.5). */
#define LIMIT_REDIRECTS 5
/* The body of a status that is no success: enough to tell why. */
#define LIMIT_STATUS_BODY_BYTES (256 * 1024)
/* Response headers, all together (semantics, T43). */
#define LIMIT_HEADER_BYTES (64 * 1024)
/* Decoded bytes for each byte on the wire (semantics, T43). */
#define LIMIT_INFLATE_RATIO 100
/* A mail: below what Gmail cuts off (semantics, T30). */
#define LIMIT_MAIL_BYTES 102400
/* A mail that is read from outside (alerts, bounces). */
#define LIMIT_MAIL_IN_BYTES (10L * 1024 * 1024)
/* Mails of a mailbox that are young enough to be read: years of alerts. */
#define LIMIT_MAILBOX_MAILS 20000
/* Mails of any age that are looked at to find them. */
#define LIMIT_MAILBOX_SCAN 200000
/* The position of a mail: the name of a file; Message-IDs are shorter. */
#define LIMIT_POSITION_BYTES 255
/* An mbox is read through to know what is in it: about a second. */
#define LIMIT_MBOX_BYTES (1024L * 1024 * 1024)
/* Parts of a mail, and how deep they are nested: people's have ten and four. */
#define LIMIT_MIME_PARTS 500
#define LIMIT_MIME_DEPTH 20
/* Mentions of skills in a text: ten times what a long one has. */
#define LIMIT_SKILL_HITS 5000
/* Below this score a job is not offered: it shares next to nothing. */
#define LIMIT_MATCH_SCORE 40

#endif
