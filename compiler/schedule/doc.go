// Package schedule says when something is open, and writes it as a table that a host
// can answer by: it needs no zone data, no file and no state, only its clock. The
// table stands in the addresses of decisions on the time.
//
// The list of an office in Chicago which is open from
// eight to twelve and from one to half past five, on Saturdays until half past two,
// and closed on Christmas Day, where callers hear a message of its own:
//
//	open.christmas.closed-m360.m300_11xp9c.07cec…-12345_08001200_13001730.6_09001430.y_1225_b
//
// The parts stand between hyphens:
//
//   - The answers, between dots. The first is that of the first layer, and so on; the
//     last is that of a time at which nothing is open. They count as a, b, c ….
//   - The zone: the offsets from UTC in minutes, m for minus, between dots; the first
//     is in force before the first change. Then, after an underscore, the changes
//     between dots: the place of the new offset, 0 to 9, and the minutes since the
//     change before it to base 36; since the start of 2020 for the first. Past the
//     last change, the last offset holds.
//   - One layer or several, each a schedule: items between dots, their parts between
//     underscores. An item of the week begins with its days, 1 for Monday to 7. An
//     item of dates begins with y and two digits of the year, or y alone for every
//     year, and has the dates, as month and day. The spans follow, as from and to in
//     hours and minutes. A span that runs into the next day ends after 2400. At the
//     end of an item of dates may stand the letter of the answer that its days have
//     while nothing is open. A layer without items is x.
//
// The rule: local time is UTC plus the offset in force. A layer is open on a day at
// the times of the first of its items that names the date, otherwise at those of the
// weekday; a span belongs to the day on which it begins, also past midnight. The first
// layer that is open answers; otherwise the first layer whose date has a letter;
// otherwise the last answer. So a span that begins in an hour that a change of offset
// leaves out begins at that hour's end, and an hour that comes twice is open twice.
//
// Several schedules are not merged when the table is made: a day of every year in one
// of them would have to be written for each year, because the weekday of the others
// differs. And hours belong to the day on which they begin, so that a holiday does not
// close the line in the middle of a night shift, and open it again on the next night
// when nobody has come.
package schedule
