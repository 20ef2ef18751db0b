# title: how link-local addresses are made
# tags: ipv6 addr
ip netns add a
ip netns add b
ip link add veth0 netns a address 02:00:00:00:00:0a type veth peer name veth0 netns b address 02:00:00:00:00:0b
ip -n a link set lo up; ip -n b link set lo up
ip -n a link set veth0 up; ip -n b link set veth0 up
sleep 2
ip -n a -6 addr show dev veth0
ip -n a link set veth0 addrgenmode none
ip -n a -6 addr show dev veth0
ip -n a link set veth0 down
ip -n a link set veth0 up
sleep 2
ip -n a -6 addr show dev veth0
ip -n a -d link show veth0 | grep -o 'addrgenmode [a-z_]*'
ip netns exec a sysctl net.ipv6.conf.veth0.addr_gen_mode
ip -n a link set veth0 addrgenmode stable_secret
ip netns exec a sysctl -w net.ipv6.conf.veth0.addr_gen_mode=2
ip netns exec a sysctl net.ipv6.conf.veth0.stable_secret
ip netns exec a cat /proc/sys/net/ipv6/conf/veth0/stable_secret
ip netns exec a sysctl -w net.ipv6.conf.veth0.stable_secret=2001:db8::1234
ip netns exec a sysctl net.ipv6.conf.veth0.stable_secret
ip netns exec a sysctl net.ipv6.conf.veth0.addr_gen_mode
ip -n a link set veth0 down
ip -n a link set veth0 up
sleep 2
ip -n a -6 addr show dev veth0
ip -n a link set veth0 addrgenmode eui64
ip -n a link set veth0 down; ip -n a link set veth0 address 02:00:00:00:00:77; ip -n a link set veth0 up
sleep 2
ip -n a -6 addr show dev veth0
ip -n a link set veth0 addrgenmode random
ip netns exec a sysctl net.ipv6.conf.veth0.addr_gen_mode
ip netns exec a sysctl -w net.ipv6.conf.veth0.addr_gen_mode=4
ip netns exec a sysctl -w net.ipv6.conf.default.addr_gen_mode=1
ip -n a link add veth7 type veth peer name veth8
ip -n a link set veth7 up; ip -n a link set veth8 up
ip -n a -6 addr show dev veth7
