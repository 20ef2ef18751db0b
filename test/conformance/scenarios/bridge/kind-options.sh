# title: options of ip link … type bridge
# tags: bridge link
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add br0 address 02:00:00:00:00:b0 type bridge
ip -d link show br0    # cmp: mask /gc_timer +[0-9.]+/ mask /tso_max_size [0-9]+/
ip -d -j link show br0   # cmp: mask /"gc_timer":[0-9.]+/ mask /"tso_max_size":[0-9]+/
ip link set br0 type bridge forward_delay 400 hello_time 300 max_age 1000 ageing_time 6000 priority 4096
ip -d link show br0 | grep -o 'bridge forward_delay.*vlan_filtering'
ip link set br0 type bridge group_fwd_mask 8
ip link set br0 type bridge group_fwd_mask 65528; ip -d link show br0 | grep -o 'group_fwd_mask [^ ]*'
ip link set br0 type bridge group_fwd_mask 3
ip link set br0 type bridge group_fwd_mask 65535
ip link set br0 type bridge group_fwd_mask 70000
ip link set br0 type bridge group_address 01:80:c2:00:00:05; ip -d link show br0 | grep -o 'group_address [^ ]*'
ip link set br0 type bridge group_address 01:80:c2:00:00:01
ip link set br0 type bridge group_address 01:80:c2:00:00:10
ip link set br0 type bridge group_address 01:80:c2:00:00
ip link set br0 type bridge group_address zz
ip link set br0 type bridge group_address 01:80:c2:00:00:00
ip link set br0 type bridge fdb_flush
ip link set br0 type bridge priority 70000
ip link set br0 type bridge priority x
ip link set br0 type bridge priority
ip link set br0 type bridge priority 65535; ip -d link show br0 | grep -o 'priority [0-9]*\|bridge_id [^ ]*\|designated_root [^ ]*'
ip link set br0 type bridge hello_time 50
ip link set br0 type bridge hello_time 1100
ip link set br0 type bridge max_age 500
ip link set br0 type bridge max_age 4100
ip link set br0 type bridge forward_delay 100
ip link set br0 type bridge stp_state 1; ip -d link show br0 | grep -o 'forward_delay [0-9]*\|stp_state [0-9]'
ip link set br0 type bridge forward_delay 3100
ip link set br0 type bridge forward_delay 100
ip link set br0 type bridge forward_delay 300 hello_time 5000; ip -d link show br0 | grep -o 'forward_delay [0-9]*\|hello_time [0-9]*'
ip link set br0 type bridge stp_state 0 forward_delay 0 ; ip -d link show br0 | grep -o 'forward_delay [0-9]*\|stp_state [0-9]'
ip link set br0 type bridge stp_state 5; ip -d link show br0 | grep -o 'stp_state [0-9]'
ip link set br0 type bridge stp_state 4294967296
ip link set br0 type bridge vlan_filtering 300
ip link set br0 type bridge vlan_protocol foo
ip link set br0 type bridge mcast_router 300
ip link set br0 type bridge mcast_router 3
ip link set br0 type bridge mcast_router 2
ip link set br0 type bridge mcast_igmp_version 4
ip link set br0 type bridge mcast_igmp_version 3 mcast_mld_version 2
ip link set br0 type bridge mcast_query_interval x
ip link set br0 type bridge mcast_query_interval 50 mcast_startup_query_interval 1 mcast_querier_interval 1
ip link set br0 type bridge mcast_last_member_count 3 mcast_startup_query_count 4 mcast_last_member_interval 200 mcast_membership_interval 5
ip link set br0 type bridge mcast_vlan_snooping 1
ip link set br0 type bridge mcast_hash_max 512 mcast_hash_elasticity 4 mcast_snooping 0
ip link set br0 type bridge no_linklocal_learn 1
ip -d link show br0 | grep -o 'mcast_snooping.*addrgenmode'
ip link set br0 type bridge stp 0 age 100 hello 200
ip link set br0 type bridge frob 1
ip link set br0 type bridge help
ip link help bridge
ip link set br0 type veth
ip link set br0 type bridge
ip link add br1 type bridge stp_state 1 forward_delay 100 ageing_time 3
ip -d link show br1 | grep -o 'forward_delay [0-9]*\|stp_state [0-9]\|ageing_time [0-9]*'
ip link add br2 type bridge hello_time 5
ip link add br2 type bridge ageing_time -1
ip link show br2
ip link add br3 up type bridge
ip link add type bridge
ip link add name br4 mtu 900 type bridge priority 8
ip -br link | cut -c1-30
ip link del br3 type bridge; ip link del br4; ip link del br0; ip link del br1
ip -br link | cut -c1-30
