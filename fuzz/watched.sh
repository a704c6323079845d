#!/usr/bin/env bash
# The compiler, with coverage for libFuzzer in ibid's own code.
compiler=$1
shift
case " $* " in
*" --crate-name ibid "* | *" --crate-name ibid_fuzz "*)
  exec "$compiler" "$@" -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing
  ;;
esac
exec "$compiler" "$@"
