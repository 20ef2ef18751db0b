# title: A lab's start-up script: three routers in a row, written out
# tags: ip route forwarding ping
for n in h1 r1 r2 r3 h2; do ip netns add $n; done
link() {
  ip link add "$1-$2" netns "$1" type veth peer name "$2-$1" netns "$2"
  ip netns exec "$1" ip link set dev "$1-$2" up
  ip netns exec "$2" ip link set dev "$2-$1" up
}
link h1 r1; link r1 r2; link r2 r3; link r3 h2
for n in h1 r1 r2 r3 h2; do ip netns exec $n sysctl -qw net.ipv6.conf.all.disable_ipv6=1; ip netns exec $n ip link set lo up; done
ip netns exec h1 ip address add 10.0.1.2/24 dev h1-r1
ip netns exec r1 ip address add 10.0.1.1/24 dev r1-h1
ip netns exec r1 ip address add 10.0.12.1/30 dev r1-r2
ip netns exec r2 ip address add 10.0.12.2/30 dev r2-r1
ip netns exec r2 ip address add 10.0.23.1/30 dev r2-r3
ip netns exec r3 ip address add 10.0.23.2/30 dev r3-r2
ip netns exec r3 ip address add 10.0.2.1/24 dev r3-h2
ip netns exec h2 ip address add 10.0.2.2/24 dev h2-r3
for r in r1 r2 r3; do ip netns exec $r sysctl -w net.ipv4.ip_forward=1; done
ip netns exec h1 ip route add default via 10.0.1.1
ip netns exec h2 ip route add default via 10.0.2.1
ip netns exec r1 ip route add 10.0.23.0/30 via 10.0.12.2
ip netns exec r1 ip route add 10.0.2.0/24 via 10.0.12.2
ip netns exec r2 ip route add 10.0.1.0/24 via 10.0.12.1 dev r2-r1
ip netns exec r2 ip route add 10.0.2.0/24 via 10.0.23.2 dev r2-r3
ip netns exec r3 ip route add 10.0.0.0/16 via 10.0.23.1
ip netns exec h1 ping -c 2 -i 0.2 10.0.2.2
ip netns exec h2 ping -c 1 10.0.1.2
ip netns exec h1 traceroute -n -q 1 10.0.2.2
for n in h1 r1 r2 r3 h2; do echo "== $n"; ip -n $n -br addr | grep -v '^lo'; ip -n $n route; done
ip -n r2 route del 10.0.2.0/24
ip netns exec h1 ping -c 1 -W 1 10.0.2.2
ip -n r2 route add 10.0.2.0/24 via 10.0.23.2
ip netns exec h1 ping -c 1 10.0.2.2 | tail -2 | head -1
ip netns exec r2 ip -s link show r2-r3 | wc -l
ip -all netns delete
ip netns
