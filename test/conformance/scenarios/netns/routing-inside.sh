# title: a namespace as a router and as a host: routes, loopback and addresses of its own
# tags: netns route
ip netns add h1
ip netns add h2
ip link add eth0 netns h1 type veth peer name p1
ip link add eth0 netns h2 type veth peer name p2
ip addr add 10.1.0.1/24 dev p1
ip addr add 10.2.0.1/24 dev p2
ip link set p1 up; ip link set p2 up
ip -n h1 addr add 10.1.0.2/24 dev eth0
ip -n h2 addr add 10.2.0.2/24 dev eth0
ip -n h1 link set eth0 up; ip -n h2 link set eth0 up
ip -n h1 route add default via 10.1.0.1
ip -n h2 route add default via 10.2.0.1
ip netns exec h1 ping -c 1 -W 1 10.1.0.1
ip netns exec h1 ping -c 1 -W 1 10.2.0.1
ip netns exec h1 ping -c 1 -W 1 10.2.0.2
sysctl -w net.ipv4.ip_forward=1
ip netns exec h1 ping -c 1 -W 1 10.2.0.2
ip netns exec h1 ping -c 1 -W 1 127.0.0.1
ip netns exec h1 ping -c 1 -W 1 10.1.0.2
ip -n h1 link set lo up
ip netns exec h1 ping -c 1 -W 1 10.1.0.2
ip netns exec h1 ping -c 1 -W 1 -I eth0 10.2.0.2
ip netns exec h1 ping -c 1 -W 1 -I 10.9.9.9 10.2.0.2
ip netns exec h1 ping -c 1 -W 1 -I nope 10.2.0.2
ip netns exec h1 ping -c 1 -W 1 nosuchname
ip netns exec h1 ping -c 1 -W 1 8.8.8.8
ip netns exec h1 ping -c 1 -W 1 10.1.0.255
ip netns exec h1 ping -b -c 1 -W 1 10.1.0.255
ip -n h1 route get 10.2.0.2
ip -n h1 route get 127.0.0.1
ip -n h1 route show table all # cmp: drop /fe80|ff00|inet6|::/
ip -n h1 route del default
ip -n h1 route del default
ip netns exec h1 ping -c 1 -W 1 10.2.0.2
ip -n h1 -4 route flush dev eth0
ip -n h1 route
ip -n h1 rule
ip route
