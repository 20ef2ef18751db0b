# title: tcpdump on a tun: packets without a link header
# tags: tcpdump tun
ip link set lo up
timeout 20 socat TUN:10.9.0.1/24,tun-name=tun0,iff-up,iff-no-pi PIPE &
sleep 1
timeout 3 tcpdump -n -t -l -e -c 2 -i tun0 icmp > /tmp/hopraw 2>&1 &
sleep 0.5
ping -c 1 -W 1 10.9.0.7
sleep 3.5
sed 's/ id [0-9]*,/ id N,/' /tmp/hopraw
timeout 3 tcpdump -n -t -l -v -c 1 -i tun0 ip and icmp > /tmp/hopraw 2>/dev/null &
sleep 0.5
ping -c 1 -W 1 10.9.0.8
sleep 3.5
sed 's/ id [0-9]*,/ id N,/' /tmp/hopraw
timeout 3 tcpdump -n -t -l -c 2 -i any icmp > /tmp/hopraw 2>/dev/null &
sleep 0.5
ping -c 1 -W 1 10.9.0.9
sleep 3.5
sed 's/ id [0-9]*,/ id N,/' /tmp/hopraw
timeout 2 tcpdump -n -i tun0 arp
timeout 2 tcpdump -n -i tun0 ether host 02:00:00:00:00:01
timeout 2 tcpdump -n -i tun0 vlan
timeout 2 tcpdump -L -i tun0
rm /tmp/hopraw
