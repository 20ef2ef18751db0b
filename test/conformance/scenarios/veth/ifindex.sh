# title: interface numbers: counted up, kept on a move, chosen by hand, clashing
# tags: veth link netns
ip link add a0 type veth peer name a1
ip link add b0 type veth peer name b1
ip link del a0
ip link add c0 type veth peer name c1
ip -br link
ip link add d0 index 100 type veth peer name d1 index 200
ip link show d0
ip link show d1
ip link add e0 index 100 type veth peer name e1
ip link add e0 type veth peer name e1
ip -o link | cut -d: -f1,2
ip link add f0 index 0 type veth peer name f1
ip link add f0 index -1 type veth peer name f1
ip netns add box
ip link set d0 netns box
ip -n box link show d0
ip -n box link add x0 type veth peer name x1
ip -n box -o link | cut -d: -f1,2
ip link set c0 netns box
ip -n box -o link | cut -d: -f1,2
ip -o link | cut -d: -f1,2
ip -n box link set c0 netns 1
ip -o link | cut -d: -f1,2
ip -n box link set x0 netns 1
ip -o link | cut -d: -f1,2
cat /sys/class/net/d1/ifindex
cat /sys/class/net/d1/iflink
ls /sys/class/net
