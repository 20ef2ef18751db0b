# title: In the manner of iproute2's own tests: new links, renames, MTU, groups, alternative names
# tags: link
ip link add dev tst0 type veth peer name tst1
ip link show dev tst0 | head -1
ip link set dev tst0 mtu 1450
ip link set dev tst0 name ren0
ip link show dev tst0
ip -br link show dev ren0
ip link set dev ren0 group 42
ip link show group 42
ip link set group 42 up
ip -br link show group 42
ip link set group 42 mtu 1420
ip link show dev ren0 | head -1
ip link set dev tst1 group 42
ip link set group 42 down
ip -br link show group 42
ip link property add dev ren0 altname another-name-that-is-longer-than-fifteen
ip link property add dev ren0 altname shortalt altname thirdname
ip link show dev shortalt
ip link set dev shortalt mtu 1400
ip link set another-name-that-is-longer-than-fifteen up
ip -o link show dev ren0
ip -j link show dev ren0 | grep -o '"altnames":\[[^]]*\]'
ip link property add dev tst1 altname shortalt
ip link property del dev ren0 altname shortalt
ip link property del dev ren0 altname shortalt
ip link show dev shortalt
ip link set dev ren0 alias "first of two"
ip link show dev ren0
ip link set dev ren0 alias ""
ip link show dev ren0
ip link set dev ren0 txqueuelen 77
ip -d link show dev ren0 | head -1
ip link add dev ren0 type veth
ip link add name toolongnameforalink type veth
ip link add index 77 name idx type veth peer name idy index 78
ip -br link show idx
ip link add index 77 name other type veth
ip link del group 42
ip -br link
ip link del dev nosuch
ip link del
