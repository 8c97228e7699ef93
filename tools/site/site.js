"use strict";
// The page works without this script. With it there are search, a choice of versions,
// and a choice between light and dark.
const here = document.currentScript.dataset;
const dark = matchMedia("(prefers-color-scheme: dark)");

function kept(name) {
  try { return localStorage.getItem(name); } catch { return null; } // a browser may refuse
}

function keep(name, value) {
  try { localStorage.setItem(name, value); } catch { /* then it lasts as long as the page */ }
}

const chosen = kept("theme");
if (chosen === "dark" || chosen === "light") document.documentElement.dataset.theme = chosen;

document.addEventListener("DOMContentLoaded", () => {
  theme();
  versions();
  search();
  const pages = document.querySelector(".pages");
  if (matchMedia("(max-width: 48rem)").matches) pages.open = false;
});

function theme() {
  const button = document.getElementById("theme");
  const isDark = () => (document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light")) === "dark";
  const say = () => { button.textContent = isDark() ? "Light" : "Dark"; };
  button.hidden = false;
  button.addEventListener("click", () => {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    keep("theme", document.documentElement.dataset.theme);
    say();
  });
  dark.addEventListener("change", say);
  say();
}

async function versions() {
  const select = document.getElementById("version");
  let all;
  try {
    all = await (await fetch(here.up + "../versions.json")).json();
  } catch { return; } // a single version, or a file without a server
  select.replaceChildren(...all.map((version) => new Option(version, version, false, version === here.version)));
  document.getElementById("versions").hidden = false;
  select.addEventListener("change", async () => {
    const root = new URL(here.up, location.href);
    const page = location.href.slice(root.href.length);
    const there = new URL("../" + select.value + "/", root);
    const same = new URL(page, there);
    const found = await fetch(same, { method: "HEAD" });
    location.href = found.ok ? same : new URL("index.html", there);
  });
}

let sections; // read when somebody searches

function find(query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = [];
  for (const section of sections) {
    const heading = (section.page + " " + section.heading).toLowerCase(), text = section.text.toLowerCase();
    let score = 0;
    for (const word of words) {
      const own = heading.includes(word) ? 10 : 0, times = text.split(word).length - 1;
      if (own + times === 0) { score = 0; break; }
      score += own + Math.min(times, 5) + (section.heading.toLowerCase() === word ? 20 : 0);
    }
    if (score > 0) found.push({ section, score, word: words[0] });
  }
  return found.sort((a, b) => b.score - a.score).slice(0, 12);
}

function show(results, found) {
  results.replaceChildren(...found.map(({ section, word }) => {
    const link = document.createElement("a"), name = document.createElement("strong"), around = document.createElement("span");
    link.href = here.up + section.address;
    name.textContent = section.page === section.heading ? section.page : section.page + ": " + section.heading;
    const at = Math.max(0, section.text.toLowerCase().indexOf(word) - 60);
    around.textContent = (at > 0 ? "…" : "") + section.text.slice(at, at + 160);
    link.append(name, around);
    const item = document.createElement("li");
    item.append(link);
    return item;
  }));
  if (found.length === 0) {
    const none = document.createElement("li");
    none.className = "none";
    none.textContent = "Nothing found.";
    results.append(none);
  }
}

function search() {
  const form = document.getElementById("search"), query = document.getElementById("query"), results = document.getElementById("results");
  form.hidden = false;
  const close = () => { results.hidden = true; };
  query.addEventListener("input", async () => {
    if (query.value.trim().length < 2) return close();
    sections ??= await (await fetch(here.up + "search.json")).json();
    show(results, find(query.value));
    results.hidden = false;
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    results.querySelector("a")?.click();
  });
  document.addEventListener("keydown", (event) => {
    const links = [...results.querySelectorAll("a")], at = links.indexOf(document.activeElement);
    if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) query.focus();
    else if (event.key === "Escape" && !results.hidden) { close(); query.focus(); }
    else if (event.key === "ArrowDown" && !results.hidden) (links[at + 1] ?? links[0])?.focus();
    else if (event.key === "ArrowUp" && at >= 0) (links[at - 1] ?? query).focus();
    else return;
    event.preventDefault();
  });
  document.addEventListener("click", (event) => { if (!event.target.closest("#results, #search")) close(); });
}
