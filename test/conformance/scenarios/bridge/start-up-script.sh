# title: a start-up script with hundreds of bridge lines
# tags: bridge script
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
for b in 1 2 3 4 5; do
  ip link add br$b address 02:00:00:00:00:b$b type bridge
  ip link set br$b type bridge ageing_time $((b*1000)) priority $((b*4096)) forward_delay $((b*100+100))
  ip link set br$b up
done
for b in 1 2 3 4 5; do
  for p in 1 2 3 4 5 6 7 8; do
    ip link add s$b-$p address 02:00:00:0$b:02:0$p type veth peer name t$b-$p address 02:00:00:0$b:01:0$p
    ip link set s$b-$p master br$b
    ip link set s$b-$p up
    ip link set t$b-$p up
    bridge link set dev s$b-$p cost $((p*10)) priority $((p+b))
    [ $((p%2)) = 0 ] && bridge link set dev s$b-$p isolated on
    [ $((p%3)) = 0 ] && bridge link set dev s$b-$p hairpin on learning off
    for m in 1 2 3; do bridge fdb add 02:0$b:00:00:0$p:0$m dev s$b-$p master static; done
  done
done
sleep 1.2
bridge link
bridge -d link show dev s3-6
bridge fdb show br br2 | grep -v -e 33:33 -e 01:00:5e | sort
bridge fdb show br br5 dynamic | wc -l
brctl show
brctl showmacs br4 | head -5
for b in 1 2 3 4 5; do for p in 3 5 7; do bridge fdb del 02:0$b:00:00:0$p:02 dev s$b-$p master || echo failed $b $p; done; done
for b in 1 2 3 4 5; do bridge fdb show br br$b | grep -c static; done
bridge fdb replace 02:01:00:00:01:01 dev s1-2 master static; bridge fdb show br br1 | grep 02:01:00:00:01:01
bridge fdb replace 02:01:00:00:01:01 dev s2-2 master static; bridge fdb show | grep 02:01:00:00:01:01 | sort
bridge -j link | jq -r '.[] | select(.master == "br3") | "\(.ifname) \(.cost) \(.priority)"'
bridge -j -d link | jq -r '[.[] | select(.isolated)] | length'
bridge -j fdb show br br1 | jq -r 'map(select(.state == "static")) | length'
for b in 1 2 3 4 5; do ip link set s$b-8 nomaster; ip link del t$b-7; done
bridge link | wc -l
brctl show br1 br5
for b in 1 2 3; do ip link set br$b down; brctl delbr br$b; done
bridge link | cut -d' ' -f2,3
ip link del br4; ip link del br5
bridge link
bridge fdb | grep -c master
