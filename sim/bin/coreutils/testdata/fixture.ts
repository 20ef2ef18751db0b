/** The files the recorded commands work on; the same text as fixture.sh. */
export const FIXTURE = String.raw`printf 'one\ntwo\nthree\n' > a
printf 'one\nthree\nfour\n' > b
printf 'a\tb\001\n\n' > t
printf 'foo\n\n\n\nboo see\n' > s
printf '10\n9\n2\n33\n2\n' > n
printf 'a 3\nb 1\na 2\n' > k
printf 'x:2:c\ny:1,d\nz:2:a\n' > p
printf 'b\nA\na\nB\n' > m
printf '2K\n1M\n512\n1G\n' > h
printf 'f10\nf9\nf1.2\n' > v
printf 'x\nx\ny\nx\n' > d
printf 'h\303\251llo\n' > u
printf 'one\n' > z1
printf 's/one/1/\n# comment\n/two/d\n' > sc
printf '/o/ { print NR ": " $0 }\n' > aw
head -c 5000 /dev/zero > big
mkdir sub
printf 'foo\n' > sub/f
: > sub/empty
: > sub/.hid
ln -s a lnk
printf '#!/bin/sh\n' > x
chmod 755 x`;
