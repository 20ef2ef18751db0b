# title: ping to IPv6
# tags: ipv6 ping
ip netns add a
ip netns add b
ip link add veth0 netns a address 02:00:00:00:00:0a type veth peer name veth0 netns b address 02:00:00:00:00:0b
ip -n a link set lo up; ip -n b link set lo up
ip -n a link set veth0 up; ip -n b link set veth0 up
ip -n a addr add 2001:db8:1::1/64 dev veth0 nodad
ip -n b addr add 2001:db8:1::2/64 dev veth0 nodad
sleep 2
ip netns exec a ping -c1 2001:db8:1::2
ip netns exec a ping -6 -c1 2001:db8:1::2
ip netns exec a ping6 -c1 2001:db8:1::2
ip netns exec a ping -4 -c1 2001:db8:1::2
ip netns exec a ping -c1 -s 0 2001:db8:1::2
ip netns exec a ping -c1 -s 2000 2001:db8:1::2
ip netns exec a ping -c1 -I veth0 2001:db8:1::2
ip netns exec a ping -c1 -I 2001:db8:1::1 2001:db8:1::2
ip netns exec a ping -c1 -I 2001:db8:1::9 2001:db8:1::2
ip netns exec a ping -c1 -I eth7 2001:db8:1::2
ip netns exec a ping -c1 fe80::ff:fe00:b
ip netns exec a ping -c1 fe80::ff:fe00:b%veth0
ip netns exec a ping -c1 fe80::ff:fe00:b%eth7
ip netns exec a ping -c1 -I veth0 fe80::ff:fe00:b
ip netns exec a ping -c1 ff02::1%veth0
ip netns exec a ping -c1 ff02::1
ip netns exec a ping -c1 -Q 0x20 2001:db8:1::2
ip netns exec a ping -c1 -F 0x12345 2001:db8:1::2
ip netns exec a ping -c1 -t 5 -p ff00 2001:db8:1::2
ip netns exec a ping -c2 -q -i 0.2 2001:db8:1::2
ip netns exec a ping -c2 -f 2001:db8:1::2 # cmp: mask /^\.*\x08*/
ip netns exec a ping -c1 -W1 2001:db8:2::2
ip netns exec a ping -c1 ::1
ip netns exec a ping -c1 2001:db8:1::1
ip netns exec a ping -c1 -n ip6-localhost
ip netns exec a ping -c1 2001:db8:1::xyz
ip netns exec a ping -c1 -R 2001:db8:1::2
ip netns exec a ping -c1 -D -U 2001:db8:1::2 # cmp: mask /\[\d+\.\d+\]/
ip netns exec b sysctl -qw net.ipv6.icmp.echo_ignore_all=1
ip netns exec a ping -c1 -W1 2001:db8:1::2
ip netns exec b sysctl -qw net.ipv6.icmp.echo_ignore_all=0
ip netns exec b sysctl -qw net.ipv6.icmp.echo_ignore_multicast=1
ip netns exec a ping -c1 -W1 ff02::1%veth0
ip netns exec a ping -c1 -W1 ::
