# title: In the manner of the kernel's own tests: many addresses of one subnet, promoted one by one
# tags: addr sysctl loops
ip link add test0 type veth peer name test1
ip link set test0 up
ip link set test1 up
sysctl -n net.ipv4.conf.test0.promote_secondaries
for i in $(seq 2 9); do ip -f inet addr add 10.23.11.$i/16 brd + dev test0; done
ip -4 addr show test0
ip -4 -o addr show test0 secondary | wc -l
ip -4 route show dev test0
ip addr del 10.23.11.2/16 dev test0
ip -4 addr show test0
ip route
for i in $(seq 2 9); do ip -f inet addr add 10.23.11.$i/16 brd + dev test0; done
sysctl -q net.ipv4.conf.test0.promote_secondaries=1
cat /proc/sys/net/ipv4/conf/test0/promote_secondaries
ip addr del 10.23.11.2/16 dev test0
ip -4 -o addr show test0
ip route show table local dev test0
ip addr del 10.23.11.5/16 dev test0
ip -4 -o addr show test0 primary
ip route
ifconfig test0 10.23.11.77 netmask 255.255.0.0
ip -4 -o addr show test0
ip addr flush dev test0
ip -4 addr show test0
ip addr add 10.1.1.1/24 dev test0 label test0:a
ip addr add 10.1.1.2/24 dev test0 label test0:b
ip addr add 10.1.1.3/24 dev test0 label other
ip -4 addr show label 'test0:*'
ip -4 addr show test0 label test0:b
ip addr flush label test0:a
ip -s addr flush dev test0 scope link
ip -s -s addr flush dev test0 scope global
ip -4 addr show
for i in 1 2 3 4 5; do ip addr add 10.9.$i.1/24 dev test0 preferred_lft 1 valid_lft 2; done
ip -4 -o addr show test0 | grep -c valid_lft
sleep 2.8
ip -4 -o addr show test0
ip route
