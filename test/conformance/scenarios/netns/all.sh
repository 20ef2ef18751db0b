# title: -all: every namespace at once
# tags: netns
ip -all netns exec ip link
ip netns add a
ip netns add b
ip -all netns exec ip -br link
ip -all netns exec ip link set lo up
ip -all netns exec ip -br addr
ip -all netns exec false
ip -all netns exec sh -c 'exit 3'
ip -all netns exec nosuch
ip -all netns exec
ip -all netns exec a ip link
ip -a netns exec hostname
ip -all netns delete
ip netns list
ip -all netns delete
ip -all link
ip -all netns list
