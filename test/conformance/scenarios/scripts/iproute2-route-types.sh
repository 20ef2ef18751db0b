# title: In the manner of iproute2's own tests: every type of route, in every table
# tags: route types table
ip link add v0 type veth peer name v1
ip link set v0 up; ip link set v1 up; ip link set lo up
ip addr add 10.0.0.1/24 dev v0
for t in unicast local broadcast throw unreachable prohibit blackhole; do
  case $t in throw|unreachable|prohibit|blackhole) d= ;; *) d="dev v0" ;; esac
  ip route add $t 198.51.100.0/24 $d table 50 && ip route show table 50 && ip route del $t 198.51.100.0/24 table 50
done
ip route add nat 198.51.100.0/24 via 10.0.0.2
ip route add anycast 198.51.100.0/24 dev v0
ip route add multicast 239.1.0.0/16 dev v0
ip route show type multicast
ip route show type local table all | grep -v ':'
for i in 1 2 3; do ip route add 203.0.113.$i dev v0 table $i; done
ip route show table 2
ip route show table all | grep 203.0
ip route add unreachable 192.0.2.0/24 metric 4278198272
ip route add prohibit 192.0.2.128/25
ip route get 192.0.2.1
ip route get 192.0.2.200
ip route show 192.0.2.0/24
ip route show root 192.0.2.0/24
ip route show match 192.0.2.200
ip route add 10.5.0.0/16 via 10.0.0.2 proto 77 metric 10 tos 0x10 src 10.0.0.1 mtu 1200 advmss 1100 window 5000
ip -d route show 10.5.0.0/16
ip -j route show 10.5.0.0/16
ip route show proto 77
ip route show tos 0x10
ip route show scope link
ip route del 10.5.0.0/16 tos 0x10
ip route flush proto 77
ip route flush type prohibit
ip route flush table 1
ip route show table all | grep -c .
