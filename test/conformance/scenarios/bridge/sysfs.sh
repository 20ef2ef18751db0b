# title: bridges in /sys/class/net
# tags: bridge
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add br0 address 02:00:00:00:00:b0 type bridge
for i in 1 2; do ip link add p$i address 02:00:00:00:02:0$i type veth peer name q$i address 02:00:00:00:01:0$i; ip link set p$i master br0; ip link set p$i up; ip link set q$i up; done
ip link set br0 up
sleep 1.2
ls /sys/class/net/br0/bridge
ls /sys/class/net/br0/brif
ls /sys/class/net/p1/brport
cd /sys/class/net/br0/bridge; for i in *; do [ $i = flush ] || [ $i = gc_timer ] || echo $i $(cat $i); done
cd /sys/class/net/p1/brport; for i in *; do [ $i = flush ] || [ $i = bridge ] || [ $i = forward_delay_timer ] || echo $i $(cat $i); done
cd /root
readlink /sys/class/net/p1/master
readlink /sys/class/net/p1/brport/bridge
readlink /sys/class/net/br0/brif/p2
readlink /sys/class/net/br0/lower_p1
readlink /sys/class/net/p1/upper_br0
[ -d /sys/class/net/br0/bridge ] && echo bridge
[ -d /sys/class/net/p1/bridge ] || echo no bridge
[ -e /sys/class/net/q1/brport ] || echo no port
basename $(readlink /sys/class/net/p2/master)
for d in /sys/class/net/*; do [ -d $d/bridge ] && echo "$(basename $d): $(ls $d/brif | tr '\n' ' ')"; done
stat -c '%A %n' /sys/class/net/br0/bridge/flush /sys/class/net/br0/bridge/stp_state /sys/class/net/br0/bridge/root_id /sys/class/net/p1/brport/state
echo 1 > /sys/class/net/br0/bridge/stp_state; cat /sys/class/net/br0/bridge/stp_state
echo 0 > /sys/class/net/br0/bridge/stp_state; cat /sys/class/net/br0/bridge/stp_state
echo x > /sys/class/net/br0/bridge/stp_state
echo 0x1000 > /sys/class/net/br0/bridge/priority; cat /sys/class/net/br0/bridge/bridge_id
echo 99 > /sys/class/net/br0/bridge/hello_time
echo 100 > /sys/class/net/br0/bridge/hello_time; cat /sys/class/net/br0/bridge/hello_time
echo 1000 > /sys/class/net/br0/bridge/ageing_time; cat /sys/class/net/br0/bridge/ageing_time
echo 2 > /sys/class/net/p1/brport/hairpin_mode; cat /sys/class/net/p1/brport/hairpin_mode
echo 0 > /sys/class/net/p1/brport/hairpin_mode; cat /sys/class/net/p1/brport/hairpin_mode
echo 0 > /sys/class/net/p1/brport/path_cost
echo 77 > /sys/class/net/p1/brport/path_cost; bridge link show dev p1
echo 0 > /sys/class/net/p1/brport/learning; cat /sys/class/net/p1/brport/learning
echo 1 > /sys/class/net/p1/brport/isolated; bridge -d link show dev p1 | grep -o 'isolated on'
echo 64 > /sys/class/net/p1/brport/priority
echo 5 > /sys/class/net/p1/brport/state
bridge fdb add 02:00:00:00:00:99 dev p1 master dynamic
echo 1 > /sys/class/net/p1/brport/flush
bridge fdb show dev p1 | grep -c 00:99
cat /sys/class/net/br0/bridge/flush
echo 8 > /sys/class/net/br0/bridge/group_fwd_mask; cat /sys/class/net/br0/bridge/group_fwd_mask
echo 1 > /sys/class/net/br0/bridge/group_fwd_mask
cat /sys/class/net/br0/carrier /sys/class/net/br0/operstate /sys/class/net/br0/speed
cat /sys/class/net/br0/ifindex /sys/class/net/br0/iflink
ip link set p1 nomaster
[ -e /sys/class/net/p1/brport ] || echo left
[ -e /sys/class/net/p1/master ] || echo no master
ls /sys/class/net/br0/brif
ip link set p2 nomaster
ls /sys/class/net/br0/brif
