# Career Copilot. "make demo" shows it, "make test" checks it.
#
#   make              build build/careerd
#   make deps         install what building and running need (apt)
#   make demo         the whole cycle on bundled sample boards
#   make test         the tests; needs minutes
#   make test-long    sanitizers, valgrind and ten minutes of each fuzzer;
#                     about an hour and a half
#   make lint         rooms, lengths, banned calls, formatting, analysers
#   make bench        measurements; ONLY=pages, json, growth, rooms or
#                     formats
#   make eval         precision and recall of what is read in texts
#   make asan valgrind check-clang     the unit tests under other tools
#   make install DESTDIR= PREFIX=/usr/local

BUILD ?= build
PREFIX ?= /usr/local
CC ?= gcc
CFLAGS ?= -O2 -g

LIBS := libcurl libxml-2.0 libpq jansson yaml-0.1 libpcre2-8 libsystemd \
	libseccomp
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wold-style-definition -Wvla -Wformat=2 \
	-Wimplicit-fallthrough -Wundef -Wwrite-strings -Wpointer-arith \
	-Wcast-align -Wredundant-decls
HARDEN := -fstack-protector-strong -fstack-clash-protection -fcf-protection \
	-fPIE
LINK := -pie -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed
VERSION := 0.1.0
JOBS := -j$(shell nproc)

# SAN=1 builds with the sanitizers, WERROR=1 stops at warnings.
ifdef SAN
HARDEN += -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer -DSANITIZED
LINK += -fsanitize=address,undefined
else
HARDEN += -D_FORTIFY_SOURCE=2
endif
ifdef WERROR
WARN += -Werror
endif
# Recursive, so that a tree without the libraries can still "make deps".
PKG_CFLAGS = $(shell pkg-config --cflags $(LIBS))
PKG_LIBS = $(shell pkg-config --libs $(LIBS)) -lm

# Link order is the house's order: a room may use those behind it only.
ROOMS := cmd hub store fetch notify net extract proc conf match plan msg base
TABLES := $(wildcard src/*/*.tsv)
SRC := $(foreach r,$(ROOMS),$(wildcard src/$(r)/*.c))
OBJ = $(patsubst src/%.c,$(BUILD)/obj/%.o,$(1))
TSV = $(patsubst src/%.tsv,$(BUILD)/obj/%.tsv.o,$(wildcard src/$(1)/*.tsv))
ARCHIVES := $(foreach r,$(ROOMS),$(BUILD)/lib$(r).a)
UNIT := $(wildcard tests/unit/*/*.c)
UNIT_BIN := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(UNIT))

.PHONY: all deps deps-test deps-lint demo test test-long lint fmt fmt-check \
	bench eval asan valgrind check-clang fuzz install clean units

all: $(BUILD)/careerd

# Whole archives: a name that two rooms define is an error, not a choice.
$(BUILD)/careerd: $(BUILD)/obj/main.o $(ARCHIVES)
	$(CC) $(CFLAGS) $(LINK) -o $@ $< -Wl,--whole-archive $(ARCHIVES) \
		-Wl,--no-whole-archive $(PKG_LIBS)

define room
$(BUILD)/lib$(1).a: $(call OBJ,$(wildcard src/$(1)/*.c)) $(call TSV,$(1))
	@rm -f $$@
	$$(AR) rcsD $$@ $$^
endef
$(foreach r,$(ROOMS),$(eval $(call room,$(r))))

COMPILE = $(CC) -std=c17 -D_GNU_SOURCE -DVERSION='"$(VERSION)"' $(CFLAGS) \
	$(WARN) $(HARDEN) $(PKG_CFLAGS) -Isrc -MMD -MP

$(BUILD)/obj/%.o: src/%.c
	@mkdir -p $(@D)
	$(COMPILE) -c -o $@ $<

$(BUILD)/obj/%.tsv.c: src/%.tsv src/tables.awk
	@mkdir -p $(@D)
	awk -v name=$(basename $(notdir $<)) -f src/tables.awk $< > $@

$(BUILD)/obj/%.tsv.o: $(BUILD)/obj/%.tsv.c
	$(COMPILE) -Wno-overlength-strings -c -o $@ $<

$(BUILD)/unit/%: tests/unit/%.c tests/unit/check.h $(ARCHIVES)
	@mkdir -p $(@D)
	$(COMPILE) -Itests/unit -MF $@.d $(LINK) -o $@ $< $(ARCHIVES) $(PKG_LIBS)

units: $(UNIT_BIN)

$(BUILD)/bench/%: tests/bench/%.c $(ARCHIVES)
	@mkdir -p $(@D)
	$(COMPILE) -MF $@.d $(LINK) -o $@ $< $(ARCHIVES) $(PKG_LIBS)

BENCH_BIN := $(patsubst tests/bench/%.c,$(BUILD)/bench/%,$(wildcard \
	tests/bench/*.c))

deps:
	@tests/deps.sh build

deps-test:
	@tests/deps.sh test

deps-lint:
	@tests/deps.sh lint

demo: deps
	@test -x build/careerd || echo "Building careerd: a minute or two."
	@$(MAKE) --no-print-directory -s $(JOBS) all BUILD=build
	@tests/board/demo.sh

test: deps-test
	@$(MAKE) --no-print-directory -s $(JOBS) all units
	@BUILD=$(BUILD) tests/run.py $(UNIT_BIN) $(sort $(wildcard tests/e2e/*_test.py))

# RUNS=5 for more runs of each; tests/bench/bench.py says what is measured.
bench:
	@$(MAKE) --no-print-directory -s all $(BENCH_BIN)
	@BUILD=$(BUILD) tests/bench/bench.py $(ONLY)

# Skipped without labelled data; EVAL=-v shows what was read wrong.
eval: all
	@for f in tests/eval/*_eval.py; do \
		BUILD=$(BUILD) /usr/bin/python3 -B $$f $(EVAL) || exit 1; done

# The unit tests under the sanitizers, under valgrind, and with clang.
asan:
	@$(MAKE) --no-print-directory -s SAN=1 WERROR=1 BUILD=build/asan units
	@tests/run.py $(patsubst build/%,build/asan/%,$(UNIT_BIN))

valgrind: units
	@tests/valgrind.sh $(UNIT_BIN)

check-clang:
	@$(MAKE) --no-print-directory -s CC=clang WERROR=1 BUILD=build/clang \
		HARDEN="-fstack-protector-strong -fPIE" all units

# Each fuzz target for FUZZ_S seconds, seeded from the suites of the corpus;
# ONLY="css feed" for some. What is found stays in build/fuzz/corpus.
FUZZ_S ?= 600
FUZZ := $(or $(ONLY),$(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/*.c)))
FUZZ_FLAGS := -fsanitize=address,undefined -fno-sanitize-recover=all
FUZZ_LIBS := $(patsubst %,build/fuzz/lib%.a,extract proc conf plan msg base)

fuzz: deps-lint
	@$(MAKE) --no-print-directory -s CC=clang BUILD=build/fuzz \
		HARDEN="-fsanitize=fuzzer-no-link $(FUZZ_FLAGS) -DSANITIZED -DFUZZED" \
		$(FUZZ_LIBS)
	@/usr/bin/python3 -B tests/fuzz/seeds.py build/fuzz/seeds
	@for f in $(FUZZ); do mkdir -p build/fuzz/corpus/$$f \
		build/fuzz/seeds/$$f && clang -std=c17 -D_GNU_SOURCE -g -Isrc \
		-fsanitize=fuzzer $(FUZZ_FLAGS) $(PKG_CFLAGS) \
		-o build/fuzz/$$f tests/fuzz/$$f.c $(FUZZ_LIBS) \
		$(PKG_LIBS) && build/fuzz/$$f -max_total_time=$(FUZZ_S) \
		-timeout=5 -rss_limit_mb=1024 -artifact_prefix=build/fuzz/ \
		build/fuzz/corpus/$$f build/fuzz/seeds/$$f \
		>build/fuzz/$$f.log 2>&1 && \
		echo "$$f: $$(tail -n 1 build/fuzz/$$f.log)" || \
		{ tail -n 20 build/fuzz/$$f.log; exit 1; }; done

test-long: asan valgrind fuzz

C_FILES := $(wildcard src/*.c src/*/*.[ch] tests/unit/*.h tests/unit/*/*.c \
	tests/bench/*.c tests/fuzz/*.c)

fmt:
	clang-format -i $(C_FILES)

fmt-check:
	clang-format --dry-run -Werror $(C_FILES)

lint: deps-lint fmt-check
	tests/lint/lint.py
	cppcheck --quiet --std=c11 --enable=warning,portability -Isrc \
		--inline-suppr --suppress=missingIncludeSystem \
		--suppress=ctunullpointer --suppress=ctuuninitvar \
		--suppress=funcArgOrderDifferent \
		--error-exitcode=1 -D_GNU_SOURCE -DVERSION='"0"' src
	clang-tidy --quiet $(filter %.c,$(wildcard src/*.c src/*/*.c)) -- \
		-std=c17 -D_GNU_SOURCE -DVERSION='"0"' -Isrc $(PKG_CFLAGS) \
		2>/dev/null

install: all
	install -D -m 755 $(BUILD)/careerd $(DESTDIR)$(PREFIX)/bin/careerd
	for d in scrapers templates sql; do \
		install -d $(DESTDIR)$(PREFIX)/share/careerd/$$d; \
		cp -R $$d/. $(DESTDIR)$(PREFIX)/share/careerd/$$d; done
	install -D -m 644 systemd/careerd.service \
		$(DESTDIR)/etc/systemd/system/careerd.service
	sed -i 's|/usr/local/bin|$(PREFIX)/bin|' \
		$(DESTDIR)/etc/systemd/system/careerd.service
	install -d -m 700 $(DESTDIR)/etc/careerd/creds

clean:
	rm -rf $(BUILD)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
