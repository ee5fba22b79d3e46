// What all checks in a browser share: starting it, counting, and what holds for every page.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// No part of the browser itself may speak to the network.
const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const launch = (executablePath) => chromium.launch({ executablePath, args });

let passed = 0;
let failed = 0;

/** Counts one check; says what is wrong with it. */
export function expect(what, problems) {
  if (problems.length === 0) {
    passed += 1;
    return;
  }
  failed += 1;
  console.log(`FAILED ${what}`);
  problems.forEach((problem) => console.log(`    ${problem}`));
}

/** The last line of a script: how many checks passed and failed. */
export function finish() {
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

/** What axe finds on a page as it is now. */
export async function violations(page) {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    });
    return violations.map(({ id, impact, help, nodes }) => {
      const where = nodes.slice(0, 3).map((node) => node.target.join(" "));
      return `${impact} ${id}: ${help} (${nodes.length} places, such as ${where.join(" | ")})`;
    });
  });
}

/** Nothing may make the page itself scroll sideways. */
export const tooWide = (page) =>
  page.evaluate(() => {
    const room = document.documentElement.clientWidth;
    const wide = document.documentElement.scrollWidth;
    return wide > room ? [`the page is ${wide} px wide in a window of ${room} px`] : [];
  });

/** Every place that scrolls can be reached and named by keyboard and screen reader. */
export const unreachable = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll("*")]
      .filter((el) => el.scrollWidth > el.clientWidth + 1)
      .filter((el) => ["auto", "scroll"].includes(getComputedStyle(el).overflowX))
      .filter((el) => el.tabIndex < 0 || !el.getAttribute("aria-label"))
      .map((el) => `<${el.localName} class="${el.className}"> scrolls without a tab stop or a name`),
  );
