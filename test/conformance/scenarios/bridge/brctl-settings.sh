# title: brctl: what it sets and how it shows it
# tags: bridge
# cmp: mask /(timer\t+) *[0-9]+\.[0-9]+/
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
brctl show
brctl addbr br0
ip link add zz0 address 02:00:00:00:00:01 type veth peer name zz1 address 02:00:00:00:01:01
ip link add aa0 address 02:00:00:00:00:02 type veth peer name aa1 address 02:00:00:00:01:02
ip link add mm0 address 02:00:00:00:00:03 type veth peer name mm1 address 02:00:00:00:01:03
brctl addif br0 zz0 mm0 aa0
brctl show
brctl showmacs br0
brctl showstp br0
brctl setageing br0 10
brctl setageing br0 1.5
brctl setbridgeprio br0 4096
brctl setbridgeprio br0 0x10
brctl show br0
brctl setbridgeprio br0 70000
brctl show br0
brctl setfd br0 4
brctl sethello br0 1
brctl setmaxage br0 10
brctl setpathcost br0 zz0 10
brctl setpathcost br0 mm0 1.9
brctl setportprio br0 zz0 10
brctl setportprio br0 mm0 0x10
brctl hairpin br0 zz0 on
brctl hairpin br0 zz0 yes
brctl showstp br0
brctl stp br0 on; brctl show br0
brctl stp br0 0; brctl show br0
brctl stp br0 yes
brctl stp br0 no
ip link set br0 up; for i in zz0 zz1 aa0 aa1; do ip link set $i up; done
sleep 1.2
brctl showstp br0
brctl showmacs br0
brctl delif br0 zz0 aa0
brctl show br0 br0
brctl addbr br1
brctl addbr 'br%d'
brctl addbr averyveryverylongname
brctl show
brctl show br1 br0
ip link set br0 down
brctl delbr br0
brctl delbr br1 br2
brctl show
brctl --version
brctl -V
brctl -- show
brctl show -- br2
