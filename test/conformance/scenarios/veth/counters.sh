# title: what a veth pair counts
# tags: veth link
sysctl -w net.ipv6.conf.all.disable_ipv6=1 # cmp: code-only
sysctl -w net.ipv6.conf.default.disable_ipv6=1 # cmp: code-only
ip netns add box
ip netns exec box sysctl -wq net.ipv6.conf.all.disable_ipv6=1
ip netns exec box sysctl -wq net.ipv6.conf.default.disable_ipv6=1
ip link add v0 type veth peer name v1 netns box
ip addr add 10.0.0.1/24 dev v0
ip -n box addr add 10.0.0.2/24 dev v1
ip link set v0 up
ip -n box link set v1 up
ip -s link show v0
ping -c 2 -i 0.2 10.0.0.2
ip -s link show v0
ip -n box -s link show v1
ip -s -s link show v0
cat /sys/class/net/v0/statistics/rx_packets /sys/class/net/v0/statistics/tx_bytes
grep v0 /proc/net/dev
ping -c 1 -s 1400 10.0.0.2
ip -n box link set v1 mtu 600
ping -c 1 -W 1 -s 1400 10.0.0.2
ip -s link show v0
ip -n box -s link show v1
ip -s -j link show v0 # cmp: json
ip -s -h link show v0
