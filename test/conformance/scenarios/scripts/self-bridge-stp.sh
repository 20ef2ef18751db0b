# title: In the manner of the kernel's own tests: a bridge's own settings, by ip, brctl and /sys
# tags: bridge stp sysfs
ip link add br0 address 02:00:00:00:00:99 type bridge
for i in 1 2 3; do ip link add p$i address 02:00:00:00:00:0$i type veth peer name q$i; ip link set p$i master br0; ip link set q$i up; ip link set p$i up; done
ip link set br0 up; sleep 1
B=/sys/class/net/br0/bridge
cat $B/stp_state $B/forward_delay $B/hello_time $B/max_age $B/priority $B/ageing_time $B/root_id $B/bridge_id
ip link set br0 type bridge forward_delay 400 hello_time 100 max_age 600
ip -d link show br0 | grep -o 'forward_delay [0-9]* hello_time [0-9]* max_age [0-9]*'
ip link set br0 type bridge forward_delay 100
ip link set br0 type bridge hello_time 1100
ip link set br0 type bridge max_age 10
ip link set br0 type bridge priority 4096; cat $B/priority
ip link set br0 type bridge priority 70000
ip link set br0 type bridge ageing_time 0; cat $B/ageing_time
echo 30000 > $B/ageing_time; ip -d link show br0 | grep -o 'ageing_time [0-9]*'
ip link set br0 type bridge nonsense 1
ip link set br0 type bridge mcast_snooping 0; cat $B/multicast_snooping
ip link set br0 type bridge group_fwd_mask 0x8; cat $B/group_fwd_mask
ip link set br0 type bridge group_fwd_mask 0x7
ip link set br0 type bridge nf_call_iptables 1; cat $B/nf_call_iptables
ip link set br0 type bridge stp_state 1; sleep 0.5; cat $B/stp_state; bridge link | awk '{print $2,$(NF-4),$(NF-3)}'
sleep 5; bridge link | awk '{print $2,$(NF-5),$(NF-4),$(NF-3)}'
sleep 4; bridge link | awk '{print $2,$(NF-5),$(NF-4),$(NF-3)}'
ip link set br0 type bridge stp_state 0; bridge link show dev p1 | grep -o 'state [a-z]*'
ip -d link show p1 | grep -o 'bridge_slave state [a-z]* priority [0-9]* cost [0-9]*'
ip link set p1 type bridge_slave cost 44 priority 7 hairpin on
ip -d link show p1 | grep -o 'bridge_slave state [a-z]* priority [0-9]* cost [0-9]* hairpin [a-z]*'
cat /sys/class/net/p1/brport/{path_cost,priority,hairpin_mode,port_no,state,port_id,isolated}
echo 1 > /sys/class/net/p1/brport/isolated; bridge -d link show dev p1 | grep -o 'isolated [a-z]*'
echo 77 > /sys/class/net/p2/brport/path_cost; bridge link show dev p2 | grep -o 'cost [0-9]*'
ip link set p1 type bridge_slave priority 64
ip link set p3 nomaster; ip link set p3 type bridge_slave cost 4; bridge link show dev p3
ip link set br0 master br0; ip link set lo master br0
ip link add br1 type bridge; ip link set br1 master br0; ip link set p1 master br1; bridge link show dev p1 | grep -o 'master [a-z0-9]*'
ip link set p1 master nobridge; ip link set p1 master q1
ls /sys/class/net/br0/brif; ls -d /sys/class/net/p1/brport /sys/class/net/p1/master; readlink /sys/class/net/p1/master
ip link set p2 down; bridge link show dev p2; ip link set p2 mtu 1400; ip link show br0 | grep -o 'mtu [0-9]*'
ip link set br0 mtu 1300; ip link set p2 mtu 1200; ip link show br0 | grep -o 'mtu [0-9]*'
ip link set br0 address 02:00:00:00:00:98; cat $B/bridge_id; bridge fdb show br br0 | grep 00:98 # cmp: sort
ip link show type bridge | grep -c '^[0-9]'; ip link show type bridge_slave | grep -c '^[0-9]'; ip link show master br1 | grep -o '^[0-9]*: p1'
ip link add br0 type bridge; ip link add type bridge; ip -br link show type bridge | awk '{print $1}'
ip link del br0; ip link del br1; ip -d link show p1 | grep -c bridge_slave
