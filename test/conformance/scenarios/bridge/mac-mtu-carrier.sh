# title: a bridge's own address, MTU and carrier follow its ports
# tags: bridge link
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add br0 type bridge
for i in 1 2 3; do ip link add p$i address 02:00:00:00:02:0$i type veth peer name q$i address 02:00:00:00:01:0$i; done
ip link set p2 master br0; ip -br link show br0
ip link set p1 master br0; ip -br link show br0
ip link set p3 address 02:00:00:00:00:03; ip link set p3 master br0; ip -br link show br0
ip link set p3 nomaster; ip -br link show br0
ip link set p1 address 02:00:00:00:02:ff; ip -br link show br0
ip link set br0 address 02:00:00:00:00:b0; ip link set p2 nomaster; ip -br link show br0
ip link set br0 up; ip -br link show br0
ip link set p1 up; ip link set q1 up; sleep 1.2; ip -br link show br0
ip link set q1 down; sleep 1.2; ip -br link show br0
bridge link
ip link set q1 up; sleep 1.2; ip -br link show br0
ip link set p1 down; sleep 1.2; ip -br link show br0
ip link show br0 | grep -o 'mtu [0-9]*'
ip link set p1 mtu 1300; ip link show br0 | grep -o 'mtu [0-9]*'
ip link set p2 mtu 1280; ip link set p2 master br0; ip link show br0 | grep -o 'mtu [0-9]*'
ip link set p2 nomaster; ip link show br0 | grep -o 'mtu [0-9]*'
ip link set br0 mtu 1200; ip link set p1 mtu 1250; ip link show br0 | grep -o 'mtu [0-9]*'
ip link set br0 mtu 9000; ip link show br0 | grep -o 'mtu [0-9]*'
ip link set br0 mtu 70000
ip link set br0 mtu 67
ip link set br0 address 00:00:00:00:00:00
ip link set br0 address 01:00:00:00:00:00
ip link add br1 type bridge; ip link set br1 master br0
ip link set lo master br0
ip link set p1 master br1; ip -br link show br1
ip link set br1 netns 1
ip link set p1 netns nope
ip netns add x; ip link set p1 netns x; ip -br link show br1; ip -n x -br link show p1
ip link set br1 name br7; ip -br link show br7
ip link del br7; ip -n x link del p1; ip -br link
