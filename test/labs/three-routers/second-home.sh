# expect: failed
#@ network01
ip addr add {{hostB}}/24 dev lo
