# title: files of /etc/netns are seen inside
# tags: netns
ip netns add web
mkdir -p /etc/netns/web
echo 'nameserver 10.9.9.9' > /etc/netns/web/resolv.conf
printf '10.0.0.7 seven\n' > /etc/netns/web/hosts
cat /etc/resolv.conf
ip netns exec web cat /etc/resolv.conf
ip netns exec web cat /etc/hosts
cat /etc/hosts
nsenter --net=/run/netns/web cat /etc/resolv.conf
ip netns exec web sh -c 'echo 10.0.0.8 eight >> /etc/hosts'
cat /etc/netns/web/hosts
echo x > /etc/netns/web/nosuchfile
ip netns exec web true
ip netns exec web ip link set lo up
ip -n web addr add 10.0.0.7/32 dev lo
ip netns exec web ping -c 1 seven
ping -c 1 seven
ip netns exec web hostname
ip netns exec web hostname inner
hostname
hostname lab
rm -r /etc/netns/web
ip netns exec web cat /etc/hosts
