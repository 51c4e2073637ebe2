#!/bin/sh
# Counts the rows of each table of a fan-in.
set -eu
echo table,rows > "$MEMGEO_OUTPUT_counts"
for table in "$MEMGEO_INPUT_geometry"/*.csv; do
  rows=$(($(wc -l < "$table") - 1))
  echo "\"$(basename "$table" .csv)\",$rows" >> "$MEMGEO_OUTPUT_counts"
done
echo '{"type": "log", "message": "counted"}' >> "$MEMGEO_EVENTS"
