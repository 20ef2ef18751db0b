# host - bridge - router - bridge - host. Each is a namespace; the wires are veth pairs.
for n in h1 b1 r b2 h2; do ip netns add $n; done
ip link add h1-b1 netns h1 type veth peer name b1-h1 netns b1
ip link add b1-r netns b1 type veth peer name r-b1 netns r
ip link add r-b2 netns r type veth peer name b2-r netns b2
ip link add b2-h2 netns b2 type veth peer name h2-b2 netns h2
for b in b1 b2; do
  ip -n $b link add br0 type bridge
  ip -n $b link set br0 up
done
for d in "b1 b1-h1" "b1 b1-r" "b2 b2-r" "b2 b2-h2"; do
  set -- $d
  ip -n $1 link set $2 master br0
  ip -n $1 link set $2 up
done
ip -n h1 addr add 10.1.0.1/24 dev h1-b1
ip -n r addr add 10.1.0.254/24 dev r-b1
ip -n r addr add 10.2.0.254/24 dev r-b2
ip -n h2 addr add 10.2.0.1/24 dev h2-b2
ip -n h1 link set h1-b1 up
ip -n r link set r-b1 up
ip -n r link set r-b2 up
ip -n h2 link set h2-b2 up
ip -n h1 route add default via 10.1.0.254
ip -n h2 route add default via 10.2.0.254
ip netns exec r sysctl -qw net.ipv4.ip_forward=1
ip netns exec h1 ping -c 1 -W 2 10.2.0.1
