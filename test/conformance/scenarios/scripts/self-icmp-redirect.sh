# title: In the manner of the kernel's own tests: redirects and exceptions
# tags: icmp forwarding route
# pace: 0.2
for i in h1 r1 r2 h2; do ip netns add $i; ip -n $i link set lo up; done
ip link add br0 type bridge; ip link set br0 up
for i in h1 r1 r2; do ip link add p-$i type veth peer name eth0 netns $i; ip link set p-$i master br0 up; ip -n $i link set eth0 up; done
ip -n h1 addr add 10.1.1.1/24 dev eth0
ip -n r1 addr add 10.1.1.10/24 dev eth0
ip -n r2 addr add 10.1.1.20/24 dev eth0
ip link add x0 netns r2 type veth peer name eth0 netns h2
ip -n r2 link set x0 up; ip -n h2 link set eth0 up
ip -n r2 addr add 10.2.2.254/24 dev x0; ip -n h2 addr add 10.2.2.2/24 dev eth0
for r in r1 r2; do ip netns exec $r sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.send_redirects=1; done
ip -n h1 route add 10.2.2.0/24 via 10.1.1.10
ip -n r1 route add 10.2.2.0/24 via 10.1.1.20
ip -n h2 route add default via 10.2.2.254
sleep 1
ip -n h1 route get 10.2.2.2
ip netns exec h1 ping -c 1 -W 1 10.2.2.2
sleep 0.3
ip -n h1 route get 10.2.2.2 | grep -o 'via [0-9.]*\|redirected'
ip -n h1 route show cache | sed 's/expires.*//'
ip -n h1 route flush cache
ip -n h1 route get 10.2.2.2
ip netns exec h1 sysctl -w net.ipv4.conf.all.accept_redirects=0
ip netns exec h1 sysctl -w net.ipv4.conf.eth0.accept_redirects=0
ip netns exec h1 ping -c 1 -W 1 10.2.2.2
ip -n h1 route get 10.2.2.2
ip netns exec r1 sysctl -w net.ipv4.conf.all.send_redirects=0
ip netns exec r1 sysctl -w net.ipv4.conf.eth0.send_redirects=0
ip netns exec h1 ping -c 1 -W 1 10.2.2.2
ip -n r2 link set x0 mtu 1300; ip -n h2 link set eth0 mtu 1300
ip netns exec h1 ping -c 1 -W 1 -M do -s 1372 10.2.2.2
ip -n h1 route get 10.2.2.2 | sed 's/expires [0-9]*sec //'
ip netns exec h1 ping -c 1 -W 1 -M do -s 1372 10.2.2.2
ip netns exec h1 ping -c 1 -W 1 -M dont -s 1372 10.2.2.2
ip -n h1 route flush cache; ip -n h1 route get 10.2.2.2
ip -n h1 route replace 10.2.2.0/24 via 10.1.1.20 mtu lock 1200
ip -n h1 route get 10.2.2.2
ip netns exec h1 ping -c 1 -W 1 -M do -s 1180 10.2.2.2
ip -n r2 link set x0 down
ip netns exec h1 ping -c 1 -W 1 -s 100 10.2.2.2
ip -n r2 route add prohibit 10.2.2.0/24
ip netns exec h1 ping -c 1 -W 1 -s 100 10.2.2.2
ip -n r2 route replace blackhole 10.2.2.0/24
ip netns exec h1 ping -c 1 -W 1 -s 100 10.2.2.2
ip -n r2 route del blackhole 10.2.2.0/24; ip -n r2 route add unreachable 10.2.2.0/24 metric 9
ip netns exec h1 ping -c 1 -W 1 -s 100 10.2.2.2
