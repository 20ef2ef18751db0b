# title: two bridges with two cables between them: one port blocks, and takes over when the other cable goes
# tags: bridge stp
# cmp: mask /(timer\t+) *[0-9]+\.[0-9]+/
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
for n in s1 s2 h1 h2; do ip netns add $n; ip netns exec $n sysctl -qw net.ipv6.conf.default.disable_ipv6=1 net.ipv6.conf.all.disable_ipv6=1; done
ip -n s1 link add br0 address 02:00:00:00:00:b1 type bridge stp_state 1 forward_delay 200 hello_time 100 max_age 600
ip -n s2 link add br0 address 02:00:00:00:00:b2 type bridge stp_state 1 forward_delay 200 hello_time 100 max_age 600
for i in 1 2; do ip link add x$i netns s1 address 02:00:00:00:01:0$i type veth peer name x$i netns s2 address 02:00:00:00:02:0$i; done
for i in 1 2; do ip link add e0 netns h$i address 02:00:00:00:03:0$i type veth peer name p netns s$i address 02:00:00:00:04:0$i; ip -n h$i addr add 10.0.0.$i/24 dev e0; ip -n h$i link set e0 up; done
for s in s1 s2; do ip -n $s link set br0 up; for d in x1 x2 p; do ip -n $s link set $d master br0 up; done; done
bridge -n s1 link | sed 's/^[0-9]*: //' | sort
sleep 8
bridge -n s1 link | sed 's/^[0-9]*: //' | sort
bridge -n s2 link | sed 's/^[0-9]*: //' | sort
ip netns exec h1 ping -c 1 -W 1 10.0.0.2
ip netns exec s1 brctl showstp br0 | grep -v -e timer -e flags
ip netns exec s2 brctl showstp br0 | grep -v -e timer -e flags
ip -n s2 -d link show br0 | grep -o 'bridge_id.*topology_change 0'
ip netns exec h1 timeout 3 tcpdump -c 2 -nnev -i e0 stp 2>/dev/null | sed 's/^[0-9:.]* //; s/message-age [0-9.]*s/message-age T/'
ip netns exec s2 timeout 3 tcpdump -c 1 -nne -i x1 stp 2>/dev/null | sed 's/^[0-9:.]* //'
ip -n s1 link set x1 down
sleep 9
bridge -n s2 link | sed 's/^[0-9]*: //' | sort
ip netns exec h1 ping -c 1 -W 1 10.0.0.2
ip -n s2 -d link show br0 | grep -o 'root_port [0-9]*'
ip -n s2 link set br0 type bridge priority 4096
sleep 3
ip -n s1 -d link show br0 | grep -o 'designated_root [^ ]*\|root_port [0-9]*\|root_path_cost [0-9]*'
ip -n s2 -d link show br0 | grep -o 'designated_root [^ ]*\|root_port [0-9]*\|root_path_cost [0-9]*'
