# title: root_block and guard keep another bridge out
# tags: bridge stp
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
for n in s1 s2; do ip netns add $n; ip netns exec $n sysctl -qw net.ipv6.conf.default.disable_ipv6=1 net.ipv6.conf.all.disable_ipv6=1; done
ip -n s1 link add br0 address 02:00:00:00:00:b1 type bridge stp_state 1 forward_delay 200 hello_time 100 max_age 600
ip -n s2 link add br0 address 02:00:00:00:00:b2 type bridge stp_state 1 forward_delay 200 hello_time 100 max_age 600 priority 4096
ip link add x1 netns s1 address 02:00:00:00:01:01 type veth peer name x1 netns s2 address 02:00:00:00:02:01
for s in s1 s2; do ip -n $s link set br0 up; ip -n $s link set x1 master br0; done
bridge -n s1 link set dev x1 root_block on
for s in s1 s2; do ip -n $s link set x1 up; done
sleep 8
bridge -n s1 link
bridge -n s2 link
ip -n s1 -d link show br0 | grep -o 'designated_root [^ ]*\|root_port [0-9]*'
bridge -n s1 link set dev x1 root_block off
sleep 4
ip -n s1 -d link show br0 | grep -o 'designated_root [^ ]*\|root_port [0-9]*'
bridge -n s1 link set dev x1 guard on
sleep 2.5
bridge -n s1 link
ip -n s1 -d link show br0 | grep -o 'designated_root [^ ]*\|root_port [0-9]*'
bridge -n s1 link set dev x1 guard off
ip -n s1 link set x1 down; ip -n s1 link set x1 up
sleep 6
bridge -n s1 link
