// The grid of power and interest: one drags a stakeholder, or moves it with the arrow keys and presses
// Enter; either sends the form that the sliders send.

const STEP = 2;

const hold = (value: number) => Math.min(100, Math.max(0, Math.round(value)));

function put(token: HTMLElement, x: number, y: number) {
  [token.dataset.x, token.dataset.y] = [String(x), String(y)];
  [token.style.left, token.style.top] = [`${x}%`, `${100 - y}%`];
}

function send(form: HTMLFormElement, token: HTMLElement) {
  form.action = `/stakeholders/${token.dataset.token}/placement`;
  const set = (name: string, value = "") => {
    const field = form.elements.namedItem(name) as HTMLInputElement | null;
    if (field) field.value = value;
  };
  set("power", token.dataset.y);
  set("interest", token.dataset.x);
  form.submit();
}

function draggable(grid: HTMLElement, form: HTMLFormElement, token: HTMLElement) {
  let isMoved = false;
  const at = () => [Number(token.dataset.x), Number(token.dataset.y)] as const;
  token.draggable = false;
  token.addEventListener("pointerdown", (event) => {
    if (event.button === 0) token.setPointerCapture(event.pointerId);
    isMoved = false;
  });
  token.addEventListener("pointermove", (event) => {
    if (!token.hasPointerCapture(event.pointerId)) return;
    const box = grid.getBoundingClientRect();
    const x = hold(((event.clientX - box.left) / box.width) * 100);
    const y = hold(100 - ((event.clientY - box.top) / box.height) * 100);
    const [oldX, oldY] = at();
    // A hand that shakes is no drag.
    if (!isMoved && Math.abs(x - oldX) + Math.abs(y - oldY) < 3) return;
    isMoved = true;
    put(token, x, y);
  });
  token.addEventListener("pointerup", () => isMoved && send(form, token));
  token.addEventListener("click", (event) => isMoved && event.preventDefault());
  token.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, STEP], ArrowDown: [0, -STEP] }[event.key];
    if (by) {
      const [x, y] = at();
      put(token, hold(x + (by[0] ?? 0)), hold(y + (by[1] ?? 0)));
      token.dataset.touched = "yes";
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === "Enter" && token.dataset.touched) {
      event.preventDefault();
      send(form, token);
    }
  });
}

/** Wakes the grid of a page that has one, and shows the numbers of sliders. */
export function stakeholders() {
  for (const slider of document.querySelectorAll<HTMLInputElement>("[data-share]")) {
    const shown = document.querySelector<HTMLOutputElement>(`output[for="${slider.id}"]`);
    slider.addEventListener("input", () => {
      if (shown) shown.value = slider.value;
    });
  }
  const grid = document.querySelector<HTMLElement>("[data-grid]");
  const form = document.querySelector<HTMLFormElement>("[data-place]");
  if (!grid || !form) return;
  for (const token of grid.querySelectorAll<HTMLElement>("[data-token]")) draggable(grid, form, token);
}
