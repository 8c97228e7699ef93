//go:build linux

package command

// Configurations that are soon read, and mean more than anybody can compile.

import (
	"fmt"
	"strings"
)

const twilioHead = "project \"x\" {\nlimits=\"twilio\"\n}\nhosting {\nbase_url=\"https://x.example\"\n}\n"

// manyUsers declares users u0, u1, and so on.
func manyUsers(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "user \"u%d\" {\nclient=\"u%d\"\n}\n", i, i)
	}
	return b.String()
}

const thousandUsers = "dynamic \"user\" {\nfor_each=range(1000)\niterator=e\nlabels=[\"u${e.value}\"]\ncontent {\nclient=\"u${e.value}\"\n}\n}\n"

// userList names users as the elements of a list.
func userList(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "user.u%d,", i)
	}
	return b.String()
}

// numberTo is a number that leads to a destination.
func numberTo(to string) string {
	return "number \"n\" {\nphone_number=\"+14155550100\"\nto=" + to + "\n}\n"
}

var hostileModel = []hostileCase{
	{name: "sequence", files: func() files {
		return fragment(twilioHead + manyUsers(2400) + "ring_group \"r\" {\nusers=[" + userList(2400) + "]\nstrategy=\"sequential\"\ninterval=\"5s\"\ncycles=10\n}\n" + numberTo("ring_group.r"))
	}},
	{name: "queue-ticks", files: func() files {
		return fragment(twilioHead + manyUsers(300) + "ring_group \"r\" {\nusers=[" + userList(300) + "]\nstrategy=\"sequential\"\ninterval=\"5s\"\n}\nqueue \"q\" {\nagents=ring_group.r\nmax_wait=\"4h\"\nretry_every=\"10s\"\n}\n" + numberTo("queue.q"))
	}},
	{name: "queues", files: func() files {
		b := strings.Builder{}
		b.WriteString("menu \"m0\" {\n")
		for i := range 12 {
			fmt.Fprintf(&b, "option \"%c\" {\nlabel=\"x%d\"\nto=queue.q%d\n}\n", "1234567890*#"[i], i, i)
		}
		b.WriteString("}\n")
		for i := range 3000 {
			fmt.Fprintf(&b, "queue \"q%d\" {\nagents=user.u0\nmax_wait=\"4h\"\nretry_every=\"10s\"\non_full=queue.q%d\n}\n", i, i+1)
		}
		b.WriteString("queue \"q3000\" {\nagents=user.u0\n}\n")
		return fragment(twilioHead + manyUsers(1) + b.String() + numberTo("menu.m0"))
	}},
	{name: "menus", files: func() files {
		f := files{}
		for k := range 8 {
			b := strings.Builder{}
			for i := range 2000 {
				n := k*2000 + i
				fmt.Fprintf(&b, "menu \"m%d\" {\nattempts=10\n", n)
				for o := range 2 {
					fmt.Fprintf(&b, "option \"%d\" {\nlabel=\"x%d\"\nto=%s\n}\n", o+1, o, fmt.Sprintf("menu.m%d", min((n*2+o+1), 15999)))
				}
				b.WriteString("}\n")
			}
			f[fmt.Sprintf("f%d.ivr.hcl", k)] = b.String()
		}
		f["main.ivr.hcl"] = twilioHead + numberTo("menu.m0")
		return f
	}},
	{name: "inline", files: func() files {
		return fragment(twilioHead + strings.Repeat("menu \"a\" {\noption \"1\" {\nlabel=\"x\"\n", 1) + strings.Repeat("menu {\noption \"1\" {\nlabel=\"x\"\n", 30) + "to=hangup\n" + strings.Repeat("}\n}\n", 30) + "}\n}\n" + numberTo("menu.a"))
	}},
	{name: "long-texts", files: func() files {
		b := strings.Builder{}
		for i := range 12 {
			fmt.Fprintf(&b, "option \"%c\" {\nlabel=\"%s\"\nto=hangup\n}\n", "1234567890*#"[i], strings.Repeat("x ", 40000))
		}
		return fragment(twilioHead + "menu \"a\" {\n" + b.String() + "}\n" + numberTo("menu.a"))
	}},
	{name: "dynamic-users", files: func() files {
		return fragment(twilioHead + thousandUsers + "ring_group \"r\" {\nusers=[for i in range(1000): user[\"u${i}\"]]\nstrategy=\"sequential\"\n}\n" + numberTo("ring_group.r"))
	}},
	{name: "many-numbers", files: func() files {
		b := strings.Builder{}
		for i := range 5000 {
			fmt.Fprintf(&b, "number \"n%d\" {\nphone_number=\"+1415%07d\"\nto=menu.a\nanonymous=menu.b\n}\n", i, 5000000+i)
		}
		for _, m := range []string{"a", "b"} {
			fmt.Fprintf(&b, "menu \"%s\" {\noption \"1\" {\nlabel=\"a\"\nto=menu.a\n}\noption \"2\" {\nlabel=\"b\"\nto=menu.b\n}\n}\n", m)
		}
		return fragment(twilioHead + b.String())
	}},
	{name: "circle", files: func() files {
		b := strings.Builder{}
		for i := range 5000 {
			fmt.Fprintf(&b, "menu \"m%d\" {\non_failure=menu.m%d\noption \"1\" {\nlabel=\"a\"\nto=menu.m%d\n}\n}\n", i, (i+1)%5000, (i*7)%5000)
		}
		return fragment(twilioHead + b.String() + numberTo("menu.m0"))
	}},
	{name: "circles", files: func() files {
		b := strings.Builder{}
		for i := range 3000 {
			fmt.Fprintf(&b, "ring_group \"m%d\" {\nusers=[user.u0]\non_busy=ring_group.m%d\non_unavailable=ring_group.m%d\n}\n", i, (i+1)%3000, (i*i)%3000)
		}
		return fragment(twilioHead + manyUsers(1) + b.String() + numberTo("ring_group.m0"))
	}},
	{name: "levels-many-numbers", files: func() files {
		b := strings.Builder{}
		for i := range 2000 {
			fmt.Fprintf(&b, "menu \"m%d\" {\noption \"1\" {\nlabel=\"a\"\nto=menu.m%d\n}\n}\nnumber \"n%d\" {\nphone_number=\"+1415%07d\"\nto=menu.m%d\n}\n", i, (i+1)%2000, i, 5000000+i, i)
		}
		return fragment(twilioHead + b.String())
	}},
	{name: "messages", files: func() files {
		b := strings.Builder{}
		for i := range 3000 {
			fmt.Fprintf(&b, "message \"m%d\" {\ntext=local.t\n}\n", i)
		}
		return fragment(twilioHead + "locals {\nt=\"" + strings.Repeat("x", 90000) + "\"\n}\n" + b.String())
	}},
	{name: "wait", files: func() files {
		return fragment(twilioHead + manyUsers(1) + "message \"m\" {\nurl=\"https://x.example/a.mp3\"\nduration=\"1s\"\n}\nqueue \"q\" {\nagents=user.u0\nmax_wait=\"4h\"\nretry_every=\"1h\"\nmusic=message.m\nannouncement {\nmessage=message.m\nevery=\"5s\"\n}\n}\n" + numberTo("queue.q"))
	}},
}
