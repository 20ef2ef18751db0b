# title: In the manner of the kernel's own tests: nexthop objects, groups and routes through them
# tags: nexthop route functions
nsuccess=0; nfail=0
log_test() { local rc=$1 expected=$2 msg="$3"; if [ ${rc} -eq ${expected} ]; then nsuccess=$((nsuccess+1)); printf "TEST: %-50s  [ OK ]\n" "${msg}"; else nfail=$((nfail+1)); printf "TEST: %-50s  [FAIL]\n" "${msg}"; fi; }
check_nexthop() { local nharg="$1" expected="$2" out; out=$($IP nexthop ls ${nharg} 2>/dev/null); out=$(echo $out); [ "${out}" = "${expected}" ] && return 0; echo "have: $out"; return 1; }
ip netns add me; IP="ip -netns me"; $IP link set lo up
$IP link add veth1 type veth peer name veth2; $IP link add veth3 type veth peer name veth4
for v in 1 2 3 4; do $IP link set veth$v up; done
$IP addr add 172.16.1.1/24 dev veth1; $IP addr add 172.16.2.1/24 dev veth3
$IP nexthop add id 12 via 172.16.1.2 dev veth1; log_test $? 0 "Create nexthop with id, gw, dev"
check_nexthop "id 12" "id 12 via 172.16.1.2 dev veth1 scope link"; log_test $? 0 "as asked"
$IP nexthop add id 12 via 172.16.1.3 dev veth1; log_test $? 2 "the same id again"
$IP nexthop replace id 12 via 172.16.1.3 dev veth1; log_test $? 0 "replaced"; check_nexthop "id 12" "id 12 via 172.16.1.3 dev veth1 scope link"; log_test $? 0 "as replaced"
$IP nexthop del id 12; log_test $? 0 "deleted"; $IP nexthop get id 12; log_test $? 2 "gone"
$IP nexthop add id 21 via 172.16.1.6 dev veth1; $IP nexthop add id 22 via 172.16.2.6 dev veth3
$IP nexthop add id 101 group 21/22; $IP nexthop add id 102 group 21,3/22,5
$IP nexthop show
$IP nexthop ls groups
$IP nexthop ls dev veth1
$IP -d nexthop show id 102
$IP -j nexthop show id 101 | jq -c .
$IP nexthop add id 103 group 21/99; log_test $? 2 "group of what is not there"
$IP nexthop add id 104 group 101/22; log_test $? 2 "a group in a group"
$IP nexthop add id 105 group 21/21; log_test $? 2 "the same twice"
$IP nexthop add id 106 group 21,300; log_test $? 255 "weight too large"
$IP nexthop add id 107 blackhole; $IP nexthop show id 107; $IP nexthop add id 108 group 107/21; log_test $? 2 "blackhole in a group with others"
$IP nexthop add id 109 dev veth1; $IP nexthop show id 109
$IP nexthop add id 110 via 172.16.9.9 dev veth1; log_test $? 2 "gateway out of reach"
$IP nexthop add id 111 via 172.16.9.9 dev veth1 onlink; $IP nexthop show id 111
$IP nexthop add id 112 via 172.16.1.9; log_test $? 2 "no device"
$IP nexthop add id 113 dev nodev; log_test $? 1 "no such device"
$IP nexthop add dev veth3; $IP nexthop show | tail -1
$IP route add 10.1.1.0/24 nhid 21; $IP route add 10.1.2.0/24 nhid 101; $IP route add 10.1.3.0/24 nhid 107; $IP route add 10.1.4.0/24 nhid 77; $IP route
$IP route get 10.1.1.1; $IP route get 10.1.3.1; $IP route get fibmatch 10.1.2.1
$IP route show nhid 101; $IP -d route show 10.1.2.0/24
$IP route add 10.1.5.0/24 nhid 21 via 172.16.1.6; log_test $? 2 "nhid and via"
$IP nexthop replace id 21 via 172.16.1.7 dev veth1; $IP route show 10.1.1.0/24; $IP route show 10.1.2.0/24
$IP nexthop del id 22; $IP nexthop show id 101; $IP route show 10.1.2.0/24
$IP nexthop del id 21; $IP route
$IP link set veth1 down; $IP nexthop
$IP nexthop flush; $IP nexthop; $IP route
ip netns del me
echo "$nsuccess passed, $nfail failed"
