// What changed, as the server tells it. Parts of pages that watch something ask for themselves again;
// a page that shows something older than there is says so. Without a stream pages work as before: what
// watches something asks now and then.
import htmx from "htmx.org";

interface Word {
  topic: string;
  ids: string[];
  at: number;
}

const TOPICS = ["jobs", "imports", "reviews", "people", "network", "looks", "today", "anything"];

/** Pause before a stream that was refused is asked for again. */
const LATER = 60_000;

const made = Number(document.body.dataset.made ?? 0);

/** Whether what this page shows may be older than the word. */
function concerns(word: Word): boolean {
  if (word.at <= made) return false;
  const shown = (document.getElementById("main")?.dataset.live ?? "").split(" ").filter(Boolean);
  if (word.topic === "anything") return shown.length > 0;
  return shown.some((one) => {
    const [topic, id] = one.split(":");
    if (topic !== word.topic) return false;
    return id === undefined || word.ids.length === 0 || word.ids.includes(id);
  });
}

function sayNewer() {
  const place = document.querySelector("[data-newer]");
  const words = document.querySelector<HTMLTemplateElement>("#newer");
  if (place && words && place.childElementCount === 0) place.append(words.content.cloneNode(true));
}

function hear(word: Word) {
  const topics = word.topic === "anything" ? TOPICS : [word.topic];
  for (const topic of topics) htmx.trigger(document.body, `live-${topic}`, { ids: word.ids });
  if (concerns(word)) sayNewer();
}

/** One stream, until it is refused or this page wants none any more. */
function stream(tell: (word: Word) => void, enough?: AbortSignal): Promise<void> {
  return new Promise((over) => {
    const source = new EventSource(`/live?since=${made}`);
    const close = () => {
      source.close();
      over();
    };
    for (const topic of TOPICS) {
      source.addEventListener(topic, (event) => {
        const { ids, at } = JSON.parse((event as MessageEvent<string>).data) as Word;
        tell({ topic, ids, at });
      });
    }
    // Whatever was missed before the line stood: what watches something looks once.
    source.addEventListener("open", () => {
      for (const topic of ["jobs", "looks"]) tell({ topic, ids: [], at: 0 });
    });
    source.addEventListener("error", () => source.readyState === EventSource.CLOSED && close());
    enough?.addEventListener("abort", close);
  });
}

const pause = (ms: number) => new Promise((done) => window.setTimeout(done, ms));

/** All pages of a browser share one stream: the page that holds the lock has it, and tells the rest. */
async function share() {
  const others = new BroadcastChannel("tieline-live");
  others.addEventListener("message", (event) => hear(event.data as Word));
  for (;;) {
    await navigator.locks.request("tieline-live", () =>
      stream((word) => {
        hear(word);
        others.postMessage(word);
      }),
    );
    await pause(LATER);
  }
}

/** Where pages cannot agree on one, each has its own while it is looked at. */
function alone() {
  let open: AbortController | undefined;
  const follow = () => {
    open?.abort();
    open = undefined;
    if (document.hidden) return;
    open = new AbortController();
    void stream(hear, open.signal);
  };
  document.addEventListener("visibilitychange", follow);
  follow();
}

export function listen() {
  if (!made || !("EventSource" in window)) return;
  if ("locks" in navigator && "BroadcastChannel" in window) void share();
  else alone();
}
