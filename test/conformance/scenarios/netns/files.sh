# title: /run/netns, /proc/PID/ns and the files behind a namespace
# tags: netns proc
ls /run/netns
ip netns add red
ls /run/netns
ls -l /run/netns | tail -1 | cut -c1-10
stat -c '%F %a %U' /run/netns/red
test -f /run/netns/red && echo file
cat /run/netns/red
test "$(readlink /proc/self/ns/net)" = "$(readlink /proc/$$/ns/net)" && echo same
test "$(ip netns exec red readlink /proc/self/ns/net)" = "$(readlink /proc/$$/ns/net)" || echo other
readlink /proc/$$/ns/net | cut -d: -f1
ip netns exec red readlink /proc/self/ns/net | tr -d 0-9
test "$(ip netns exec red readlink /proc/self/ns/net)" = "net:[$(stat -L -c %i /run/netns/red)]" && echo inode
ls /proc/$$/ns
touch /run/netns/fake
ip netns list
ip netns exec fake ip link
ip -n fake link
ip netns del fake
ip netns list
ip netns list
ip netns list
ip netns identify $$
touch /run/netns/kept
unshare --net=/run/netns/kept ip link set lo up
ip -n kept -br addr
ip netns list
ip netns del kept
ls /run/netns
