# title: through a router and back
# tags: ipv6 forwarding
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
ip netns exec a ping -c2 -i 0.3 2001:db8:2::2
ip netns exec a ping -c1 -t 1 2001:db8:2::2
ip netns exec a ping -c1 -t 2 2001:db8:2::2
ip netns exec a traceroute -6 -n 2001:db8:2::2
sleep 1
ip netns exec a traceroute -n 2001:db8:2::2
ip netns exec a traceroute -n -q1 -I 2001:db8:2::2
ip netns exec a tracepath -n 2001:db8:2::2
ip netns exec a tracepath -6 -n -b 2001:db8:2::2
ip netns exec a traceroute -6 -n -q1 -m3 2001:db8:77::2
ip netns exec a ping -c1 -W1 2001:db8:77::2
ip -n r -6 route add unreachable 2001:db8:70::/64
ip -n r -6 route add prohibit 2001:db8:71::/64
ip -n r -6 route add blackhole 2001:db8:72::/64
ip netns exec a ping -c1 -W1 2001:db8:70::2
sleep 0.3
ip netns exec a ping -c1 -W1 2001:db8:71::2
ip netns exec a ping -c1 -W1 2001:db8:72::2
ip netns exec a ping -c1 -W4 2001:db8:2::99
ip netns exec a ping -c1 -W1 -I fe80::ff:fe00:a%veth0 2001:db8:2::2
ip netns exec r sysctl -qw net.ipv6.conf.all.forwarding=0
ip netns exec a ping -c1 -W1 2001:db8:2::2
ip netns exec r sysctl -qw net.ipv6.conf.ra.forwarding=1
ip netns exec a ping -c1 -W1 2001:db8:2::2
ip netns exec r sysctl net.ipv6.conf.all.forwarding net.ipv6.conf.rb.forwarding net.ipv6.conf.default.forwarding
