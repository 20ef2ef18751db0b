# title: arp_ignore, arp_announce, arp_accept, arp_notify
# tags: neigh arp sysctl
ip netns add a; ip netns add b
ip link add e0 netns a address 02:00:00:00:00:0a type veth peer name e0 netns b address 02:00:00:00:00:0b
ip -n a addr add 10.0.0.1/24 dev e0; ip -n b addr add 10.0.0.2/24 dev e0
ip -n b link set lo up; ip -n b addr add 10.5.5.5/32 dev lo
ip -n a link set e0 up; ip -n b link set e0 up
ip -n a route add 10.5.5.5 dev e0
ip netns exec a ping -c 1 -W 1 10.5.5.5
ip -n a neigh # cmp: sort
ip -n a neigh flush all
ip netns exec b sysctl -w net.ipv4.conf.all.arp_ignore=1
ip netns exec a ping -c 1 -W 1 10.5.5.5
ip netns exec a arping -c 1 -w 1 -I e0 10.5.5.5
ip netns exec b sysctl -w net.ipv4.conf.all.arp_ignore=8
ip -n a neigh flush all
ip netns exec a arping -c 1 -w 1 -I e0 10.0.0.2
ip netns exec b sysctl -w net.ipv4.conf.all.arp_ignore=0
ip -n b neigh flush all
ip netns exec b timeout 3 tcpdump -n -i e0 arp >/tmp/arp.txt 2>/dev/null &
sleep 1
ip -n a addr add 10.77.0.1/24 dev e0
ip netns exec a ping -c 1 -W 1 -I 10.77.0.1 10.0.0.2
wait
grep who-has /tmp/arp.txt | head -1
ip netns exec a sysctl -w net.ipv4.conf.e0.arp_announce=2
ip -n a neigh flush all; ip -n b neigh flush all
ip netns exec b timeout 3 tcpdump -n -i e0 arp >/tmp/arp.txt 2>/dev/null &
sleep 1
ip netns exec a ping -c 1 -W 1 -I 10.77.0.1 10.0.0.2
wait
grep who-has /tmp/arp.txt | head -1
ip -n b neigh flush all
ip netns exec a arping -U -c 1 -I e0 10.0.0.1
ip -n b neigh # cmp: sort
ip netns exec b sysctl -w net.ipv4.conf.e0.arp_accept=1
ip netns exec a arping -U -c 1 -I e0 10.0.0.1
ip -n b neigh # cmp: sort
ip -n a link set e0 down
ip netns exec a sysctl -w net.ipv4.conf.e0.arp_notify=1
ip netns exec b timeout 3 tcpdump -n -i e0 arp >/tmp/arp.txt 2>/dev/null &
sleep 1
ip -n a link set e0 up
wait
cat /tmp/arp.txt
