# title: which own address speaks
# tags: ipv6 addr
ip netns add a
ip netns add b
ip link add veth0 netns a address 02:00:00:00:00:0a type veth peer name veth0 netns b address 02:00:00:00:00:0b
ip -n a link set lo up; ip -n b link set lo up
ip -n a link set veth0 up; ip -n b link set veth0 up
ip link add veth1 netns a type veth peer name veth1 netns b
ip -n a link set veth1 up; ip -n b link set veth1 up
ip -n a addr add 2001:db8:1::1/64 dev veth0 nodad
ip -n a addr add fd00:1::1/64 dev veth0 nodad
ip -n a addr add 2001:db8:2::1/64 dev veth1 nodad
ip -n a addr add 2002:c000:201::1/64 dev veth0 nodad
sleep 2
ip -n a -6 route add default via 2001:db8:1::ff
ip -n a -6 route get 2001:db8:1::9
ip -n a -6 route get 2001:db8:2::9
ip -n a -6 route get 2001:db8:77::9
ip -n a -6 route get fd00:77::9
ip -n a -6 route get 2002:c000:9999::9
ip -n a -6 route get 2a00::1
ip -n a -6 route get ff0e::1
ip -n a -6 route get ff05::1 oif veth1
ip -n a -6 route get fe80::5 oif veth1
ip -n a addr add 2001:db8:1::2/64 dev veth0 nodad
ip -n a -6 route get 2001:db8:1::9
ip -n a addr add 2001:db8:1::8/64 dev veth0 nodad
ip -n a -6 route get 2001:db8:1::9
ip -n a addr change 2001:db8:1::8/64 dev veth0 preferred_lft 0
ip -n a -6 route get 2001:db8:1::9
ip -n a addr change 2001:db8:1::2/64 dev veth0 preferred_lft 0
ip -n a addr change 2001:db8:1::1/64 dev veth0 preferred_lft 0
ip -n a -6 route get 2001:db8:1::9
ip netns exec a sysctl -qw net.ipv6.conf.veth0.use_oif_addrs_only=1
ip -n a -6 route get 2001:db8:2::9
ip -n a -6 route get 2001:db8:1::9 from fd00:1::1
ip -n a addr flush dev veth0 scope global
ip -n a addr flush dev veth1 scope global
ip -n a -6 route add 2001:db8:50::/64 dev veth0
ip -n a -6 route get 2001:db8:50::1
