# title: Pods with host routes and a gateway that nobody has
# tags: lab kubernetes proxy_arp
ip netns add pod1; ip netns add pod2
for i in 1 2; do
  ip link add cali$i address ee:ee:ee:ee:ee:ee type veth peer name eth0 netns pod$i
  ip link set cali$i up
  echo 1 > /proc/sys/net/ipv4/conf/cali$i/proxy_arp
  echo 0 > /proc/sys/net/ipv4/neigh/cali$i/proxy_delay
  ip -n pod$i link set lo up
  ip -n pod$i link set eth0 address 02:00:00:00:00:0$i up
  ip -n pod$i addr add 10.65.0.$i/32 dev eth0
  ip -n pod$i route add 169.254.1.1 dev eth0 scope link
  ip -n pod$i route add default via 169.254.1.1 dev eth0
  ip route add 10.65.0.$i dev cali$i scope link
done
sysctl -w net.ipv4.ip_forward=1
ip route
ip -n pod1 route
sleep 1
ip netns exec pod1 ping -c1 -W1 10.65.0.2
ip -n pod1 neigh | awk '{print $1,$2,$3,$4,$5}'
ip netns exec pod1 arping -c 1 -w 2 -I eth0 169.254.1.1 | grep -c reply
ip neigh show dev cali1 | awk '{print $1,$2,$3}'
ip addr add 192.0.2.1/24 dev lo; ip link set lo up
ip netns exec pod1 ping -c1 -W1 192.0.2.1 | head -2 | tail -1 # cmp: mask /time.*/
ip route add blackhole 10.65.0.0/26 proto 80
ip route add 10.65.0.64/26 via 192.0.2.9 onlink dev cali1 proto bird
ip route show proto bird
ip route show proto 80
ip route show type blackhole
ip netns exec pod1 ping -c1 -W1 10.65.0.3
ip route del 10.65.0.2
ip netns exec pod1 ping -c1 -W1 10.65.0.2
ip route del blackhole 10.65.0.0/26
ip netns exec pod1 ping -c1 -W1 10.65.0.2
ip route add unreachable 10.65.0.0/26
ip netns exec pod1 ping -c1 -W1 10.65.0.2
ip route add throw 10.65.0.2
ip netns exec pod1 ping -c1 -W1 10.65.0.2
ip route show root 10.65.0.0/16
ip route show match 10.65.0.2
ip route show exact 10.65.0.0/26
ip route flush root 10.65.0.0/16
ip route
echo 0 > /proc/sys/net/ipv4/conf/cali1/proxy_arp
ip -n pod1 neigh flush dev eth0
ip netns exec pod1 ping -c1 -W1 10.65.0.2
ip -n pod1 route add 10.9.0.0/16 via 10.65.0.77
ip -n pod1 route add 10.9.0.0/16 via 10.65.0.77 onlink
ip -n pod1 route add 10.9.0.0/16 via 10.65.0.77 onlink dev eth0
ip -n pod1 route get 10.9.1.1
