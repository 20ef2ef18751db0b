# title: Loopback addresses, anycast and two ways to each of them
# tags: lab multipath loopback
# pace: 0.15
for r in R1 R2 R3 R4; do ip netns add $r; ip -n $r link set lo up; ip -n $r addr add 10.255.0.${r#R}/32 dev lo; ip netns exec $r sysctl -qw net.ipv4.ip_forward=1; done
link() { ip link add $1-$2 netns $1 type veth peer name $2-$1 netns $2; ip -n $1 addr add 10.0.$3.1/30 dev $1-$2; ip -n $2 addr add 10.0.$3.2/30 dev $2-$1; ip -n $1 link set $1-$2 up; ip -n $2 link set $2-$1 up; }
link R1 R2 12; link R1 R3 13; link R2 R4 24; link R3 R4 34
ip -n R1 route add 10.255.0.2 via 10.0.12.2 src 10.255.0.1
ip -n R1 route add 10.255.0.3 via 10.0.13.2 src 10.255.0.1
ip -n R1 route add 10.255.0.4 src 10.255.0.1 nexthop via 10.0.12.2 nexthop via 10.0.13.2
ip -n R4 route add 10.255.0.1 src 10.255.0.4 nexthop via 10.0.24.1 weight 1 nexthop via 10.0.34.1 weight 3
ip -n R2 route add 10.255.0.1 via 10.0.12.1; ip -n R2 route add 10.255.0.4 via 10.0.24.2
ip -n R3 route add 10.255.0.1 via 10.0.13.1; ip -n R3 route add 10.255.0.4 via 10.0.34.2
sleep 0.5
ip netns exec R1 ping -c1 -W1 10.255.0.4 | sed -n '2p'
ip netns exec R1 ping -c1 -W1 -R 10.255.0.2 | grep -A5 RR
ip -n R1 route
ip -n R1 route get 10.255.0.2
ip -n R4 route show 10.255.0.1
ip netns exec R1 ping -c1 -W1 -I lo 10.255.0.4 | head -1
ip netns exec R1 ping -c1 -W1 -I 10.255.0.1 10.255.0.4 | tail -2 | head -1
ip -n R2 addr add 192.0.2.53/32 dev lo; ip -n R3 addr add 192.0.2.53/32 dev lo
ip -n R1 route add 192.0.2.53 nexthop via 10.0.12.2 nexthop via 10.0.13.2
ip -n R2 link set R2-R1 down; sleep 0.2; ip -n R1 route
ip netns exec R1 sysctl -w net.ipv4.conf.R1-R2.ignore_routes_with_linkdown=1
ip netns exec R1 ping -c1 -W1 10.255.0.2 | tail -2 | head -1
ip netns exec R1 ping -c1 -W1 10.255.0.4 | tail -2 | head -1
ip -n R2 link set R2-R1 up; sleep 0.2; ip -n R1 route | grep -c dead
ip -n R1 route change 10.255.0.4 via 10.0.13.2 src 10.255.0.1; ip -n R1 route show 10.255.0.4
ip netns exec R1 traceroute -n -q1 -s 10.255.0.1 10.255.0.4 | awk '{print $1,$2}'
ip -n R1 route del 10.255.0.4 via 10.0.12.2
ip -n R1 route del 10.255.0.4 via 10.0.13.2
ip -n R1 route add 10.255.0.4 nexthop via 10.0.12.2 dev R1-R3 nexthop via 10.0.13.2
ip -n R1 route add 10.255.0.4 nexthop via 10.0.12.2 dev R1-R2 onlink nexthop via 10.0.77.7 dev R1-R3 onlink
ip -n R1 route show 10.255.0.4
ip -n R1 link del R1-R2; ip -n R1 route; ip -n R2 -br link
ip -n R1 route add 10.255.0.0/24 dev lo; ip -n R1 route get 10.255.0.9; ip netns exec R1 ping -c1 -W1 10.255.0.9
ip -n R1 route replace unreachable 10.255.0.0/24; ip netns exec R1 ping -c1 -W1 10.255.0.9; ip -n R1 route
