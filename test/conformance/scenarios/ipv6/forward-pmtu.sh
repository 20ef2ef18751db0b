# title: the narrow link behind a router
# tags: ipv6 pmtu
ip netns add a; ip netns add r; ip netns add b
ip link add veth0 netns a address 02:00:00:00:00:0a type veth peer name ra netns r address 02:00:00:00:01:0a
ip link add veth0 netns b address 02:00:00:00:00:0b type veth peer name rb netns r address 02:00:00:00:01:0b
for n in a r b; do ip -n $n link set lo up; done
ip -n a link set veth0 up; ip -n b link set veth0 up; ip -n r link set ra up; ip -n r link set rb up
ip -n a addr add 2001:db8:1::2/64 dev veth0 nodad
ip -n b addr add 2001:db8:2::2/64 dev veth0 nodad
ip -n r addr add 2001:db8:1::1/64 dev ra nodad
ip -n r addr add 2001:db8:2::1/64 dev rb nodad
ip -n a -6 route add default via 2001:db8:1::1
ip -n b -6 route add default via 2001:db8:2::1
ip netns exec r sysctl -qw net.ipv6.conf.all.forwarding=1
sleep 2
ip -n r link set rb mtu 1400; ip -n b link set veth0 mtu 1400
ip netns exec a ping -c1 -W1 -s 1400 2001:db8:2::2
ip -n a -6 route get 2001:db8:2::2
ip netns exec a ping -c1 -W1 -s 1400 2001:db8:2::2
ip netns exec a ping -c1 -W1 -s 1352 -M do 2001:db8:2::2
ip netns exec a ping -c1 -W1 -s 1353 -M do 2001:db8:2::2
ip netns exec a ping -c1 -W1 -s 1353 -M want 2001:db8:2::2
ip netns exec a tracepath -n 2001:db8:2::2
ip -n a -6 route show cache
ip -n a -6 route flush cache
ip netns exec a ping -c1 -W1 -s 1453 -M do 2001:db8:2::2
ip netns exec a ping -c1 -W1 -s 1452 -M do 2001:db8:2::2
ip netns exec a ping -c1 -W1 -s 1452 -M do 2001:db8:2::2
ip -n a -6 route get 2001:db8:2::2
ip -n a -6 route show cache
ip netns exec a ping -c1 -W2 -s 20000 2001:db8:2::2
ip netns exec a ping -c1 -W1 -s 1500 2001:db8:1::1
ip -n a -6 route del default
ip -n a -6 route get 2001:db8:2::2
ip -n a -6 route add default via 2001:db8:1::1 mtu 1300
ip -n a -6 route get 2001:db8:2::2
ip netns exec a ping -c1 -W1 -s 1300 -M do 2001:db8:2::2
ip -n a link set veth0 mtu 1280
ip netns exec a sysctl net.ipv6.conf.veth0.mtu
ip netns exec a sysctl -w net.ipv6.conf.veth0.mtu=1279
ip netns exec a sysctl -w net.ipv6.conf.veth0.mtu=1281
