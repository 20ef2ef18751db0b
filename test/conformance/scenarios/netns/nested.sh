# title: exec inside exec, unshare and nsenter inside
# tags: netns
ip netns add a
ip netns add b
ip netns exec a ip netns exec b ip netns identify
ip netns exec a bash -c 'ip netns exec b ip link set lo up; ip -br link'
ip netns exec b ip -br link
ip netns exec a ip netns list
ip netns exec a ip netns add c
ip netns list
ip netns exec a ip -n b -br addr
ip netns exec a ip link add v0 type veth peer name v1 netns b
ip -n b link show v1
ip -n a link show v0
ip netns exec a ip netns list
ip netns list
unshare -n bash -c 'ip link add x0 type veth peer name x1; ip -br link; ip netns identify $$'
ip -br link
unshare -n ip netns exec a ip -br link
ip netns exec a unshare -n ip -br link
nsenter --net=/run/netns/a ip netns identify
nsenter --net=/run/netns/a nsenter --net=/run/netns/b ip -br link
nsenter -n/run/netns/a ip -br link
nsenter -t 1 -n ip -br link
nsenter -t 99999 -n ip link
nsenter -n ip link
ip netns exec a ip link set v0 netns 1
ip -br link
unshare -n bash -c 'ip netns add d; ip -br link'
ip -n d -br link
ip netns exec a bash <<'X'
ip link set lo up
ip -br addr
exit 4
X
echo $?
ip netns exec a ip -n nope link
ip netns exec b bash -c 'cd /tmp && pwd && echo $HOME && id -u'
