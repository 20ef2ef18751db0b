# expect: passed
#@ router
ip addr add {{rackFirst}}/27 dev enp0s1
ip addr add {{lower}}/31 dev enp0s2
ip route add default via {{upper}}
#@ node1
ip addr add {{rackSecond}}/27 dev enp0s1
ip route add default via {{rackFirst}}
#@ node2
ip addr add {{rackLast}}/27 dev enp0s1
ip route add default via {{rackFirst}}
#@ edge
ip addr add {{upper}}/31 dev enp0s1
ip route add {{rack}} via {{lower}}
