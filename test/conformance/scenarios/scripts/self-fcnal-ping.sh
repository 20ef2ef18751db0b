# title: In the manner of the kernel's own tests: ping from addresses, devices and to local ones, tried in a loop
# tags: ping functions rule
log_start() { echo "---- $*"; }
log_test() { local rc=$1 expected=$2; shift 2; [ ${rc} -eq ${expected} ] && printf "%-60s [ OK ]\n" "$*" || printf "%-60s [FAIL] rc=%d\n" "$*" $rc; }
run_cmd() { local cmd="$*"; local out rc; out=$($cmd 2>&1); rc=$?; [ -n "$VERBOSE" ] && echo "$out"; return $rc; }
NSA=ns-A NSB=ns-B NSA_IP=172.16.1.1 NSB_IP=172.16.1.2 NSA_LO_IP=172.16.2.1 NSB_LO_IP=172.16.2.2 NSA_DEV=eth1 NSB_DEV=eth1
NSA_IP6=2001:db8:1::1 NSB_IP6=2001:db8:1::2
run_cmd_nsa() { ip netns exec $NSA "$@" > /dev/null 2>&1; }
run_cmd_nsb() { ip netns exec $NSB "$@" > /dev/null 2>&1; }
create_ns() { local ns=$1 addr=$2 addr6=$3; ip netns add ${ns}; ip -netns ${ns} link set lo up; ip -netns ${ns} addr add dev lo ${addr}; ip netns exec ${ns} sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.keep_addr_on_down=1; }
connect_ns() { ip -netns $1 li add $2 type veth peer name tmp; ip -netns $1 li set $2 up; ip -netns $1 li set tmp netns $4 name $5; ip -netns $4 li set $5 up; ip -netns $1 addr add dev $2 $3; ip -netns $4 addr add dev $5 $6; }
create_ns $NSA $NSA_LO_IP/32; create_ns $NSB $NSB_LO_IP/32; connect_ns $NSA $NSA_DEV $NSA_IP/24 $NSB $NSB_DEV $NSB_IP/24
ip -n $NSA addr add $NSA_IP6/64 dev $NSA_DEV nodad; ip -n $NSB addr add $NSB_IP6/64 dev $NSB_DEV nodad; ip -n $NSA ro add $NSB_LO_IP/32 via $NSB_IP dev $NSA_DEV; ip -n $NSB ro add $NSA_LO_IP/32 via $NSA_IP dev $NSB_DEV; sleep 1
for a in $NSB_IP $NSB_LO_IP; do log_start "ping out"; run_cmd_nsa ping -c1 -w1 $a; log_test $? 0 "ping out $a"; run_cmd_nsa ping -c1 -w1 -I $NSA_DEV $a; log_test $? 0 "device bind $a"; run_cmd_nsa ping -c1 -w1 -I $NSA_LO_IP $a; log_test $? 0 "address bind $a"; done
for a in $NSA_IP $NSA_LO_IP; do log_start "ping in"; run_cmd_nsb ping -c1 -w1 $a; log_test $? 0 "ping in $a"; done
for a in $NSA_IP $NSA_LO_IP 127.0.0.1; do log_start "local"; run_cmd_nsa ping -c1 -w1 $a; log_test $? 0 "local $a"; run_cmd_nsa ping -c1 -w1 -I $NSA_DEV $a; log_test $? 0 "local, device bind $a"; done
run_cmd_nsa ping -c1 -w1 -I $NSA_DEV 127.0.0.1; log_test $? 1 "loopback through a device"
ip -n $NSA rule add pref 32765 from all lookup local; ip -n $NSA rule del pref 0 from all lookup local; ip -n $NSA rule add pref 50 to $NSB_LO_IP prohibit; ip -n $NSA rule
for a in $NSB_LO_IP $NSB_IP; do run_cmd_nsa ping -c1 -w1 $a; log_test $? $([ $a = $NSB_LO_IP ] && echo 2 || echo 0) "prohibited by rule $a"; done
ip netns exec $NSA ping -c1 -w1 $NSB_LO_IP; ip netns exec $NSA ping -c1 -w1 -I $NSA_DEV $NSB_LO_IP; ip netns exec $NSA ping -c1 -w1 -I $NSA_LO_IP $NSB_LO_IP
ip -n $NSB rule add pref 51 to $NSA_IP prohibit; ip netns exec $NSB ping -c1 -w1 $NSA_IP; ip netns exec $NSA ping -c1 -w1 $NSB_IP
ip -n $NSB rule del pref 51; ip -n $NSA rule del pref 50; ip -n $NSA ro replace unreachable $NSB_LO_IP; ip netns exec $NSA ping -c1 -w1 $NSB_LO_IP; ip -n $NSA route get $NSB_LO_IP
ip -n $NSA ro del unreachable $NSB_LO_IP; ip netns exec $NSA ping -c1 -w1 $NSB_LO_IP; ip netns exec $NSA ping -c1 -w1 -I $NSA_DEV $NSB_LO_IP
ip -n $NSA ro add $NSB_LO_IP dev $NSA_DEV; ip netns exec $NSA ping -c1 -w1 $NSB_LO_IP | tail -2 | head -1; ip -n $NSA neigh show $NSB_LO_IP | awk '{print $1,$2,$3,$4}'
ip -n $NSA rule; ip -n $NSA route get $NSA_IP; ip -n $NSA route get 127.0.0.1; ip -n $NSA route show table local | wc -l
for a in $NSB_IP6 ::1; do run_cmd_nsa ping -6 -c1 -w1 $a; log_test $? 0 "IPv6 $a"; run_cmd_nsa ping -6 -c1 -w1 -I $NSA_DEV $a; log_test $? 0 "IPv6, device bind $a"; done
ip -n $NSA -6 rule add pref 50 to 2001:db8:2::/64 prohibit; ip -n $NSA -6 route add 2001:db8:2::/64 via $NSB_IP6; run_cmd_nsa ping -6 -c1 -w1 2001:db8:2::1; log_test $? 2 "IPv6, prohibited by rule"; ip netns exec $NSA ping -6 -c1 -w1 2001:db8:2::1
ip -n $NSA -6 rule del pref 50; ip netns exec $NSA ping -6 -c1 -w1 2001:db8:2::1
ip netns exec $NSA ping -c1 -w1 -m 5 $NSB_IP | tail -2 | head -1; ip -n $NSA rule add fwmark 5 pref 10 blackhole; ip netns exec $NSA ping -c1 -w1 -m 5 $NSB_IP; ip netns exec $NSA ping -c1 -w1 $NSB_IP | tail -2 | head -1
ip -n $NSA rule add pref 11 oif $NSA_DEV unreachable; ip netns exec $NSA ping -c1 -w1 -I $NSA_DEV $NSB_IP; ip netns exec $NSA ping -c1 -w1 $NSB_IP | tail -2 | head -1; ip -n $NSA rule del pref 11
ip netns exec $NSA ping -Q 0x10 -c1 -w1 $NSB_IP | tail -2 | head -1; ip -n $NSA rule add tos 0x10 pref 12 prohibit; ip netns exec $NSA ping -Q 0x10 -c1 -w1 $NSB_IP; ip -n $NSA rule show pref 12; ip -n $NSA rule flush; ip -n $NSA rule
ip netns exec $NSA ping -c1 -w1 $NSB_IP; ip -n $NSA rule add table main; ip -n $NSA rule; ip netns exec $NSA ping -c1 -w1 $NSB_IP | tail -2 | head -1; ip netns del $NSA; ip netns del $NSB
