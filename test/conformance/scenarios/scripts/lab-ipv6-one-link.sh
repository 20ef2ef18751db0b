# title: IPv6 on one link: addresses of every kind, prefixes, gateways by link-local address
# tags: ipv6 lab addr route
for n in a b; do ip netns add $n; ip -n $n link set lo up; ip netns exec $n sysctl -qw net.ipv6.conf.default.accept_dad=0; done
ip link add ea netns a address 02:00:00:00:aa:01 type veth peer name eb address 02:00:00:00:bb:01 netns b
ip -n a link set ea up; ip -n b link set eb up; sleep 0.6
ip -n a -6 addr show dev ea
ip -n a -6 route
ip -n a addr add 2001:db8::a/64 dev ea; ip -n b addr add 2001:db8::b/64 dev eb
ip -n a addr add fd00:1::a/48 dev ea preferred_lft 0; ip -n a addr add 2001:db8:0:1::a/128 dev ea
ip -n a addr add 2001:DB8:0:2:0:0:0:A/64 dev ea; ip -n a addr add ::ffff:10.0.0.1/96 dev ea; ip -n a addr add 2001:db8::10.0.0.1/64 dev ea
ip -n a addr add 2001:db8::a/64 dev ea; ip -n a addr add 2001:db8::a/48 dev ea; ip -n a addr add 2001:db8::zz/64 dev ea; ip -n a addr add 2001:db8::1/129 dev ea; ip -n a addr add ff02::5/64 dev ea; ip -n a addr add ::1/128 dev ea; ip -n a addr add ::/0 dev ea
ip -n a -6 -o addr show dev ea | awk '{print $4, $5, $6, $7, $8}'
ip -n a -6 route show dev ea
ip -n a -6 route show table local # cmp: sort
ip netns exec a ping -6 -c1 -W1 2001:db8::b | sed -n 2p
ip -n b -6 route add default via fe80::ff:fe00:aa01 dev eb; ip -n b -6 route add 2001:db8:77::/48 via 2001:db8::a; ip -n b -6 route add 2001:db8:78::/48 dev eb
ip -n b -6 route add default via 2001:db8::99 metric 2048; ip -n b -6 route add default via fe80::1 dev eb metric 512; ip -n b -6 route
ip -n b -6 route get 2001:db8:99::1; ip -n b -6 route get 2001:db8:77::1; ip -n b -6 route get 2001:db8:78::1; ip -n b -6 route get ff05::1; ip -n b -6 route get 2001:db8::b
ip -n b -6 route del default via fe80::1 dev eb; ip -n b -6 route del default; ip -n b -6 route
ip -n b -6 route replace 2001:db8:77::/48 via 2001:db8::a metric 10; ip -n b -6 route append 2001:db8:77::/48 via 2001:db8::c metric 10; ip -n b -6 route show 2001:db8:77::/48
ip -n b -6 route del 2001:db8:77::/48 via 2001:db8::c; ip -n b -6 route show 2001:db8:77::/48; ip -n b -6 route change 2001:db8:77::/48 via 2001:db8::d; ip -n b -6 route show 2001:db8:77::/48
ip -n b -6 route add blackhole 2001:db8:80::/48; ip -n b -6 route add unreachable 2001:db8:81::/48 metric 7; ip -n b -6 route add prohibit 2001:db8:82::/48; ip -n b -6 route add throw 2001:db8:83::/48; ip -n b -6 route show type blackhole; ip -n b -6 route | grep 'dev lo'
for i in 80 81 82 83; do ip netns exec b ping -6 -c1 -W1 2001:db8:$i::1; ip -n b -6 route get 2001:db8:$i::1; done
ip -n b -6 route show root 2001:db8::/32 | wc -l; ip -n b -6 route show match 2001:db8:77::5; ip -n b -6 route show exact 2001:db8:77::/48
ip -n b -6 route flush root 2001:db8:80::/44; ip -n b -6 route
ip -n b -6 route add 2001:db8:90::/48 proto static mtu 1400 hoplimit 3 via 2001:db8::a; ip -n b -6 route add 2001:db8:91::/48 dev eb src 2001:db8::b pref high; ip -n b -6 route add 2001:db8:92::/48 dev eb src 2001:db8::99; ip -n b -6 route add 2001:db8:93::1/48 dev eb; ip -n b -6 route show 2001:db8:90::/48; ip -n b -6 route show 2001:db8:91::/48
ip -n b -6 route get 2001:db8:90::1; ip -n b -6 route get 2001:db8:91::1; ip -n b -6 route get 2001:db8:91::1 from 2001:db8::b; ip -n b -6 route get 2001:db8:91::1 from 2001:db8::77; ip -n b -6 route get 2001:db8:91::1 oif lo
ip -n b -6 route add 2001:db8:94::/48 from 2001:db8::/64 via 2001:db8::a; ip -n b -6 route show 2001:db8:94::/48; ip -n b -6 route del 2001:db8:94::/48 from 2001:db8::/64
ip -n b -6 route add 2001:db8:95::/48 via 10.0.0.1; ip -n b -6 route add 2001:db8:95::/48 via 2001:db8::b; ip -n b -6 route add 2001:db8:95::/48 via ff02::1 dev eb; ip -n b -6 route add 2001:db8:95::/48 via ::1
ip -n b -6 route add 2001:db8:96::/48 nexthop via 2001:db8::1 nexthop via 2001:db8::2 weight 5; ip -n b -6 route show 2001:db8:96::/48; ip -n b -6 -j route show 2001:db8:96::/48 | jq -c '.[0].nexthops | map(.weight)'
ip -n b link set eb down; ip -n b -6 route; ip -n b -6 addr; ip -n b link set eb up; sleep 0.3; ip -n b -6 route; ip -n b -6 addr show scope global
ip netns exec b sysctl -w net.ipv6.conf.eb.keep_addr_on_down=1; ip -n b addr add 2001:db8::b/64 dev eb; ip -n b link set eb down; ip -n b -6 -o addr show scope global | awk '{print $4}'; ip -n b link set eb up; ip -n b -6 -o addr show scope global | awk '{print $4}'
ip netns exec a sysctl -qw net.ipv6.conf.ea.addr_gen_mode=1; ip -n a link set ea down; ip -n a link set ea up; ip -n a -6 addr show dev ea
ip -n a link set ea addrgenmode eui64; ip -n a -6 addr show dev ea; ip -n a link set ea address 02:00:00:00:aa:02; ip -n a -6 addr show dev ea
cat /proc/net/if_inet6 | wc -l; ip netns exec a cat /proc/net/if_inet6 | awk '{print $1,$3,$4,$6}'
ip netns exec a ping -6 -c1 -W1 ::1 | sed -n 2p; ip netns exec a ping -c1 -W1 localhost | head -1; ip netns exec a ping -6 -c1 -W1 -I ea ff02::1 | sed -n 2p; ip netns exec a ping -4 -c1 -W1 ::1; ip netns exec a ping -6 -c1 -W1 127.0.0.1
