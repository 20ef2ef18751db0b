# title: Two networks and a router, IPv4 and IPv6 side by side
# tags: ipv6 route forwarding ping
for n in west mid east; do ip netns add $n; ip -n $n link set lo up; done
ip link add eth0 address 02:00:00:00:00:01 netns west type veth peer name eth0 address 02:00:00:00:00:02 netns mid
ip link add eth0 address 02:00:00:00:00:04 netns east type veth peer name eth1 address 02:00:00:00:00:03 netns mid
ip netns exec mid sysctl -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
ip -n west addr add 192.0.2.2/25 dev eth0
ip -n west addr add 2001:db8:1::2/64 dev eth0 nodad
ip -n mid addr add 192.0.2.1/25 dev eth0
ip -n mid addr add 192.0.2.129/25 dev eth1
ip -n mid addr add 2001:db8:1::1/64 dev eth0 nodad
ip -n mid addr add 2001:db8:2::1/64 dev eth1 nodad
ip -n east addr add 192.0.2.130/25 dev eth0
ip -n east addr add 2001:db8:2::2/64 dev eth0 nodad
for n in west east; do ip -n $n link set eth0 up; done
ip -n mid link set eth0 up; ip -n mid link set eth1 up
sleep 2
ip -n west route add default via 192.0.2.1
ip -n west -6 route add default via 2001:db8:1::1
ip -n east route add default via 192.0.2.129
ip -n east -6 route add default via 2001:db8:2::1 dev eth0
ip netns exec west ping -c 1 192.0.2.130
ip netns exec west ping -c 1 2001:db8:2::2
ip -n mid -br addr
ip -n mid -6 route show dev eth1
ip -n west -6 route
ip -n west -6 neigh show to 2001:db8:1::/64
ip -n east -6 route get 2001:db8:1::2
ip -n mid netconf show dev eth0
ip -n west -6 addr add 2001:db8:1::2/64 dev eth0
ip -n west -6 route add default via 2001:db8:1::1
ip -n west -6 route add 2001:db8:9::/48 via 2001:db8:77::1
ip -n west -6 route del default
ip netns exec west ping -6 -c 1 2001:db8:2::2
ip -n mid link set eth1 down
ip -n mid -br addr
ip -n mid -6 route show dev eth1
