// Walking a call: the viewer dials a number, presses keys and decides what
// happens to the people who are rung; the page says what the caller hears.

const call = { at: null, log: document.querySelector("#call ol") };
const choices = document.getElementById("choices");
const keypad = document.getElementById("keypad");
const people = ["ring_group", "user", "queue"]; // kinds where somebody may answer

// What is heard only when something happens, not on arrival.
const events = ["invalid", "no_input", "goodbye"];

function dial(block) {
  hangUp();
  call.log.replaceChildren();
  arrive(block);
}

// hangUp forgets the call and its path, but leaves what was said to read.
function hangUp() {
  for (const node of drawing.querySelectorAll(".walked, .here")) node.classList.remove("walked", "here");
  call.at = null;
  offer();
}

function note(kind, ...content) {
  call.log.append(make("li", { class: kind }, ...content));
  call.log.scrollTop = call.log.scrollHeight;
}

const did = (...content) => note("did", make("span", {}, ...content));

// say lets the caller hear the messages of the current block in these roles.
function say(heard) {
  for (const message of call.at.messages) {
    if (heard(message.role)) note("heard", message.text ? make("q", { dir: "auto" }, spell(message.text)) : said(message));
  }
}

// spell reads a prompt for each option: "Press ${key} for ${menu}."
function spell(text) {
  if (!text.includes("${key}")) return text;
  const options = call.at.exits.filter((exit) => exit.key && exit.label);
  return options.map((exit) => text.replaceAll("${key}", exit.on).replaceAll("${menu}", exit.label)).join(" ");
}

function arrive(block) {
  call.at?.node.classList.remove("here");
  const again = call.at === block;
  call.at = block;
  block.node.classList.add("walked", "here");
  reveal(block);
  note("met", bdi(block.title), block.about && !again ? make("span", {}, " · ", bdi(block.about)) : "");
  const outcomes = [...events, ...block.exits.map((exit) => exit.on)];
  say((role) => !outcomes.includes(role) && !(again && role === "welcome"));
  const [only] = block.exits;
  if (block.exits.length === 0 && !people.includes(block.kind)) over("The call ends.");
  else if (block.exits.length === 1 && ["number", "message"].includes(block.kind)) take(only);
  else offer();
}

// take goes one way on: what is said on it, and where it leads.
function take(exit) {
  const block = call.at;
  say((role) => role === exit.on || (exit.on === "failure" && role === "goodbye"));
  exit.row?.classList.add("walked");
  exit.line?.classList.add("walked");
  if (exit.target) arrive(exit.target);
  else over("The call ends.");
  if (call.at === block) offer();
}

function over(text) {
  note("over", text);
  call.at?.node.classList.remove("here");
  call.at = null;
  offer();
}

// press is a key of the keypad.
function press(key) {
  if (call.at?.kind !== "menu") return;
  const exit = call.at.exits.find((exit) => exit.key && exit.on === key);
  did("presses ", make("kbd", {}, key), exit?.label ? " " : "", exit ? bdi(exit.label) : "");
  if (exit) take(exit);
  else say((role) => role === "invalid");
}

// offer shows what can happen next: outcomes as buttons, keys on the keypad.
function offer() {
  const { at } = call;
  const button = (text, act) => {
    const made = make("button", { dir: "auto" }, text);
    made.onclick = () => { did(text); act(); };
    return made;
  };
  const offered = [];
  if (at?.kind === "menu") offered.push(button("says nothing", () => say((role) => role === "no_input")));
  if (at && people.includes(at.kind) && !at.exits.some((exit) => exit.on === "answer")) {
    offered.push(button("answered", () => over("They talk.")));
  }
  for (const exit of at?.exits ?? []) {
    if (!exit.key) offered.push(button(exit.text || "number shown", () => take(exit)));
  }
  choices.replaceChildren(...offered);
  for (const key of keypad.children) {
    const exit = at?.exits.find((exit) => exit.key && exit.on === key.value);
    key.disabled = at?.kind !== "menu";
    key.classList.toggle("live", Boolean(exit));
    key.replaceChildren(key.value, ...(exit?.label ? [make("small", { dir: "auto" }, exit.label)] : []));
  }
}

function prepareCall() {
  for (const key of "123456789*0#") {
    const button = make("button", { value: key }, key);
    button.onclick = () => press(key);
    keypad.append(button);
  }
  const numbers = document.querySelector("#call select");
  for (const block of blocks) {
    for (const number of block.numbers) numbers.append(make("option", { value: block.at }, number));
  }
  const begin = () => dial(blocks[numbers.value]);
  document.getElementById("redial").onclick = begin;
  numbers.onchange = begin;
  return begin;
}
