/*
 * The worker in this process with the test in hub's place: it takes grants
 * and answers them with pages that it makes up.
 */
#ifndef TESTS_UNIT_STORE_RIG_H
#define TESTS_UNIT_STORE_RIG_H

#include "fixture.h"
#include <sys/socket.h>
#include "store/store_int.h"

#define RIG_GRANTS 256

struct rig {
	struct store *s;
	struct chan *hub;
	struct arena *a;
	struct source source, *sources[1];
	struct target target;
	struct grant grants[RIG_GRANTS];
	size_t ngrants;
	struct event events[RIG_GRANTS];
	size_t nevents;
	struct render render;
	char *render_data;
	struct send send;
	bool renders, sends;
};

static inline void
rig_source(struct rig *r)
{
	struct source *s = &r->source;

	*s = (struct source){ .name = "acme",
		.file = "acme.yaml",
		.enabled = true,
		.robots_ignore = true,
		.ntargets = 1,
		.targets = &r->target };
	r->target = (struct target){ .key = "acme" };
	s->every = (struct every){ .kind = EVERY_INTERVAL,
		.interval_ms = 3600000,
		.zone = "UTC",
		.text = "1h" };
	s->list = (struct view){
		.present = true, .method = "GET", .format = FORMAT_JSON
	};
	s->list.url.text = "http://board.example/list?p={page.number}";
	s->limits = (struct limits){
		.concurrency = 64, .timeout_ms = 1000, .max_bytes = 1000000
	};
	s->expect.min_jobs = -1;
	s->expect.missed_runs = 2;
}

static inline struct rig *
rig_new(void)
{
	struct rig *r = xcalloc(1, sizeof(*r));
	int fd[2];

	fix_schema();
	r->a = arena_new(256UL * 1024 * 1024);
	CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fd) == 0);
	for (int i = 0; i < 2; i++) {
		int size = 4 * 1024 * 1024;
		setsockopt(fd[i], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	}
	r->hub = chan_new(fd[0]);
	r->s = xcalloc(1, sizeof(*r->s));
	r->s->w.chan = chan_new(fd[1]);
	col_init(&r->s->lane_ids, COL_I64);
	rig_source(r);
	r->sources[0] = &r->source;
	r->s->w.sources = r->sources;
	r->s->w.nsources = 1;
	r->s->w.setup = (struct setup){ .root = ".",
		.conninfo = fix_conninfo,
		.owner = "test",
		.mail_from = "jobs@example.org" };
	return r;
}

static inline void
rig_begin(struct rig *r)
{
	struct err err = { 0 };

	fix_check(store_begin(r->s, &err), &err);
}

static inline void
rig_free(struct rig *r)
{
	chan_free(r->s->w.chan);
	store_end(r->s);
	chan_free(r->hub);
	arena_free(r->a);
	free(r->render_data);
	free(r);
}

static inline void
rig_take_body(struct rig *r, struct frame *f)
{
	struct err err = { 0 };
	const char *p;
	size_t n;

	CHECK_INT(f->nfd, 1);
	p = body_map(f->fd[0], &n, &err);
	CHECK(p != NULL);
	free(r->render_data);
	r->render_data = xcalloc(1, n + 1);
	memcpy(r->render_data, p, n);
	if (n > 0)
		body_unmap(p, n);
}

static inline void
rig_take(struct rig *r, struct frame *f)
{
	struct err err = { 0 };
	struct account account;
	struct wire w;

	wire_init(&w, r->a, f->body, f->len);
	if (f->type == MSG_GRANT)
		grant_get(&w, &r->grants[r->ngrants++]);
	else if (f->type == MSG_EVENT)
		event_get(&w, &r->events[r->nevents++ % RIG_GRANTS]);
	else if (f->type == MSG_ACCOUNT)
		account_get(&w, &account);
	else if (f->type == MSG_RENDER) {
		render_get(&w, &r->render);
		r->renders = true;
		rig_take_body(r, f);
	} else if (f->type == MSG_SEND) {
		send_get(&w, &r->send);
		r->sends = true;
		rig_take_body(r, f);
	} else {
		CHECK(!"an unexpected frame");
	}
	fix_check(get_end(&w, "frame", &err), &err);
}

/* Everything that can be done now, several times round. */
static inline void
rig_work(struct rig *r)
{
	struct err err = { 0 };
	struct frame f;

	/* often enough for all that follows from one thing to be done */
	for (int i = 0; i < 20; i++) {
		usleep(2000);
		r->s->tick_ms = r->s->slow_tick_ms = r->s->outbox_ms = 0;
		r->s->plan_ms = r->s->batch_since_ms = 0;
		r->s->account_moved = true;
		r->s->wants_grants = r->s->wants_work = true;
		fix_check(store_work(r->s, &err), &err);
		while (chan_recv(r->hub, &f, &err) == 1) {
			rig_take(r, &f);
			frame_close_fds(&f);
		}
	}
}

static inline void
rig_sql(struct rig *r, const char *sql)
{
	struct err err = { 0 };

	fix_check(db_begin(r->s->db, &err), &err);
	fix_check(db_script(r->s->db, sql, &err), &err);
	fix_check(db_commit(r->s->db, &err), &err);
}

/* As the superuser, for what binds new sessions. */
static inline void
rig_sql_admin(const char *sql)
{
	struct err err = { 0 };
	struct db *db = db_open_bare(fix_admin, DB_OWNER, "test", &err);

	CHECK(db != NULL);
	fix_check(db_script(db, sql, &err), &err);
	db_close(db);
}

static inline int64_t
rig_number(struct rig *r, const char *sql)
{
	struct err err = { 0 };
	int64_t n = -1;

	fix_check(db_begin(r->s->db, &err), &err);
	fix_check(db_get_i64(r->s->db, sql, NULL, &n, &err), &err);
	db_rollback(r->s->db);
	return n;
}

static inline const char *
rig_text(struct rig *r, const char *sql)
{
	struct err err = { 0 };
	struct rows *rows;
	const char *text;

	fix_check(db_begin(r->s->db, &err), &err);
	fix_check(db_query(r->s->db, sql, NULL, &rows, &err), &err);
	CHECK(rows_count(rows) == 1);
	text = arena_strdup(r->a, row_text(rows, 0, 0));
	rows_free(rows);
	db_rollback(r->s->db);
	return text;
}

/* The source is due again. */
static inline void
rig_due(struct rig *r)
{
	r->ngrants = 0;
	rig_sql(r, "UPDATE sources SET next_due_at = NULL");
	rig_work(r);
}

static inline void
rig_frame(struct rig *r, enum msg_type type, int64_t id, struct buf *b, int fd)
{
	struct frame f = { .type = type,
		.id = id,
		.body = b->data,
		.len = b->len,
		.fd = { fd, -1 },
		.nfd = fd == -1 ? 0 : 1 };

	store_take(r->s, &f);
	frame_close_fds(&f);
	buf_fini(b);
}

static inline void
rig_fetched(struct rig *r, const struct grant *g, struct fetched *x)
{
	struct buf b;

	x->id = g->id;
	if (x->url == NULL)
		x->url = g->url;
	if (x->reason == NULL)
		x->reason = "";
	buf_init(&b, LIMIT_FRAME_BYTES);
	fetched_put(&b, x);
	rig_frame(r, MSG_FETCHED, g->id, &b, -1);
}

static inline void
rig_extracted(struct rig *r, const struct grant *g, struct extracted *x,
    const struct posting *list, size_t n)
{
	struct err err = { 0 };
	struct buf out, b;
	int fd;

	buf_init(&out, LIMIT_OUTPUT_BYTES);
	put_u32(&out, (uint32_t)n);
	for (size_t i = 0; i < n; i++)
		posting_put(&out, &list[i]);
	fd = body_make("output", out.data, out.len, &err);
	CHECK(fd != -1);
	buf_fini(&out);
	x->id = g->id;
	if (x->reason == NULL)
		x->reason = "";
	x->items = x->postings = (uint32_t)n;
	if (x->total == 0)
		x->total = -1;
	buf_init(&b, LIMIT_FRAME_BYTES);
	extracted_put(&b, x);
	rig_frame(r, MSG_EXTRACTED, g->id, &b, fd);
}

/* A page that was fetched and read. */
static inline void
rig_page(
    struct rig *r, const struct grant *g, const struct posting *list, size_t n)
{
	struct fetched f = { .result = FETCH_OK,
		.status = 200,
		.etag = "\"1\"",
		.body_hash =
		    arena_printf(r->a, "hash-%p-%zu", (void *)list, n) };
	struct extracted x = { .fingerprint = (uint64_t)g->id };

	rig_fetched(r, g, &f);
	rig_extracted(r, g, &x, list, n);
}

static inline void
rig_unchanged(struct rig *r, const struct grant *g)
{
	struct fetched f = { .result = FETCH_UNCHANGED, .status = 304 };

	rig_fetched(r, g, &f);
}

static inline struct posting
rig_posting(struct rig *r, int i)
{
	return (struct posting){ .external_id = arena_printf(r->a, "id-%d", i),
		.url = arena_printf(r->a, "http://board.example/job/%d", i),
		.title = arena_printf(r->a, "Engineer for subject %d", i),
		.company = arena_printf(r->a, "Company %d", i),
		.location = "Berlin",
		.description =
		    arena_printf(r->a, "We make thing number %d in C.", i) };
}

#endif
