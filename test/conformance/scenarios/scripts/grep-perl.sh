# title: grep -P as scripts about networks use it
# tags: grep
printf '%s\n' 'default via 192.168.1.1 dev eth0 proto static' '    inet 10.0.0.5/24 brd 10.0.0.255 scope global eth0' '    inet6 fe80::1/64 scope link' 'aaa' 'rtt min/avg/max/mdev = 0.031/0.042/0.055/0.010 ms' '3 packets transmitted, 2 received, 33% packet loss, time 2031ms' > t
grep -oP 'via \K\S+' t
grep -oP 'dev \K\w+' t
grep -Po '(?<=dev )(\S+)' t
grep -oP '(?<=inet\s)\d+(\.\d+){3}' t
grep -oP '(?<=inet )[\d.]+(?=/)' t
grep -oP 'inet \K[\d.]+(?=/\d+)' t
grep -oP '\d+(?=% packet loss)' t
grep -oP '\d+(?= received)' t
grep -oP '(?<=a)a' t
grep -oP 'a\Ka' t
grep -cP '^\s+inet6?\s' t
grep -P '\bscope (global|link)\b' t
grep -oP 'mdev = [\d.]+/\K[\d.]+' t
grep -qP 'via \d+' t && echo yes
grep -oP '(default|none) via \K(\S+)' t
grep -oP '(?<=brd )[^ ]+' t
grep -voP 'inet \K.*' t | wc -l
grep -noP 'inet6 \K[^/]+' t
grep -c -P 'nothing\K' t
