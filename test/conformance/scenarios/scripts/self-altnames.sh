# title: In the manner of the kernel's own tests: alternative names
# tags: link json jq
SHORT_NAME=shortname
LONG_NAME=someveryveryveryveryveryverylongname
ip link add name dummytest type veth peer name other
ip link property add dummytest altname $SHORT_NAME
output=$(ip -j -p link show $SHORT_NAME); echo $?
echo "$output" | jq -e -r ".[0].altnames[0]"
ip -j -p link show dummytest &>/dev/null; echo $?
ip link property add dev dummytest altname $LONG_NAME
ip -j link show $LONG_NAME | jq -e -r ".[0].altnames[1]"
ip link show $LONG_NAME
ip link set $LONG_NAME up
ip -br link show $SHORT_NAME
ip addr add 10.0.0.1/24 dev $SHORT_NAME
ip addr show dev $LONG_NAME
ip route show dev $SHORT_NAME
ip link property del dummytest altname $SHORT_NAME
ip -j -p link show $SHORT_NAME
ip link property del dummytest altname $SHORT_NAME
ip link property add dummytest altname other
ip link property add dummytest altname $LONG_NAME
ip link property add dummytest altname a altname b altname c
ip -d link show dummytest | grep altname
ip link property add dummytest
ip link property foo dummytest altname x
ip link add name $LONG_NAME type veth
ip link set other name b
ip link set other name fine
ip link set $LONG_NAME name newname
ip link show newname
ls /sys/class/net
ip link del c
ip link show
