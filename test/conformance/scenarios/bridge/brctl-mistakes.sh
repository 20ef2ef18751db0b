# title: brctl: what it says to mistakes
# tags: bridge
brctl
brctl --help
brctl frob
brctl sho
brctl -x
brctl --foo
brctl addbr
brctl addbr ''
brctl addbr 'a b'
brctl addbr lo
brctl addbr br0 extra
brctl addbr br0
brctl delbr
brctl delbr br9
brctl delbr lo
ip link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:f1
ip link add w0 address 02:00:00:00:00:02 type veth peer name w1 address 02:00:00:00:00:f2
brctl addif br0
brctl addif br0 nope
brctl addif lo v0
brctl addif br9 nope
brctl addif br0 v0
brctl addif br0 v0
brctl addbr br1
brctl addif br1 v0
brctl addif br0 br1
brctl delif br0
brctl delif br0 nope
brctl delif br9 v0
brctl delif br0 v1
brctl delif br1 v0
brctl show nope
brctl show lo br0
brctl showmacs
brctl showmacs nope
brctl showmacs lo
brctl showstp
brctl showstp nope
brctl showstp lo
brctl stp br0
brctl stp br0 maybe
brctl stp nope on
brctl stp lo on
brctl setageing br0 x
brctl setageing br0 -5
brctl setageing nope 3
brctl setageing lo 3
brctl setageing br0 ''
brctl setbridgeprio br0 x
brctl setbridgeprio nope 3
brctl setfd br0 x
brctl setfd nope 2
brctl setfd br0 40
brctl stp br0 on
brctl setfd br0 40
brctl setfd br0 1
brctl setfd br0 2s
brctl sethello br0 0
brctl sethello br0 20
brctl sethello br0 x
brctl sethello nope 1
brctl setmaxage br0 1
brctl setmaxage br0 50
brctl setmaxage br0 x
brctl setmaxage nope 8
brctl setpathcost br0 v0 0
brctl setpathcost br0 v0 x
brctl setpathcost br0 v0 70000
brctl setpathcost br0 nope 1
brctl setpathcost nope v0 1
brctl setpathcost br0 w1 1
brctl setpathcost br0 v0
brctl setportprio br0 v0 64
brctl setportprio br0 v0 x
brctl setportprio br0 w1 3
brctl hairpin br0 v0
brctl hairpin br0 v0 maybe
brctl hairpin br0 w1 on
brctl hairpin nope v0 on
brctl hairpin br0 nope on
brctl setgcint br0 3
ip link set br0 up
brctl delbr br0
ip link set br0 down
brctl delbr br0
brctl show
