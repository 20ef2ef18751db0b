# expect: passed
# Routes to the office's network only, and broadcasts set.
#@ router
ip addr add {{rackFirst}}/27 brd + dev enp0s1
ip addr add {{lower}}/31 dev enp0s2
ip route add {{office}} via {{upper}}
#@ node1
ip addr add {{rackSecond}}/255.255.255.224 dev enp0s1
ip route add default via {{rackFirst}}
#@ node2
ip addr add {{rackLast}}/255.255.255.224 brd + dev enp0s1
ip route add {{office}} via {{rackFirst}}
#@ edge
ip addr add {{upper}}/31 dev enp0s1
ip route add {{rack}} via {{lower}}
