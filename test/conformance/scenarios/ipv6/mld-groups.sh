# title: groups of IPv6 and their reports
# tags: ipv6 mld
ip netns add a
ip netns add b
ip link add veth0 netns a address 02:00:00:00:00:0a type veth peer name veth0 netns b address 02:00:00:00:00:0b
ip -n a link set lo up
ip -n b link set veth0 up
(ip netns exec b timeout 9 tcpdump -lnvi veth0 'ip6 src fe80::ff:fe00:a and ip6 dst ff02::16' > cap 2> err &)
sleep 0.7
ip -n a link set veth0 up
sleep 2.5
ip -n a addr add 2001:db8:1::77:5/64 dev veth0 nodad
sleep 2
ip netns exec a cat /proc/net/igmp6
ip -n a -6 maddr
ip -n a maddr show dev veth0
ip netns exec a cat /proc/net/dev_mcast
ip netns exec a sysctl -qw net.ipv6.conf.all.forwarding=1
ip netns exec a cat /proc/net/igmp6
ip -n a -6 maddr show dev veth0
ip -n a addr del 2001:db8:1::77:5/64 dev veth0
sleep 2
ip netns exec a cat /proc/net/igmp6
grep -o 'gaddr [^]]*' cap | sort -u
ip -n a link set veth0 down
ip netns exec a cat /proc/net/igmp6
ip -n a -6 maddr show dev veth0
