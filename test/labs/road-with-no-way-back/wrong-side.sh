# expect: failed
# More routes on the side that has one.
#@ network01
ip route replace default via {{routerA}}
ping -c 1 -W 1 {{hostB}}
