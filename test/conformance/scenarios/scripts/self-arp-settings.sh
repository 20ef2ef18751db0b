# title: In the manner of the kernel's own tests: arp_accept, arp_ignore, arp_announce, proxy_arp
# tags: arp sysctl neigh
sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
for n in host router; do ip netns add $n; ip netns exec $n sysctl -qw net.ipv6.conf.all.disable_ipv6=1; done
ip link add hv netns host address 02:00:00:00:00:01 type veth peer name rv address 02:00:00:00:00:02 netns router
ip -n host link set hv up; ip -n router link set rv up; ip -n host link set lo up; ip -n router link set lo up
ip -n host addr add 10.0.10.1/24 dev hv; ip -n router addr add 10.0.10.2/24 dev rv
ip -n router addr add 172.16.0.1/32 dev lo
sleep 0.5
ip netns exec router sysctl -w net.ipv4.conf.rv.arp_accept=1
ip netns exec host arping -A -c 1 -I hv 10.0.10.1; ip -n router neigh
ip -n router neigh flush all
ip netns exec router sysctl -w net.ipv4.conf.rv.arp_accept=0
ip netns exec host arping -U -c 1 -I hv 10.0.10.1; ip -n router neigh
ip netns exec router sysctl -w net.ipv4.conf.rv.arp_accept=2
ip -n host addr add 10.0.99.1/24 dev hv
ip netns exec host arping -A -c 1 -I hv -s 10.0.99.1 10.0.99.1 | head -1; ip -n router neigh
ip netns exec host arping -A -c 1 -I hv -s 10.0.10.1 10.0.10.1 | head -1; ip -n router neigh
ip -n host addr del 10.0.99.1/24 dev hv; ip -n router neigh flush all
ip netns exec host arping -c 1 -w 1 -I hv 172.16.0.1 | tail -2
ip netns exec router sysctl -w net.ipv4.conf.rv.arp_ignore=1
ip netns exec host arping -c 1 -w 1 -I hv 172.16.0.1 | tail -2
ip netns exec host arping -c 1 -w 1 -I hv 10.0.10.2 | sed 's/ *[0-9.]*ms//'
ip netns exec router sysctl -w net.ipv4.conf.rv.arp_ignore=8
ip netns exec host arping -c 1 -w 1 -I hv 10.0.10.2; echo $?
ip -n host neigh flush all; ip netns exec host ping -c1 -W1 10.0.10.2; ip -n host neigh
ip netns exec router sysctl -w net.ipv4.conf.rv.arp_ignore=0
ip netns exec host ping -c1 -W1 -q 10.0.10.2 | grep received
ip netns exec router sysctl -qw net.ipv4.conf.rv.proxy_arp=1 net.ipv4.ip_forward=1 net.ipv4.neigh.rv.proxy_delay=0
ip -n router route add 192.0.2.0/24 dev lo
ip netns exec host arping -c 1 -w 1 -I hv 192.0.2.5 | grep -c "02:00:00:00:00:02"
ip netns exec host arping -c 1 -w 1 -I hv 10.0.10.77 | tail -1
ip netns exec router sysctl -qw net.ipv4.conf.rv.proxy_arp=0
ip -n router neigh add proxy 10.0.10.77 dev rv
ip netns exec host arping -c 1 -w 1 -I hv 10.0.10.77 | tail -1
ip -n router neigh show proxy
ip -n router neigh del proxy 10.0.10.77 dev rv; ip -n router neigh show proxy
ip netns exec host tcpdump -i hv -nn -e -c 2 arp > dump.txt 2>/dev/null & sleep 0.5
ip -n host neigh flush all; ip netns exec host ping -c1 -W1 10.0.10.2 >/dev/null; sleep 0.5; wait; cat dump.txt
ip -n host addr add 10.0.10.5/24 dev hv; ip -n host addr add 10.1.1.1/32 dev lo
ip netns exec host tcpdump -i hv -nn -c 2 arp > dump.txt 2>/dev/null & sleep 0.5
ip -n host neigh flush all; ip netns exec host ping -c1 -W1 -I 10.1.1.1 10.0.10.2 >/dev/null; sleep 0.5; kill $! 2>/dev/null; wait; cat dump.txt
ip netns exec host sysctl -w net.ipv4.conf.hv.arp_announce=2
ip netns exec host tcpdump -i hv -nn -c 2 arp > dump.txt 2>/dev/null & sleep 0.5
ip -n host neigh flush all; ip netns exec host ping -c1 -W1 -I 10.1.1.1 10.0.10.2 >/dev/null; sleep 0.5; kill $! 2>/dev/null; wait; cat dump.txt
ip netns exec router sysctl -w net.ipv4.conf.rv.arp_notify=1; ip netns exec host tcpdump -i hv -nn -c 1 arp > dump.txt 2>/dev/null & sleep 0.5
ip -n router link set rv down; ip -n router link set rv up; sleep 1; kill $! 2>/dev/null; wait; cat dump.txt
ip netns exec router sysctl -w net.ipv4.conf.rv.arp_accept=x
