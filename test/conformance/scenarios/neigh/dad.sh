# title: duplicate address detection and unsolicited answers, captured
# tags: neigh ipv6 tcpdump
ip netns add a; ip netns add b
ip link add e0 netns a address 02:00:00:00:00:0a type veth peer name e0 netns b address 02:00:00:00:00:0b
ip -n b link set e0 up; ip -n a link set e0 up
sleep 2.5
ip -n a addr add 2001:db8::1/64 dev e0
sleep 2
ip netns exec a timeout 6 tcpdump -n -i e0 icmp6 and not host :: >/tmp/nd.txt 2>/dev/null &
ip netns exec a timeout 4 tcpdump -ne -i e0 icmp6 and 'ip6[40]=135' >/tmp/dad.txt 2>/dev/null &
sleep 1
ip -n b addr add 2001:db8::1/64 dev e0
sleep 2
ip -n b -6 addr show e0
wait
cat /tmp/dad.txt
cat /tmp/nd.txt # cmp: drop /HBH|router solicitation/
ip -n b addr show e0 dadfailed
ip -n b addr show e0 tentative
ip -n b addr del 2001:db8::1/64 dev e0
ip -n b addr add 2001:db8::2/64 dev e0
sleep 2
ip -n b -6 addr show dev e0 scope global
ip netns exec a ping -c 1 2001:db8::2
ip -n b addr add 2001:db8::1/64 dev e0 nodad
ip -n b -6 addr show dev e0 scope global
ip netns exec b sysctl net.ipv6.conf.e0.dad_transmits net.ipv6.conf.e0.accept_dad
ip netns exec b sysctl -w net.ipv6.conf.e0.dad_transmits=0
ip -n b addr add 2001:db8::7/64 dev e0
ip -n b -6 addr show dev e0 to 2001:db8::7
