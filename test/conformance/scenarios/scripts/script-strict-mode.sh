# title: A set-up script in strict mode with a trap, run as a file, also when it goes wrong
# tags: bash scripts netns
cat > setup.sh <<'EOF'
#!/usr/bin/env bash
set -euo pipefail
IFS=$'\n\t'
readonly PREFIX="${PREFIX:-192.0.2}"
NS_LIST=()
log()  { printf '[%s] %s\n' "${0##*/}" "$*"; }
die()  { log "error: $*" >&2; exit 1; }
cleanup() {
  local rc=$?
  for ns in ${NS_LIST[@]+"${NS_LIST[@]}"}; do ip netns del "$ns" 2>/dev/null || true; done
  log "cleaned up ${#NS_LIST[@]} namespaces, status $rc"
}
trap cleanup EXIT
trap 'die "interrupted"' INT TERM
usage() { cat <<USAGE
usage: ${0##*/} [-n COUNT] [-m MTU] [-v]
USAGE
}
count=2 mtu=1500 verbose=
while getopts ':n:m:vh' opt; do
  case "$opt" in
    n) count=$OPTARG ;;
    m) mtu=$OPTARG ;;
    v) verbose=1 ;;
    h) usage; exit 0 ;;
    :) die "-$OPTARG needs an argument" ;;
    \?) die "unknown option -$OPTARG" ;;
  esac
done
shift $((OPTIND - 1))
[[ $count =~ ^[0-9]+$ ]] || die "bad count: $count"
(( count >= 1 && count <= 9 )) || die "count out of range"
[[ -n $verbose ]] && set -x
ip link add br0 type bridge
ip link set br0 mtu "$mtu" up
ip addr add "$PREFIX.254/24" dev br0
for ((i = 1; i <= count; i++)); do
  ns="host$i"
  ip netns add "$ns"; NS_LIST+=("$ns")
  ip link add "p$i" type veth peer name eth0 netns "$ns"
  ip link set "p$i" mtu "$mtu" master br0 up
  ip -n "$ns" link set eth0 mtu "$mtu" up
  ip -n "$ns" addr add "$PREFIX.$i/24" dev eth0
done
sleep 0.5
for ns in "${NS_LIST[@]}"; do
  if ip netns exec "$ns" ping -q -c1 -W1 "$PREFIX.254" >/dev/null; then log "$ns ok"; else log "$ns failed"; fi
done
[[ ${1-} == fail ]] && ip route add 203.0.113.0/24 via 198.18.0.1
log "mtu $(ip -o link show br0 | sed -n 's/.*mtu \([0-9]*\).*/\1/p')"
EOF
chmod +x setup.sh; ./setup.sh
ip link del br0; ip -br link
./setup.sh -n 3 -m 1400; echo "status $?"
./setup.sh; echo "status $?"
ip link del br0
./setup.sh -n 1 fail; echo "status $?"
ip link del br0; ./setup.sh -n 1 -v 2>&1 | sed -n '1,6p'
./setup.sh -x; echo $?
./setup.sh -n; echo $?
./setup.sh -n ten; echo $?
./setup.sh -n 10; echo $?
./setup.sh -h
ip link del br0; PREFIX=198.51.100 bash ./setup.sh -n 2 | tail -1
sh -c 'set -e; ip link show nothere >/dev/null 2>&1 || echo not there; false; echo never'; echo $?
bash -euc 'ip link show nope'; echo $?
bash -c 'set -o pipefail; ip link show nope 2>/dev/null | cat; echo ${PIPESTATUS[@]}'
bash -uc 'ip link show $UNSET_DEV'; echo $?
( set -e; ip link set nope up || true; echo still here; ip link set nope down; echo not here ); echo $?
bash -n setup.sh && echo syntax ok
echo 'if true; then echo x' > broken.sh; bash -n broken.sh; echo $?
bash -c 'trap "echo bye" EXIT; ip link add x0 type veth peer name x1; exit 3'; echo $?; ip -br link | wc -l
timeout 1 bash -c 'trap "echo terminated; exit 9" TERM; while :; do sleep 0.1; done'; echo $?
