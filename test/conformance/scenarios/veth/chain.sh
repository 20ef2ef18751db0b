# title: three namespaces in a chain, the middle one forwards
# tags: veth netns route
for n in a m z; do ip netns add $n; ip -n $n link set lo up; done
ip -n a link add east type veth peer name west netns m
ip -n m link add east type veth peer name west netns z
ip -n m -br link
ip -n a addr add 10.1.0.1/24 dev east
ip -n m addr add 10.1.0.2/24 dev west
ip -n m addr add 10.2.0.1/24 dev east
ip -n z addr add 10.2.0.2/24 dev west
for x in "a east" "m west" "m east" "z west"; do set -- $x; ip -n $1 link set $2 up; done
ip netns exec a ping -c 1 -W 1 10.1.0.2
ip netns exec a ping -c 1 -W 1 10.2.0.2
ip -n a route add 10.2.0.0/24 via 10.1.0.2
ip netns exec a ping -c 1 -W 1 10.2.0.1
ip netns exec a ping -c 1 -W 1 10.2.0.2
ip netns exec m sysctl -w net.ipv4.ip_forward=1
ip netns exec a ping -c 1 -W 1 10.2.0.2
ip -n z route add default via 10.2.0.1
ip netns exec a ping -c 2 -i 0.2 -W 1 10.2.0.2
ip netns exec a ping -c 1 -t 1 -W 1 10.2.0.2
ip netns exec a ping -c 1 -s 1472 -M do 10.2.0.2
ip -n m link set east mtu 1400
ip netns exec a ping -c 1 -W 1 -s 1472 -M do 10.2.0.2
ip netns exec a ping -c 1 -W 1 -s 1472 10.2.0.2
ip netns exec a ping -c 1 -W 1 10.2.0.77
ip netns exec a ping -c 1 -W 4 10.2.0.78
ip -n m neigh # cmp: sort
ip netns exec a traceroute -n 10.2.0.2 # cmp: squeeze
ip netns exec a tracepath -n 10.2.0.2 # cmp: squeeze
ip -n m route
ip -n m route get 10.2.0.2
ip -n m route get 10.2.0.2 from 10.1.0.1 iif west
ip netns del m
sleep 0.3
ip -n a -br addr
ip -n z -br addr
ip -n a route
