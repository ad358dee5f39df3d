#!/bin/bash
# Each unit test under valgrind; leaks and errors fail it.
passed=0 failed=0
export CHECK_SLOWER=50
for program in "$@"; do
	log=$(valgrind --quiet --suppressions=tests/valgrind.supp \
		--error-exitcode=9 --leak-check=full \
		--errors-for-leak-kinds=definite --child-silent-after-fork=yes \
		"$program" 2>&1 </dev/null)
	if [ $? = 9 ] || grep -q '^==' <<<"$log"; then
		failed=$((failed + 1))
		echo "FAIL $program"
		grep '^==' <<<"$log" | head -n 30
	else
		passed=$((passed + 1))
	fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
