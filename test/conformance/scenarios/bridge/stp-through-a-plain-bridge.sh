# title: BPDUs pass a bridge that runs no STP, and stop at one that does
# tags: bridge stp
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
for n in s1 mid s2; do ip netns add $n; ip netns exec $n sysctl -qw net.ipv6.conf.default.disable_ipv6=1 net.ipv6.conf.all.disable_ipv6=1; done
for i in 1 2; do ip -n s$i link add br0 address 02:00:00:00:00:b$i type bridge stp_state 1 forward_delay 200 hello_time 100 max_age 600; ip -n s$i link set br0 up; done
ip -n mid link add br0 address 02:00:00:00:00:bf type bridge; ip -n mid link set br0 up
for i in 1 2; do ip link add u$i netns mid address 02:00:00:00:05:0$i type veth peer name e0 netns s$i address 02:00:00:00:06:0$i; ip -n mid link set u$i master br0 up; ip -n s$i link set e0 master br0 up; done
sleep 7
ip netns exec s2 brctl showstp br0 | grep root
ip -n mid -d link show br0 | grep -o 'designated_root [^ ]*\|root_port [0-9]*'
bridge -n s2 link
ip -n mid link set br0 type bridge stp_state 1 priority 100
sleep 3
ip -n s1 -d link show br0 | grep -o 'designated_root [^ ]*\|root_port [0-9]*\|root_path_cost [0-9]*'
ip -n s2 -d link show br0 | grep -o 'designated_root [^ ]*\|root_port [0-9]*\|root_path_cost [0-9]*'
ip -n mid link set u1 type bridge_slave cost 100; ip -n s1 link set e0 type bridge_slave cost 19
sleep 2
ip -n s1 -d link show br0 | grep -o 'root_path_cost [0-9]*'
