// How the drawing is looked at: moving, finding, and reading about a block.

const flow = JSON.parse(document.getElementById("flow").textContent);
const blocks = flow.blocks;

// word is a text of the page in the language of the flow, with a value for %s.
const word = (english, value) => (flow.words[english] ?? english).replace("%s", () => value);

const world = document.getElementById("world");
const panel = document.getElementById("panel");
const view = { x: 0, y: 0, scale: 1, fitted: null }; // how it was last fitted, until the viewer moves
const readable = 0.88; // the smallest scale at which all texts of a card are at least 10 px high
let chosen = null;

// make makes an HTML element. Texts from the flow may run from right to left,
// so they stand in elements that keep the rest in its order.
const make = (name, attributes = {}, ...children) => fill(document.createElement(name), attributes, children);
const bdi = (text) => make("bdi", {}, text);

function show() {
  world.setAttribute("transform", `translate(${view.x} ${view.y}) scale(${view.scale})`);
  drawing.classList.toggle("far", view.scale < 0.36);
}

function bounds() {
  const points = blocks.flatMap((block) => block.exits.flatMap((exit) => exit.via));
  return {
    width: Math.max(0, ...blocks.map((block) => block.x + card.width)),
    height: Math.max(0, ...blocks.map((block) => block.y + block.height), ...points.map((point) => point.y)),
  };
}

// zoom keeps what is at x, y where it is.
function zoom(factor, x = drawing.clientWidth / 2, y = drawing.clientHeight / 2) {
  const scale = Math.min(2.5, Math.max(0.04, view.scale * factor));
  view.x = x - (x - view.x) * (scale / view.scale);
  view.y = y - (y - view.y) * (scale / view.scale);
  view.scale = scale;
  view.fitted = null;
  show();
}

// fit shows all of the flow, but no smaller than the given scale. Of a flow that
// does not fit, it shows where the main number begins.
function fit(smallest = 0.04) {
  const { width, height } = bounds(), wide = drawing.clientWidth, tall = drawing.clientHeight;
  const margin = Math.min(28, wide / 24);
  view.scale = Math.max(smallest, Math.min(1, (wide - 2 * margin) / width, (tall - 2 * margin) / height));
  const main = blocks[flow.main], first = beginning(main);
  view.x = place(wide, width, margin, margin - main.x * view.scale);
  view.y = place(tall, height, margin, first.height * view.scale < tall - 2 * margin
    ? tall / 2 - (first.y + first.height / 2) * view.scale
    : tall * 0.4 - main.y * view.scale);
  view.fitted = () => fit(smallest);
  show();
}

// place is where the flow begins along one side of the window: in the middle if
// it fits, and else as wanted, but without room to spare at either end.
function place(window, size, margin, wanted) {
  const spare = window - size * view.scale;
  return spare >= 2 * margin ? spare / 2 : Math.min(margin, Math.max(spare - margin, wanted));
}

// beginning is how far down a number and what answers it reach.
function beginning(number) {
  const answer = number.exits.find((exit) => exit.line && !exit.aside)?.target ?? number;
  const y = Math.min(number.y, answer.y);
  return { y, height: Math.max(number.y + number.height, answer.y + answer.height) - y };
}

// reveal moves the view if a block is not in sight.
function reveal(block) {
  const x = view.x + block.x * view.scale, y = view.y + block.y * view.scale;
  const width = card.width * view.scale, height = block.height * view.scale;
  const seen = x > 8 && y > 8 && x + width < drawing.clientWidth - 8 && y + height < drawing.clientHeight - 8;
  if (seen && view.scale > 0.3) return;
  view.fitted = null;
  view.scale = Math.max(view.scale, readable);
  view.x = drawing.clientWidth / 2 - (block.x + card.width / 2) * view.scale;
  view.y = drawing.clientHeight / 2 - (block.y + block.height / 2) * view.scale;
  show();
}

// light highlights a block with everything before and after it.
function light(block) {
  for (const lit of drawing.querySelectorAll(".lit")) lit.classList.remove("lit");
  drawing.classList.toggle("focused", Boolean(block));
  if (!block) return;
  const follow = (next) => {
    const reached = new Set([block]);
    for (const each of reached) {
      for (const [exit, other] of next(each)) {
        exit.line.classList.add("lit");
        reached.add(other);
      }
    }
    for (const each of reached) each.node.classList.add("lit");
  };
  follow((each) => each.exits.filter((exit) => exit.line && !exit.aside).map((exit) => [exit, exit.target]));
  follow((each) => each.from.filter((exit) => !exit.aside).map((exit) => [exit, exit.source]));
}

// choose opens the panel of a block, or closes it.
function choose(block) {
  chosen?.node.classList.remove("chosen");
  chosen = block;
  panel.hidden = !block;
  if (!block) return;
  block.node.classList.add("chosen");
  current(block);
  const close = make("button", { class: "close", "aria-label": word("Close") }, "×");
  close.onclick = () => { choose(null); block.node.focus(); };
  panel.replaceChildren(close, make("h2", { dir: "auto" }, block.title), make("p", { class: "kind" }, block.word), ...source(block.source), ...sections(block));
  panel.setAttribute("aria-label", block.title);
  reveal(block);
}

function sections(block) {
  const made = [];
  const section = (title, content) => content.childNodes.length && made.push(make("h3", {}, title), content);
  if (block.numbers.length > 1) section(word("Numbers"), make("ul", {}, ...block.numbers.map((number, i) => make("li", { dir: "auto" }, number, ...source(block.sources?.[i])))));
  section(word("Settings"), make("dl", {}, ...block.settings.flatMap((setting) =>
    [make("dt", {}, setting.word), make("dd", { dir: "auto" }, setting.value)])));
  section(word("Callers hear"), make("ul", {}, ...block.messages.map((message) => make("li", {},
    make("span", { class: "role" }, message.word), said(message)))));
  section(word("Leads to"), make("ul", {}, ...block.exits.map((exit) => go(exit, exit.target))));
  section(word("Reached from"), make("ul", {}, ...block.from.map((exit) => go(exit, exit.source))));
  return made;
}

const source = (place) => (place ? [make("span", { class: "source", dir: "ltr" }, place)] : []);

const said = (message) => message.text ? make("q", { dir: "auto" }, message.text) : make("span", {}, word("recording %s", message.file ?? ""));

// go makes a line of the panel that leads to another block.
function go(exit, to) {
  const button = make("button", { class: "go" });
  if (exit.key) button.append(make("kbd", {}, exit.on));
  button.append(make("span", { dir: "auto" }, exit.key ? exit.label : exit.text || word("answer")),
    make("span", { dir: "auto" }, to ? to.title : ending(exit)));
  button.disabled = !to;
  button.onclick = () => choose(to);
  return make("li", {}, button);
}

// current makes a block the one that the tab key leads to.
function current(block) {
  for (const other of drawing.querySelectorAll('.block[tabindex="0"]')) other.setAttribute("tabindex", -1);
  block.node.setAttribute("tabindex", 0);
}

// neighbour finds the block that an arrow key leads to.
function neighbour(block, key) {
  if (key === "ArrowRight") return block.exits.find((exit) => exit.line)?.target;
  if (key === "ArrowLeft") return block.from[0]?.source;
  const down = key === "ArrowDown" ? 1 : -1;
  if (key !== "ArrowDown" && key !== "ArrowUp") return null;
  const away = (other) => Math.abs(other.y - block.y) + 3 * Math.abs(other.x - block.x);
  return blocks.filter((other) => (other.y - block.y) * down > 0).sort((a, b) => away(a) - away(b))[0];
}

// search marks the blocks that a text occurs in, and returns them, those that
// it names first.
function search(text) {
  const wanted = text.trim().toLowerCase();
  const hits = wanted ? blocks.filter((block) => haystack(block).includes(wanted)) : [];
  drawing.classList.toggle("searched", wanted !== "");
  for (const block of blocks) block.node.classList.toggle("hit", hits.includes(block));
  const named = (block) => block.title.toLowerCase().includes(wanted);
  return hits.sort((a, b) => named(b) - named(a));
}

const haystack = (block) => block.haystack ??= [
  block.title, block.word, block.detail, block.source ?? "", ...block.numbers, ...block.settings.map((setting) => setting.value),
  ...block.messages.map((message) => message.text), ...block.exits.map((exit) => exit.text),
].join("\n").toLowerCase();
