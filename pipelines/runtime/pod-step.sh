# Runs a step's command in its pod and brings what it leaves to Penstock: sh -c … sh URL COMMAND [ARG...]
# Run by the helper that the pod's first container has left, so the image needs neither a shell nor anything else.
# First process of the container: it hands TERM on to the command's group, and its end is the end of everything.
{
  penstock_b=/penstock/busybox
  penstock_url=$1
  shift
  penstock_token=
  if [ -n "$penstock_url" ]; then
    read -r penstock_token </penstock/token
    $penstock_b rm -f /penstock/token
  fi

  # The program by its path: the helper would take the name of one of its own tools for that.
  penstock_program=$1
  shift
  case $penstock_program in
    */*) ;;
    *)
      penstock_found=
      penstock_rest=$PATH:
      while [ -n "$penstock_rest" ] && [ -z "$penstock_found" ]; do
        penstock_folder=${penstock_rest%%:*}
        penstock_rest=${penstock_rest#*:}
        [ -f "${penstock_folder:-.}/$penstock_program" ] && [ -x "${penstock_folder:-.}/$penstock_program" ] &&
          penstock_found=${penstock_folder:-.}/$penstock_program
      done
      if [ -z "$penstock_found" ]; then
        printf 'penstock: the image has no program "%s"\n' "$penstock_program" >&2
        exit 127
      fi
      penstock_program=$penstock_found
      ;;
  esac

  penstock_stopped=
  penstock_child=
  penstock_end() {
    penstock_stopped=1
    [ -z "$penstock_child" ] || kill -TERM "-$penstock_child" 2>/dev/null || kill -TERM "$penstock_child" 2>/dev/null
  }
  trap penstock_end TERM INT
  # The helper compares whole seconds: what is written in this one has to count as newer.
  [ -z "$penstock_url" ] || $penstock_b touch -d "@$(($($penstock_b date +%s) - 1))" /penstock/begun
  $penstock_b setsid "$penstock_program" "$@" </dev/null &
  penstock_child=$!
  [ -z "$penstock_stopped" ] || penstock_end
  while :; do
    # The shell would tell of the signal that ended it, in the step's own output.
    wait "$penstock_child" 2>/dev/null
    penstock_code=$?
    kill -0 "$penstock_child" 2>/dev/null || break
  done
  # What it left behind must not write while its outputs are read.
  [ "$$" != 1 ] || kill -KILL -1 2>/dev/null
  # What all of it took, by the container's own cgroup of either version; the pod's status carries it out.
  penstock_cpu=-
  penstock_peak=-
  penstock_groups=/sys/fs/cgroup
  {
    if [ -e "$penstock_groups/cpu.stat" ]; then
      while read -r penstock_name penstock_value; do
        [ "$penstock_name" != usage_usec ] || penstock_cpu=$((penstock_value / 1000))
      done <"$penstock_groups/cpu.stat"
      read -r penstock_peak <"$penstock_groups/memory.peak" || penstock_peak=-
    else
      read -r penstock_value <"$penstock_groups/cpuacct/cpuacct.usage" && penstock_cpu=$((penstock_value / 1000000))
      read -r penstock_peak <"$penstock_groups/memory/memory.max_usage_in_bytes" || penstock_peak=-
    fi
    printf 'penstock: used %s %s\n' "$penstock_cpu" "$penstock_peak" >/dev/termination-log
  } 2>/dev/null
  [ -n "$penstock_url" ] || exit "$penstock_code"

  # Archives one after the other, which the other side reads as one.
  penstock_pack() {
    cd /penstock/m || return
    while read -r penstock_how penstock_mount; do
      if [ "$penstock_how" = all ]; then
        $penstock_b tar -c -f - "$penstock_mount"
      else
        $penstock_b find "$penstock_mount" ! -type d -newer /penstock/begun -exec $penstock_b tar -c -f - {} +
      fi
    done </penstock/deliver
  }
  penstock_address=${penstock_url#http://}
  penstock_path=/${penstock_address#*/}
  penstock_address=${penstock_address%%/*}
  penstock_host=${penstock_address%:*}
  penstock_port=${penstock_address##*:}
  [ "$penstock_host" != "$penstock_address" ] || penstock_port=80
  penstock_host=${penstock_host#[}
  penstock_host=${penstock_host%]}
  penstock_still=60
  # Packed twice: the length has to be said first, and there may be no room for a copy. The sending side stays open
  # until the answer is there, since servers take one that closes for one that gave up.
  penstock_send() {
    $penstock_b rm -f /penstock/answered
    penstock_size=$(penstock_pack | $penstock_b wc -c)
    {
      trap '' PIPE
      printf 'POST %s HTTP/1.1\r\nHost: %s\r\n' "$penstock_path" "$penstock_address"
      printf 'Authorization: Bearer %s\r\nContent-Type: application/x-tar\r\n' "$penstock_token"
      printf 'Content-Length: %s\r\nConnection: close\r\n\r\n' "$penstock_size"
      penstock_pack
      until [ -e /penstock/answered ]; do $penstock_b usleep 100000; done
    } 2>/dev/null | {
      # Nobody but the sender holds the pipe, so that who writes into it sees its end.
      exec 3<&0 </dev/null
      $penstock_b nc "$penstock_host" "$penstock_port" <&3 3<&- 2>&1 &
      penstock_sending=$!
      exec 3<&-
      # A connection over which nothing moves for a minute broke without a word: everything is sent again. Who writes
      # into it may stand still with it, so somebody else has to look.
      {
        penstock_moved=
        while $penstock_b sleep "$penstock_still"; do
          penstock_now=$($penstock_b head -n 2 "/proc/$penstock_sending/io")
          [ "$penstock_now" != "$penstock_moved" ] || kill -KILL "$penstock_sending"
          penstock_moved=$penstock_now
        done
      } >/dev/null 2>&1 &
      penstock_looking=$!
      wait "$penstock_sending"
      : >/penstock/answered
      kill "$penstock_looking"
    } 2>/dev/null
  }
  penstock_said=
  for penstock_wait in 1 2 4 8 15 15 30 30 60 60 60 60 60 -; do
    penstock_answer=$(penstock_send)
    case $penstock_answer in
      'HTTP/1.1 2'*) exit "$penstock_code" ;;
    esac
    penstock_said=$(printf '%s' "$penstock_answer" | $penstock_b tr -d '\r' | $penstock_b head -n 1)
    case $penstock_answer in
      'HTTP/1.1 4'*) break ;;
    esac
    [ -z "$penstock_stopped" ] && [ "$penstock_wait" != - ] || break
    $penstock_b sleep "$penstock_wait" &
    wait $!
  done
  printf 'penstock: code %s, nothing delivered to %s: %s' "$penstock_code" "$penstock_address" \
    "${penstock_said:-it does not answer}" 2>/dev/null >>/dev/termination-log
  [ "$penstock_code" != 0 ] || penstock_code=1
  exit "$penstock_code"
}
