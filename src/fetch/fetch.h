/*
 * A granted request in, a sealed body out.
 */
#ifndef FETCH_FETCH_H
#define FETCH_FETCH_H

/* The worker: "careerd worker fetch". */
int fetch_main(void);

#endif
