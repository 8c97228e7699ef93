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
    if (!event.buttons) down.delete(event.pointerId); // it was lifted outside
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
  document.addEventListener("focusin", (event) => { // on the drawing itself, it would make that a stop of the tab key
    const block = over(event);
    later(block?.node.matches(":focus-visible") ? block : null);
    if (!block) return;
    current(block);
    if (block.node.matches(":focus-visible")) reveal(block);
  });
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

function watchKeys() {
  byId("larger").onclick = () => zoom(1.3);
  byId("smaller").onclick = () => zoom(1 / 1.3);
  byId("fit").onclick = () => blocks.length && fit();
  document.onkeydown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select")) return;
    const phone = !byId("call").hidden;
    if (phone && /^[0-9*#]$/.test(event.key)) press(event.key);
    else if (event.key === "/") document.querySelector("#search input").focus();
    else if (event.key === "+" || event.key === "=") zoom(1.3);
    else if (event.key === "-") zoom(1 / 1.3);
    else if (event.key === "0") byId("fit").click();
    else if (event.key === "Escape" && chosen) panel.querySelector(".close").click();
    else return;
    event.preventDefault();
  };
}

// On paper all of the flow is seen, whatever the screen shows.
function watchPrinter() {
  let fitted = null;
  window.onbeforeprint = () => {
    const { width, height } = bounds();
    fitted = view.fitted;
    view.fitted = null;
    drawing.setAttribute("viewBox", `-8 -8 ${width + 16} ${height + 16}`);
    drawing.classList.remove("far");
    world.removeAttribute("transform");
  };
  window.onafterprint = () => {
    drawing.removeAttribute("viewBox");
    view.fitted = fitted;
    show();
  };
}

function begin() {
  document.documentElement.classList.remove("plain");
  const dialled = blocks.flatMap((block) => block.numbers).length;
  const others = blocks.filter((block) => !block.numbers.length).length;
  byId("count").textContent = [
    dialled === 1 ? word("1 number") : word("%s numbers", dialled),
    others === 1 ? word("1 block") : word("%s blocks", others),
  ].join(", ");
  layout(blocks, drawing.clientWidth / drawing.clientHeight || 1.6);
  draw(blocks);
  if (blocks.length) {
    current(blocks[flow.main]);
    fit(readable);
    new ResizeObserver(() => view.fitted?.()).observe(drawing);
  }
  byId("dial").disabled = dialled === 0;
  prepareCall();
  watchPointers();
  watchFocus();
  watchSearch();
  watchKeys();
  watchPrinter();
  offer();
  replay();
}

begin();
