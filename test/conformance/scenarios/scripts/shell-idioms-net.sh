# title: Idioms around network commands: parsing, waiting, retrying, reporting
# tags: bash awk sed loops
ip link add veth0 address 02:00:00:00:00:01 type veth peer name veth1 address 02:00:00:00:00:02
wait_for() { local tries=$1; shift; local n=0; until "$@" > /dev/null 2>&1; do n=$((n + 1)); [ $n -ge $tries ] && { echo "gave up after $n"; return 1; }; sleep 0.1; done; echo "after $n"; }
wait_for 3 ip link show veth9
(sleep 0.35; ip link set veth0 up; ip link set veth1 up) & wait_for 20 sh -c 'ip link show veth0 | grep -q "state UP"' > w.txt; wait; grep -c after w.txt
retry() { local n; for n in 1 2 3; do "$@" && return 0; echo "attempt $n failed: $?" >&2; done; return 1; }
retry ip addr add 10.0.0.1/33 dev veth0 2>&1 | grep -v ^Error
has_ip() { ip -4 addr show dev "$1" 2>/dev/null | grep -q "inet $2/"; }
has_ip veth0 10.0.0.1 && echo yes || echo no; ip addr add 10.0.0.1/24 dev veth0; has_ip veth0 10.0.0.1 && echo yes || echo no
ip link show veth0 | awk '/link\/ether/ {print $2}'
ip link show veth0 | sed -n 's/.*ether \([0-9a-f:]*\).*/\1/p' | tr -d : | tr a-f A-F
ip -o link show | awk -F'[:@ ]+' '{print $2}'
ip -o -4 addr show | while read -r idx dev fam addr rest; do echo "dev=$dev addr=${addr%/*} len=${addr#*/}"; done
mapfile -t IFS_ARRAY < <(ip -br link | awk '$1 != "lo" {split($1, a, "@"); print a[1]}'); echo "${#IFS_ARRAY[@]}: ${IFS_ARRAY[*]}"
for i in "${!IFS_ARRAY[@]}"; do printf '%d=%s ' "$i" "${IFS_ARRAY[i]}"; done; echo
IFACES=`ls /sys/class/net | grep -v lo`; echo $IFACES
case $(cat /sys/class/net/veth0/operstate) in up) echo is up;; down|lowerlayerdown) echo is down;; *) echo unknown;; esac
if ! ip route get 192.0.2.1 &>/dev/null; then echo "no route"; fi
ip route add default via 10.0.0.254 && echo "added" || echo "failed"; ip route add default via 10.0.0.254 2>/dev/null && echo "added" || echo "failed"
ip route | grep -q ^default && echo "has default"
ip route | awk '/default/ { print $3, $5 }'
DEFAULT_IF=$(ip route | awk '/^default/ {for (i = 1; i <= NF; i++) if ($i == "dev") print $(i+1)}'); echo "${DEFAULT_IF:?none}"
[[ $(ip -4 route show default) =~ via\ ([0-9.]+)\ dev\ ([a-z0-9]+) ]] && echo "${BASH_REMATCH[1]} on ${BASH_REMATCH[2]}"
NET=$(ip -o -f inet route show dev veth0 scope link | cut -d' ' -f1); echo ${NET%/*} ${NET#*/}
IP=10.0.0.1; IFS=. read -r o1 o2 o3 o4 <<< "$IP"; echo "$o4.$o3.$o2.$o1.in-addr.arpa"
printf '%02x' ${IP//./ }; echo; printf '%d.%d.%d.%d\n' 0x0a 0x00 0x00 0x01
echo "10.0.0.1/24" | awk -F/ '{split($1, o, "."); printf "%d %s\n", ((o[1]*256+o[2])*256+o[3])*256+o[4], $2}'
for host in {1..5}; do ping -c1 -W1 -q 10.0.0.$host >/dev/null 2>&1 && echo "10.0.0.$host alive"; done
seq -f '10.0.0.%g' 250 255 | xargs -I{} sh -c 'ip route get {} >/dev/null 2>&1 && echo {}'
seq 1 3 | xargs -I{} ip link add x{} type veth peer name y{}; ip -br link | grep -c '^x'; ls -d /sys/class/net/x* | xargs -n1 basename | xargs -n1 ip link del; ip -br link | grep -c '^x'
ip link | grep -E '^[0-9]+:' | cut -d: -f2 | tr -d ' ' | sort | head -2
ip -s link show veth0 | awk '/RX:/ {getline; rx=$1} /TX:/ {getline; tx=$1} END {print (rx >= 0 && tx >= 0) ? "ok" : "bad"}'
cat /proc/net/dev | awk -F: 'NR > 2 {gsub(/ /, "", $1); print $1}' | sort
awk 'NR>1 {print $1, $2, $3, $8}' /proc/net/route
awk '{ if ($3 == "00000000") print "gw" ; else print $1 }' <(tail -n +2 /proc/net/route)
echo "ip link show" | bash -s | head -1; bash <<< 'ip -br link show lo'; eval "$(echo 'ip -br link show veth0 | cut -c1-5')"
cmd=(ip -4 addr show dev veth0); "${cmd[@]}" | wc -l; "${cmd[@]:0:2}" addr show lo | head -1
out=$(ip link show nope 2>&1); rc=$?; echo "rc=$rc out=$out"
ip link show nope 2>&1 >/dev/null | tee err.txt; wc -c < err.txt; { ip link show nope; ip link show lo; } 2>/dev/null | head -1; ip link show nope > both.txt 2>&1; cat both.txt
date +%s | grep -cE '^[0-9]{10}$'; command -v ip; type ip; type -t wait_for; which ip brctl nosuch; hash -r
printf '%s\n' "$(ip -br -4 addr show veth0)" | { read -r a b c; echo "[$a] [$b] [$c]"; }
trap 'echo cleaning; ip link del veth0' USR1; kill -USR1 $$; sleep 0.1; ip link show veth0; trap - USR1; unset -f wait_for; wait_for 1 true
