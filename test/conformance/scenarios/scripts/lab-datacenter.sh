# title: A fabric of leaves and spines with several ways
# tags: lab multipath loops batch
leafs=3; spines=2
for s in $(seq $spines); do ip netns add spine$s; done
for l in $(seq $leafs); do ip netns add leaf$l; ip netns add h$l; done
for l in $(seq 1 $leafs); do
  for s in $(seq 1 $spines); do
    ip link add l${l}s${s} netns leaf$l type veth peer name s${s}l${l} netns spine$s
    ip -n leaf$l addr add 10.$s.$l.1/31 dev l${l}s${s}
    ip -n spine$s addr add 10.$s.$l.0/31 dev s${s}l${l}
    ip -n leaf$l link set l${l}s${s} up
    ip -n spine$s link set s${s}l${l} up
  done
done
for l in $(seq $leafs); do
  ip -n leaf$l link add down type veth peer name eth0 netns h$l
  ip -n leaf$l addr add 172.16.$l.1/24 dev down
  ip -n leaf$l link set down up
  ip -n h$l addr add 172.16.$l.10/24 dev eth0
  ip -n h$l link set eth0 up
  ip -n h$l route add default via 172.16.$l.1
done
ip -n leaf1 -br -4 a
ip -all netns exec sysctl -qw net.ipv4.ip_forward=1
for l in 1 2 3; do for m in 1 2 3; do [ $l = $m ] && continue; ip -n leaf$l route add 172.16.$m.0/24 nexthop via 10.1.$l.0 nexthop via 10.2.$l.0; done; done
for s in 1 2; do for l in 1 2 3; do ip -n spine$s route add 172.16.$l.0/24 via 10.$s.$l.1; done; done
ip -n leaf1 route
ip -n spine2 route show
ip netns exec h1 ping -c1 -W1 172.16.2.10 | grep -E "transmitted"
ip netns exec h1 ping -c1 -W1 172.16.3.10 | grep -E "transmitted"
ok=0; for a in 1 2 3; do for b in 1 2 3; do ip netns exec h$a ping -q -c1 -W1 172.16.$b.10 >/dev/null 2>&1 && ok=$((ok+1)); done; done; echo $ok of 9
ip -n spine1 link set s1l2 down
ip -n leaf1 route show 172.16.2.0/24
ip -n leaf2 route show 172.16.1.0/24
ip -n leaf2 -br link show l2s1 | awk '{print $1,$2}'
ip netns exec leaf2 sysctl -w net.ipv4.conf.all.ignore_routes_with_linkdown=1
ip -n leaf2 route show 172.16.1.0/24
ip -n spine1 route
ip -n leaf1 route replace 172.16.2.0/24 via 10.2.1.0
ip -n leaf1 route show 172.16.2.0/24
ip netns exec h1 ping -q -c1 -W1 172.16.2.10 | tail -2 | head -1
ip -n leaf1 -j route show 172.16.3.0/24 | jq -r '.[].nexthops[] | "\(.gateway) \(.dev) \(.weight)"'
ip -n leaf1 route get 172.16.2.10 from 172.16.1.10 iif down
ip -all netns delete
ip netns
