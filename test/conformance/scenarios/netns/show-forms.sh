# title: spellings and options of ip netns
# tags: netns
ip netns a red
ip netns ad blue
ip netns l
ip netns ls
ip netns show
ip netns lst
ip netns list red
ip -o netns
ip -j netns # cmp: json
ip -d netns
ip -n red netns list
ip -netns red link
ip --netns red link
ip -net red -br link
ip -n
ip -n red
ip -netns
ip netns exe red true
ip netns e red true
ip netns ex red echo hi
ip netns del red blue
ip netns d red
ip netns list
ip netns delete red
ip netns add ""
ip netns add .
ip netns add ..
ip netns add 'a b'
ip netns list
ip -n 'a b' -br link
ip netns del 'a b'
ip netns add one two
ip netns list
ip netns add aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
ip netns list
ip netns add -x
ip netns list
