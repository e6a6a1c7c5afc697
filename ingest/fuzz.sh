#!/usr/bin/env bash
# Fuzzes the reader of NetCDF with Jazzer, see docs/fuzzing.md. Arguments go to libFuzzer:
#   bash ingest/fuzz.sh -runs=1000000        as many inputs for each target
#   bash ingest/fuzz.sh -max_total_time=12   as many seconds
#   bash ingest/fuzz.sh FILE                 one input again
# What it learns and finds lies in ingest/target/fuzz. ETESIAN_SHARED names a folder with real files.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)

case "$(uname -s)-$(uname -m)" in
  Linux-x86_64 | Darwin-* | MINGW*-x86_64) ;;
  *)
    echo "fuzzing skipped: Jazzer has no native library for $(uname -s) on $(uname -m)"
    exit 0
    ;;
esac
[ $# -gt 0 ] || { sed -n 2,6p "$0"; exit 2; }

"$root/mvnw" -B -ntp -q -f "$root/pom.xml" -pl ingest -Pfuzz test-compile \
  dependency:build-classpath -Dmdep.includeScope=test -Dmdep.outputFile=target/fuzz.classpath
work=$root/ingest/target/fuzz
classes=$root/ingest/target/classes:$root/ingest/target/test-classes:$(cat "$root/ingest/target/fuzz.classpath")

seeds=$work/seeds
mkdir -p "$seeds"
cp "$root"/ingest/src/test/resources/etesian/ingest/netcdf/*.nc "$seeds"
real=${ETESIAN_SHARED:-$root/../shared}/data
[ ! -d "$real" ] || find "$real" -name '*.nc' -size -32k -exec cp -f {} "$seeds" \;

one=
[ ! -f "$1" ] || one=$(realpath "$1")

for target in HeaderFuzz ReaderFuzz; do
  mkdir -p "$work/$target"
  inputs=("$@" "$target" "$seeds")
  [ -z "$one" ] || inputs=("$one")
  cd "$work"
  status=0
  # NetCDF-Java prints to stdout on damaged files.
  java -Xmx1g -XX:+UseSerialGC -Dlog4j2.level=OFF -cp "$classes" com.code_intelligence.jazzer.Jazzer \
    --target_class="etesian.ingest.netcdf.$target" \
    --instrumentation_includes='etesian.**:ucar.nc2.**:ucar.ma2.**:io.jhdf.**' \
    -timeout=10 -rss_limit_mb=3000 -max_len=32768 -len_control=0 -print_final_stats=1 \
    "${inputs[@]}" >/dev/null 2>"$target.log" || status=$?
  if [ "$status" -ne 0 ]; then
    grep -v '^INFO: Instrumented' "$target.log" | tail -n 40
    echo "$target found something: the input lies in $work; bash ingest/fuzz.sh PATH runs it again"
    exit "$status"
  fi
  echo "$target: $(grep -E 'cov: ' "$target.log" | tail -n 1 | cut -c 1-100)"
  grep -E '^(Done|stat::number|stat::slowest)' "$target.log" || true
done
