// Single keys. An element with data-key="x" is focused (a field) or pressed (a link, a button) by that key, the one
// in the row that holds the focus before any other;
// j and k walk through everything marked data-row; ? opens the help. Off while typing, and off altogether
// where the reader unticked it in the help dialog (WCAG 2.1.4).

const SWITCH = "goldseam-keys";
const typing = (at) => at.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

const allowed = () => {
  try {
    return localStorage.getItem(SWITCH) !== "off";
  } catch {
    return true;
  }
};

const shown = (element) => element.offsetParent !== null || element.getClientRects().length > 0;

const press = (key) => {
  const marked = `[data-key="${CSS.escape(key)}"]`;
  const row = document.activeElement?.closest("[data-row]");
  const target = [...(row?.querySelectorAll(marked) ?? []), ...document.querySelectorAll(marked)].find(shown);
  if (!target) return false;
  target.focus();
  if (target.matches("input, textarea, select")) target.select?.();
  else target.click();
  return true;
};

const walk = (step) => {
  const rows = [...document.querySelectorAll("[data-row]")].filter(shown);
  if (!rows.length) return false;
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[Math.max(0, Math.min(rows.length - 1, here < 0 ? 0 : here + step))];
  // Enter then opens what the row is about, not the small print before it.
  const name = next.querySelector("a.title") ?? next.querySelector("a[href], button");
  (next.matches("a") ? next : name)?.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
};

const help = () => {
  const dialog = document.getElementById("keys");
  if (dialog && !dialog.open) dialog.showModal();
  return Boolean(dialog);
};

const deeds = { j: () => walk(1), k: () => walk(-1), "?": help };

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.closest("form");
    // Pressed, not merely submitted: so that what the button says is sent along whoever sends the form.
    const first = form?.querySelector("[type=submit][data-look=primary]");
    const button = first ?? form?.querySelector("button:not([type]), [type=submit]");
    if (button) button.click();
    else form?.requestSubmit();
    return;
  }
  if (event.key === "Escape" && event.target.id === "search") event.target.blur();
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key !== "?" && !allowed()) return;
  const key = event.key.toLowerCase();
  if ((deeds[key] ?? (() => press(key)))()) event.preventDefault();
});

const box = document.getElementById("keys-on");
if (box) {
  box.checked = allowed();
  box.addEventListener("change", () => {
    try {
      localStorage.setItem(SWITCH, box.checked ? "on" : "off");
    } catch {
      // A browser that keeps nothing simply forgets the choice.
    }
  });
}
