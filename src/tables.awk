# Makes a C table of a .tsv file: awk -v name=skills -f tables.awk skills.tsv
# Lines that begin with '#' and empty lines are skipped; every other line is
# one row of strings, padded with empty ones to the width of the widest row.
BEGIN { FS = "\t" }
/^#/ || /^[ \t]*$/ { next }
{
	if (NF > width)
		width = NF
	n++
	cells[n] = NF
	for (i = 1; i <= NF; i++) {
		gsub(/\\/, "\\\\", $i)
		gsub(/"/, "\\\"", $i)
		gsub(/\?/, "\\?", $i)
		cell[n, i] = $i
	}
}
END {
	printf "/* Made from %s.tsv; do not edit. */\n", name
	printf "#include <stddef.h>\n\n"
	printf "extern const char *const %s_table[][%d];\n", name, width
	printf "extern const size_t %s_rows;\n\n", name
	printf "const char *const %s_table[][%d] = {\n", name, width
	for (r = 1; r <= n; r++) {
		printf "\t{ "
		for (i = 1; i <= width; i++)
			printf "%s\"%s\"", (i > 1 ? ", " : ""), cell[r, i]
		printf " },\n"
	}
	printf "};\n\nconst size_t %s_rows = %d;\n", name, n
}
