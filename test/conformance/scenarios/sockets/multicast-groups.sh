# title: a socket joins a group, tells the link so, and hears what is sent to it
# tags: socat multicast igmp
ip netns add a
ip netns add b
ip link add veth0 netns a address 02:00:00:00:00:0a type veth peer name veth0 netns b address 02:00:00:00:00:0b
ip -n a link set veth0 up; ip -n b link set veth0 up
ip -n a addr add 10.0.0.1/24 dev veth0; ip -n b addr add 10.0.0.2/24 dev veth0
sleep 2
ip -n b route add 239.0.0.0/8 dev veth0
ip netns exec b tcpdump -lnvi veth0 igmp >cap.txt 2>/dev/null & sleep 1
ip netns exec a socat -u UDP4-RECV:5000,ip-add-membership=239.1.2.3:10.0.0.1 - >got.txt & sleep 2
ip -n a maddr show dev veth0
ip netns exec a cat /proc/net/igmp
ip netns exec b ping -c1 -W1 239.1.2.3
ip netns exec b ping -c1 -W1 224.0.0.1
ip netns exec a sysctl -w net.ipv4.icmp_echo_ignore_broadcasts=0
ip netns exec b ping -c2 -W1 -I veth0 224.0.0.1
ip netns exec b ping -c1 -W1 239.1.2.3
echo hello | ip netns exec b socat -u - UDP4-DATAGRAM:239.1.2.3:5000
ip netns exec b ping -c1 -W1 239.1.2.4
sleep 1; kill %2; sleep 2; cat got.txt
ip -n a maddr show dev veth0
kill %1; sleep 0.5; sed 's/^[0-9:.]* //' cap.txt
ip netns exec a socat -u UDP4-RECV:5000,ip-add-membership=10.1.2.3:veth0 - 2>&1 | sed 's/.*] //'
ip netns exec a socat -u UDP4-RECV:5000,ip-add-membership=239.1.2.3 - 2>&1 | sed 's/.*] //'
ip netns exec a socat -u UDP4-RECV:5000,ip-add-membership=239.1.2.3:10.9.9.9 - 2>&1 | sed 's/.*] //'
