# title: An old lab in ifconfig and route
# tags: ifconfig route netstat ping
ip netns add pc1; ip netns add gw; ip netns add pc2
ip link add pc1-eth0 netns pc1 type veth peer name gw-eth0 netns gw
ip link add pc2-eth0 netns pc2 type veth peer name gw-eth1 netns gw
for n in pc1 gw pc2; do ip netns exec $n sysctl -qw net.ipv6.conf.all.disable_ipv6=1; done
ip netns exec pc1 ifconfig pc1-eth0 192.168.1.10 netmask 255.255.255.0 up
ip netns exec gw ifconfig gw-eth0 192.168.1.1/24
ip netns exec gw ifconfig gw-eth1 192.168.2.1 netmask 255.255.255.0 broadcast 192.168.2.255
ip netns exec pc2 ifconfig pc2-eth0 hw ether 02:00:00:00:00:22
ip netns exec pc2 ifconfig pc2-eth0 192.168.2.20 netmask 255.255.255.0 mtu 1400
ip netns exec pc1 route add default gw 192.168.1.1
ip netns exec pc2 route add -net 192.168.1.0/24 gw 192.168.2.1
ip netns exec pc2 route add -host 10.9.9.9 gw 192.168.2.1
ip netns exec gw sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'
ip netns exec pc1 ping -c 1 192.168.2.20
ip netns exec pc1 route -n
ip netns exec pc2 route -n
ip netns exec gw route
ip netns exec gw netstat -rn
ip netns exec pc2 ifconfig
ip netns exec gw ifconfig -a | grep -E 'inet|mtu'
ip netns exec pc2 netstat -i
ip netns exec pc1 ifconfig pc1-eth0:1 172.16.0.10 netmask 255.255.0.0
ip netns exec pc1 ifconfig | grep -E '^[a-z]|inet '
ip netns exec pc1 ip -4 addr show pc1-eth0
ip netns exec pc1 ifconfig pc1-eth0:1 down
ip netns exec pc2 route del -host 10.9.9.9
ip netns exec pc2 ifconfig pc2-eth0 down
ip netns exec pc2 route -n
ip netns exec pc1 route del default
ip netns exec pc1 ping -c 1 192.168.2.20
ip netns exec pc1 arp -n
