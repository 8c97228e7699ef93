"use strict";
// Where everything is drawn.
//
// A block is a card: a head with its name, and below it one row for each key or
// outcome. A way begins at its row and ends at the head of another card. dagre
// puts the cards into columns and finds the room between them; since all cards
// are equally wide, a way is straight where it passes a column and bends only
// between columns. Flows that have nothing to do with each other are laid out
// one by one and then packed side by side, so that the whole is no ribbon.
//
// Where very many ways lead to one block (every office's voicemail), their
// lines would hide all others. Such a way is "quiet": its row names where it
// leads, and its line appears when it is looked at.

const card = { width: 244, head: 47, row: 26, line: 16, quote: 18, foot: 7 };
const font = { name: "620 14px system-ui", row: "13px system-ui", soft: "12px system-ui", quote: "italic 12px system-ui" };
const crowd = 9; // more ways than this to one block are quiet

// prepare gives every block its rows, its height, and the ways that lead to it.
function prepare(blocks) {
  blocks.forEach((block, i) => Object.assign(block, { at: i, from: [] }));
  for (const block of blocks) {
    for (const exit of block.exits) {
      exit.source = block;
      exit.aside = exit.on === "agents" || exit.on === "take"; // no way that a caller goes
      exit.target = exit.to < 0 ? null : blocks[exit.to];
      if (exit.target && exit.target !== block) exit.target.from.push(exit);
    }
  }
  for (const block of blocks) {
    const sources = new Set(block.from.map((exit) => exit.source));
    for (const exit of block.from) exit.quiet = sources.size > crowd;
  }
  for (const block of blocks) {
    block.lines = wrap(describe(block), card.width - 56, 2, font.soft);
    if (block.source) block.lines.push(clipStart(block.source, card.width - 56, font.soft));
    if (block.untested) block.lines.push(clip(block.untested, card.width - 56, font.soft));
    block.quoted = block.quote ? wrap(block.quote, card.width - 28, 2) : [];
    block.height = card.head + (block.lines.length - 1) * card.line;
    block.top = block.height;
    if (block.quoted.length) block.height += block.quoted.length * card.quote + card.foot;
    block.rows = block.exits.filter((exit) => exit.text || exit.quiet || !exit.target);
    for (const exit of block.exits) exit.port = card.head / 2;
    block.rows.forEach((exit, i) => { exit.port = block.height + (i + 0.5) * card.row; });
    if (block.rows.length) block.height += block.rows.length * card.row + card.foot;
  }
}

// describe is the small print of a card. The name of a menu inside of another
// is a number; the option that leads there says more.
function describe(block) {
  const option = block.kind === "menu" && block.name.includes(".") && block.from.find((exit) => exit.label);
  return [block.word, option && option.label, block.detail].filter(Boolean).join(", ");
}

// families splits the blocks into groups that no visible line connects.
function families(blocks) {
  const family = new Map();
  for (const first of blocks) {
    if (family.has(first)) continue;
    const members = [first];
    family.set(first, members);
    for (const block of members) {
      const linked = [...block.exits.map((exit) => !exit.quiet && exit.target), ...block.from.map((exit) => !exit.quiet && exit.source)];
      for (const other of linked) {
        if (!other || family.has(other)) continue;
        family.set(other, members);
        members.push(other);
      }
    }
  }
  return [...new Set(family.values())].map((members) => members.sort((a, b) => a.at - b.at));
}

// reading lists which block has to be above which, if they share a column: the
// first option's before the second's, as people read. It walks the flow from
// its numbers on, so that no two of these wishes contradict each other.
function reading(members) {
  const wishes = [], met = new Set();
  let above = null;
  for (const first of members) {
    if (met.has(first)) continue;
    if (above) wishes.push({ left: above.at, right: first.at });
    above = first;
    met.add(first);
    for (const walk = [first]; walk.length;) {
      const siblings = [];
      for (const { target, quiet } of walk.pop().exits) {
        if (!target || quiet || met.has(target)) continue;
        met.add(target);
        for (const sibling of siblings) wishes.push({ left: sibling.at, right: target.at });
        siblings.push(target);
      }
      walk.push(...siblings.reverse());
    }
  }
  return wishes;
}

// arrange lays out one family with its upper left corner at 0, 0.
function arrange(members) {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: "LR", nodesep: 22, ranksep: drawing.clientWidth < 600 ? 46 : 76, edgesep: 12 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const block of members) graph.setNode(block.at, { width: card.width, height: block.height });
  for (const block of members) {
    for (const exit of block.exits) {
      if (exit.target && exit.target !== block && !exit.quiet) graph.setEdge(block.at, exit.to);
    }
  }
  dagre.layout(graph, { constraints: reading(members) });
  for (const block of members) {
    const { x, y } = graph.node(block.at);
    block.x = x - card.width / 2;
    block.y = y - block.height / 2;
    for (const exit of block.exits) {
      const edge = graph.edge(block.at, exit.to);
      exit.via = edge && exit.target ? edge.points.slice(1, -1) : [];
    }
  }
  const columns = new Set(members.map((block) => Math.round(block.x + card.width / 2)));
  for (const block of members) {
    for (const exit of block.exits) exit.via = exit.via.filter((point) => columns.has(Math.round(point.x)));
  }
}

// pack puts the families below and beside each other, in their order, in about
// the proportions of the window.
function pack(groups, proportion) {
  const gap = 46;
  const boxes = groups.map((members) => {
    const points = members.flatMap((block) => [block, ...block.exits.flatMap((exit) => exit.via)]);
    const left = Math.min(...points.map((p) => p.x)), top = Math.min(...points.map((p) => p.y));
    return {
      members, left, top,
      width: Math.max(...members.map((block) => block.x + card.width)) - left + gap,
      height: Math.max(...points.map((p) => p.y + (p.height || 0))) - top + gap,
    };
  });
  const area = boxes.reduce((sum, box) => sum + box.width * box.height, 0);
  const tall = Math.max(...boxes.map((box) => box.height), Math.sqrt(area / proportion));
  let x = 0, y = 0, wide = 0;
  for (const box of boxes) {
    if (y > 0 && y + box.height > tall + 1) {
      x += wide;
      y = wide = 0;
    }
    for (const block of box.members) {
      const move = (p) => { p.x += x - box.left; p.y += y - box.top; };
      move(block);
      block.exits.forEach((exit) => exit.via.forEach(move));
    }
    y += box.height;
    wide = Math.max(wide, box.width);
  }
}

// route is the line of a way as SVG path data.
function route(exit) {
  const { source, target } = exit;
  const back = target.x < source.x + card.width;
  exit.back = back && !exit.quiet;
  const side = exit.back ? -1 : 1;
  const half = (card.width / 2) * side;
  const middle = (block) => block.x + card.width / 2;
  const stops = [[middle(source) + half, source.y + exit.port]];
  for (const point of exit.via) stops.push([point.x - half, point.y], [point.x + half, point.y]);
  stops.push([middle(target) - half - 1.5 * side, target.y + card.head / 2]);
  let path = `M${stops[0]}`;
  for (let i = 1; i < stops.length; i++) {
    const [x1, y1] = stops[i - 1], [x2, y2] = stops[i];
    const bend = exit.quiet && back ? 90 : (x2 - x1) / 2;
    path += i % 2 ? `C${[x1 + bend, y1, x2 - bend, y2, x2, y2]}` : `L${[x2, y2]}`;
  }
  return path;
}

// layout places all blocks of the flow.
function layout(blocks, proportion) {
  prepare(blocks);
  const groups = families(blocks);
  groups.forEach(arrange);
  if (groups.length) pack(groups, proportion);
}

const pen = document.createElement("canvas").getContext("2d");

// clip shortens a text to a width, with an ellipsis at its end.
function clip(text, width, style = font.row) {
  pen.font = style;
  if (pen.measureText(text).width <= width) return text;
  const letters = [...text];
  let low = 0, high = letters.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (pen.measureText(letters.slice(0, middle).join("") + "…").width <= width) low = middle;
    else high = middle - 1;
  }
  return letters.slice(0, low).join("").trimEnd() + "…";
}

// clipStart shortens a text from its start, as what a path says first matters
// least.
function clipStart(text, width, style) {
  const turned = (text) => [...text].reverse().join("");
  return turned(clip(turned(text), width, style));
}

// wrap breaks a text into at most so many lines of a width.
// Scripts without spaces break between any two characters.
function wrap(text, width, lines, style = font.quote) {
  pen.font = style;
  const pieces = text.match(/[\u3040-\u30ff\u3400-\u9fff\uff00-\uffef]|[^\s\u3040-\u30ff\u3400-\u9fff\uff00-\uffef]+|\s+/gu) ?? [];
  const result = [];
  while (pieces.length && result.length < lines - 1) {
    let line = pieces.shift();
    while (pieces.length && pen.measureText((line + pieces[0]).trimEnd()).width <= width) line += pieces.shift();
    result.push(clip(line.trim(), width, style));
  }
  if (pieces.length) result.push(clip(pieces.join("").trim(), width, style));
  return result.filter(Boolean);
}
