# title: a router answers for others
# tags: ipv6 neigh
ip netns add a
ip netns add b
ip link add veth0 netns a address 02:00:00:00:00:0a type veth peer name veth0 netns b address 02:00:00:00:00:0b
ip -n a link set lo up; ip -n b link set lo up
ip -n a link set veth0 up; ip -n b link set veth0 up
ip -n a addr add 2001:db8:1::1/64 dev veth0 nodad
ip -n b addr add 2001:db8:1::2/64 dev veth0 nodad
ip -n b link add dum0 type veth peer name dum1
ip -n b link set dum0 up; ip -n b link set dum1 up
ip -n b -6 route add 2001:db8:1::60/128 dev dum0
sleep 2
ip netns exec b sysctl -qw net.ipv6.conf.all.forwarding=1
ip -n b neigh add proxy 2001:db8:1::60 dev veth0
ip netns exec a ping -q -c1 -W1 2001:db8:1::60
ip -n a -6 neigh show 2001:db8:1::60
ip netns exec b sysctl -qw net.ipv6.conf.veth0.proxy_ndp=1
ip -n a neigh flush all
(ip netns exec a timeout 5 tcpdump -n -i veth0 -c 2 'icmp6 and (ip6[40] == 135 or ip6[40] == 136)' > cap 2>/dev/null &)
sleep 0.5
ip netns exec a ping -q -c1 -W2 2001:db8:1::60
ip -n a -6 neigh show 2001:db8:1::60
sleep 1
cat cap
ip -n b neigh show proxy
ip -n b neigh del proxy 2001:db8:1::60 dev veth0
ip -n b neigh del proxy 2001:db8:1::60 dev veth0
