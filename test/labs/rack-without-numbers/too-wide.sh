# expect: failed
# /24 out of habit: the rack takes addresses that are not its own.
#@ router
ip addr add {{rackFirst}}/24 dev enp0s1
ip addr add {{lower}}/31 dev enp0s2
ip route add default via {{upper}}
#@ node1
ip addr add {{rackSecond}}/24 dev enp0s1
ip route add default via {{rackFirst}}
#@ node2
ip addr add {{rackLast}}/24 dev enp0s1
ip route add default via {{rackFirst}}
#@ edge
ip addr add {{upper}}/31 dev enp0s1
ip route add {{rack}} via {{lower}}
