# title: Old start-up scripts: ifconfig, route, arp, netstat
# tags: ifconfig route arp netstat
ip link add eth0 address 02:00:00:00:0a:01 type veth peer name far0 address 02:00:00:00:0a:02
ip link add eth1 address 02:00:00:00:0b:01 type veth peer name far1 address 02:00:00:00:0b:02
ip netns add far; ip link set far0 netns far; ip link set far1 netns far
for p in all default eth0 eth1; do sysctl -qw net.ipv6.conf.$p.disable_ipv6=1; done
ifconfig lo 127.0.0.1 up
ifconfig eth0 192.168.0.1 netmask 255.255.255.0 broadcast 192.168.0.255 up
ifconfig eth1 10.1.1.1/16
ifconfig eth0:0 192.168.0.11 up
ifconfig eth0:1 172.16.0.1/12
ip netns exec far ifconfig far0 192.168.0.2/24 up
ip netns exec far ifconfig far1 10.1.1.2 netmask 255.255.0.0
sleep 0.5
ifconfig eth0:0
ifconfig eth0 | head -3
ifconfig eth1 | sed -n '2p'
ifconfig -a | grep -c flags
ifconfig -s | awk '{print $1, $2, $NF}'
netstat -i | tail -n +3 | awk '{print $1,$2,$NF}'
route add default gw 192.168.0.2
route add -net 10.50.0.0 netmask 255.255.0.0 gw 10.1.1.2
route add -net 10.60.0.0/16 gw 10.1.1.2 metric 20 dev eth1
route add -host 203.0.113.5 gw 10.1.1.2
route add -host 203.0.113.6 dev eth0
route add -net 10.70.0.0 netmask 255.255.0.0 reject
route add -net 10.80.0.0 gw 10.1.1.2
route add 10.90.0.1 gw 172.31.9.9
route add default gw nowhere.example
route -n
netstat -rn
route -n -e
route | head -2
route -4 -n | wc -l
route -A inet -n | tail -1
route del -net 10.50.0.0 netmask 255.255.0.0
route del -net 10.50.0.0 netmask 255.255.0.0
route del default
route del -host 203.0.113.5
route del default gw 192.168.0.9
route add -net 10.1.2.3 netmask 255.255.255.0 gw 10.1.1.2
route add -net 10.1.2.0 netmask 255.0.255.0 gw 10.1.1.2
route flush
ping -q -c1 -W1 192.168.0.2 >/dev/null; arp -n
arp -an
arp -s 192.168.0.77 02:00:00:00:00:77
arp -s 192.168.0.78 02:00:00:00:00:78 temp
arp -n -i eth0 # cmp: sort
arp -d 192.168.0.77
arp -d 192.168.0.99
arp -Ds 192.168.0.66 eth0 pub
arp -an | grep -c PERM
arp -e -n 192.168.0.2
arp -n 192.168.0.200
ifconfig eth0 down
route -n
ifconfig eth0
ifconfig eth0:1 down
ifconfig eth9
ifconfig eth0 up mtu 1400
ifconfig eth0 mtu 99999
ifconfig eth0 999.1.1.1
ifconfig eth0 add 2001:db8::1/64
ifconfig eth0 hw ether 02:00:00:00:0a:99
ifconfig eth0 | grep ether
ifconfig eth0 0.0.0.0
ip -4 addr show eth0
