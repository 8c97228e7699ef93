// What everything looks like: the cards and lines of the drawing.

const drawing = document.getElementById("drawing");

// Signs of 16 by 16 units, drawn with a pen.
const glyphs = {
  number: "M4.3 2.5 6.2 2.9 6.9 5.7 5.4 7C6.2 8.6 7.4 9.8 9 10.6L10.3 9.1 13.1 9.8 13.5 11.7C13.5 12.8 12.6 13.5 11.6 13.4 6.9 13 3 9.1 2.6 4.4 2.5 3.4 3.3 2.5 4.3 2.5Z",
  menu: "M4 4h0M8 4h0M12 4h0M4 8h0M8 8h0M12 8h0M4 12h0M8 12h0M12 12h0",
  ring_group: "M5.8 7.6a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4ZM1.9 13c0-2.5 1.6-3.9 3.9-3.9s3.9 1.4 3.9 3.9M10.5 3.4a2.1 2.1 0 0 1 0 4M11.6 9.3c1.6.4 2.5 1.7 2.5 3.7",
  user: "M8 7.6a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM3.4 13.4c0-2.8 1.9-4.3 4.6-4.3s4.6 1.5 4.6 4.3",
  queue: "M4 2.6h8M4 13.4h8M5.2 2.6v2.1L8 8l2.8-3.3V2.6M5.2 13.4v-2.1L8 8l2.8 3.3v2.1",
  voicemail: "M4.6 10.6a2.6 2.6 0 1 1 0-5.2 2.6 2.6 0 0 1 0 5.2h6.8a2.6 2.6 0 1 1 0-5.2 2.6 2.6 0 0 1 0 5.2",
  message: "M2.8 6.4v3.2h2.1L8 12.2V3.8L4.9 6.4ZM10.4 6.2c.9 1 .9 2.6 0 3.6M12.2 4.4c1.9 2 1.9 5.2 0 7.2",
  block: "M4 4h8v8H4Z",
  hangup: "M1.6 9.7c3.4-3.6 9.4-3.6 12.8 0l-1.5 2-2.7-1V8.9C8.8 8.4 7.2 8.4 5.8 8.9v1.8l-2.7 1Z",
  reject: "M8 2.4a5.6 5.6 0 1 0 0 11.2A5.6 5.6 0 0 0 8 2.4ZM4.2 4.2l7.6 7.6",
  again: "M12.8 5.2A5.2 5.2 0 1 0 13.2 8.6M13 2.4v3h-3",
};

function fill(made, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// shape makes an SVG element; the drawing itself says in which namespace.
function shape(name, attributes, ...children) {
  return fill(document.createElementNS(drawing.namespaceURI, name), attributes, children);
}

const words = (x, y, text, kind = "") => shape("text", { x, y, class: kind }, text);
const glyph = (name, x, y, kind = "") => shape("path", {
  d: glyphs[name], class: `glyph ${kind} ${name === "menu" ? "dots" : ""}`, transform: `translate(${x} ${y})`,
});

// ending says how a call ends where an exit leads to no block.
const ending = (exit) => (exit.rejected ? word("not answered") : word("hang up"));

// drawRow draws one key or outcome, and how it goes on if there is no line.
function drawRow(exit) {
  const y = exit.port, right = card.width - 13;
  const row = shape("g", { class: `row ${exit.tested ?? ""}` });
  let left = 14, room = right - left;
  if (exit.key) {
    row.append(shape("g", { class: "cap" },
      shape("rect", { x: left, y: y - 9, width: 18, height: 18, rx: 4.5 }), words(left + 9, y + 4, exit.on)));
    left += 26;
    room -= 26;
  }
  if (!exit.target || exit.target === exit.source) {
    const end = glyph(exit.target ? "again" : exit.rejected ? "reject" : "hangup", right - 14, y - 8, "end");
    end.append(shape("title", {}, exit.target ? word("the same again") : ending(exit)));
    row.append(end);
    room -= 22;
  } else if (exit.quiet) {
    const name = clip("→ " + exit.target.name, exit.text ? room * 0.55 : room, font.soft);
    const end = words(exit.text ? right : left, y + 4, name, "soft");
    if (exit.text) end.setAttribute("text-anchor", "end");
    row.append(end);
    room *= 0.42;
  }
  const text = exit.key ? exit.label : exit.text;
  row.append(words(left, y + 4, clip(text, room), exit.key ? "" : "outcome"));
  exit.row = row;
  return row;
}

// drawBlock draws a card with its upper left corner at the block's place.
function drawBlock(block) {
  const text = card.width - 56;
  const group = shape("g", {
    class: `block ${block.untested ? "untested" : ""}`, transform: `translate(${block.x} ${block.y})`, tabindex: -1, role: "button",
    "aria-label": [block.title, block.detail, block.quote].filter(Boolean).join(", "),
  },
  shape("rect", { class: "card", width: card.width, height: block.height, rx: 9 }),
  shape("circle", { class: "badge", cx: 25, cy: 23, r: 14 }),
  glyph(block.kind, 17, 15),
  words(46, 20, clip(block.name, text, font.name), "name"),
  words(46, 32, clip(block.name, text, "620 21px system-ui"), "name distant"));
  block.lines.forEach((line, i) => group.append(words(46, 37 + i * card.line, line, block.untested && i === block.lines.length - 1 ? "soft untested" : "soft")));
  block.quoted.forEach((line, i) => group.append(words(14, block.top + 12 + i * card.quote, line, "quote")));
  for (const exit of block.rows) group.append(drawRow(exit));
  group.style.setProperty("--hue", `var(--${block.kind})`);
  group.block = block;
  block.node = group;
  return group;
}

// draw fills the drawing with the blocks where layout has put them.
function draw(blocks) {
  const ways = document.getElementById("ways");
  for (const block of blocks) {
    document.getElementById("blocks").append(drawBlock(block));
    for (const exit of block.exits) {
      if (!exit.target || exit.target === block) continue;
      exit.line = shape("path", { d: route(exit) });
      exit.line.setAttribute("class", `way ${exit.aside ? "aside" : exit.back ? "back" : ""} ${exit.quiet ? "quiet" : ""} ${exit.tested ?? ""}`);
      ways.append(exit.line);
    }
  }
}
