# Runs before a step's pod: leaves the helper, the token and the step's files in the pod's own folder.
# Run by the helper image's own busybox as `sh -c … sh URL`; the token is in PENSTOCK_TOKEN; URL is empty where nothing is sent.
{
  here=/penstock
  url=$1
  fail() {
    printf '%s' "$1" >/dev/termination-log 2>/dev/null
    printf '%s\n' "$1"
    exit 1
  }
  umask 0
  { /bin/busybox cp /bin/busybox "$here/new" && /bin/busybox mv "$here/new" "$here/busybox" && "$here/busybox" true; } 2>/dev/null ||
    fail "The helper image has no static /bin/busybox."
  [ -n "$url" ] || exit 0
  printf '%s\n' "$PENSTOCK_TOKEN" >"$here/token"
  b=$here/busybox
  $b rm -f "$here/complete"
  for wait in 1 2 4 8 15 15 30 30 60 60 -; do
    $b wget -q -O - --header "Authorization: Bearer $PENSTOCK_TOKEN" "$url" 2>"$here/said" |
      $b tar -x -o -f - -C "$here" 2>>"$here/said"
    if [ -e "$here/complete" ]; then
      $b rm -f "$here/said"
      exit 0
    fi
    # A refusal stays one: the token is not good any more, or the address leads to somebody else.
    if $b grep -q ' 4[0-9][0-9] ' "$here/said" || [ "$wait" = - ]; then
      fail "The step's files could not be fetched from $url: $($b head -n 1 "$here/said")"
    fi
    $b sleep "$wait"
  done
}
