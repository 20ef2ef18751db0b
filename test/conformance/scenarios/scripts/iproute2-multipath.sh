# title: In the manner of iproute2's own tests: routes with several ways
# tags: route multipath
for i in 1 2 3; do ip link add a$i type veth peer name b$i; ip link set a$i up; ip link set b$i up; ip addr add 10.$i.0.1/24 dev a$i; done
ip route add 192.0.2.0/24 nexthop via 10.1.0.2 nexthop via 10.2.0.2 weight 3
ip route show 192.0.2.0/24
ip -j route show 192.0.2.0/24
ip -d route show 192.0.2.0/24
ip -o route show 192.0.2.0/24
ip route replace 192.0.2.0/24 nexthop via 10.1.0.2 dev a1 nexthop via 10.2.0.2 dev a2 nexthop via 10.3.0.2 dev a3
ip route show 192.0.2.0/24
ip route add 192.0.2.0/24 nexthop via 10.1.0.2
ip route append 192.0.2.0/24 via 10.3.0.9
ip route show 192.0.2.0/24
ip route del 192.0.2.0/24 via 10.3.0.9
ip route del 192.0.2.0/24 nexthop via 10.1.0.2 nexthop via 10.2.0.2
ip route del 192.0.2.0/24 nexthop via 10.1.0.2 nexthop via 10.2.0.2 nexthop via 10.3.0.2
ip route add 192.0.2.0/24 nexthop via 10.1.0.2 weight 0
ip route add 192.0.2.0/24 nexthop via 10.1.0.2 weight 256 nexthop via 10.2.0.2 weight 257
ip route add 192.0.2.0/24 nexthop via 10.9.0.2 nexthop via 10.2.0.2
ip route add 192.0.2.0/24 nexthop dev a1 nexthop dev a2
ip route show 192.0.2.0/24
ip route del 192.0.2.0/24
ip route add 192.0.2.0/24 via 10.1.0.2 nexthop via 10.2.0.2
ip route add 192.0.2.0/24 nexthop via 10.1.0.2 nexthop via 10.2.0.2 metric 5
ip route add 192.0.2.0/24 metric 5 nexthop via 10.1.0.2 onlink dev a1 nexthop via 10.2.0.2
ip route
ip link set a1 down
ip route
ip link set a2 down
ip route
