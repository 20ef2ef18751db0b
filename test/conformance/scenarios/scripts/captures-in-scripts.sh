# title: Captures inside scripts: to files, with filters, counted
# tags: tcpdump
ip netns add p; ip link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02; ip link set v1 netns p
sysctl -qw net.ipv6.conf.all.disable_ipv6=1; ip netns exec p sysctl -qw net.ipv6.conf.all.disable_ipv6=1
ip link set v0 up; ip -n p link set v1 up; ip addr add 10.0.0.1/24 dev v0; ip -n p addr add 10.0.0.2/24 dev v1; sleep 0.3
tcpdump --immediate-mode -i v0 -w all.pcap -U 2>/dev/null & TD=$!; sleep 2
ping -q -c 2 -i 0.2 10.0.0.2 >/dev/null; ping -q -c1 -W1 10.0.0.99 >/dev/null; ping -q -c 1 -s 2000 10.0.0.2 >/dev/null; sleep 0.4; kill -INT $TD; wait $TD; echo $?
tcpdump -nr all.pcap 2>/dev/null | wc -l
tcpdump -nr all.pcap icmp 2>/dev/null | sed 's/id [0-9]*/id N/' | awk '{$1=""; print}'
tcpdump -nr all.pcap arp 2>/dev/null | awk '{$1=""; print}'
tcpdump -ner all.pcap 'arp and ether broadcast' 2>/dev/null | wc -l
tcpdump -nr all.pcap 'icmp[icmptype] == icmp-echo' 2>/dev/null | wc -l
tcpdump -nr all.pcap 'icmp[0] = 0' 2>/dev/null | wc -l
tcpdump -nr all.pcap 'ip[6:2] & 0x3fff != 0' 2>/dev/null | sed 's/id [0-9]*/id N/' | awk '{$1=""; print}'
tcpdump -nr all.pcap src 10.0.0.2 and not arp 2>/dev/null | wc -l
tcpdump -nr all.pcap 'host 10.0.0.99' 2>/dev/null | wc -l
tcpdump -nr all.pcap 'net 10.0.0.0/30 and greater 1000' 2>/dev/null | wc -l
tcpdump -nr all.pcap 'less 50' 2>/dev/null | wc -l
tcpdump -nr all.pcap ether src 02:00:00:00:00:02 2>/dev/null | wc -l
tcpdump -nvr all.pcap -c 2 2>/dev/null | sed 's/id [0-9]*/id N/g' | awk '{$1=""; print}'
tcpdump -nxr all.pcap -c 1 arp 2>/dev/null | tail -n +2
tcpdump -nXXr all.pcap -c 1 arp 2>/dev/null | tail -n +2 | head -2
tcpdump -nAr all.pcap -c 1 arp 2>/dev/null | wc -l
tcpdump -ttttnr all.pcap -c 1 2>/dev/null | wc -w
tcpdump -nqr all.pcap -c 3 2>/dev/null | awk '{$1=""; print}'
tcpdump -n -r all.pcap -w icmp.pcap icmp 2>/dev/null; tcpdump -nr icmp.pcap 2>/dev/null | wc -l
tcpdump -nr all.pcap 'icmp and (src host 10.0.0.1 or dst host 10.0.0.1) and not ip[8] = 1' 2>/dev/null | wc -l
tcpdump -nr all.pcap nonsense and and
tcpdump -nr nofile.pcap
echo junk > junk.pcap; tcpdump -nr junk.pcap
tcpdump -i nope
tcpdump -D | cut -d' ' -f1 | grep -e v0 -e lo -e any
tcpdump -i v0 -c 1 -nn icmp > one.txt 2> err.txt & sleep 1.5
ping -q -c 1 10.0.0.2 > /dev/null; wait; cut -d' ' -f2- one.txt | sed 's/id [0-9]*/id N/'; cat err.txt
timeout 2 tcpdump -i v0 -nn port 53 > none.txt 2> err.txt; echo $?; cat none.txt; tail -3 err.txt
ip netns exec p timeout 4 tcpdump -l -nn -i v1 icmp 2>/dev/null | awk '{print $2, $3, $4, $5; fflush()}' > live.txt & sleep 1.5
ping -q -c 2 -i 0.2 10.0.0.2 >/dev/null; wait; cat live.txt
ping -q -c 1 10.0.0.2 >/dev/null; ip netns exec p tcpdump -nn -i any -c 2 -e > any.txt 2>/dev/null & sleep 1.5
ping -q -c 1 10.0.0.2 >/dev/null; wait; cut -d' ' -f2- any.txt | sed 's/id [0-9]*/id N/'
ls -l *.pcap | wc -l; stat -c %s junk.pcap; rm -f *.pcap; ip link del v0; ip netns del p
