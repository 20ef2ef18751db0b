ip netns add pod-a
ip netns add pod-b
ip link add veth-a type veth peer name veth-b
ip link set veth-a netns pod-a
ip link set veth-b netns pod-b
ip netns exec pod-a ip addr add 10.200.1.10/24 dev veth-a
ip netns exec pod-a ip link set veth-a up
ip netns exec pod-a ip link set lo up
ip netns exec pod-b ip addr add 10.200.1.20/24 dev veth-b
ip netns exec pod-b ip link set veth-b up
ip netns exec pod-b ip link set lo up
ip netns exec pod-a ping -c 3 10.200.1.20
ip netns delete pod-a
ip netns delete pod-b
