# title: socat as a client and a server of UDP
# tags: socat udp
ip link set lo up
timeout 2 socat UDP4-LISTEN:5000 PIPE &
sleep 0.3
echo hi | socat - UDP4:127.0.0.1:5000
wait
timeout 2 socat UDP4-RECVFROM:5000,fork EXEC:'tr a-z A-Z' &
sleep 0.3
echo one | socat - UDP4-SENDTO:127.0.0.1:5000
echo two | socat -t 0.3 - UDP4-DATAGRAM:127.0.0.1:5000
wait
timeout 1 socat -u UDP4-RECV:5000 OPEN:/tmp/hopgot,creat,trunc &
sleep 0.3
echo a | socat -u - UDP4-SENDTO:127.0.0.1:5000
echo b | socat -u - UDP4-SENDTO:127.0.0.1:5000
wait
cat /tmp/hopgot
rm /tmp/hopgot
echo x | socat -t 0.2 - UDP4:127.0.0.1:9 # cmp: mask /^.{19} socat\[\d+\]|0x[0-9a-f]+/
echo x | socat - UDP4-SENDTO:10.1.1.1:9 # cmp: mask /^.{19} socat\[\d+\]|0x[0-9a-f]+/
socat - UDP4-DATAGRAM:127.0.0.1:9,bind=1.2.3.4 </dev/null # cmp: mask /^.{19} socat\[\d+\]|0x[0-9a-f]+/
socat UDP4-LISTEN -  # cmp: mask /^.{19} socat\[\d+\]/
socat a b # cmp: mask /^.{19} socat\[\d+\]/
socat - STDIO,nosuch </dev/null # cmp: mask /^.{19} socat\[\d+\]/
echo hello | socat - PIPE
echo hello | socat -v - PIPE 2>&1 | sed 's/20[0-9/]* [0-9:.]*/TIME/'
echo abc | socat - EXEC:rev
