# title: Every ICMP error on the way, seen by ping, traceroute, tracepath and tcpdump
# tags: icmp ping traceroute tcpdump forwarding
for n in c r1 r2 s; do ip netns add $n; ip -n $n link set lo up; ip netns exec $n sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv4.icmp_ratelimit=0; done
w() { ip link add $1$2 netns $1 type veth peer name $2$1 netns $2; ip -n $1 addr add 10.$3.0.1/24 dev $1$2; ip -n $2 addr add 10.$3.0.2/24 dev $2$1; ip -n $1 link set $1$2 up; ip -n $2 link set $2$1 up; }
w c r1 1; w r1 r2 2; w r2 s 3
ip netns exec r1 sysctl -qw net.ipv4.ip_forward=1; ip netns exec r2 sysctl -qw net.ipv4.ip_forward=1
ip -n c route add default via 10.1.0.2; ip -n s route add default via 10.3.0.1; ip -n r1 route add 10.3.0.0/24 via 10.2.0.2; ip -n r2 route add 10.1.0.0/24 via 10.2.0.1
sleep 0.5
ip netns exec c ping -c1 -W1 10.3.0.2
ip netns exec c ping -c1 -W1 -t1 10.3.0.2
ip netns exec c ping -c1 -W1 -t2 10.3.0.2
ip netns exec c ping -c1 -W1 -t2 -n -q 10.3.0.2
ip netns exec c ping -c1 -W1 10.9.9.9
ip -n r1 route add unreachable 10.4.0.0/24; ip -n r1 route add prohibit 10.5.0.0/24; ip -n r1 route add blackhole 10.6.0.0/24; ip -n r1 route add throw 10.7.0.0/24
for i in 4 5 6 7; do ip netns exec c ping -c1 -W1 10.$i.0.9; done
ip -n c route add unreachable 10.14.0.0/24; ip -n c route add prohibit 10.15.0.0/24; ip -n c route add blackhole 10.16.0.0/24
for i in 14 15 16; do ip netns exec c ping -c1 -W1 10.$i.0.9; done
for i in 4 5 6 14 15 16; do ip netns exec c ip route get 10.$i.0.9; done
ip netns exec c ping -c1 -W1 10.3.0.77
ip netns exec c ping -c2 -W1 -i 0.2 -D 10.3.0.2 | sed 's/\[[0-9.]*\]/[T]/' | head -3
ip -n r2 link set r2s mtu 1000; ip -n s link set sr2 mtu 1000
ip netns exec c ping -c1 -W1 -s 1200 -M do 10.3.0.2
ip netns exec c ping -c1 -W1 -s 1200 -M do 10.3.0.2
ip netns exec c ping -c1 -W1 -s 1200 10.3.0.2 | head -2
ip netns exec c ping -c1 -W1 -s 1500 -M do 10.1.0.2
ip netns exec c ping -c1 -W1 -s 3000 10.1.0.2 | head -2
ip netns exec c tracepath -n 10.3.0.2 | sed 's/ *[0-9.]*ms */ /; s/  */ /g'
ip -n c route flush cache; ip netns exec c tracepath -n -l 800 10.3.0.2 | sed 's/ *[0-9.]*ms */ /; s/  */ /g'
ip netns exec c traceroute -n -q1 -w1 10.3.0.2 | awk '{print $1,$2,$5}'
ip netns exec c traceroute -n -q1 -w1 -I 10.3.0.2 | awk '{print $1,$2,$5}'
ip netns exec c traceroute -n -q2 -w1 -m2 10.5.0.9 | awk '{print $1,$2,$5,$6}'
ip netns exec c traceroute -n -q1 -w1 -m2 10.4.0.9 | awk '{print $1,$2,$5,$6}'
ip netns exec c traceroute -n -q1 -w1 -F 10.3.0.2 1100 | awk '{print $1,$2,$5,$6}'
ip netns exec c traceroute -n -q1 -w1 -f 2 -m 3 10.3.0.2 | awk '{print $1,$2}'
ip netns exec c tcpdump -nn -v -c 3 icmp > e.txt 2>/dev/null & sleep 0.5
ip netns exec c ping -c1 -W1 -t1 10.3.0.2 >/dev/null; ip netns exec c ping -c1 -W1 10.5.0.9 >/dev/null; sleep 0.3; wait; sed 's/id [0-9]*/id N/g' e.txt
ip netns exec r1 sysctl -qw net.ipv4.ip_forward=0; ip netns exec c ping -c1 -W1 10.3.0.2; ip netns exec r1 sysctl -qw net.ipv4.ip_forward=1
ip -n r2 route del 10.1.0.0/24; ip netns exec c ping -c1 -W1 10.3.0.2; ip netns exec c traceroute -n -q1 -w1 -m 3 10.3.0.2 | awk '{print $1,$2}'
ip -n r2 route add 10.1.0.0/24 via 10.2.0.1; ip -n r1 route replace 10.3.0.0/24 via 10.1.0.1; ip netns exec c ping -c1 -W1 10.3.0.2
ip netns exec c sysctl -qw net.ipv4.ip_forward=1; ip netns exec c ping -c1 -W1 10.3.0.2; ip netns exec c traceroute -n -q1 -w1 -m 4 10.3.0.2 | awk '{print $1,$2}'
ip -n s link set sr2 down; ip -n r1 route replace 10.3.0.0/24 via 10.2.0.2; ip netns exec c ping -c1 -W1 10.3.0.2; ip -n r2 neigh show 10.3.0.2
ip netns exec r2 ping -c1 -W1 10.3.0.2; ip -n r2 route add 10.3.0.2 via 10.2.0.1; ip netns exec r2 ping -c1 -W1 10.3.0.2
