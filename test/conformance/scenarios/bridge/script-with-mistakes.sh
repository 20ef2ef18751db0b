# title: a start-up script typed in a hurry
# tags: bridge script
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add br-lan type brigde
ip link add br-lan type bridge address 02:00:00:00:00:b0
ip link add br-lan address 02:00:00:00:00:b0 type bridge stp on
ip link add br-lan address 02:00:00:00:00:b0 type bridge stp_state on
ip link add br-lan address 02:00:00:00:00:b0 type bridge stp_state 0
ip link add br-lan type bridge
ip link add bridge-of-the-second-floor type bridge
for i in 1 2 3; do ip link add eth$i address 02:00:00:00:02:0$i type veth peer name host$i address 02:00:00:00:01:0$i; done
ip link set eth1 master br-lna
ip link set eth1 br-lan
ip link set eth1 master br-lan up
ip link set eth1 master br-lan
ip link set master br-lan eth2
ip link set eth3 master eth2
ip link set br-lan master br-lan
ip link set br-lan master eth1
ip link set eth4 master br-lan
brctl addif br-lan eth2
brctl addif br-lan eth2 eth3
brctl addif br-lan eth3 eth2
brctl addif br-lan
brctl delif eth3 br-lan
brctl addbr br-lan
brctl setfd br-lan
brctl stp br-lan true
brctl show br-lna
ip link set br-lan up
for i in 1 2 3; do ip link set eth$i up; ip link set host$i up; done
sleep 1.2
bridge link show eth1
bridge link dev eth1
bridge link set eth1 state 3
bridge link set dev eth1 hairpin
bridge link set dev eth1 hairpin yes
bridge link set dev eth1 isolate on
bridge link set dev eth9 isolated on
bridge link set dev br-lan isolated on
bridge link set dev eth1 cost ten
bridge link set dev eth1 cost 100000
bridge link set dev eth1 state forward
bridge link set dev eth1 state FORWARDING
bridge fdb add 02:00:00:00:00:aa eth1
bridge fdb add 02-00-00-00-00-aa dev eth1 master
bridge fdb add 02:00:00:00:00:aa dev eth1 master static permanent
bridge fdb add 02:00:00:00:00:ab dev eth1 master static
bridge fdb add 02:00:00:00:00:ab dev eth2 master static
bridge fdb del 02:00:00:00:00:ab dev eth2 master
bridge fdb del 02:00:00:00:00:ab dev eth1
bridge fdb del 02:00:00:00:00:ab
bridge fdb delete 02:00:00:00:00:ab dev eth1 master static
bridge fdb remove 02:00:00:00:00:ab dev eth1 master
bridge fdb show eth1 | grep -c permanent
bridge fdb show br eth1
bridge fdb show br br-lna
bridge fdb flush br-lan
bridge fdb flush dev eth1
bridge fdb get 02:00:00:00:00:ab
bridge fdb get 02:00:00:00:00:ab dev br-lan
bridge fdb get 02:00:00:00:00:ff br br-lan
bridge show
bridge fbd
bridge lnik show
ip link show master br-lna
ip link show type brdige
ip link set eth1 nomaster eth2
ip link set eth1 no master
ip link del br-lna
ip link del br-lan type vlan
brctl delbr br-lan
bridge link
