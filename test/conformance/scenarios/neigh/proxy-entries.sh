# title: proxy ARP by entry and by setting, and neighbours on a router
# tags: neigh proxy
for n in a r b; do ip netns add $n; ip -n $n link set lo up; done
ip link add e0 netns a address 02:00:00:00:00:0a type veth peer name ra netns r address 02:00:00:00:0a:01
ip link add e0 netns b address 02:00:00:00:00:0b type veth peer name rb netns r address 02:00:00:00:0b:01
ip -n a addr add 10.0.0.2/16 dev e0; ip -n b addr add 10.0.9.2/24 dev e0
ip -n r addr add 10.0.0.1/24 dev ra; ip -n r addr add 10.0.9.1/24 dev rb
for x in "a e0" "b e0" "r ra" "r rb"; do set -- $x; ip -n $1 link set $2 up; done
ip -n b route add default via 10.0.9.1
ip netns exec r sysctl -w net.ipv4.ip_forward=1
ip -n r neigh add proxy 10.0.9.2 dev ra
ip -n r neigh show proxy
ip netns exec a ping -c 1 -W 2 10.0.9.2
ip -n a neigh
ip netns exec a ping -c 1 -W 1 10.0.9.3
ip -n r neigh del proxy 10.0.9.2 dev ra
ip -n a neigh flush all
ip netns exec a ping -c 1 -W 1 10.0.9.2
ip netns exec r sysctl -w net.ipv4.conf.ra.proxy_arp=1
ip netns exec r sysctl -w net.ipv4.neigh.ra.proxy_delay=0
ip -n a neigh flush all
ip netns exec a ping -c 1 -W 1 10.0.9.2
ip netns exec a ping -c 1 -W 1 10.0.9.3
ip netns exec a ping -c 1 -W 4 10.0.9.4
ip netns exec a arping -c 1 -w 1 -I e0 10.0.200.1
ip netns exec a arping -c 1 -w 1 -I e0 10.0.0.1
ip -n a neigh # cmp: sort
ip -n r neigh # cmp: sort
ip netns exec a traceroute -n -w 1 -q 1 10.0.9.2 # cmp: squeeze
ip netns exec r cat /proc/net/arp # cmp: sort
ip netns exec b ping -c 1 -W 1 10.0.0.2
ip -n b neigh # cmp: sort
