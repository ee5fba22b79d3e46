// Goes through the application as a person does, on a running demo server: by mouse, by keyboard
// alone, then every page in both colour schemes and at several widths. Given the one-time link.
import { expect, finish, launch, tooWide, unreachable, violations } from "./checks.mjs";

const [link, executablePath] = process.argv.slice(2);
const base = new URL(link).origin;
/** Scripts and styles of a first visit, compressed, at most. */
const MOST_BYTES = 60 * 1024;
/** The first network takes a while to be worked out. */
const PATIENCE = 180_000;
const PASSWORD = "four herons on a weir";
const NAME = "Demo visitor";

const browser = await launch(executablePath);
/** What the browser complained about, and on which pages. */
const complaints = new Map();

async function open(options = {}) {
  const context = await browser.newContext({
    baseURL: base,
    viewport: { width: 1440, height: 900 },
    reducedMotion: "reduce",
    ...options,
  });
  const page = await context.newPage();
  const note = (what) => complaints.set(what, [...(complaints.get(what) ?? []), page.url()]);
  page.on("console", (message) => {
    if (!["error", "warning"].includes(message.type())) return;
    // That a page is asked for that does not exist, or a form is wrong, is part of the checks.
    // Drawing without a graphics card is slow, and said so.
    if (!/status of (404|409|422)|GPU stall/.test(message.text())) note(message.text());
  });
  page.on("pageerror", (error) => note(String(error)));
  page.on("request", (request) => {
    const own = [base, "data:", `blob:${base}`].some((start) => request.url().startsWith(start));
    if (!own) note(`asks for ${request.url()}`);
  });
  return { context, page };
}

/** One thing that a person does. What stops it is told with its place; the rest goes on. */
async function step(page, what, act) {
  try {
    const problems = await act();
    expect(what, problems ?? []);
  } catch (error) {
    expect(what, [`at ${page.url()}: ${String(error.message).split("\n").slice(0, 4).join(" / ")}`]);
  }
}

/** A page that is being worked out opens by itself: to leave it earlier would race with that. */
async function opened(page) {
  const isThere = () => document.readyState === "complete" && document.querySelector("h1")?.textContent !== "Working this out";
  await page.waitForFunction(isThere, undefined, { timeout: PATIENCE });
}

/** Does what leads to a page whose script takes the query away once it is told: to wait only afterwards may be too late. */
async function landed(page, url, act) {
  await Promise.all([page.waitForURL(url), act()]);
}

const unless = (is, problem) => (is ? [] : [problem]);
const heading = (page) => page.locator("h1").first().innerText();
const path = (page) => new URL(page.url()).pathname;

async function first(context) {
  const page = context.pages()[0];
  await step(page, "the one-time link signs in", async () => {
    await page.goto(link);
    await page.waitForURL(`${base}/`);
  });
  await step(page, "Today tells the most useful thing to know", async () => {
    await page.locator(".lead h2").waitFor({ timeout: PATIENCE });
    const pulse = await page.locator(".stats .big").count();
    return unless(pulse === 4, `the pulse has ${pulse} numbers`);
  });
  await step(page, "Today says why something is shown", async () => {
    await page.locator(".lead .why").click();
    await page.locator("#why-lead").waitFor({ state: "visible" });
    const found = await violations(page);
    await page.keyboard.press("Escape");
    return found;
  });
}

async function weigh() {
  const { context, page } = await open({ storageState: state });
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  const kinds = new Map();
  const sums = {};
  session.on("Network.responseReceived", ({ requestId, type }) => kinds.set(requestId, type));
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const kind = kinds.get(requestId) ?? "Other";
    sums[kind] = (sums[kind] ?? 0) + encodedDataLength;
  });
  await page.goto("/", { waitUntil: "networkidle" });
  await context.close();
  const told = Object.entries(sums).map(([kind, bytes]) => `${kind} ${bytes}`);
  console.log(`first visit of Today, bytes over the wire: ${told.join(", ")}`);
  const own = (sums.Script ?? 0) + (sums.Stylesheet ?? 0);
  expect(`scripts and styles of a first visit are at most ${MOST_BYTES} bytes`, [
    ...unless(own > 0, "none was seen"),
    ...unless(own <= MOST_BYTES, `they are ${own} bytes`),
  ]);
}

/** Paths of pages on someone, found on the way. */
const found = { person: "/people", tie: "/people", source: "/imports", path: "/network/path", facts: "/people", partnership: "/partnerships", objective: "/partnerships", result: "/partnerships", work: "/partnerships", organisation: "/organisations", guestLink: "/partnerships" };

async function network(page) {
  await step(page, "g n leads to the network, with a map", async () => {
    await page.goto("/");
    await page.keyboard.press("g");
    await page.keyboard.press("n");
    await page.waitForURL("**/network");
    const dots = await page.locator("#map circle").count();
    return unless(dots > 100, `the map has ${dots} dots`);
  });
  await step(page, "the same is in a table", async () => {
    await page.getByRole("link", { name: "Table", exact: true }).click();
    const rows = page.locator("main tr[data-row]");
    await rows.first().waitFor();
    return unless((await rows.count()) === 100, `the table has ${await rows.count()} rows`);
  });
  await step(page, "what if someone leaves is answered", async () => {
    await page.goto("/network");
    await page.locator("#without").selectOption({ index: 0 });
    await page.getByRole("button", { name: "Try" }).click();
    const answer = await page.locator("#what-if h3").innerText();
    return unless(answer.startsWith("Without "), answer);
  });
  await step(page, "a new tie and a merger are tried", async () => {
    await page.goto("/network?try=merge#what-if");
    await page.locator("#g1").selectOption({ index: 1 });
    await page.locator("#g2").selectOption({ index: 2 });
    await page.getByRole("button", { name: "Try" }).click();
    const merger = await page.locator("#what-if h3").innerText();
    await page.goto("/network?view=table");
    const rows = page.locator("main tr[data-row] a");
    const [one, two] = [await rows.nth(3).innerText(), await rows.nth(70).innerText()];
    await page.goto("/network?try=tie#what-if");
    await page.locator("#a").fill(one);
    await page.locator("#b").fill(two);
    await page.getByRole("button", { name: "Try" }).click();
    const tie = await page.locator("#what-if h3, #what-if .errs").first().innerText();
    return [
      ...unless(merger.endsWith("were one group"), merger),
      ...unless(tie.includes(one) || tie.includes("already"), tie),
    ];
  });
  await step(page, "another moment is shown, by keyboard on the slider", async () => {
    await page.goto("/network");
    await page.locator("details.lens > summary").click();
    const slider = page.locator("[data-slider]");
    await slider.focus();
    for (let presses = 0; presses < 3; presses += 1) await page.keyboard.press("PageDown");
    const day = await page.locator("#at").inputValue();
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.searchParams.get("at") === day);
    await page.locator("#map circle").first().waitFor();
    return unless(day.length === 10, `the day is ${day}`);
  });
  await step(page, "what changed between two days is told", async () => {
    await page.goto("/network/changes");
    await page.locator("#appeared").waitFor();
    const rows = await page.locator("main tr[data-row]").count();
    return unless(rows > 0, "no tie changed");
  });
  await step(page, "the network is taken away as files", async () => {
    await page.goto("/network");
    const problems = [];
    for (const [label, end] of [["Map as SVG", ".svg"], ["Map as PNG", ".png"], ["Network as GEXF", ".gexf"], ["Ties as CSV", ".csv"]]) {
      if (!(await page.locator("details.menu[open]").count())) await page.locator("details.menu > summary").click();
      const [file] = await Promise.all([page.waitForEvent("download"), page.getByText(label, { exact: true }).click()]);
      problems.push(...unless(file.suggestedFilename() === `network${end}`, file.suggestedFilename()));
    }
    return problems;
  });
  await step(page, "the organic map moves by keyboard, says who, and opens", async () => {
    await page.goto("/network?layout=organic");
    const map = page.locator("#map[role=application]");
    await map.waitFor();
    await map.focus();
    for (const key of ["ArrowRight", "ArrowRight", "ArrowDown"]) await page.keyboard.press(key);
    const told = await page.locator("#told").innerText();
    await page.keyboard.press("+");
    const problems = await violations(page);
    await page.keyboard.press("Enter");
    await page.waitForURL("**/people/*");
    const name = await heading(page);
    return [...problems, ...unless(told.startsWith(name), `${told}, then ${name}`)];
  });
  await step(page, "a dot leads to a person", async () => {
    await page.goto("/network");
    found.person = await page.locator("#map a[href^=\"/people/\"]").first().getAttribute("href");
    await page.goto(found.person);
    return unless((await heading(page)).length > 2, "the page has no name");
  });
}

async function directory(page) {
  const names = () => page.locator("#list tr[data-row] th").allInnerTexts();
  await step(page, "the directory goes on page by page, nobody twice", async () => {
    await page.goto("/people");
    const before = await names();
    await page.getByRole("link", { name: "Next 50" }).click();
    await page.waitForURL((url) => url.searchParams.has("after"));
    const after = await names();
    const twice = after.filter((name) => before.includes(name) && before.length === 50);
    return [
      ...unless(before.length === 50, `the first page has ${before.length} rows`),
      ...unless(after.length > 0 && after[0] !== before[0], "the second page is the first"),
      ...unless(twice.length < 3, `on both pages: ${twice.join(", ")}`),
    ];
  });
  await step(page, "the directory narrows while one types", async () => {
    await page.goto("/people");
    const whole = (await names())[20].split("\n").at(-1);
    const start = whole.slice(0, -2);
    await page.locator("#q").pressSequentially(start);
    await page.waitForURL((url) => url.searchParams.get("q") === start);
    const fits = await names();
    return [
      ...unless(fits.length > 0 && fits.length < 50, `${fits.length} fit ${start}`),
      ...unless(fits.some((name) => name.endsWith(whole)), `${whole} is not among ${fits.join(", ")}`),
    ];
  });
  await step(page, "the list is said to be empty where nobody fits", async () => {
    await page.locator("#q").fill("qqqqxx");
    await page.getByText("Nobody fits").waitFor();
  });
}

async function person(page) {
  let name;
  await step(page, "a path between two people is found", async () => {
    await page.goto("/network?view=table");
    const rows = page.locator("main tr[data-row] a");
    name = await rows.nth(0).innerText();
    const other = await rows.nth(40).innerText();
    await page.goto("/network/path");
    await page.locator("#from").fill(name);
    await page.locator("#to").fill(other);
    await page.getByRole("button", { name: "Find" }).click();
    await page.locator("#found-h").waitFor();
    found.path = path(page) + new URL(page.url()).search;
  });
  await step(page, "a person's tie opens to the interactions behind it", async () => {
    await page.goto(found.person);
    name = await heading(page);
    await page.locator(".lanes a").first().click();
    found.tie = path(page);
    const rows = await page.locator("main tbody tr").count();
    return [
      ...unless(/\/people\/.+\/ties\/.+/.test(found.tie), "this is no page of a tie"),
      ...unless(rows > 0, "no interaction is shown"),
    ];
  });
  await step(page, "a contact is recorded and taken back", async () => {
    await page.goto(found.person);
    await page.locator("main").getByRole("link", { name: "Record a contact" }).click();
    const who = await page.locator("#who").inputValue();
    await page.getByLabel("Called").check();
    await page.getByLabel("You promised").fill("to send the notes");
    await page.getByRole("button", { name: "Record", exact: true }).click();
    await page.getByText("Contact recorded.").waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("Contact taken back.").waitFor();
    return unless(who === name, `the form is for ${who}, not ${name}`);
  });
  await step(page, "a form with faults says which, first", async () => {
    await page.goto("/contacts/new");
    await page.locator("#who").fill("Nobody Of This Name");
    await page.getByRole("button", { name: "Record", exact: true }).click();
    await page.locator(".errs").waitFor();
    const focus = await page.evaluate(() => document.activeElement?.className);
    return [...unless(focus === "errs", `the focus is on ${focus}`), ...(await violations(page))];
  });
}

async function written(page) {
  await step(page, "a name is changed by hand, and taken back", async () => {
    await page.goto(found.person);
    const name = await heading(page);
    await page.getByRole("link", { name: "Edit", exact: true }).click();
    found.facts = path(page);
    await page.locator("#name").fill(`${name} the Younger`);
    await page.getByRole("button", { name: "Save name" }).click();
    await page.getByText("Name saved.").waitFor();
    const changed = await heading(page);
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("Taken back.", { exact: true }).waitFor();
    return [
      ...unless(changed === `${name} the Younger`, `the page is headed ${changed}`),
      ...unless((await heading(page)) === name, `it did not go back to ${name}`),
    ];
  });
  await step(page, "two changes at once are shown side by side, and one is chosen", async () => {
    await page.goto(found.facts);
    const other = await page.context().newPage();
    await other.goto(found.facts);
    await other.locator("#name").fill("Theirs Of Two");
    await other.getByRole("button", { name: "Save name" }).click();
    await other.getByText("Name saved.").waitFor();
    await other.close();
    await page.locator("#name").fill("Mine Of Two");
    await page.getByRole("button", { name: "Save name" }).click();
    await page.getByText("Someone else changed this meanwhile").waitFor();
    const both = await page.locator("main table").innerText();
    const problems = await violations(page);
    await page.getByRole("button", { name: "Save mine instead" }).click();
    await page.getByText("Name saved.").waitFor();
    return [
      ...unless(both.includes("Theirs Of Two") && both.includes("Mine Of Two"), both),
      ...unless((await heading(page)) === "Mine Of Two", "mine did not stay"),
      ...problems,
    ];
  });
  await step(page, "a note is written and taken back", async () => {
    await page.goto(found.person);
    await page.getByText("Write a note").click();
    await page.locator("#note").fill("Prefers short calls before nine.");
    await page.getByRole("button", { name: "Keep note" }).click();
    await page.getByText("Note kept.").waitFor();
    const shown = await page.locator(".tl").first().innerText();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("Note removed.").waitFor();
    return unless(shown.includes("Prefers short calls"), shown);
  });
  await step(page, "a promise is written down, kept, and on the list until then", async () => {
    await page.getByText("Write a promise down").click();
    await page.locator("#promise").fill("The list of wards");
    await page.getByRole("button", { name: "Write it down" }).click();
    await page.goto("/promises");
    const row = page.locator("tr", { hasText: "The list of wards" });
    await row.getByRole("button").click();
    await page.getByText("Promise kept.").waitFor();
    await page.goto("/promises");
    return unless((await row.count()) === 0, "it is still on the list");
  });
  await step(page, "someone is added by hand, found and taken back", async () => {
    await page.goto("/people/new");
    await page.locator("#name").fill("Wren Salter");
    await page.locator("#organisation").fill("Ferry Board");
    await page.getByRole("button", { name: "Add person" }).click();
    await page.getByText("Added.").waitFor();
    found.organisation = await page.locator(".hdr .sub a").getAttribute("href");
    const other = await page.context().newPage();
    await other.goto("/people?q=wren");
    await other.getByText("Wren Salter").waitFor();
    await other.close();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("Taken back.", { exact: true }).waitFor();
  });
}

async function palette(page) {
  await step(page, "/ searches from anywhere, arrows and Enter go there", async () => {
    await page.goto(found.person);
    const name = await heading(page);
    await page.goto("/settings");
    await page.keyboard.press("/");
    await page.keyboard.type(name);
    await page.locator("#palette-results a").first().waitFor();
    const problems = await violations(page);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/people/*");
    return [...unless((await heading(page)) === name, `it led to ${await heading(page)}`), ...problems];
  });
  await step(page, "the palette offers things to do before anything is typed", async () => {
    await page.goto("/settings");
    await page.keyboard.press("/");
    await page.locator("#palette-results a").first().waitFor();
    await page.keyboard.type("what changed");
    await page.locator("#palette-results li:first-child a[href='/network/changes']").waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/network/changes");
    return [];
  });
  await step(page, "? shows the keys, Escape closes them", async () => {
    await page.keyboard.press("?");
    await page.locator("#keys").waitFor({ state: "visible" });
    const problems = await violations(page);
    await page.keyboard.press("Escape");
    await page.locator("#keys").waitFor({ state: "hidden" });
    return problems;
  });
  await step(page, "letters that are typed into a field are no commands", async () => {
    await page.goto("/people");
    await page.locator("#q").pressSequentially("g n?/");
    return unless(path(page) === "/people", "a letter led elsewhere");
  });
}

async function sources(page) {
  await step(page, "what was read is listed, and opens", async () => {
    await page.goto("/imports");
    const link = page.locator("main a[href^='/imports/']").first();
    found.source = await link.getAttribute("href");
    await page.goto(found.source);
    return unless((await heading(page)).length > 2, "the page has no name");
  });
  await step(page, "files are looked at, and what a column means is changed", async () => {
    await page.goto("/imports");
    const rows = ["Name,Email,Place", "Wren Salter,wren@quay.example,Board", "Cy Roe,cy@quay.example,Board"];
    const file = { name: "staff.csv", mimeType: "text/csv", buffer: Buffer.from(rows.join("\n")) };
    await page.locator("#files").setInputFiles(file);
    await page.getByRole("button", { name: "Look at the files" }).click();
    // The page follows the job by itself.
    await page.locator("#out-h").waitFor({ timeout: 120_000 });
    await page.locator("details > summary").first().click();
    const examples = await page.locator("main details[open]").first().innerText();
    const problems = await violations(page);
    await page.getByLabel("What Place means").selectOption("unit");
    await page.getByLabel("Keep these matches as (optional)").fill("Staff of the quay");
    await page.getByRole("button", { name: "Look again with these" }).click();
    await page.getByText("you said so").first().waitFor({ timeout: 120_000 });
    found.dryRun = path(page);
    return [...problems, ...unless(examples.includes("Wren Salter"), examples)];
  });
  await step(page, "it is imported, other pages are told, and it is taken back", async () => {
    const other = await page.context().newPage();
    await other.goto("/");
    await page.getByRole("button", { name: "Import", exact: true }).click();
    await page.locator("#made-h").waitFor({ timeout: 120_000 });
    await other.locator("[data-newer] a").waitFor({ timeout: 120_000 });
    const problems = await violations(other);
    await other.close();
    await page.goto("/people?q=wren@quay.example");
    await page.getByText("Wren Salter").first().waitFor();
    await page.goto("/imports");
    await page.getByRole("button", { name: "Take back staff.csv" }).click();
    await page.getByText("Taking the import back").waitFor();
    await page.locator("main tr", { hasText: "staff.csv" }).waitFor({ state: "detached", timeout: 120_000 });
    return problems;
  });
  await step(page, "a month of contact opens to what is behind it", async () => {
    await page.goto(found.tie);
    await page.locator("nav[aria-label='Months with contact'] a").nth(1).click();
    await page.waitForURL((url) => url.searchParams.has("month"));
    found.month = path(page) + new URL(page.url()).search;
    const rows = await page.locator("main tbody tr").count();
    return unless(rows > 0, "no interaction is shown");
  });
}

async function partnerships(page) {
  await step(page, "g p leads to the partnerships, and one is begun", async () => {
    await page.goto("/");
    await page.keyboard.press("g");
    await page.keyboard.press("p");
    await page.waitForURL("**/partnerships");
    await page.getByRole("link", { name: "Begin a partnership" }).click();
    await page.locator("#name").fill("Warm homes");
    await page.locator("#about").fill("Nobody goes into hospital because their home is cold.");
    await landed(page, "**/people?done=partnership*", () => page.getByRole("button", { name: "Begin a partnership" }).click());
    found.partnership = path(page).replace("/people", "");
    return unless((await heading(page)) === "Warm homes", await heading(page));
  });
  await step(page, "parties and people come in, by keyboard alone", async () => {
    for (const name of ["Beacon Homes", "Fenwick"]) {
      await page.goto(`${found.partnership}/people`);
      await page.locator("#name").focus();
      await page.keyboard.type(name);
      await landed(page, "**/people?done=party*", () => page.keyboard.press("Enter"));
    }
    await page.locator("#who").fill("Nadia Bly");
    await page.locator("#mail").fill("nadia@fen.example");
    await landed(page, "**/people?done=seat*", () => page.keyboard.press("Enter"));
    const parties = await page.locator("section > header > h2").allInnerTexts();
    return unless(parties.includes("Fenwick"), parties.join(", "));
  });
  await step(page, "a stage is answered and taken to the next", async () => {
    await page.goto(`${found.partnership}/stage`);
    await page.locator("form.ask").first().getByLabel("Partly").check();
    await landed(page, "**/stage?done=saved", () => page.locator("form.ask").first().getByRole("button").click());
    await landed(page, "**/stage?done=stage", () => page.getByRole("button", { name: "Go to Forming" }).click());
    const here = await page.locator(".steps [aria-current]").innerText();
    return unless(here === "Forming", here);
  });
  await step(page, "the charter is drafted, changed and commented on", async () => {
    for (const vision of ["Nobody is cold at home.", "Nobody is cold or damp at home."]) {
      await page.goto(`${found.partnership}/agreement/edit`);
      await page.locator("#vision").fill(vision);
      await landed(page, "**/agreement?done=saved", () => page.getByRole("button", { name: "Save as the next version" }).click());
    }
    await page.locator("#comment").fill("And light?");
    await landed(page, "**/agreement?done=comment*", () => page.getByRole("button", { name: "Comment", exact: true }).click());
    const changed = await page.locator("ins").allInnerTexts();
    return unless(changed.join("").includes("or damp"), changed.join(""));
  });
  await step(page, "an objective is measured and checked in, by keyboard alone", async () => {
    await page.goto(`${found.partnership}/okr/new`);
    await page.locator("#title").focus();
    await page.keyboard.type("Fewer winter admissions");
    await landed(page, "**/okr/*?done=okr*", () => page.keyboard.press("Enter"));
    found.objective = path(page);
    for (const [field, text] of [["baseline", "40"], ["target", "20"], ["metric", "Admissions"]]) {
      await page.locator(`#${field}`).focus();
      await page.keyboard.type(text);
    }
    await landed(page, "**?done=okr-result*", () => page.keyboard.press("Enter"));
    await landed(page, "**/okr/results/*", () => page.getByRole("link", { name: "Admissions" }).click());
    found.result = path(page);
    await page.getByLabel("Sure", { exact: true }).check();
    await page.locator("#value").fill("30");
    await landed(page, "**?done=okr-check*", () => page.keyboard.press("Enter"));
    await page.goto(`${found.partnership}/okr`);
    const progress = await page.locator(".meter .num").innerText();
    return unless(progress === "50%", progress);
  });
  await step(page, "a piece of work gets its roles, and what is missing is told", async () => {
    await page.goto(`${found.partnership}/roles/new`);
    await page.locator("#title").fill("Fit roofs");
    await page.locator("#seat-0").selectOption({ index: 1 });
    await page.locator("input[name=A-0]").check();
    await landed(page, "**/roles/*?done=work*", () => page.locator("#title").press("Enter"));
    found.work = path(page);
    await page.goto(`${found.partnership}/roles`);
    const told = await page.locator(".raci tbody tr").innerText();
    return unless(told.includes("Nobody does it"), told);
  });
  await step(page, "someone without an account takes part by link, in their own time zone", async () => {
    await page.goto(`${found.partnership}/people`);
    await page.getByRole("link", { name: "Link Nadia Bly" }).click();
    await page.waitForURL("**/link");
    found.guestLink = path(page);
    await page.getByRole("button", { name: "Make a link to hand over" }).click();
    const link = await page.locator("#link").inputValue();
    const guest = await open({ timezoneId: "Asia/Tokyo" });
    await guest.page.goto(link);
    const before = await violations(guest.page);
    await guest.page.getByRole("button", { name: "Take part" }).click();
    await guest.page.waitForURL(`**${found.partnership}`);
    const told = await guest.page.locator(".side .space").innerText();
    await guest.page.goto(`${found.partnership}/agreement`);
    await guest.page.locator("#comment").fill("Light, yes.");
    await landed(guest.page, "**/agreement?done=comment*", () => guest.page.getByRole("button", { name: "Comment", exact: true }).click());
    const inside = await violations(guest.page);
    await guest.page.goto(`${found.partnership}/commitments`);
    await guest.page.locator("#text").fill("A list of cold homes");
    await guest.page.locator("#due").fill("2099-05-01");
    await landed(guest.page, "**/commitments?done=promised*", () => guest.page.getByRole("button", { name: "Promise", exact: true }).click());
    await guest.page.getByText("Another date").click();
    await guest.page.locator("li input[name=day]").fill("2099-06-01");
    await landed(guest.page, "**/commitments?done=date-asked*", () => guest.page.getByRole("button", { name: "Ask the other side" }).click());
    inside.push(...(await violations(guest.page)));
    await guest.page.goto(`${found.partnership}/conflicts`);
    await guest.page.locator("#title").fill("Who pays for the boilers");
    await guest.page.locator("input[name=side]").first().check();
    await landed(guest.page, "**/conflicts/*?done=case-raised*", () => guest.page.getByRole("button", { name: "Raise it" }).click());
    found.conflict = path(guest.page);
    await guest.page.locator("#view").fill("We paid last year.");
    await landed(guest.page, "**?done=case-said*", () => guest.page.getByRole("button", { name: "Save", exact: true }).click());
    inside.push(...(await violations(guest.page)));
    await guest.page.goto("/people");
    const outside = path(guest.page);
    await guest.context.close();
    await page.goto(`${found.partnership}/agreement`);
    const read = await page.locator("main").innerText();
    return [
      ...before,
      ...inside,
      ...unless(told.includes("Asia/Tokyo"), told),
      ...unless(outside === "/sign-in", `the directory leads to ${outside}`),
      ...unless(read.includes("Nadia Bly, by link"), "the comment does not say whose it is"),
    ];
  });
  await step(page, "a case that someone else raised is read by its sides alone", async () => {
    await page.goto(`${found.partnership}/conflicts`);
    const listed = await page.locator("main").innerText();
    return unless(!listed.includes("Who pays") || listed.includes("Listening"), listed);
  });
  await step(page, "a topic is opened, answered, summed up and read", async () => {
    await page.goto(`${found.partnership}/topics`);
    const before = await violations(page);
    await page.locator("#title").fill("Which roofs first?");
    await page.locator("#text").fill("The coldest, I think. @Nadia Bly?");
    await landed(page, "**/topics/*?done=topic*", () => page.getByRole("button", { name: "Open the topic" }).click());
    found.topic = path(page);
    await page.getByRole("link", { name: "Answer Post 1" }).click();
    await page.waitForURL("**#say");
    await page.locator("#text").fill("Or the emptiest.");
    await landed(page, "**/topics/*?done=posted*", () => page.getByRole("button", { name: "Post", exact: true }).click());
    await page.locator("#summary").fill("Coldest or emptiest.");
    await landed(page, "**/topics/*?done=topic-summed*", () => page.getByRole("button", { name: "Save the summary" }).click());
    const told = await page.locator("main").innerText();
    return [
      ...before,
      ...unless(told.includes("Mentions Nadia Bly"), told),
      ...unless(told.includes("No post since."), told),
      ...unless(told.includes("In answer to post 1"), told),
    ];
  });
  await step(page, "a challenge goes from what is seen to a trial", async () => {
    await page.goto(`${found.partnership}/challenges`);
    const before = await violations(page);
    await page.locator("#title").fill("Letters arrive late");
    await landed(page, "**/challenges/*?done=challenge*", () => page.getByRole("button", { name: "Write it down" }).click());
    found.challenge = path(page);
    await page.locator("#trial").fill("Call instead of writing");
    await page.locator("#ends").fill("2099-12-31");
    await landed(page, "**/challenges/*?done=trial*", () => page.getByRole("button", { name: "Begin the trial" }).click());
    const told = await page.locator("main").innerText();
    return [
      ...before,
      ...unless(told.includes("Nobody said why it happens."), told),
      ...unless(told.includes("Call instead of writing") && told.includes("Runs"), told),
      ...(await violations(page)),
    ];
  });
  await step(page, "an initiative gets a part, a plan and a risk", async () => {
    await page.goto(`${found.partnership}/initiatives`);
    const before = await violations(page);
    await page.locator("#title").fill("Fit roofs");
    await page.locator("#begins").fill("2026-01-05");
    await page.locator("#ends").fill("2099-12-31");
    await landed(page, "**/initiatives/*?done=initiative*", () => page.getByRole("button", { name: "Write it down" }).click());
    found.initiative = path(page);
    for (const [title, days, after] of [["Measure the roofs", "5", ""], ["Order tiles", "20", "Measure the roofs"]]) {
      await page.locator("#task").fill(title);
      await page.locator("#days").fill(days);
      if (after) await page.locator("#needs").selectOption({ label: after });
      await landed(page, "**/initiatives/*?done=task*", () => page.getByRole("button", { name: "Add it" }).click());
    }
    await page.locator("#risk").fill("A wet spring");
    await page.locator("#likelihood").selectOption("4");
    await page.locator("#impact").selectOption("4");
    await landed(page, "**/initiatives/*?done=risk*", () => page.getByRole("button", { name: "Add the risk" }).click());
    found.task = new URL(await page.getByRole("link", { name: "Change Measure the roofs" }).getAttribute("href"), page.url()).pathname;
    const told = await page.locator("main").innerText();
    return [
      ...before,
      ...unless(told.includes("these decide it: Measure the roofs and Order tiles"), told),
      ...unless(told.includes("A risk is high."), told),
      ...unless(told.includes("16 of 25"), told),
    ];
  });
  await step(page, "a signed agreement is written down with a duty", async () => {
    await page.goto(`${found.partnership}/pacts`);
    const before = await violations(page);
    await page.locator("#title").fill("Use of data");
    for (const box of await page.locator("input[name=party]").all()) await box.check();
    await page.locator("#ends").fill("2099-12-31");
    await landed(page, "**/pacts/*?done=pact*", () => page.getByRole("button", { name: "Write it down" }).click());
    found.pact = path(page);
    await page.locator("#duty").fill("A list of cold homes");
    await page.locator("#to").selectOption({ index: 2 });
    await page.locator("#due").fill("2099-01-31");
    await page.locator("#every").fill("3");
    await landed(page, "**/pacts/*?done=duty*", () => page.getByRole("button", { name: "Add the duty" }).click());
    const told = await page.locator("main").innerText();
    return [
      ...before,
      ...unless(told.includes("every 3 months"), told),
      ...unless(told.includes("Not signed by all"), told),
    ];
  });
  await step(page, "what was said is written down and answered", async () => {
    await page.goto(`${found.partnership}/listening`);
    const before = await violations(page);
    await page.locator("#text").fill("The stairs are dark.");
    await page.locator("#voice").fill("Tenants of Elm Street");
    await landed(page, "**/listening?done=heard*", () => page.getByRole("button", { name: "Write it down" }).click());
    await page.getByText("Say what came of it").click();
    await page.getByLabel("Answer", { exact: true }).fill("Lamps hang since Monday.");
    await page.getByLabel("What came of it").selectOption("done");
    await landed(page, "**/listening?done=heard-answered*", () => page.getByRole("button", { name: "Save the answer" }).click());
    const told = await page.locator("main").innerText();
    return [
      ...before,
      ...unless(told.includes("Tenants of Elm Street, written down"), told),
      ...unless(told.includes("Lamps hang since Monday."), told),
      ...unless(told.includes("Half of the answers came within a day."), told),
    ];
  });
  await step(page, "a stakeholder is placed by sliders, by keys and by drag", async () => {
    await page.goto(`${found.partnership}/stakeholders`);
    await page.locator("#name").fill("City council");
    await landed(page, "**/stakeholders?one=*&done=stakeholder&*", () => page.getByRole("button", { name: "Add a stakeholder" }).click());
    await page.locator("#power").fill("80");
    await page.locator("#interest").fill("20");
    const placed = "**/stakeholders?one=*&done=stakeholder-placed*";
    await landed(page, placed, () => page.getByRole("button", { name: "Place", exact: true }).click());
    const token = page.locator("[data-token]");
    const steered = await token.getAttribute("style");
    await token.focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
    const keyed = await token.getAttribute("style");
    const from = await token.boundingBox();
    const grid = await page.locator("[data-grid]").boundingBox();
    await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
    await page.mouse.down();
    await page.mouse.move(grid.x + grid.width * 0.7, grid.y + grid.height * 0.3, { steps: 4 });
    await Promise.all([page.waitForNavigation(), page.mouse.up()]);
    const dragged = await token.getAttribute("style");
    found.stakeholder = path(page) + new URL(page.url()).search;
    const all = [steered, keyed, dragged].join(" | ");
    return unless(all === "left:20%;top:20% | left:22%;top:22% | left:70%;top:30%", all);
  });
}

/** What every page is held to. */
async function sweep() {
  const pages = [
    "/",
    "/network",
    "/network?view=table",
    "/network?at=2026-03-01&kind=meeting",
    "/network/changes",
    "/network?try=merge",
    "/network?try=tie",
    found.path,
    "/people",
    "/people?q=qqqqxx",
    "/organisations",
    "/imports",
    found.source,
    "/identities",
    "/identities?state=decided",
    found.person,
    found.facts,
    found.tie,
    found.month,
    found.organisation,
    "/partnerships",
    "/partnerships/new",
    "/partnerships/objectives",
    found.partnership,
    `${found.partnership}/agreement`,
    `${found.partnership}/agreement/edit`,
    `${found.partnership}/okr`,
    `${found.partnership}/okr/new`,
    `${found.partnership}/okr/alignment`,
    found.objective,
    `${found.objective}/edit`,
    found.result,
    `${found.partnership}/roles`,
    `${found.partnership}/roles/new`,
    found.work,
    `${found.partnership}/commitments`,
    `${found.partnership}/conflicts`,
    `${found.partnership}/decisions`,
    `${found.partnership}/decisions/new`,
    `${found.partnership}/resources`,
    `${found.partnership}/expertise`,
    `${found.partnership}/ledger`,
    `${found.partnership}/brief`,
    `${found.partnership}/topics`,
    `${found.partnership}/topics/voices`,
    `${found.partnership}/listening`,
    `${found.partnership}/challenges`,
    found.challenge,
    `${found.partnership}/initiatives`,
    found.initiative,
    found.task,
    `${found.partnership}/pacts`,
    found.pact,
    found.topic,
    `${found.partnership}/people`,
    `${found.partnership}/stage`,
    `${found.partnership}/stakeholders`,
    found.stakeholder,
    "/stakeholders",
    `${found.partnership}/edit`,
    found.guestLink,
    "/promises",
    "/people/new",
    "/people?tag=x&role=lead",
    "/people/bulk?what=tag&with=Board&q=a",
    "/organisations/new",
    "/welcome/people",
    "/contacts/new",
    "/search?q=a",
    "/settings",
    "/settings/history",
    "/insights",
    "/insights/history",
    "/glossary",
    "/network?layout=organic",
    "/network?group=Housing",
    "/nowhere",
  ];
  const outside = ["/sign-in"];
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [1440, 390, 320]) {
      const options = { colorScheme, viewport: { width, height: 900 } };
      const signed = await open({ ...options, storageState: state });
      const stranger = await open(options);
      const all = [...pages.map((at) => [signed.page, at]), ...outside.map((at) => [stranger.page, at])];
      for (const [page, at] of all) {
        const where = `${at}, ${colorScheme}, ${width} px`;
        await step(page, `${where}: all is as it should be`, async () => {
          await page.goto(at);
          await opened(page);
          const problems = [...(await tooWide(page)), ...(await unreachable(page))];
          await page.evaluate(() => document.querySelectorAll("details").forEach((el) => (el.open = true)));
          problems.push(...(await tooWide(page)).map((problem) => `unfolded, ${problem}`));
          if (width > 320) problems.push(...(await violations(page)));
          return problems;
        });
      }
      await signed.context.close();
      await stranger.context.close();
    }
  }
}

async function theme(page) {
  const shown = () => page.evaluate(() => document.documentElement.dataset.theme);
  await step(page, "the theme is switched, and stays", async () => {
    await page.goto("/insights");
    await page.goto("/people");
    await page.getByRole("button", { name: "Switch light or dark" }).click();
    await page.waitForLoadState();
    const one = await shown();
    const at = path(page);
    await page.getByRole("button", { name: "Switch light or dark" }).click();
    await page.waitForLoadState();
    const two = await shown();
    return [
      ...unless(one !== two && [one, two].every((now) => ["light", "dark"].includes(now)), `${one}, then ${two}`),
      ...unless(at === "/people", `it led to ${at}`),
    ];
  });
}

/** Tab until the focus is on what a selector names; it must be visible where it is. */
async function tabTo(page, selector) {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press("Tab");
    const there = await page.evaluate((selector) => document.activeElement?.matches(selector), selector);
    if (there) return;
  }
  throw new Error(`60 presses of Tab do not reach ${selector}`);
}

async function keyboard(page) {
  await step(page, "a password is set and one signs out, by keyboard", async () => {
    await page.goto("/settings");
    await tabTo(page, "#password");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await page.getByText("Your password is set.").waitFor();
    await tabTo(page, "[aria-label='Sign out']");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/sign-in");
  });
  await step(page, "one is led back to what one asked for, by keyboard", async () => {
    await page.goto("/people?kind=person");
    await page.waitForURL((url) => url.pathname === "/sign-in" && url.searchParams.has("next"));
    // The browser sets the focus with the first picture of the page, which may come after its load.
    const focused = await page.waitForFunction(() => document.activeElement?.id || null);
    const focus = await focused.jsonValue();
    await page.keyboard.type(NAME);
    await tabTo(page, "#password");
    await page.keyboard.type("wrong wrong wrong");
    await page.keyboard.press("Enter");
    await page.locator(".errs").waitFor();
    const problems = await violations(page);
    await tabTo(page, "#password");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.searchParams.get("kind") === "person");
    return [...unless(focus === "login", `the focus was on ${focus}`), ...problems];
  });
  await step(page, "the first Tab stop leads past the menu", async () => {
    await page.goto("/people");
    await page.keyboard.press("Tab");
    const text = await page.evaluate(() => document.activeElement?.textContent);
    await page.keyboard.press("Enter");
    const focus = await page.evaluate(() => document.activeElement?.id);
    return unless(text === "Skip to content" && focus === "main", `${text}, then ${focus}`);
  });
  await step(page, "someone is found and opened, by keyboard", async () => {
    await tabTo(page, "#q");
    await page.keyboard.type("a");
    await page.waitForURL((url) => url.searchParams.get("q") === "a");
    await tabTo(page, "#list .who");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/people/*");
  });
}

let state;
try {
  const { context, page } = await open();
  await first(context);
  state = await context.storageState();
  await weigh();
  await network(page);
  await directory(page);
  await person(page);
  await written(page);
  await partnerships(page);
  await palette(page);
  await sources(page);
  await sweep();
  await theme(page);
  await keyboard(page);
  expect(
    "the browser has nothing to complain about",
    [...complaints].map(([what, pages]) => `${what} (${pages.length} times, such as on ${pages[0]})`),
  );
} finally {
  await browser.close();
}
finish();
