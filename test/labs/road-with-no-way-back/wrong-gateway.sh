# expect: failed
#@ network02
ip route flush {{hostA}}/32
ip route replace {{netA}} via {{hostNobody}}
