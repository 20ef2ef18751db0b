# title: In the manner of the kernel's own tests: a function that runs commands and counts
# tags: functions rule neigh fdb addrlabel
ret=0
check_err()
{
	if [ $ret -eq 0 ]; then
		ret=$1
	fi
}
check_fail()
{
	if [ $1 -eq 0 ]; then
		ret=1
	fi
}
run_cmd_common()
{
	local cmd="$*"
	local out
	if [ "$VERBOSE" = "1" ]; then
		echo "COMMAND: ${cmd}"
	fi
	out=$($cmd 2>&1)
	rc=$?
	if [ "$VERBOSE" = "1" -a -n "$out" ]; then
		echo "    $out"
	fi
	return $rc
}
run_cmd() {
	run_cmd_common "$@"
	rc=$?
	check_err $rc
	return $rc
}
run_cmd_fail()
{
	run_cmd_common "$@"
	rc=$?
	check_fail $rc
	return $rc
}
run_cmd_grep()
{
	local find="$1"; shift
	local cmd="$*"
	out=$($cmd 2>&1 | grep -q "${find}" 2>&1)
	rc=$?
	check_err $rc
	return $rc
}
end_test() { echo "$* ($ret)"; ret=0; }
VERBOSE=1
run_cmd ip link add name tst0 type veth peer name tst1
run_cmd ip link set tst0 up
run_cmd ip link set tst1 up; sleep 2.5
run_cmd ip rule add fwmark 1 lookup 100
run_cmd ip route add local 0.0.0.0/0 dev lo table 100
run_cmd ip r s t 100
run_cmd ip rule del fwmark 1 lookup 100
run_cmd ip route del local 0.0.0.0/0 dev lo table 100
end_test "policy routing"
run_cmd ip link set lo up
run_cmd ip route get 127.0.0.1
run_cmd ip route get 127.0.0.1 dev tst0
run_cmd ip route get ::1
run_cmd ip route get fe80::1 dev tst0
run_cmd ip route get 127.0.0.1 from 127.0.0.1 oif lo tos 0x10 mark 0x1
run_cmd ip route get ::1 from ::1 iif lo oif lo tos 0x10 mark 0x1
run_cmd ip addr add dev tst0 10.23.7.11/24
run_cmd ip route get 10.23.7.11 from 10.23.7.12 iif tst0
run_cmd ip route add 10.23.8.0/24 nexthop via 10.23.7.13 dev tst0 nexthop via 10.23.7.14 dev tst0
sysctl -wq net.ipv4.fib_multipath_use_neigh=0
sysctl -n net.ipv4.fib_multipath_hash_policy; sysctl -n net.ipv4.conf.all.forwarding
run_cmd ip route get 10.23.8.11 >/dev/null; echo $?
sysctl -wq net.ipv4.fib_multipath_hash_policy=0
run_cmd ip route del 10.23.8.0/24
run_cmd ip addr del dev tst0 10.23.7.11/24
end_test "route get"
run_cmd ip addrlabel add prefix dead::/64 dev lo label 1
run_cmd_grep "prefix dead::/64 dev lo label 1" ip addrlabel list
run_cmd ip addrlabel del prefix dead::/64 dev lo label 1
run_cmd ip addrlabel add prefix dead::/64 label 1
run_cmd ip addrlabel del prefix dead::/64 label 1
end_test "addrlabel"
run_cmd ip link set dev tst0 alias "first name"
ip link set dev tst0 alias "first name"
cat /sys/class/net/tst0/ifalias
echo "second" > /sys/class/net/tst0/ifalias
run_cmd_grep "alias second" ip link show tst0
echo "" > /sys/class/net/tst0/ifalias
ip link show tst0
end_test "ifalias"
ip link add name test-br0 type bridge
run_cmd ip link set dev tst1 master test-br0
run_cmd bridge fdb add 00:01:02:03:04:05 dev tst1 master static
bridge fdb get 00:01:02:03:04:05 br test-br0
bridge fdb get 00:01:02:03:04:05 dev tst1 master
bridge fdb get 00:01:02:03:04:06 br test-br0
bridge fdb del 00:01:02:03:04:05 dev tst1 master
run_cmd ip neigh add 10.0.2.4 lladdr 02:01:02:03:04:05 dev tst0
run_cmd ip neigh get 10.0.2.4 dev tst0
run_cmd ip neigh add proxy 10.0.1.4 dev tst0
run_cmd ip neigh get proxy 10.0.1.4 dev tst0
run_cmd_fail ip neigh get 10.0.2.5 dev tst0
run_cmd ip neigh del 10.0.2.4 dev tst0
end_test "neigh get"
run_cmd ip addr add dev tst0 192.168.27.1/24 proto 0x11
run_cmd ip addr show dev tst0 proto 0x11
run_cmd ip addr show dev tst0 proto 0x12
run_cmd ip -j addr show dev tst0 proto 0x11
end_test "address proto"
