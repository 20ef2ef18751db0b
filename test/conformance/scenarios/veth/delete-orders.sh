# title: what goes when an end, a namespace or both go
# tags: veth netns
ip netns add a
ip netns add b
ip link add va netns a type veth peer name vb netns b
ip -n a link del va
ip -n b -br link
ip link add va netns a type veth peer name vb netns b
ip netns del a
sleep 0.3
ip -n b -br link
ip netns add a
ip link add va netns a type veth peer name vb netns b
ip -n b link del vb
ip -n a -br link
ip link add v0 type veth peer name v1
ip addr add 10.0.0.1/24 dev v0
ip link set v0 up
ip link set v1 up
ip route
ip link set v1 netns a
ip route
ip -br link show v0
ip -n a link set v1 up
ip route
ip -n a link del v1
ip route
ip link del v0
ip link add v0 type veth peer name v1
ip link del v0 type veth
ip link add v0 type veth peer name v1
ip link del v0 type bridge
ip link del dev v1
ip -br link
ip link add v0 group 5 type veth peer name v1 group 5
ip link add w0 type veth peer name w1
ip link del group 5
ip -br link
ip link del
ip link delete w0 w1
ip link del group 9
