// A letter that leaves soon: the seconds left to take it back. Without this file the hour stands there.
// An element carries data-until="<moment>"; when it has come, the buttons beside it go.

const SOON = 120;

const tell = (place) => {
  const left = Math.ceil((new Date(place.dataset.until) - Date.now()) / 1000);
  if (left > SOON) return;
  place.textContent = left > 0 ? `in ${left} s` : "now";
  if (left <= 0) place.closest(".callout").querySelector("form")?.remove();
};

const tick = () => {
  for (const place of document.querySelectorAll("[data-until]")) tell(place);
};

tick();
setInterval(tick, 500);
