# title: Eight hosts on one switch, made by a loop
# tags: bridge loop ping
sysctl -qw net.ipv6.conf.all.disable_ipv6=1
ip link add name sw0 address 02:00:00:00:ff:00 type bridge
ip link set sw0 up
for i in $(seq 1 8); do
  ip netns add h$i
  ip link add v$i address 02:00:00:00:ff:0$i type veth peer name eth0 address 02:00:00:00:00:0$i netns h$i
  ip link set v$i master sw0 up
  ip -n h$i link set lo up
  ip -n h$i addr add 192.168.7.$i/24 dev eth0
  ip -n h$i link set eth0 up
done
sleep 1.3
ip -br link show master sw0
ip netns list | sort
ip netns exec h1 ping -c 1 192.168.7.8
for i in 2 3 4 5 6 7 8; do ip netns exec h1 ping -c 1 -W 1 192.168.7.$i >/dev/null && echo "h$i answers"; done
ip -n h1 neigh | sort
ip netns exec h4 ip link set eth0 down
ip netns exec h1 ping -c 1 -W 1 192.168.7.4 | tail -2 | head -1
ip -br link show v4
ip link set v5 nomaster
ip netns exec h1 ping -c 1 -W 1 192.168.7.5 | tail -2 | head -1
for i in $(seq 1 8); do ip netns del h$i; done
sleep 0.3
ip -br link show type veth
ip link del sw0
