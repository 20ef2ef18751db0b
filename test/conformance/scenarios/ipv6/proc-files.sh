# title: the kernel's tables as files
# tags: ipv6 proc
ip netns add a
ip netns add b
ip link add veth0 netns a address 02:00:00:00:00:0a type veth peer name veth0 netns b address 02:00:00:00:00:0b
ip -n a link set lo up; ip -n b link set lo up
ip -n a link set veth0 up; ip -n b link set veth0 up
ip -n a addr add 2001:db8:1::1/64 dev veth0 nodad
ip -n b addr add 2001:db8:1::2/64 dev veth0 nodad
ip -n a -6 route add 2001:db8:2::/64 via 2001:db8:1::2 metric 7
ip -n a -6 route add unreachable 2001:db8:3::/64
ip -n a -6 route add default via 2001:db8:1::2
sleep 2
ip netns exec a cat /proc/net/if_inet6 # cmp: sort
ip netns exec a cat /proc/net/ipv6_route # cmp: mask /[0-9a-f]{8} [0-9a-f]{8} ([0-9a-f]{8} +\w+)$/
ip netns exec a ping -q -c3 -i 0.2 2001:db8:1::2
ip netns exec a ping -q -c1 -W1 2001:db8:3::2
ip netns exec a cut -f1 /proc/net/snmp6 | tr -d ' '
ip netns exec a cut -f1 /proc/net/dev_snmp6/veth0 | tr -d ' '
ip netns exec a grep -E 'Echo|PortUnr|Ip6Out(No|Dis)|InTooBig|UdpIn|UdpNo' /proc/net/snmp6
ip netns exec a grep -E 'ifIndex|Echo' /proc/net/dev_snmp6/veth0
ip netns exec a ls /proc/net/dev_snmp6
ip netns exec a cat /proc/net/rt6_stats | wc
ip netns exec a cat /proc/net/anycast6 /proc/net/ip6_flowlabel
ip netns exec a cat /proc/net/igmp6
ip netns exec a cat /proc/net/sockstat6
