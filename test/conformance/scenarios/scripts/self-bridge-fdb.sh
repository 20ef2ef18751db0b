# title: In the manner of the kernel's own tests: the forwarding database, learned, static and sticky
# tags: bridge fdb functions
RET=0
check_err() { local err=$1; local msg=$2; if [[ $RET -eq 0 && $err -ne 0 ]]; then RET=$err; retmsg=$msg; fi; }
check_fail() { local err=$1; local msg=$2; if [[ $RET -eq 0 && $err -eq 0 ]]; then RET=1; retmsg=$msg; fi; }
log_test() { local test_name=$1; local opt_str=$2; [[ -n $opt_str ]] && opt_str="($opt_str)"; if [[ $RET -ne 0 ]]; then printf "TEST: %-60s  [FAIL]\n\t%s\n" "$test_name $opt_str" "$retmsg"; return 1; fi; printf "TEST: %-60s  [ OK ]\n" "$test_name $opt_str"; return 0; }
mac_get() { local if_name=$1; ip -j link show dev $if_name | jq -r '.[]["address"]'; }
h1=h1 h2=h2 swp1=swp1 swp2=swp2
ip link add $h1 address 02:00:00:00:00:01 type veth peer name $swp1 address 02:00:00:00:01:01
ip link add $h2 address 02:00:00:00:00:02 type veth peer name $swp2 address 02:00:00:00:01:02
ip netns add a; ip netns add b; ip link set $h1 netns a; ip link set $h2 netns b
for n in a b; do ip netns exec $n sysctl -qw net.ipv6.conf.all.disable_ipv6=1; done; sysctl -qw net.ipv6.conf.all.disable_ipv6=1
ip -n a addr add 192.0.2.1/24 dev $h1; ip -n b addr add 192.0.2.2/24 dev $h2
ip link add dev br0 address 02:00:00:00:02:00 type bridge ageing_time 1000 mcast_snooping 0
ip link set dev $swp1 master br0; ip link set dev $swp2 master br0
ip link set br0 up; ip link set $swp1 up; ip link set $swp2 up; ip -n a link set $h1 up; ip -n b link set $h2 up
sleep 1
bridge fdb show br br0 | grep -v permanent
ip netns exec a ping -q -c1 -W1 192.0.2.2 >/dev/null; echo $?
bridge fdb show br br0 brport $swp1 | grep -v permanent
bridge fdb show br br0 | grep -e "02:00:00:00:00:0[12]" | cut -d' ' -f1-5 # cmp: sort
bridge -j fdb show br br0 brport $swp1 | jq -e '.[] | select(.mac == "02:00:00:00:00:01")' | jq -c '[.mac, .ifname, .master]'; check_err $? "not learned"; log_test "learning"
bridge link set dev $swp1 learning off
bridge fdb del 02:00:00:00:00:01 dev $swp1 master
ip netns exec a ping -q -c1 -W1 192.0.2.2 >/dev/null; echo $?
bridge fdb show brport $swp1 | grep -c "02:00:00:00:00:01"; check_fail $?  "learned though off"; log_test "learning off"; RET=0
bridge -d link show dev $swp1
bridge link set dev $swp1 learning on flood off
bridge fdb flush dev br0 2>/dev/null; echo $?
bridge fdb add 02:aa:00:00:00:01 dev $swp1 master static
bridge fdb add 02:aa:00:00:00:01 dev $swp1 master static
bridge fdb append 02:aa:00:00:00:01 dev $swp1 master static
bridge fdb replace 02:aa:00:00:00:01 dev $swp2 master static
bridge fdb get 02:aa:00:00:00:01 br br0
bridge fdb add 02:aa:00:00:00:02 dev $swp1 master sticky
bridge fdb add 02:aa:00:00:00:03 dev $swp1 master local
bridge fdb add 02:aa:00:00:00:04 dev $swp1 self
bridge fdb add 02:aa:00:00:00:05 dev br0 local
bridge fdb add 02:aa:00:00:00:06 dev $swp1 master dynamic
bridge fdb add 02:aa:00:00:00:07 dev $swp1 master extern_learn
bridge fdb add 02:aa:00:00:00 dev $swp1 master
bridge fdb add 00:00:00:00:00:00 dev $swp1 master
bridge fdb add 01:00:5e:00:00:01 dev $swp1 master
bridge fdb add 02:aa:00:00:00:08 dev nodev master
bridge fdb add 02:aa:00:00:00:08 dev lo master
bridge fdb add 02:aa:00:00:00:08
bridge fdb show br br0 | grep 02:aa # cmp: sort
bridge -s fdb show br br0 | grep 02:aa:00:00:00:06 | sed 's/used.*master/master/'
bridge fdb show dynamic br br0 | grep 02:aa # cmp: sort
bridge fdb show br br0 state static | grep 02:aa # cmp: sort
bridge fdb del 02:aa:00:00:00:01 dev $swp2 master; echo $?
bridge fdb del 02:aa:00:00:00:01 dev $swp2 master; echo $?
bridge fdb del 02:aa:00:00:00:04 dev $swp1 self
sleep 1; bridge fdb show br br0 | grep -c 02:aa
bridge link set dev $swp2 isolated on; bridge link set dev $swp1 isolated on
ip -n a neigh flush all; ip netns exec a ping -q -c1 -W1 192.0.2.2 >/dev/null; echo $?
bridge link set dev $swp2 isolated off; bridge link set dev $swp1 flood on
ip -n a neigh flush all; ip netns exec a ping -q -c1 -W1 192.0.2.2 >/dev/null; echo $?
bridge link set dev $swp1 state 0; bridge link show dev $swp1
ip -n a neigh flush all; ip netns exec a ping -q -c1 -W1 192.0.2.2 >/dev/null; echo $?
bridge link set dev $swp1 state forwarding; bridge link show dev $swp1
bridge link set dev $swp1 state 9; bridge link set dev $swp1 guard maybe; bridge link set dev $swp1 nonsense on
mac_get $swp1; mac_get br0
ip link set $swp1 nomaster; bridge fdb show dev $swp1 | grep -v -e 33:33 -e 01:00:5e; bridge fdb show br br0 | grep -c "$swp1"
