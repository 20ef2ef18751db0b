# expect: failed
# A way back to one machine only. Where the /24 is there already (the third kind of variant) that is a whole repair, so: not there.
# variants: 0 1
#@ network02
ip route replace {{hostA}} via {{routerB}}
