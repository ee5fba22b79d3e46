// Performance and accessibility of pages of a running demo, as Lighthouse measures them on a
// telephone (its default: a slow one on a slow line) and on a desktop.
// Usage: node lighthouse.mjs LINK [CHROMIUM]; LINK is the one-time link of a demo.
// Ends with 1 when a page has less than LEAST in either.
import lighthouse, { desktopConfig } from "lighthouse";
import { chromium } from "playwright-core";

const LEAST = 95;
const PAGES = ["/", "/people", "/network"];
const PORT = 9333;
// Without the last four the browser asks for updates that a closed network refuses.
const FLAGS = [
  `--remote-debugging-port=${PORT}`,
  "--disable-gpu",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const [link, executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium"] = process.argv.slice(2);
if (!link) {
  console.error("usage: node lighthouse.mjs LINK (as printed by: tieline demo --no-open)");
  process.exit(2);
}

// The trace of a page now and then has no beginning on a busy machine; then once more.
async function measured(url, flags, config) {
  let fault;
  for (let i = 0; i < 3; i += 1) {
    const { lhr } = await lighthouse(url, flags, config);
    if (!lhr.runtimeError && lhr.finalDisplayedUrl === url) return lhr;
    fault = lhr.runtimeError?.message ?? `led to ${lhr.finalDisplayedUrl}`;
  }
  throw new Error(`${url}: ${fault}`);
}

const browser = await chromium.launch({ executablePath, args: FLAGS, chromiumSandbox: false });
let isGood = true;
try {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(link);
  await page.click("main button");
  await page.waitForURL((url) => !url.pathname.startsWith("/enter"));
  const cookies = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const { origin } = new URL(link);
  console.log("page       device    performance  accessibility  best practices");
  for (const path of PAGES) {
    for (const [device, config] of [["telephone", undefined], ["desktop", desktopConfig]]) {
      const flags = {
        port: PORT,
        logLevel: "error",
        onlyCategories: ["performance", "accessibility", "best-practices"],
        extraHeaders: { Cookie: cookies },
      };
      const lhr = await measured(origin + path, flags, config);
      const score = (name) => Math.round(lhr.categories[name].score * 100);
      const scores = ["performance", "accessibility", "best-practices"].map(score);
      isGood &&= scores[0] >= LEAST && scores[1] >= LEAST;
      const [speed, access, practice] = scores.map((n) => String(n).padStart(4));
      console.log(`${path.padEnd(10)} ${device.padEnd(9)} ${speed}         ${access}           ${practice}`);
      for (const audit of Object.values(lhr.audits)) {
        if (audit.score !== null && audit.score < 0.9 && audit.scoreDisplayMode !== "informative") {
          console.log(`           ${audit.id}: ${audit.displayValue ?? ""} (${audit.score})`);
          const moved = audit.id === "layout-shifts" ? audit.details.items : [];
          for (const { node, score: by } of moved) console.log(`             ${by} ${node?.snippet}`);
        }
      }
    }
  }
} finally {
  await browser.close();
}
process.exit(isGood ? 0 : 1);
