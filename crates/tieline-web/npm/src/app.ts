// What every page does on top of working without scripts: palette, keys, toast, live updates.
import htmx from "htmx.org";
import { listen } from "./live";
import { stakeholders } from "./stakeholders";

// The policy of the pages allows no inline style and no evaluated text: htmx shall try neither.
htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;

const one = <T extends Element>(selector: string, within: ParentNode = document) =>
  within.querySelector<T>(selector);

const palette = one<HTMLDialogElement>("#palette");
const keys = one<HTMLDialogElement>("#keys");

/** Single-letter keys are off while someone types, and where an account switched them off. */
function listens(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement;
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.isContentEditable;
  return !typing && !event.altKey && document.body.dataset.keys !== "off";
}

function openPalette() {
  if (!palette || palette.open) return;
  palette.showModal();
  one<HTMLInputElement>("input", palette)?.select();
}

function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-row] a[href], a[data-row]")];
}

function step(by: 1 | -1) {
  const all = rows();
  const at = all.indexOf(document.activeElement as HTMLElement);
  all[Math.min(Math.max(at + by, 0), all.length - 1)]?.focus();
}

let afterG = false;

function letter(key: string): boolean {
  if (afterG) {
    afterG = false;
    const link = one<HTMLAnchorElement>(`[data-go="${CSS.escape(key)}"]`);
    link?.click();
    return link !== null;
  }
  switch (key) {
    case "g":
      afterG = true;
      return true;
    case "/":
      openPalette();
      return true;
    case "?":
      keys?.showModal();
      return true;
    case "n":
      one<HTMLAnchorElement>("[data-record]")?.click();
      return true;
    case "j":
      step(1);
      return true;
    case "k":
      step(-1);
      return true;
    case "z":
      one<HTMLButtonElement>("[data-undo]")?.click();
      return true;
    default:
      return false;
  }
}

document.addEventListener("keydown", (event) => {
  if (event.key === "k" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    openPalette();
  } else if (!event.ctrlKey && !event.metaKey && listens(event) && letter(event.key)) {
    event.preventDefault();
  }
});

document.addEventListener("click", (event) => {
  const link = (event.target as Element).closest("[data-palette]");
  if (link && palette) {
    event.preventDefault();
    openPalette();
  }
});

// In the palette arrows move through what was found. Who types fast and goes on at once means what
// the typed words will find, not what an earlier letter found: such keys wait for the answer.
const early: string[] = [];

function isAnswered(): boolean {
  const typed = one<HTMLInputElement>("#palette-q")?.value.trim();
  return one<HTMLElement>("#palette-results [data-answers]")?.dataset.answers === typed;
}

function move(key: string) {
  if (!palette) return;
  if (key === "Enter") {
    (document.activeElement as HTMLElement | null)?.click();
    return;
  }
  const stops = [...palette.querySelectorAll<HTMLElement>("input, a[href]")];
  const at = stops.indexOf(document.activeElement as HTMLElement);
  stops[(at + (key === "ArrowDown" ? 1 : -1) + stops.length) % stops.length]?.focus();
}

palette?.addEventListener("keydown", (event) => {
  const isArrow = event.key === "ArrowDown" || event.key === "ArrowUp";
  // Enter alone is the browser's: a link is followed, the field shows the page of results.
  const isEarlyEnter = event.key === "Enter" && early.length > 0;
  if (!isArrow && !isEarlyEnter) return;
  event.preventDefault();
  if (isAnswered()) move(event.key);
  else early.push(event.key);
});

palette?.addEventListener("htmx:afterSwap", () => {
  if (isAnswered()) early.splice(0).forEach(move);
});

palette?.addEventListener("input", () => early.splice(0));

// A toast goes after a while, but not while someone is at it.
const toast = one<HTMLElement>(".toast");
if (toast && !toast.hidden) {
  const hide = () => {
    if (toast.matches(":hover, :focus-within")) window.setTimeout(hide, 2000);
    else toast.hidden = true;
  };
  window.setTimeout(hide, 8000);
  const clean = new URL(location.href);
  for (const name of ["done", "undo"]) clean.searchParams.delete(name);
  history.replaceState(history.state, "", clean);
}

one<HTMLElement>("[data-focus]")?.focus();
one<HTMLFormElement>("form[data-submit]")?.requestSubmit();
const zone = one<HTMLInputElement>("[data-zone]");
if (zone) zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone;

// A slider beside a date field: it moves the day, and the page follows when it is let go.
const DAY = 86_400_000;
for (const slider of document.querySelectorAll<HTMLInputElement>("[data-slider]")) {
  const field = document.getElementById(slider.dataset.slider ?? "") as HTMLInputElement | null;
  const first = Date.parse(slider.dataset.first ?? "");
  if (!field || Number.isNaN(first)) continue;
  slider.hidden = false;
  const show = () => {
    const day = new Date(first + Number(slider.value) * DAY).toISOString().slice(0, 10);
    const isNow = slider.value === slider.max;
    field.value = isNow ? "" : day;
    slider.setAttribute("aria-valuetext", isNow ? (slider.dataset.now ?? day) : day);
  };
  slider.addEventListener("input", show);
  const go = () => slider.form?.requestSubmit();
  // Arrow keys move day by day, so only Enter goes there.
  slider.addEventListener("pointerup", go);
  slider.addEventListener("keydown", (event) => event.key === "Enter" && go());
}

// The map as PNG is drawn here from the same SVG, so that the server needs no rasteriser and no fonts.
for (const button of document.querySelectorAll<HTMLButtonElement>("[data-png]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await savePng(button.dataset.png ?? "");
    } finally {
      button.disabled = false;
    }
  });
}

async function savePng(url: string) {
  const svg = await (await fetch(url)).text();
  const [, , width = 880, height = 560] = (/viewBox="([^"]+)"/.exec(svg)?.[1] ?? "").split(" ").map(Number);
  const sized = svg.replace("<svg ", `<svg width="${width}" height="${height}" `);
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([sized], { type: "image/svg+xml" }));
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width * 2, height * 2];
  const brush = canvas.getContext("2d");
  if (!brush) return;
  brush.fillStyle = "#fff";
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(image.src);
  const png = await new Promise<Blob | null>((take) => canvas.toBlob(take));
  if (!png) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(png);
  link.download = "network.png";
  link.click();
  URL.revokeObjectURL(link.href);
}

// Where the parts of a partnership do not fit in a line, the one that is open is in view.
const tab = one<HTMLElement>(".tabs [aria-current]");
const strip = tab?.parentElement;
if (tab && strip) {
  strip.scrollLeft = tab.offsetLeft - strip.offsetLeft - (strip.clientWidth - tab.offsetWidth) / 2;
}

stakeholders();
listen();
