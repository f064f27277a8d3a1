// Files dropped on a place marked data-drop land in the file field inside it; what was chosen is listed
// with its size, and what is too large is said before it is sent (data-max, in bytes).

const size = (bytes) => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

const list = (input) => {
  const shown = input.closest("[data-drop]")?.querySelector("[data-chosen]");
  if (!shown) return;
  const limit = Number(input.dataset.max) || Infinity;
  shown.replaceChildren(
    ...[...input.files].map((file) => {
      const line = document.createElement("li");
      line.textContent = `${file.name}, ${size(file.size)}`;
      if (file.size > limit) {
        line.dataset.state = "late";
        line.append(`: too large, at most ${size(limit)}`);
      }
      return line;
    }),
  );
};

document.addEventListener("change", (event) => {
  if (event.target.matches("input[type=file]")) list(event.target);
});

for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const place = event.target.closest?.("[data-drop]");
    if (!place || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    place.toggleAttribute("data-over", kind === "dragover");
    if (kind !== "drop") return;
    const input = place.querySelector("input[type=file]");
    const together = new DataTransfer();
    const dropped = [...event.dataTransfer.files];
    for (const file of input.multiple ? [...input.files, ...dropped] : dropped.slice(0, 1)) together.items.add(file);
    input.files = together.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
