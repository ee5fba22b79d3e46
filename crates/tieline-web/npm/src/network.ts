// The organic map as an island: zoom, pan and keys over the picture that the server drew. The places
// come from the server, so the map is the same each time. Loaded only where it was chosen.
import Graph from "graphology";
import Sigma from "sigma";

type Node = { id: string; name: string; told: string; hue: number; x: number; y: number; size: number };
type Drawn = { nodes: Node[]; edges: [number, number][] };

const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const duration = calm ? 0 : 160;

/** What a token of the style sheet is in the theme at hand. */
function colour(token: string): string {
  const probe = document.body.appendChild(document.createElement("i"));
  probe.style.color = `var(${token})`;
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

function graphOf(drawn: Drawn): Graph {
  const graph = new Graph({ type: "undirected" });
  for (const { id, name, hue, x, y, size } of drawn.nodes) {
    graph.addNode(id, { label: name, x, y: -y, size, color: colour(`--g${hue}`) });
  }
  const edge = colour("--edge");
  for (const [a, b] of drawn.edges) {
    const [from, to] = [drawn.nodes[a], drawn.nodes[b]];
    if (from && to) graph.mergeEdge(from.id, to.id, { color: edge, size: 0.6 });
  }
  return graph;
}

const DIRECTIONS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The node nearest to another one in the direction of an arrow key. */
function neighbour(nodes: Node[], from: Node, key: string): Node | undefined {
  const [dx, dy] = DIRECTIONS[key] ?? [0, 0];
  let best: Node | undefined;
  let least = Infinity;
  for (const node of nodes) {
    const [x, y] = [node.x - from.x, node.y - from.y];
    const ahead = x * dx + y * dy;
    // Further aside counts double, so that arrows go on in their direction.
    const cost = Math.hypot(x, y) + 2 * Math.abs(x * dy - y * dx);
    if (node !== from && ahead > 0 && cost < least) [best, least] = [node, cost];
  }
  return best;
}

function listen(place: HTMLElement, told: HTMLElement, sigma: Sigma, drawn: Drawn) {
  const camera = sigma.getCamera();
  let at = drawn.nodes[0];
  let chosen: string | undefined;
  sigma.setSetting("nodeReducer", (id, data) =>
    id === chosen ? { ...data, highlighted: true, size: (data.size ?? 4) + 3, zIndex: 2 } : data,
  );
  const choose = (node: Node | undefined) => {
    if (!node) return;
    [at, chosen] = [node, node.id];
    told.textContent = node.told;
    const shown = sigma.getNodeDisplayData(node.id);
    if (shown && camera.ratio < 0.8) void camera.animate({ x: shown.x, y: shown.y }, { duration });
    sigma.refresh();
  };
  const open = (id: string) => location.assign(`/people/${id}`);
  place.addEventListener("keydown", (event) => {
    const acts: Record<string, () => void> = {
      Enter: () => chosen && open(chosen),
      "+": () => void camera.animatedZoom({ duration }),
      "-": () => void camera.animatedUnzoom({ duration }),
      "0": () => void camera.animatedReset({ duration }),
      t: () => document.querySelector<HTMLAnchorElement>("[data-table]")?.click(),
    };
    const act = event.key.startsWith("Arrow")
      ? () => choose(chosen && at ? neighbour(drawn.nodes, at, event.key) : at)
      : acts[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });
  sigma.on("clickNode", ({ node }) => open(node));
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-zoom]")) {
    button.addEventListener("click", () => {
      if (button.dataset.zoom === "in") void camera.animatedZoom({ duration });
      else if (button.dataset.zoom === "out") void camera.animatedUnzoom({ duration });
      else void camera.animatedReset({ duration });
    });
  }
}

/** Where there is no WebGL the drawn picture stays. */
function canDraw(): boolean {
  const canvas = document.createElement("canvas");
  return canvas.getContext("webgl2") !== null || canvas.getContext("webgl") !== null;
}

async function start(place: HTMLElement) {
  const answer = await fetch(place.dataset.src ?? "");
  if (answer.status !== 200 || !canDraw()) return;
  const drawn = (await answer.json()) as Drawn;
  const map = place.querySelector("svg");
  const height = map?.getBoundingClientRect().height ?? 480;
  const told = document.querySelector<HTMLElement>("#told") ?? document.createElement("p");
  map?.remove();
  place.style.height = `${height}px`;
  place.tabIndex = 0;
  place.setAttribute("role", "application");
  const sigma = new Sigma(graphOf(drawn), place, {
    labelColor: { color: colour("--ink") },
    labelFont: "Inter, system-ui, sans-serif",
    labelSize: 12,
    labelWeight: "600",
    labelRenderedSizeThreshold: 7,
    zIndex: true,
    allowInvalidContainer: true,
    hideEdgesOnMove: drawn.edges.length > 5000,
  });
  for (const zoom of document.querySelectorAll<HTMLElement>(".zoom[hidden]")) zoom.hidden = false;
  listen(place, told, sigma, drawn);
}

const place = document.querySelector<HTMLElement>("[data-organic]");
if (place) void start(place);
