# expect: passed
# The /24 of the plan on each of the three, whichever had another length.
#@ db
ip addr add {{db}}/24 dev enp0s1 2>/dev/null && ip addr del {{db}}/16 dev enp0s1
ip route replace default via {{routerA}}
#@ pc1
ip addr add {{pc1}}/24 dev enp0s1 2>/dev/null && ip addr del {{pc1}}/16 dev enp0s1
ip route replace default via {{routerB}}
#@ router
ip addr add {{routerA}}/24 dev enp0s1 2>/dev/null && ip addr del {{routerA}}/32 dev enp0s1
