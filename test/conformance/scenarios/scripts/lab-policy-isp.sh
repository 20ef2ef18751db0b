# title: Two providers, marks and tables with names
# tags: lab rule route
set -o nounset
mkdir -p /etc/iproute2
echo "201 isp1" >> /etc/iproute2/rt_tables
printf '202\tisp2\n' >> /etc/iproute2/rt_tables
tail -n 2 /etc/iproute2/rt_tables
ip link add wan1 type veth peer name u1
ip link add wan2 type veth peer name u2
ip link add lan type veth peer name l0
for d in wan1 wan2 lan u1 u2 l0; do ip link set dev $d up; done
ip addr add 198.51.100.2/30 dev wan1
ip addr add 203.0.113.2/30 dev wan2
ip addr add 192.168.1.1/24 dev lan
ip route add 198.51.100.0/30 dev wan1 src 198.51.100.2 table isp1
ip route add default via 198.51.100.1 table isp1
ip route add 203.0.113.0/30 dev wan2 src 203.0.113.2 table isp2
ip route add default via 203.0.113.1 table isp2
ip rule add from 198.51.100.2 table isp1 prio 1000
ip rule add from 203.0.113.2 table isp2 prio 1001
ip rule add fwmark 0x1 table isp1 prio 2000
ip rule add fwmark 0x2/0x2 table isp2 prio 2001
ip rule add from 192.168.1.0/25 lookup isp1
ip rule add from 192.168.1.128/25 lookup isp2 preference 32000
ip rule list
ip rule show table isp2
ip route show table isp1
ip route show table 202
ip route list table isp3
ip route add default scope global nexthop via 198.51.100.1 dev wan1 weight 2 nexthop via 203.0.113.1 dev wan2 weight 1
ip route
ip route get 8.8.8.8 from 198.51.100.2
ip route get 8.8.8.8 from 203.0.113.2
ip route get 8.8.8.8 mark 1
ip route get 8.8.8.8 mark 2
ip route get 8.8.8.8 mark 3
ip route get 8.8.8.8 from 192.168.1.5 iif lan
echo 1 > /proc/sys/net/ipv4/ip_forward
ip route get 8.8.8.8 from 192.168.1.5 iif lan
ip route get 8.8.8.8 from 192.168.1.200 iif lan
ip route get 8.8.8.8 from 10.0.0.5 iif lan # cmp: mask /via .*/
ip -4 rule | awk -F: '{print $1}' | tr '\n' ' '
ip rule del prio 1000
ip rule del from 192.168.1.0/25
ip rule del lookup isp2
ip rule
while ip rule del table isp2 2>/dev/null; do echo deleted one; done
ip rule flush table isp1
ip rule
ip route flush table isp1
ip route show table isp1
ip -4 route show table all | grep -v '^local\|^broadcast'
