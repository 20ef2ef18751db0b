# title: unshare and nsenter: namespaces without a name
# tags: netns unshare
unshare -n true
unshare -n false
unshare -n
unshare -n nosuch
unshare --net ip -br link
unshare -n bash -c 'ip link set lo up && ping -c 1 -W 1 127.0.0.1 >/dev/null && echo fine'
unshare -n sleep 20 & P=$!
sleep 0.3
nsenter -t $P -n ip -br link
ip link add v0 type veth peer name v1
ip link set v1 netns $P
ip link show v0
nsenter --target $P --net ip link show v1
nsenter -t $P -n ip link set v1 name eth0 up
nsenter -t $P -n ip addr add 10.0.0.2/24 dev eth0
ip addr add 10.0.0.1/24 dev v0
ip link set v0 up
ping -c 1 -W 1 10.0.0.2
ip netns list
ip netns list-id
ip netns identify $P
ip netns attach box $P
ip netns list
ip link show v0
kill $P; wait $P
ip -n box -br addr # cmp: mask /fe80[^ ]*/
ip netns del box
sleep 0.3
ip -br link
unshare -n sleep 20 & P=$!
sleep 0.3
ip link add v0 type veth peer name v1 netns $P
ip -br link
kill $P; wait $P
sleep 0.3
ip -br link
ip link set lo netns $P
unshare --bogus
nsenter --bogus
nsenter -t abc -n true
