# title: In the manner of iproute2's own tests: default routes, also of IPv6
# tags: route ipv6
ip link add v0 type veth peer name v1
ip link set v0 up; ip link set v1 up
ip route add default dev v0
ip route show default
ip route add default dev v0
ip route replace default dev v1
ip route show default
ip route del default
ip -4 route add default dev v1
ip -4 route show default
ip -4 route flush default
ip -4 route show default
ip -6 route add default dev v0
ip -6 route show default
ip -6 route del default dev v0
ip -6 route show default
ip -4 route add 0/0 dev v0
ip -4 route show
ip -4 route del 0.0.0.0/0
ip route add default via 192.0.2.1
ip addr add 192.0.2.9/24 dev v0
ip route add default via 192.0.2.1
ip route add default via 192.0.2.2
ip route add default via 192.0.2.2 metric 5
ip route append default via 192.0.2.3
ip route prepend default via 192.0.2.4
ip route
ip route del default
ip route del default via 192.0.2.1
ip route
ip route get 198.51.100.1
ip route flush root 0/0 table main
ip route
