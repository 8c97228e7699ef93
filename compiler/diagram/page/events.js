// What the viewer does: mouse, touch, keyboard, and the printer.

const byId = (id) => document.getElementById(id);

function watchPointers() {
  const down = new Map(); // fingers and buttons, by id
  let moved = false;
  const middle = () => {
    const [a, b = a] = [...down.values()];
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, apart: Math.hypot(a.x - b.x, a.y - b.y) };
  };
  const place = (event) => {
    const box = drawing.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  drawing.onpointerdown = (event) => {
    if (event.button) return;
    if (down.size === 0) moved = false;
    down.set(event.pointerId, place(event));
  };
  drawing.onpointermove = (event) => {
    if (!down.has(event.pointerId)) return;
    const before = middle();
    down.set(event.pointerId, place(event));
    const after = middle();
    if (!moved && Math.hypot(after.x - before.x, after.y - before.y) < 3 && down.size === 1) {
      down.set(event.pointerId, { x: before.x, y: before.y });
      return;
    }
    moved = true;
    drawing.setPointerCapture(event.pointerId);
    drawing.classList.add("dragged");
    view.x += after.x - before.x;
    view.y += after.y - before.y;
    zoom(before.apart ? after.apart / before.apart : 1, after.x, after.y);
  };
  drawing.onpointerup = drawing.onpointercancel = (event) => {
    down.delete(event.pointerId);
    drawing.classList.remove("dragged");
  };
  drawing.onclick = (event) => {
    if (!moved) choose(event.target.closest(".block")?.block ?? null);
  };
  drawing.addEventListener("wheel", (event) => {
    event.preventDefault();
    const at = place(event);
    zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0016)), at.x, at.y);
  }, { passive: false });
}

function watchFocus() {
  const over = (event) => event.target.closest?.(".block")?.block ?? null;
  let timer;
  const later = (block) => {
    clearTimeout(timer);
    timer = setTimeout(() => light(block), 70);
  };
  drawing.onpointerover = (event) => later(over(event));
  drawing.onpointerleave = () => later(null);
  drawing.onfocus = drawing.onblur = null;
  drawing.addEventListener("focusin", (event) => {
    if (!event.target.matches(":focus-visible")) return;
    current(over(event));
    reveal(over(event));
    later(over(event));
  });
  drawing.addEventListener("focusout", () => later(null));
  drawing.onkeydown = (event) => {
    const block = over(event);
    if (!block) return;
    if (event.key === "Enter" || event.key === " ") choose(block);
    const next = neighbour(block, event.key);
    next?.node.focus();
    if (next || event.key === " ") event.preventDefault();
  };
}

function watchSearch() {
  const field = document.querySelector("#search input"), output = document.querySelector("#search output");
  let hits = [], at = 0;
  field.oninput = () => {
    hits = search(field.value);
    at = -1;
    output.value = field.value.trim() ? hits.length : "";
  };
  field.onkeydown = (event) => {
    if (event.key === "Escape") {
      field.value = "";
      field.oninput();
    }
    if (event.key !== "Enter" || !hits.length) return;
    at = (at + (event.shiftKey ? hits.length - 1 : 1)) % hits.length;
    output.value = `${at + 1} / ${hits.length}`;
    choose(hits[at]);
  };
}

function watchKeys(begin) {
  const toggle = byId("dial");
  toggle.onclick = () => {
    const open = byId("call").hidden;
    byId("call").hidden = !open;
    toggle.setAttribute("aria-expanded", open);
    toggle.textContent = open ? "Close call" : "Walk a call";
    if (open) begin();
    else hangUp();
  };
  byId("larger").onclick = () => zoom(1.3);
  byId("smaller").onclick = () => zoom(1 / 1.3);
  byId("fit").onclick = () => fit();
  document.onkeydown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select")) return;
    const phone = !byId("call").hidden;
    if (phone && /^[0-9*#]$/.test(event.key)) press(event.key);
    else if (event.key === "/") document.querySelector("#search input").focus();
    else if (event.key === "+" || event.key === "=") zoom(1.3);
    else if (event.key === "-") zoom(1 / 1.3);
    else if (event.key === "0") fit();
    else if (event.key === "Escape" && chosen) panel.querySelector(".close").click();
    else return;
    event.preventDefault();
  };
}

// On paper all of the flow is seen, whatever the screen shows.
function watchPrinter() {
  window.onbeforeprint = () => {
    const { width, height } = bounds();
    drawing.setAttribute("viewBox", `-8 -8 ${width + 16} ${height + 16}`);
    drawing.classList.remove("far");
    world.removeAttribute("transform");
  };
  window.onafterprint = () => {
    drawing.removeAttribute("viewBox");
    show();
  };
}

function begin() {
  document.documentElement.classList.remove("plain");
  const counted = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;
  const numbers = blocks.reduce((sum, block) => sum + block.numbers.length, 0);
  byId("count").textContent = `${counted(numbers, "number")}, ${counted(blocks.filter((block) => !block.numbers.length).length, "block")}`;
  layout(blocks, drawing.clientWidth / drawing.clientHeight || 1.6);
  draw(blocks);
  if (blocks.length) {
    blocks[0].node.setAttribute("tabindex", 0);
    fit(0.6);
  }
  byId("dial").disabled = numbers === 0;
  const redial = prepareCall();
  watchPointers();
  watchFocus();
  watchSearch();
  watchKeys(redial);
  watchPrinter();
  offer();
}

begin();
