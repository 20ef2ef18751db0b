# title: Two sites behind routers, configured from a table in a here-document
# tags: lab read loops functions
# pace: 0.15
run() { echo "+ $*"; "$@"; }
inns() { local n=$1; shift; ip netns exec "$n" "$@"; }
while read -r ns _; do [ -z "$ns" ] || [ "${ns:0:1}" = "#" ] && continue; ip netns add "$ns" && ip -n "$ns" link set lo up; done <<NAMES
# hosts
h1 client
h2 server
# routers
r1 left
r2 right
NAMES
ip netns list | awk '{print $1}' | sort | tr '\n' ' '; echo
while IFS=, read -r a ai aip b bi bip; do ip link add "$ai" netns "$a" type veth peer name "$bi" netns "$b" && inns "$a" ip addr add "$aip" dev "$ai" && inns "$b" ip addr add "$bip" dev "$bi" && inns "$a" ip link set "$ai" up && inns "$b" ip link set "$bi" up && echo "$a:$ai ($aip) <-> $b:$bi ($bip)"; done <<'LINKS'
h1,eth0,10.1.0.10/24,r1,lan,10.1.0.1/24
r1,wan,198.51.100.1/30,r2,wan,198.51.100.2/30
r2,lan,10.2.0.1/24,h2,eth0,10.2.0.10/24
LINKS
declare -A GW=([h1]=10.1.0.1 [h2]=10.2.0.1); for h in h1 h2; do run ip -n $h route add default via ${GW[$h]}; done
run inns r1 ip route add 10.2.0.0/16 via 198.51.100.2
run inns r2 ip route add 10.1.0.0/16 via 198.51.100.1
for r in r1 r2; do inns $r sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'; inns $r cat /proc/sys/net/ipv4/ip_forward; done
sleep 1
check() { if inns $1 ping -q -c 1 -W 1 $2 > /dev/null 2>&1; then printf '%-4s -> %-15s reachable\n' $1 $2; else printf '%-4s -> %-15s UNREACHABLE\n' $1 $2; fi; }
for t in 10.1.0.1 198.51.100.1 198.51.100.2 10.2.0.1 10.2.0.10; do check h1 $t; done
for t in 10.2.0.1 198.51.100.1 10.1.0.10 10.3.0.1; do check h2 $t; done
inns r1 ip route get 10.2.0.10 from 10.1.0.10 iif lan
inns h1 tracepath -n -m 5 10.2.0.10 | awk '/^ *[0-9]+:/ {print $1, $2}' | sort -u
inns r2 tcpdump -nn -i wan -c 4 icmp > cap.txt 2>/dev/null & sleep 0.5
inns h1 ping -q -c 2 -i 0.2 10.2.0.10 > /dev/null; wait; sed 's/id [0-9]*/id N/' cap.txt
inns r1 tcpdump -nn -i any -c 4 -w /tmp/any.pcap icmp 2>/dev/null & sleep 0.5
inns h1 ping -q -c 1 10.2.0.10 > /dev/null; sleep 0.3; wait; tcpdump -nn -r /tmp/any.pcap 2>/dev/null | awk '{print $2,$3,$4,$5,$6,$7,$8}'
inns r1 ip -s link show wan | awk '/RX:/ {getline; print ($2 > 0) ? "received" : "nothing"}'
inns r2 sysctl -qw net.ipv4.ip_forward=0; check h1 10.2.0.10; check h1 10.2.0.1; inns r2 sysctl -qw net.ipv4.ip_forward=1
inns r1 ip link set wan down; check h1 10.2.0.1; inns r1 ip route; inns r2 ip -br link show wan | awk '{print $2}'
inns r1 ip link set wan up; check h1 10.2.0.1; inns r1 ip route add 10.2.0.0/16 via 198.51.100.2; check h1 10.2.0.1
inns r1 ip addr del 198.51.100.1/30 dev wan; inns r1 ip route; inns r1 ip addr add 198.51.100.1/30 dev wan; inns r1 ip route; check h1 10.2.0.10
inns r1 ip route add 10.2.0.0/16 via 198.51.100.2; inns h2 ip route del default; check h1 10.2.0.10; inns h2 ip route add 10.1.0.0/24 via 10.2.0.1; check h1 10.2.0.10
inns h2 ip addr flush dev eth0; check h1 10.2.0.10; inns h2 ip route; inns h2 ip addr add 10.2.0.10/24 dev eth0; check h1 10.2.0.10
for n in h1 h2 r1 r2; do inns $n ip neigh flush all; ip netns del $n || echo "cannot delete $n"; done; ip netns list
