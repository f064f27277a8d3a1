// Find while typing: an accessible combobox over a list that htmx fetches.
//   <div data-typeahead>
//     <input role="combobox" aria-controls="found" hx-get=… hx-target="#found" hx-trigger="input changed delay:150ms">
//     <input type="hidden" name="customer">
//     <ul class="options" id="found" role="listbox"></ul>
//   </div>
// Each option: <li role="option" id=… data-value="12" data-text="Halden Precision AG">. Choosing one fills both
// fields and fires "change" on the hidden one. An option with data-new opens the part of the form it names.
// Enter only ever chooses, it never sends the form: pressed before the options are there, it takes the first one
// when they come.

const parts = (box) => ({
  input: box.querySelector("[role=combobox]"),
  value: box.querySelector("input[type=hidden]"),
  list: box.querySelector("[role=listbox]"),
});

const options = (box) => [...parts(box).list.querySelectorAll("[role=option]")];

const show = (box, on) => {
  box.toggleAttribute("data-open", on);
  const { input } = parts(box);
  input.setAttribute("aria-expanded", String(on));
  if (!on) input.removeAttribute("aria-activedescendant");
};

const mark = (box, chosen) => {
  for (const option of options(box)) option.setAttribute("aria-selected", String(option === chosen));
  const { input } = parts(box);
  if (!chosen) return input.removeAttribute("aria-activedescendant");
  input.setAttribute("aria-activedescendant", chosen.id);
  chosen.scrollIntoView({ block: "nearest" });
};

const move = (box, step) => {
  const all = options(box);
  if (!all.length) return;
  show(box, true);
  const here = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  mark(box, all[(here + step + all.length + (here < 0 && step < 0 ? 1 : 0)) % all.length]);
};

// What Enter takes: the marked option, or the only one there is.
const marked = (box) => {
  const all = options(box);
  return all.find((option) => option.getAttribute("aria-selected") === "true") ?? (all.length === 1 ? all[0] : null);
};

const choose = (box, option) => {
  const { input, value } = parts(box);
  // "New …" keeps what was typed: it is the new one's name.
  if (!option.dataset.new) input.value = option.dataset.text ?? option.textContent.trim();
  if (value) {
    value.value = option.dataset.value ?? "";
    value.dispatchEvent(new Event("change", { bubbles: true }));
  }
  const fresh = option.dataset.new && document.getElementById(option.dataset.new);
  if (fresh) {
    fresh.hidden = false;
    fresh.querySelector("input, select, textarea")?.focus();
  }
  show(box, false);
};

const deeds = {
  ArrowDown: (box) => (move(box, 1), true),
  ArrowUp: (box) => (move(box, -1), true),
  Escape: (box) => (box.hasAttribute("data-open") ? (show(box, false), true) : false),
  Enter: (box) => {
    const best = box.hasAttribute("data-open") && !("stale" in box.dataset) && marked(box);
    if (best) choose(box, best);
    else box.toggleAttribute("data-eager", "stale" in box.dataset);
    return true;
  },
};

const boxOf = (event) => event.target.closest?.("[data-typeahead]");

document.addEventListener("keydown", (event) => {
  const box = event.target.matches?.("[role=combobox]") && boxOf(event);
  if (box && deeds[event.key]?.(box)) event.preventDefault();
});

document.addEventListener("input", (event) => {
  const box = event.target.matches("[role=combobox]") && boxOf(event);
  if (!box) return;
  box.setAttribute("data-stale", ""); // the options shown belong to what was typed before
  box.removeAttribute("data-eager");
  const { value } = parts(box);
  if (!value?.value) return;
  value.value = "";
  value.dispatchEvent(new Event("change", { bubbles: true }));
});

// mousedown, not click: the field must not lose focus first
document.addEventListener("mousedown", (event) => {
  const option = event.target.closest("[role=option]");
  const box = option && boxOf(event);
  if (!box) return;
  event.preventDefault();
  choose(box, option);
});

document.addEventListener("focusout", (event) => {
  const box = boxOf(event);
  if (!box || box.contains(event.relatedTarget)) return;
  box.removeAttribute("data-eager");
  show(box, false);
});

document.addEventListener("htmx:afterSwap", (event) => {
  const box = event.detail.target.closest("[data-typeahead]");
  if (!box || event.detail.target !== parts(box).list) return;
  const all = options(box);
  show(box, all.length > 0 && box.contains(document.activeElement));
  mark(box, all.find((option) => !option.dataset.new) ?? null);
  const best = box.hasAttribute("data-eager") && marked(box);
  box.removeAttribute("data-eager");
  box.removeAttribute("data-stale");
  if (best && !best.dataset.new) choose(box, best);
});
