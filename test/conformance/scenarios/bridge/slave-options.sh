# title: options of ip link … type bridge_slave
# tags: bridge link
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add br0 address 02:00:00:00:00:b0 type bridge
ip link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:f1
ip link add w0 address 02:00:00:00:00:02 type veth peer name w1 address 02:00:00:00:00:f2
ip link set v0 master br0
ip link set br0 up; ip link set v0 up; ip link set v1 up
sleep 1.2
ip -d link show v0
ip -d -j link show v0
ip link set v0 type bridge_slave cost 44 priority 12 hairpin on guard on root_block on fastleave on learning off flood off
ip -d link show v0 | grep -o 'bridge_slave.*addrgenmode'    # cmp: mask /timer +[0-9.]+/
ip link set v0 type bridge_slave mcast_flood off bcast_flood off isolated on locked on mcast_router 2
ip -d link show v0 | grep -o 'bridge_slave.*addrgenmode'    # cmp: mask /timer +[0-9.]+/
for m in 1 4 8 0x4000 0x4001 0xfff8 0; do ip link set v0 type bridge_slave group_fwd_mask $m; ip -d link show v0 | grep -o 'group_fwd_mask.*vlan'; done
ip link set v0 type bridge_slave group_fwd_mask 2
ip link set v0 type bridge_slave group_fwd_mask 65536
ip link set v0 type bridge_slave mcast_router 3
ip link set v0 type bridge_slave mcast_router 4
ip link set v0 type bridge_slave mcast_router 300
ip link set v0 type bridge_slave state 300
ip link set v0 type bridge_slave state 9
ip link set v0 type bridge_slave state blocking
ip link set v0 type bridge_slave state 2; bridge link show dev v0
ip link set v0 type bridge_slave priority 70
ip link set v0 type bridge_slave priority 70000
ip link set v0 type bridge_slave cost 0
ip link set v0 type bridge_slave cost 65536
ip link set v0 type bridge_slave cost 4294967296
ip link set v0 type bridge_slave cost x
ip link set v0 type bridge_slave cost
ip link set v0 type bridge_slave hairpin 1
ip link set v0 type bridge_slave hair off; bridge -d link show dev v0 | grep -o 'hairpin [onf]*'
ip link set v0 type bridge_slave fdb_flush cost 4
ip link set v0 type bridge_slave nobackup_port
ip link set v0 type bridge_slave backup_port nope
ip link set v0 type bridge_slave frob
ip link set v0 type bridge_slave help
ip link help bridge_slave
ip link set w0 type bridge_slave cost 3
ip link set br0 type bridge_slave cost 3
ip link set br0 type bridge stp_state 1
ip link set v0 type bridge_slave state 3
bridge link show dev v0
ip link show type bridge_slave
ip link show master br0
ip link set v0 nomaster
ip link set v0 type bridge_slave cost 3
bridge link
