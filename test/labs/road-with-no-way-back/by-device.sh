# expect: passed
# A wider prefix than the network, and the device named: as good as the exact one.
#@ network02
ip route del {{hostA}} 2>/dev/null
ip route del {{netA}} 2>/dev/null
ip route add 10.0.0.0/8 via {{routerB}} dev enp0s1
