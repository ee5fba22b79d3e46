// Opens a report in a browser, in both colour schemes and at several widths, and checks what only
// a browser can tell: accessibility (axe), sideways scrolling, what the page loads, keyboard reach.
import { pathToFileURL } from "node:url";
import { expect, finish, launch, tooWide, unreachable, violations } from "./checks.mjs";

const [report, executablePath] = process.argv.slice(2);
const url = pathToFileURL(report).href;

async function open(browser, width, colorScheme) {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme,
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  const loaded = [];
  const errors = [];
  page.on("request", (request) => loaded.push(request.url()));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  await page.goto(url);
  await page.evaluate(() => document.fonts.ready);
  return { context, page, loaded, errors };
}

// Labels of the map: inside the picture, and apart from each other.
const labelTrouble = (page) =>
  page.evaluate(() => {
    const map = document.querySelector("svg.map");
    if (!map) return [];
    const frame = map.getBoundingClientRect();
    const labels = [...map.querySelectorAll("text")].map((text) => [
      text.textContent,
      text.getBoundingClientRect(),
    ]);
    const outside = labels
      .filter(([, box]) => box.left < frame.left || box.right > frame.right)
      .map(([name]) => `${name} leaves the picture`);
    const apart = (a, b) =>
      a.right <= b.left || b.right <= a.left || a.bottom - 3 <= b.top || b.bottom - 3 <= a.top;
    const clashes = labels.flatMap(([name, a], at) =>
      labels.slice(at + 1).filter(([, b]) => !apart(a, b)).map(([other]) => `${name} meets ${other}`),
    );
    return [...outside, ...clashes];
  });

const browser = await launch(executablePath);
try {
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [320, 390, 1440]) {
      const at = `${colorScheme}, ${width} px`;
      const { context, page, loaded, errors } = await open(browser, width, colorScheme);
      expect(`${at}: the page does not scroll sideways`, await tooWide(page));
      expect(`${at}: the labels of the map stand clear`, await labelTrouble(page));
      expect(`${at}: what scrolls is reached by keyboard`, await unreachable(page));
      // Folds are checked open: what they hold must be readable too.
      await page.evaluate(() => document.querySelectorAll("details").forEach((el) => (el.open = true)));
      expect(`${at}: unfolded, the page does not scroll sideways`, await tooWide(page));
      const content = ":root { --ui: sans-serif; --voice: serif }";
      const style = await page.addStyleTag({ content });
      expect(`${at}: without its fonts, the page does not scroll sideways`, await tooWide(page));
      expect(`${at}: without its fonts, labels stand clear`, await labelTrouble(page));
      await style.evaluate((el) => el.remove());
      expect(`${at}: axe finds nothing`, await violations(page));
      const outside = loaded.filter((from) => from !== url && !from.startsWith("data:"));
      expect(`${at}: nothing is loaded from outside`, outside);
      expect(`${at}: the browser has nothing to complain about`, errors);
      await context.close();
    }
  }
} finally {
  await browser.close();
}
finish();
