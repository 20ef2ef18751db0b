# title: Two providers, one table for each, and a default for what is more specific nowhere else
# tags: rule table suppress get
for n in isp1 isp2; do ip netns add $n; done
ip link add up1 type veth peer name eth0 netns isp1
ip link add up2 type veth peer name eth0 netns isp2
ip link set lo up; ip link set up1 up; ip link set up2 up
ip -n isp1 link set eth0 up; ip -n isp2 link set eth0 up
ip addr add 198.51.100.2/30 dev up1
ip addr add 203.0.113.2/30 dev up2
ip -n isp1 addr add 198.51.100.1/30 dev eth0
ip -n isp2 addr add 203.0.113.1/30 dev eth0
echo "101 isp1" >> /etc/iproute2/rt_tables
echo "102 isp2" >> /etc/iproute2/rt_tables
ip route add default via 198.51.100.1 dev up1 table isp1
ip route add default via 203.0.113.1 dev up2 table isp2
ip rule add from 198.51.100.2 lookup isp1 pref 1001
ip rule add from 203.0.113.2 lookup isp2 pref 1002
ip route add default scope global nexthop via 198.51.100.1 dev up1 weight 1 nexthop via 203.0.113.1 dev up2 weight 1
ip rule
ip route show table isp1
ip route show table 102
ip route get 192.0.2.7 from 198.51.100.2
ip route get 192.0.2.7 from 203.0.113.2
ip rule add pref 900 lookup main suppress_prefixlength 0
ip rule add pref 901 fwmark 7 lookup isp2
ip rule add pref 902 uidrange 1000-2000 lookup isp1
ip rule add pref 903 ipproto udp dport 53 lookup isp2
ip route get 192.0.2.7 mark 7
ip route get 192.0.2.7 uid 1500
ip route get 192.0.2.7 ipproto udp dport 53
ip route get 198.51.100.1 mark 7
ip route
ip rule del pref 900
ip rule del pref 901
ip rule del pref 999
ping -c 1 -I 203.0.113.2 203.0.113.1 | head -2
ip rule flush table isp1
ip rule
