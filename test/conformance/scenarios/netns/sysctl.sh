# title: settings of one namespace are not those of another
# tags: netns sysctl
ip netns add a
ip netns add b
ip netns exec a sysctl net.ipv4.ip_forward net.ipv4.ip_default_ttl net.ipv4.icmp_echo_ignore_all
ip netns exec a sysctl -w net.ipv4.ip_default_ttl=33
sysctl net.ipv4.ip_default_ttl
ip netns exec b cat /proc/sys/net/ipv4/ip_default_ttl
ip netns exec a sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'
ip netns exec a sysctl -n net.ipv4.ip_forward net.ipv4.conf.all.forwarding net.ipv4.conf.lo.forwarding
ip netns exec b sysctl net.ipv4.conf.all.forwarding
ip link add va netns a type veth peer name vb netns b
ip netns exec a sysctl net.ipv4.conf.va.forwarding net.ipv4.conf.va.rp_filter
ip netns exec a ls /proc/sys/net/ipv4/conf
ls /proc/sys/net/ipv4/conf
ip netns exec a sysctl -w net.ipv4.conf.default.rp_filter=2
ip netns exec a ip link add n0 type veth peer name n1
ip netns exec a sysctl net.ipv4.conf.n0.rp_filter net.ipv4.conf.va.rp_filter
ip netns exec a sysctl -w net.ipv6.conf.all.disable_ipv6=1
ip netns exec a sysctl net.ipv6.conf.va.disable_ipv6 net.ipv6.conf.default.disable_ipv6
ip -n a link set lo up; ip -n a addr add 10.0.0.1/24 dev va; ip -n a link set va up; ip -n b link set lo up; ip -n b addr add 10.0.0.2/24 dev vb; ip -n b link set vb up
ip -n a -br addr
ip netns exec b ping -c 1 -W 1 10.0.0.1
ip netns exec a sysctl -w net.ipv4.icmp_echo_ignore_all=1
ip netns exec b ping -c 1 -W 1 10.0.0.1
ip netns exec a ping -c 1 -W 1 10.0.0.2
ip netns exec a sysctl -w net.ipv4.nosuch=1
ip netns exec a sysctl net.ipv4.nosuch
ip netns exec a sysctl -w net.ipv4.ip_forward=abc
ip netns exec a sysctl -w net.ipv4.ip_default_ttl=0
ip netns exec a sysctl -w net.ipv4.ip_default_ttl=256
ip netns exec a sysctl -w net.ipv4.ip_forward
ip netns exec a sysctl -n kernel.hostname
ip netns exec a sysctl net.core.somaxconn
ip netns exec a sysctl -a 2>/dev/null | grep 'ipv4.conf.va.forwarding'
ip netns exec a sysctl -q -w net.ipv4.ip_forward=0
ip netns exec a sysctl -e net.ipv4.nosuch
ip netns exec a sysctl net/ipv4/ip_forward
