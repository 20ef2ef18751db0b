# title: In the manner of the kernel's own tests: rules that are added, matched and deleted one after the other
# tags: rule functions
RTABLE=100
RTABLE_PEER=101
GW_IP4=192.51.100.2
SRC_IP=192.51.100.3
DEV=dev0
setup()
{
	set -e
	ip netns add testns
	IP="ip -netns testns"
	$IP link set dev lo up
	$IP link add $DEV type veth peer name peer0
	$IP link set dev $DEV up
	$IP link set dev peer0 up
	$IP address add 192.51.100.1/24 dev $DEV
	$IP -6 address add 2001:db8:1::1/64 dev $DEV nodad
	set +e
}
rule_test()
{
	local match="$1"
	local getmatch="$2"
	$IP rule add $match table $RTABLE
	echo "add $match: $?"
	$IP route get $GW_IP4 $getmatch
	$IP rule del $match table $RTABLE
	echo "del $match: $?"
	$IP route get $GW_IP4 $getmatch | head -n 1
}
setup
$IP route add table $RTABLE default via $GW_IP4 dev $DEV onlink
$IP route show table $RTABLE
rule_test "oif $DEV" "oif $DEV"
rule_test "from $SRC_IP iif $DEV" "from $SRC_IP iif $DEV"
rule_test "tos 0x10" "tos 0x10"
rule_test "fwmark 0x64" "mark 0x64"
rule_test "uidrange 100-100" "uid 100"
rule_test "ipproto icmp" "ipproto icmp"
rule_test "sport 666 dport 777" "sport 666 dport 777 ipproto udp"
rule_test "to $GW_IP4" ""
rule_test "dsfield 0x07" "tos 0x07"
$IP rule add from $SRC_IP fwmark 7/0xff iif $DEV ipproto tcp dport 1-1024 pref 77 table $RTABLE_PEER
$IP rule
$IP rule show pref 77
$IP -j rule show pref 77 | jq -c '.[0]'
$IP rule del pref 77 && $IP rule del pref 77
$IP -6 rule add from 2001:db8:1::/64 lookup 200
$IP -6 rule add to 2001:db8:2::/64 iif $DEV lookup 200 pref 50
$IP -6 rule
$IP -6 route add default via 2001:db8:1::2 dev $DEV table 200
$IP -6 route get 2001:db8:5::5 from 2001:db8:1::1
$IP -6 rule del from 2001:db8:1::/64 lookup 200
$IP -6 rule del from 2001:db8:1::/64 lookup 200
$IP -6 route get 2001:db8:5::5
$IP rule add table 70000 pref 5; $IP rule show pref 5
$IP rule add pref 4 from 10.0.0.0/33 table 3
$IP rule add pref 4 fwmark x table 3
$IP rule add pref 4 iif aninterfacenamethatistoolong table 3
$IP rule add pref 4 iif notthere table 3
$IP rule show pref 4
$IP rule save > /tmp/rules.bin; ls /tmp/rules.bin
$IP rule flush
$IP rule
$IP rule add pref 32766 table main
$IP rule add pref 32767 table default
$IP rule show
ip netns del testns
