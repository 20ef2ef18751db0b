# title: In the manner of the kernel's own tests: routes of devices that go down or away
# tags: route ipv6 functions
IP="ip -netns ns1"
NS_EXEC="ip netns exec ns1"
ret=0; nsuccess=0; nfail=0
log_test()
{
	local rc=$1
	local expected=$2
	local msg="$3"
	if [ ${rc} -eq ${expected} ]; then
		printf "    CASE: %-50s  [ OK ]\n" "${msg}"
		nsuccess=$((nsuccess+1))
	else
		ret=1
		nfail=$((nfail+1))
		printf "    CASE: %-50s  [FAIL]\n" "${msg}"
	fi
}
setup()
{
	set -e
	ip netns add ns1
	ip netns set ns1 auto
	$IP link set dev lo up
	$NS_EXEC sysctl -qw net.ipv4.ip_forward=1
	$NS_EXEC sysctl -qw net.ipv6.conf.all.forwarding=1
	for n in 0 1; do
		$IP link add t$n address 02:00:00:00:00:a$n type veth peer name p$n address 02:00:00:00:00:b$n
		$IP link set dev t$n up
		$IP link set dev p$n up
		$IP address add 198.51.10$n.1/24 dev t$n
		$IP -6 address add 2001:db8:$n::1/64 dev t$n nodad
	done
	set +e
}
cleanup()
{
	ip netns del ns1
	ip netns del ns2 &> /dev/null
}
setup
$IP -br -4 addr
$IP -br -6 addr show scope global
$IP route get fibmatch 198.51.100.2
log_test $? 0 "IPv4 fibmatch"
$IP -6 route get fibmatch 2001:db8:0::2
log_test $? 0 "IPv6 fibmatch"
$IP route get fibmatch 203.0.113.1; log_test $? 2 "no route"
$IP -6 route get fibmatch 2001:db8:f::1; log_test $? 2 "no route, IPv6"
$IP route add 203.0.113.0/24 nexthop via 198.51.100.2 dev t0 nexthop via 198.51.101.2 dev t1
$IP -6 route add 2001:db8:f::/64 nexthop via 2001:db8:0::2 dev t0 nexthop via 2001:db8:1::2 dev t1
$IP route get fibmatch 203.0.113.1
$IP -6 route get fibmatch 2001:db8:f::1 # cmp: sort
$IP link set dev t0 down
$IP route get fibmatch 203.0.113.1
$IP route get fibmatch 203.0.113.1 oif t0 &> /dev/null; log_test $? 2 "IPv4 fibmatch on down device"
$IP route get fibmatch 203.0.113.1 oif t1 &> /dev/null; log_test $? 0 "IPv4 fibmatch on up device"
$IP -6 route get fibmatch 2001:db8:f::1 # cmp: sort
$IP route get fibmatch 203.0.113.1 | grep t0 | grep -q "dead linkdown"; log_test $? 0 "IPv4 flags on down device"
$IP route get fibmatch 203.0.113.1 | grep t1 | grep -q "dead linkdown"; log_test $? 1 "IPv4 flags on up device"
$IP route
$IP -6 route show # cmp: sort
$IP link set dev t0 up
$IP route
$IP -6 route show # cmp: sort
$IP link set dev t1 down
$IP link set dev t0 down
$IP route get fibmatch 203.0.113.1 &> /dev/null; log_test $? 2 "both down"
$IP route
$IP -6 route show table all # cmp: sort
$IP link set dev t0 up; $IP link set dev t1 up
$IP route add 203.0.113.0/24 nexthop via 198.51.100.2 dev t0 nexthop via 198.51.101.2 dev t1
$IP link del dev t0
$IP route get fibmatch 203.0.113.1 &> /dev/null; log_test $? 2 "multipath route removed on delete"
$IP route
printf "passed: %3d\nfailed: %3d\n" $nsuccess $nfail
cleanup
ip netns list
