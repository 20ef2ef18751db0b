# title: kinds of addresses
# tags: ipv6 addr
ip netns add a
ip netns add b
ip link add veth0 netns a address 02:00:00:00:00:0a type veth peer name veth0 netns b address 02:00:00:00:00:0b
ip -n a link set lo up; ip -n b link set lo up
ip -n a link set veth0 up; ip -n b link set veth0 up
ip -n a addr add 2001:db8:1::1/64 dev veth0 nodad
ip -n a addr add 2001:db8:2::1/64 dev veth0 nodad noprefixroute
ip -n a addr add 2001:db8:3::1/64 dev veth0 home
ip -n a addr add 2001:db8:4::1/64 dev veth0 nodad valid_lft 100 preferred_lft 50
ip -n a addr add 2001:db8:5::1/64 dev veth0 nodad preferred_lft 0
ip -n a addr add 2001:db8:6::1 peer 2001:db8:6::2/128 dev veth0 nodad
ip -n a addr add 2001:db8:7::1/64 dev veth0 nodad metric 77
ip -n a addr add 2001:db8:8::1/64 dev veth0 mngtmpaddr nodad
sleep 2
ip -n a -6 addr show dev veth0
ip -n a -6 -j addr show dev veth0 # cmp: json
ip -n a -6 addr show deprecated
ip -n a -6 addr show permanent
ip -n a -6 addr show dynamic
ip -n a -6 addr show home
ip -n a -6 addr show scope global
ip -n a -6 addr show to 2001:db8:3::/48
ip -n a -6 -o addr
ip -n a -6 route # cmp: mask /expires \S+sec/
ip netns exec a cat /proc/net/if_inet6 # cmp: sort
ip -n a addr change 2001:db8:4::1/64 dev veth0 valid_lft forever preferred_lft forever
ip -n a addr change 2001:db8:2::1/64 dev veth0
ip -n a addr replace 2001:db8:7::1/64 dev veth0 metric 88
ip -n a addr replace 2001:db8:1::1/64 dev veth0 preferred_lft 10 valid_lft 20
ip -n a -6 addr show dev veth0
ip -n a -6 route # cmp: mask /expires \S+sec/
ip -n a addr add 2001:db8:1::1/64 dev veth0
ip -n a addr add 2001:db8:1::1/48 dev veth0
ip -n a addr add 2001:db8:a::1/64 dev veth0 valid_lft 10 preferred_lft 20
ip -n a addr add 2001:db8:a::1/64 dev veth0 valid_lft 0
ip -n a addr add 2001:db8:a::1/129 dev veth0
ip -n a addr add ff02::99/64 dev veth0
ip -n a addr add ::1/128 dev veth0
ip -n a addr add ::/64 dev veth0
ip -n a addr add 2001:db8:b::1/64 dev veth0 broadcast 2001:db8:b::ff
ip -n a addr del 2001:db8:b::1/64 dev veth0
ip -n a addr del 2001:db8:1::1/48 dev veth0
ip -n a addr del 2001:db8:1::1/64 dev veth0
ip -n a addr del 2001:db8:6::1 peer 2001:db8:6::2/128 dev veth0
ip -n a -6 route # cmp: mask /expires \S+sec/
ip -n a -6 addr flush dev veth0 scope global
ip -n a -6 addr flush dev veth0
ip -n a -6 addr
ip -n a -6 route # cmp: mask /expires \S+sec/
