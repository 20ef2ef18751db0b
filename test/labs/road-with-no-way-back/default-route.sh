# expect: passed
#@ network02
ip route flush {{hostA}}/32
ip route flush {{netA}}
ip route add default via {{routerB}}
