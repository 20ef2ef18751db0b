# title: captures in two namespaces of one exchange
# tags: netns tcpdump
ip netns add a; ip netns add b
ip link add e0 netns a address 02:00:00:00:00:0a type veth peer name e0 netns b address 02:00:00:00:00:0b
ip netns exec a sysctl -qw net.ipv6.conf.e0.disable_ipv6=1; ip netns exec b sysctl -qw net.ipv6.conf.e0.disable_ipv6=1
ip -n a addr add 10.0.0.1/24 dev e0; ip -n b addr add 10.0.0.2/24 dev e0
ip -n a link set e0 up; ip -n b link set e0 up
ip netns exec a timeout 4 tcpdump -n -i e0 >/tmp/a.txt 2>/tmp/a.err & A=$!
ip netns exec b timeout 4 tcpdump -ne -i e0 >/tmp/b.txt 2>/tmp/b.err & B=$!
sleep 1
ip netns exec a ping -c 2 -i 0.2 10.0.0.2
wait $A $B
cat /tmp/a.txt
cat /tmp/b.txt
cat /tmp/a.err
ip netns exec a tcpdump -D | wc -l
ip netns exec a tcpdump -i nope
ip netns exec a tcpdump -c 1 -i e0 bogus filter
ip netns exec a timeout 3 tcpdump -n -c 3 -w /tmp/x.pcap -i e0 icmp 2>/tmp/x.err &
sleep 1
ip netns exec b ping -c 2 -i 0.2 -s 10 -p ff 10.0.0.1
wait
cat /tmp/x.err
tcpdump -n -r /tmp/x.pcap
tcpdump -ne -r /tmp/x.pcap icmp[0]=8
tcpdump -nv -r /tmp/x.pcap -c 1
tcpdump -nX -r /tmp/x.pcap -c 1 # cmp: mask /0x0[0-9a-f]*:.*/
tcpdump -nq -r /tmp/x.pcap host 10.0.0.1 and not src 10.0.0.1
tcpdump -n -r /tmp/nope.pcap
