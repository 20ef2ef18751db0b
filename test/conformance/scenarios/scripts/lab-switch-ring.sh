# title: Switches in a ring, a hub, mirrored traffic, and what a bridge floods
# tags: bridge loop stp tcpdump
sysctl -qw net.ipv6.conf.default.disable_ipv6=1 net.ipv6.conf.all.disable_ipv6=1
mk() { ip netns add $1; ip netns exec $1 sysctl -qw net.ipv6.conf.all.disable_ipv6=1; ip link add $1-p type veth peer name eth0 netns $1; ip -n $1 link set eth0 address $2 up; ip -n $1 addr add $3 dev eth0; ip link set $1-p up; }
mk a 02:00:00:00:0a:0a 10.0.0.1/24; mk b 02:00:00:00:0b:0b 10.0.0.2/24; mk c 02:00:00:00:0c:0c 10.0.0.3/24
for i in 1 2 3; do ip link add sw$i address 02:00:00:00:00:1$i type bridge stp_state 1 forward_delay 200 hello_time 100 priority $((i * 4096)); ip link set sw$i up; done
trunk() { ip link add t$1$2 address 02:00:00:00:$1$2:01 type veth peer name t$2$1 address 02:00:00:00:$2$1:01; ip link set t$1$2 master sw$1 up; ip link set t$2$1 master sw$2 up; }
trunk 1 2; trunk 2 3; trunk 3 1
ip link set a-p master sw1; ip link set b-p master sw2; ip link set c-p master sw3
sleep 7
bridge link | sed "s/@[^ ]*:/:/" | awk "{print \$2, \$7, \$8, \$9}" | sort
ip netns exec a ping -q -c1 -W1 10.0.0.2 | tail -2 | head -1
ip netns exec c ping -q -c1 -W1 10.0.0.2 | tail -2 | head -1
cat /sys/class/net/sw3/bridge/root_id; cat /sys/class/net/sw3/bridge/root_port; cat /sys/class/net/sw2/bridge/root_path_cost
brctl showstp sw3 | grep -e 'designated root' -e 'root port' -e 'path cost' | head -3 # cmp: squeeze
ip link set t31 down; sleep 6.5
bridge link | sed "s/@[^ ]*:/:/" | awk "{print \$2, \$7, \$8, \$9}" | sort
ip -n c neigh flush all; ip netns exec c ping -q -c1 -W1 10.0.0.1 | tail -2 | head -1
for i in 1 2 3; do ip link set sw$i type bridge stp_state 0; done
bridge fdb show br sw1 | grep -e 0a:0a -e 0b:0b -e 0c:0c | cut -d' ' -f1-5 # cmp: sort
ip link add hub type bridge ageing_time 0; ip link set hub up; for d in a b c; do ip link set $d-p master hub; done; sleep 0.5
bridge fdb show br hub | grep -c -v permanent
ip netns exec c tcpdump -e -nn -c 2 icmp > snoop.txt 2>/dev/null & sleep 0.5
ip -n a neigh flush all; ip netns exec a ping -q -c1 -W1 10.0.0.2 > /dev/null; sleep 0.3; wait; sed 's/id [0-9]*/id N/' snoop.txt
ip link set hub type bridge ageing_time 30000
ip netns exec a ping -q -c1 -W1 10.0.0.2 > /dev/null; ip netns exec c timeout 1 tcpdump -nn icmp > snoop.txt 2>/dev/null & sleep 0.5
ip netns exec a ping -q -c1 -W1 10.0.0.2 > /dev/null; sleep 1; wait; wc -l < snoop.txt
bridge link set dev c-p flood off mcast_flood off bcast_flood off; ip -n a neigh flush all; ip netns exec a ping -q -c1 -W1 10.0.0.3 | tail -2 | head -1
ip -n a neigh replace 10.0.0.3 lladdr 02:00:00:00:0c:0c dev eth0; ip netns exec a ping -q -c1 -W1 10.0.0.3 | tail -2 | head -1
bridge fdb replace 02:00:00:00:0c:0c dev c-p master static; ip netns exec a ping -q -c1 -W1 10.0.0.3 | tail -2 | head -1
bridge fdb replace 02:00:00:00:0c:0c dev b-p master static; ip netns exec a ping -q -c1 -W1 10.0.0.3 | tail -2 | head -1
ip -n b link set eth0 address 02:00:00:00:0a:0a; ip -n b neigh flush all; ip netns exec b ping -q -c1 -W1 10.0.0.1 | tail -2 | head -1
ip addr add 10.0.0.254/24 dev hub; ping -q -c1 -W1 10.0.0.1 | tail -2 | head -1; ip neigh show dev hub # cmp: mask /(REACHABLE|DELAY|STALE|PROBE)/
ip link set a-p nomaster; ping -q -c1 -W1 10.0.0.1 | tail -2 | head -1; ip addr add 10.0.0.253/24 dev a-p; ip route
dmesg 2>/dev/null | grep -c nothing-like-this
