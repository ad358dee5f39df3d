#include "check.h"
#include <fcntl.h>
#include <unistd.h>
#include "hub/hub_int.h"

static struct flights t;

static void
begin(void)
{
	if (t.size > 0)
		flights_fini(&t);
	flights_init(&t);
}

static void
flights_are_found_by_kind_and_id(void)
{
	struct flight *page, *mail;

	begin();
	page = flight_new(&t, FLIGHT_PAGE, 7, FLIGHT_AT_FETCH);
	mail = flight_new(&t, FLIGHT_SEND, 7, FLIGHT_WAITS_NOTIFY);
	CHECK(flight_find(&t, FLIGHT_PAGE, 7) == page);
	CHECK(flight_find(&t, FLIGHT_SEND, 7) == mail);
	CHECK(flight_find(&t, FLIGHT_RENDER, 7) == NULL);
	CHECK(flight_find(&t, FLIGHT_PAGE, 8) == NULL);
	CHECK(flight_find(&t, FLIGHT_PAGE, -7) == NULL);
	flight_end(&t, page);
	CHECK(flight_find(&t, FLIGHT_PAGE, 7) == NULL);
	CHECK(flight_find(&t, FLIGHT_SEND, 7) == mail);
}

static void
table_grows(void)
{
	begin();
	for (int64_t id = 0; id < 5000; id++)
		(void)flight_new(&t, FLIGHT_PAGE, id * 1024, FLIGHT_AT_FETCH);
	CHECK_INT(t.n, 5000);
	CHECK_INT(t.at[FLIGHT_AT_FETCH], 5000);
	for (int64_t id = 0; id < 5000; id++)
		CHECK(flight_find(&t, FLIGHT_PAGE, id * 1024) != NULL);
	for (int64_t id = 0; id < 5000; id++)
		flight_end(&t, flight_find(&t, FLIGHT_PAGE, id * 1024));
	CHECK_INT(t.n, 0);
	CHECK_INT(t.at[FLIGHT_AT_FETCH], 0);
}

static void
ended_flights_are_used_again(void)
{
	struct flight *f, *again;
	int fd;

	begin();
	f = flight_new(&t, FLIGHT_PAGE, 1, FLIGHT_AT_FETCH);
	f->fd = fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	f->deaths = 1;
	(void)buf_str(&f->asked, "asked");
	flight_end(&t, f);
	CHECK_INT(fcntl(fd, F_GETFD), -1);
	again = flight_new(&t, FLIGHT_PAGE, 2, FLIGHT_WAITS_FETCH);
	CHECK(again == f);
	CHECK_INT(again->fd, -1);
	CHECK_INT(again->deaths, 0);
	CHECK_INT(again->asked.len, 0);
}

static void
stages_are_counted(void)
{
	struct flight *f;

	begin();
	f = flight_new(&t, FLIGHT_PAGE, 1, FLIGHT_AT_FETCH);
	flight_move(&t, f, FLIGHT_WAITS_EXTRACT);
	CHECK_INT(t.at[FLIGHT_AT_FETCH], 0);
	CHECK_INT(t.at[FLIGHT_WAITS_EXTRACT], 1);
	flight_end(&t, f);
	CHECK_INT(t.at[FLIGHT_WAITS_EXTRACT], 0);
}

static void
queues_keep_their_order(void)
{
	struct flight_queue *q = &t.for_extract;
	struct flight *f[3];

	begin();
	for (int i = 0; i < 3; i++) {
		f[i] = flight_new(&t, FLIGHT_PAGE, i, FLIGHT_WAITS_EXTRACT);
		flight_push(q, f[i]);
	}
	CHECK_INT(q->n, 3);
	CHECK(flight_pop(q) == f[0]);
	flight_push_front(q, f[0]);
	CHECK(flight_pop(q) == f[0]);
	CHECK(flight_pop(q) == f[1]);
	CHECK(flight_pop(q) == f[2]);
	CHECK(flight_pop(q) == NULL);
	flight_push_front(q, f[1]);
	flight_push(q, f[2]);
	CHECK(flight_pop(q) == f[1]);
	CHECK(flight_pop(q) == f[2]);
	CHECK_INT(q->n, 0);
}

static void
orphans_stand_apart(void)
{
	struct hub h = { .phase = HUB_SERVING };
	struct flight *waits;

	flights_init(&h.flights);
	(void)flight_new(&h.flights, FLIGHT_PAGE, 1, FLIGHT_AT_FETCH);
	waits = flight_new(&h.flights, FLIGHT_PAGE, 2, FLIGHT_WAITS_EXTRACT);
	flight_push(&h.flights.for_extract, waits);
	flights_orphan_all(&h);
	CHECK_INT(h.flights.n, 1);
	CHECK(h.flights.for_extract.first == NULL);
	CHECK(flight_find(&h.flights, FLIGHT_PAGE, 1) == NULL);
	CHECK(flight_find_orphan(&h.flights, FLIGHT_PAGE, 1) != NULL);
	/* The same request, granted by the next store. */
	(void)flight_new(&h.flights, FLIGHT_PAGE, 1, FLIGHT_AT_FETCH);
	CHECK(flight_find(&h.flights, FLIGHT_PAGE, 1) !=
	      flight_find_orphan(&h.flights, FLIGHT_PAGE, 1));
	flights_fini(&h.flights);
}

static void
back_off_grows_to_its_limit(void)
{
	CHECK_INT(slot_back_off_ms(0), 0);
	CHECK_INT(slot_back_off_ms(1), 100);
	CHECK_INT(slot_back_off_ms(2), 200);
	CHECK_INT(slot_back_off_ms(5), 1600);
	CHECK_INT(slot_back_off_ms(20), 30000);
	CHECK_INT(slot_back_off_ms(UINT32_MAX), 30000);
}

static void
own_cpu_is_measured(void)
{
	int64_t before = process_cpu_ms(getpid());

	CHECK(before >= 0);
	while (process_cpu_ms(getpid()) < before + 5)
		;
	CHECK_INT(process_cpu_ms(0x3ffffff), -1);
}

static void
no_memory_is_kept(void)
{
	flights_fini(&t);
	CHECK(true);
}

TESTS(TEST(flights_are_found_by_kind_and_id), TEST(table_grows),
    TEST(ended_flights_are_used_again), TEST(stages_are_counted),
    TEST(queues_keep_their_order), TEST(orphans_stand_apart),
    TEST(back_off_grows_to_its_limit), TEST(own_cpu_is_measured),
    TEST(no_memory_is_kept))
