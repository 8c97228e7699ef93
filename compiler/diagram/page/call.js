// Walking a call: the viewer dials a number, presses keys and decides what
// happens to the people who are rung; the page says what the caller hears.

const call = { at: null, path: null, attempt: 1, log: document.querySelector("#call ol") };
const choices = document.getElementById("choices");
const keypad = document.getElementById("keypad");
const numbers = document.querySelector("#call select");
const people = ["ring_group", "user", "queue"]; // where somebody may answer

// What is heard only when something happens, not on arrival.
const events = ["invalid", "no_input", "goodbye", "busy", "unavailable", "full", "timeout", "recorded", "fallback", "idle"];

// dial begins a call to the chosen number.
function dial() {
  hangUp();
  call.log.replaceChildren();
  const [chosen] = numbers.selectedOptions;
  call.path = new URLSearchParams({ number: chosen.text });
  remember();
  arrive(blocks[chosen.value], chosen.text);
}

// hangUp forgets the call and its path, but leaves what was said to read.
function hangUp() {
  for (const node of drawing.querySelectorAll(".walked, .here")) node.classList.remove("walked", "here");
  call.at = null;
  offer();
}

// remember keeps the steps of a call in the address of the page, so that a
// viewer can show somebody what callers meet: #number=…&step=1&step=busy.
function remember(step) {
  if (step) call.path.append("step", step);
  location.replace("#" + call.path);
}

// replay walks the call that the address of the page tells, as far as it goes.
function replay() {
  const path = new URLSearchParams(location.hash.slice(1));
  const chosen = [...numbers.options].find((option) => option.text === path.get("number"));
  if (!chosen) return;
  chosen.selected = true;
  openCall(true);
  for (const step of path.getAll("step")) {
    const exit = call.at?.exits.find((exit) => exit.on === step);
    if (exit?.key) press(step);
    else if (exit) decide(exit);
  }
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

// after is heard after an attempt in vain: one message after all of them, or one for each.
const after = (what) => say((role) => role === what || role === `${what} ${call.attempt}`);

// vain is an attempt in vain: the caller is asked again.
function vain(what) {
  after(what);
  call.attempt++;
}

// spell reads a prompt for each option: "Press ${key} for ${menu}."
function spell(text) {
  if (!text.includes("${key}")) return text;
  const options = call.at.exits.filter((exit) => exit.key && exit.label);
  return options.map((exit) => text.replaceAll("${key}", exit.on).replaceAll("${menu}", exit.label)).join(" ");
}

function arrive(block, title = block.title) {
  call.at?.node.classList.remove("here");
  const again = call.at === block;
  call.at = block;
  call.attempt = 1;
  block.node.classList.add("walked", "here");
  reveal(block);
  note("met", bdi(title), ...(block.detail && !again ? [", ", bdi(block.detail)] : []));
  const outcomes = [...events, ...block.exits.map((exit) => exit.on)];
  say((role) => !outcomes.includes(role.split(" ")[0]) && !(again && role === "welcome"));
  const [only] = block.exits;
  const waits = ["menu", "voicemail", ...people].includes(block.kind);
  if (!waits && !only) over(word("The call ends."));
  else if (!waits && block.exits.length === 1 && !only.aside) take(only);
  else offer();
}

// take goes one way on: what is said on it, and where it leads. An outcome that
// leads nowhere ends the call with a goodbye.
function take(exit) {
  const block = call.at;
  say((role) => role === exit.on && role !== "invalid" || (role === "goodbye" && !exit.target && !exit.key && !exit.rejected));
  exit.row?.classList.add("walked");
  exit.line?.classList.add("walked");
  if (exit.target) arrive(exit.target);
  else over(exit.rejected ? word("The call is not answered.") : word("The call ends."));
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
  did(word("presses"), " ", make("kbd", {}, key), exit?.label ? " " : "", exit ? bdi(exit.label) : "");
  if (!exit) return vain("invalid");
  remember(key);
  take(exit);
}

// decide is an outcome that the viewer chose.
function decide(exit) {
  did(outcome(exit));
  remember(exit.on);
  take(exit);
}

const outcome = (exit) => exit.text || word("number shown");

// offer shows what can happen next: outcomes as buttons, keys on the keypad.
function offer() {
  const { at } = call;
  const button = (text, act) => {
    const made = make("button", { dir: "auto" }, text);
    made.onclick = act;
    return made;
  };
  const ends = (text, end) => button(text, () => { did(text); end(); });
  const offered = [];
  if (at?.kind === "menu") offered.push(ends(word("says nothing"), () => vain("no_input")));
  if (at && people.includes(at.kind)) offered.push(ends(word("answered"), () => over(word("They talk."))));
  if (at?.kind === "voicemail") {
    offered.push(ends(word("leaves a message"), () => { say((role) => role === "recorded"); over(word("The call ends.")); }));
  }
  for (const exit of at?.exits ?? []) {
    if (exit.on === "take") offered.push(ends(word("connected to a caller"), () => over(word("They talk."))));
    else if (!exit.key && !exit.aside) offered.push(button(outcome(exit), () => decide(exit)));
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
  for (const block of blocks) {
    for (const number of block.numbers) numbers.append(make("option", { value: block.at }, number));
  }
  document.getElementById("redial").onclick = numbers.onchange = dial;
  document.getElementById("dial").onclick = () => openCall(document.getElementById("call").hidden);
}

// openCall opens the telephone and dials, or puts it away.
function openCall(open) {
  const toggle = document.getElementById("dial");
  document.getElementById("call").hidden = !open;
  toggle.setAttribute("aria-expanded", open);
  toggle.textContent = open ? word("Close call") : word("Walk a call");
  if (open) return dial();
  hangUp();
  location.replace("#");
}
