# title: rules of IPv6 choose tables
# tags: ipv6 rule
ip netns add a
ip netns add b
ip link add veth0 netns a address 02:00:00:00:00:0a type veth peer name veth0 netns b address 02:00:00:00:00:0b
ip -n a link set lo up; ip -n b link set lo up
ip -n a link set veth0 up; ip -n b link set veth0 up
ip -n a addr add 2001:db8:1::1/64 dev veth0 nodad
ip -n a addr add 2001:db8:5::1/64 dev veth0 nodad
ip -n a -6 rule
ip -n a -6 route add default via 2001:db8:1::2
ip -n a -6 route add default via 2001:db8:5::2 table 100
ip -n a -6 route add 2001:db8:77::/48 via 2001:db8:1::9 table 101
ip -n a -6 rule add from 2001:db8:5::/64 lookup 100
ip -n a -6 rule add to 2001:db8:77::/48 table 101 priority 200
ip -n a -6 rule add fwmark 0x7 prohibit priority 300
ip -n a -6 rule add iif veth0 blackhole priority 400
ip -n a -6 rule add oif veth0 to 2001:db8:66::/64 unreachable pref 500
ip -n a -6 rule
ip -n a -6 -j rule # cmp: json
ip -n a -6 -d rule
ip -n a rule
ip -n a -6 route get 2001:db8:99::1
ip -n a -6 route get 2001:db8:99::1 from 2001:db8:5::1
ip -n a -6 route get 2001:db8:77::1
ip -n a -6 route get 2001:db8:77::1 mark 7
ip -n a -6 route get 2001:db8:66::1 oif veth0
ip -n a -6 route get 2001:db8:66::1
ip netns exec a ping -c1 -W1 -m 7 2001:db8:99::1
ip -n a -6 route show table 100
ip -n a -6 route show table 102
ip -n a -6 route show table all # cmp: sort
ip -n a -6 rule add from 2001:db8:5::/64 lookup 100
ip -n a -6 rule add from 2001:db8:5::/64 lookup 100 priority 200
ip -n a -6 rule add to 2001:db8:77::/48 table 101 priority 200
ip -n a -6 rule del priority 300
ip -n a -6 rule del from 2001:db8:5::/64
ip -n a -6 rule del from 2001:db8:5::/64 lookup 100
ip -n a -6 rule del from 2001:db8:5::/64 lookup 100
ip -n a -6 rule add not from 2001:db8:1::/64 lookup 100 pref 50
ip -n a -6 rule list
ip -n a -6 route get 2001:db8:99::1 from 2001:db8:1::1
ip -n a -6 rule flush
ip -n a -6 rule
ip -n a -6 route get 2001:db8:99::1
