# title: moving an end where its name is taken, back and forth
# tags: veth netns
ip netns add a
ip netns add b
ip link add v0 type veth peer name v1
ip link add v0 netns a type veth peer name v9 netns a
ip link set v0 netns a
ip -br link
ip link set v0 netns a name v5
ip -n a -br link
ip -n a link set v5 netns b
ip -n b link show v5
ip link show v1
ip -n b link set v5 netns a
ip link show v1
ip -n a link set v5 netns nope
ip -n a link set v5 netns 99999
ip -n a link set v5 netns 1
ip -br link
ip link set v5 name v0
ip link set v0 up
ip addr add 10.0.0.1/24 dev v0
ip link set v0 netns a
ip link set v1 netns a
ip -n a -br addr
ip netns exec a ip link set v1 netns b
ip -n b -br link
ip link set v0 netns a
ip -n a link set v9 netns b name v1
ip -n a link set v9 netns b name v2 up
ip -n b -br link
ip -n b link set v2 netns a mtu 1400 name v9
ip -n a link show v9
ip -n b link set v1 netns b
ip -n b link show v1
ip netns list
