// Opens a report in a browser, in both colour schemes and at several widths, and checks what only
// a browser can tell: accessibility (axe), sideways scrolling, what the page loads, keyboard reach.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [report, executablePath] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const url = pathToFileURL(report).href;
// No part of the browser itself may speak to the network either.
const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

let passed = 0;
let failed = 0;
function expect(what, problems) {
  if (problems.length === 0) {
    passed += 1;
    return;
  }
  failed += 1;
  console.log(`FAILED ${what}`);
  problems.forEach((problem) => console.log(`    ${problem}`));
}

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

const violations = (page) =>
  page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    });
    return violations.map(({ id, impact, help, nodes }) => {
      const where = nodes.slice(0, 3).map((node) => node.target.join(" "));
      return `${impact} ${id}: ${help} (${nodes.length} places, such as ${where.join(" | ")})`;
    });
  });

// Inside the page: nothing may make the page itself scroll sideways.
const tooWide = (page) =>
  page.evaluate(() => {
    const room = document.documentElement.clientWidth;
    const wide = document.documentElement.scrollWidth;
    return wide > room ? [`the page is ${wide} px wide in a window of ${room} px`] : [];
  });

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

// Every place that scrolls can be reached and named by keyboard and screen reader.
const unreachable = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll("*")]
      .filter((el) => el.scrollWidth > el.clientWidth + 1)
      .filter((el) => ["auto", "scroll"].includes(getComputedStyle(el).overflowX))
      .filter((el) => el.tabIndex < 0 || !el.getAttribute("aria-label"))
      .map((el) => `<${el.localName} class="${el.className}"> scrolls without a tab stop or a name`),
  );

const browser = await chromium.launch({ executablePath, args });
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
      await page.evaluate(axe);
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
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
