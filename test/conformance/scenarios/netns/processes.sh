# title: background processes in namespaces: pids, identify, killing, deleting under them
# tags: netns process
ip netns add red
ip netns add blue
ip netns exec red sleep 30 >/dev/null 2>&1 & A=$!
ip netns exec red sleep 31 >/dev/null 2>&1 & B=$!
ip netns exec blue sleep 32 >/dev/null 2>&1 & C=$!
sleep 0.3
ip netns pids red | wc -l
ip netns pids blue | wc -l
test "$(ip netns pids blue)" = $C && echo same
ip netns identify $A
ip netns identify $C
ip netns identify 1
ip netns identify 99999
ip netns identify abc
ip netns identify
ip netns pids
ip netns pids nope
kill $A
wait $A
ip netns pids red | wc -l
ip netns del red
ip netns list
ip netns identify $B
ip netns pids red
ps -o args= -p $B
nsenter -t $B -n ip -br link
nsenter -t $B -n ip link set lo up
nsenter -t $B -n ip -br addr
ip netns attach again $B
ip netns list
ip -n again -br addr
ip netns identify $B
kill $B $C; wait
ip netns pids again
ip -n again -br addr
ip netns del again
ip netns del blue
ip netns list
ip netns attach x 99999
ip netns attach x
ip netns attach
