#!/bin/sh
# Runs one attempt's command and leaves its traces: shim.sh ATTEMPT_DIR BOOT_ID COMMAND [ARG...]
# Builtins only, so that a step costs one process more and no further. One block: parsed whole before it runs.
# Leaves `started` (the fence: made once, by the shim or by an engine that gives the attempt up), `pid`
# (pid, start time, boot id) and `exit` (the exit code, valid when its line is whole, then what `times` says).
{
  # A handler, never `trap ''`: an ignored signal would stay ignored in the command.
  penstock_stop=
  trap 'penstock_stop=143' TERM
  trap 'penstock_stop=130' INT
  trap 'penstock_stop=129' HUP
  penstock_dir=$1 penstock_boot=$2 penstock_ticks=-
  shift 2

  # 113 without an exit file says that nothing was run: the attempt was given up, or its folder cannot be written.
  set -C
  { command : >"$penstock_dir/started"; } 2>/dev/null || exit 113
  set +C

  penstock_start_time() { shift 19; penstock_ticks=$1; }
  if { read -r penstock_stat </proc/self/stat; } 2>/dev/null; then
    # The name in parentheses may hold blanks and parentheses itself; the fields are counted behind the last one.
    set -f
    penstock_start_time ${penstock_stat##*) }
    set +f
  fi
  { echo "$$ $penstock_ticks $penstock_boot" >"$penstock_dir/pid"; } 2>/dev/null

  if [ -n "$penstock_stop" ]; then
    penstock_code=$penstock_stop
  else
    "$@"
    penstock_code=$?
  fi
  # A full disk has no room for a new file, but most often for one more line of a file that exists.
  { { echo "$penstock_code" && times; } >"$penstock_dir/exit"; } 2>/dev/null ||
    { echo "exit $penstock_code" >>"$penstock_dir/pid"; } 2>/dev/null
  exit "$penstock_code"
}
