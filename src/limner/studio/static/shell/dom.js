// Helpers that create elements and icons.

/**
 * Create an element.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, unknown>} [options] names that start with "on" are listeners; "class" and names with a dash are attributes
 * @param {...(Node | string | null | undefined)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, options = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || value === null) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else if (name === "class" || name.includes("-") || !(name in element)) element.setAttribute(name, String(value));
    else Object.assign(element, { [name]: value });
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** @type {Record<string, string>} */
const PATHS = {
  pen: "M4 20l1.2-4.6L16 4.6a2 2 0 0 1 2.8 0l.6.6a2 2 0 0 1 0 2.8L8.6 18.8 4 20zM14 6.6l3.4 3.4",
  eraser: "M9 19h11M5.2 13.6l7.6-8a2 2 0 0 1 2.8 0l3 3a2 2 0 0 1 0 2.8L11.4 19H8.6l-3.4-3.4a1.4 1.4 0 0 1 0-2zM9.4 9.2l5.8 5.8",
  undo: "M8 5L4 9l4 4M4 9h9.5a5.5 5.5 0 0 1 0 11H9",
  redo: "M16 5l4 4-4 4M20 9h-9.5a5.5 5.5 0 0 0 0 11H15",
  clear: "M5 7h14M10 7V4.8h4V7M7 7l.8 12.2h8.4L17 7M10.3 10.6l.3 5.4M13.7 10.6l-.3 5.4",
  fit: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  go: "M8 5.5v13l10.5-6.5z",
  stop: "M7 7h10v10H7z",
  dice: "M5.5 4h13A1.5 1.5 0 0 1 20 5.5v13a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 18.5v-13A1.5 1.5 0 0 1 5.5 4zM8.5 8.5h.01M15.5 8.5h.01M12 12h.01M8.5 15.5h.01M15.5 15.5h.01",
  lock: "M6.5 11h11v8.5h-11zM9 11V8a3 3 0 0 1 6 0v3",
  unlock: "M6.5 11h11v8.5h-11zM9 11V7.5a3 3 0 0 1 5.8-1",
  keep: "M6 4.5h12V20l-6-4.2L6 20z",
  morph: "M4 15.5a4 4 0 1 0 8 0 4 4 0 1 0-8 0zM13 4.5h7v7h-7zM12.2 12.4l1.6-1.6",
  map: "M4 6.5l5-2 6 2 5-2v13l-5 2-6-2-5 2zM9 4.5v13M15 6.5v13",
  scan: "M4 8V5h3M20 8V5h-3M4 16v3h3M20 16v3h-3M4 12h16",
  runs: "M4 5v14h16M7.5 9c2 6 4 7.5 11.5 7.5",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 3v1.6M12 19.4V21M3 12h1.6M19.4 12H21M5.6 5.6l1.2 1.2M17.2 17.2l1.2 1.2M5.6 18.4l1.2-1.2M17.2 6.8l1.2-1.2",
  moon: "M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z",
  auto: "M12 4a8 8 0 1 0 0 16zM12 4a8 8 0 0 1 0 16",
  swap: "M5 9h13l-3-3M19 15H6l3 3",
  download: "M12 4v11M8 11.5l4 4 4-4M5 19.5h14",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  move: "M12 3v18M3 12h18M12 3L9.5 5.5M12 3l2.5 2.5M12 21l-2.5-2.5M12 21l2.5-2.5M3 12l2.5-2.5M3 12l2.5 2.5M21 12l-2.5-2.5M21 12l-2.5 2.5",
  lasso: "M7.2 15.3C4.6 14.4 3 12.7 3 10.7 3 7.4 7 4.7 12 4.7s9 2.7 9 6-4 6-9 6c-1 0-2-.1-2.9-.3M7.5 14.6a1.9 1.9 0 1 0 0 3.8 1.9 1.9 0 0 0 0-3.8zM7.2 18.4c0 1.3-.6 2.2-1.7 2.6",
  imagine: "M11 4c.7 4.3 2.2 5.8 6.5 6.5-4.3.7-5.8 2.2-6.5 6.5-.7-4.3-2.2-5.8-6.5-6.5C8.8 9.8 10.3 8.3 11 4zM18.5 15.5c.3 1.7.8 2.2 2.5 2.5-1.7.3-2.2.8-2.5 2.5-.3-1.7-.8-2.2-2.5-2.5 1.7-.3 2.2-.8 2.5-2.5z",
  help: "M9 9.2a3.1 3.1 0 1 1 4.6 2.7c-1 .6-1.6 1.2-1.6 2.4M12 17.8v.1",
  fold: "M7 10l5 5 5-5",
  close: "M6 6l12 12M18 6L6 18",
};

/**
 * Return an icon.
 * @param {string} name of the studio's set, or path data of SVG in a box of 24 by 24
 * @returns {SVGSVGElement}
 */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", PATHS[name] ?? (/^m\s*-?[\d.]/i.test(name) ? name : (PATHS.more ?? "")));
  svg.append(path);
  return svg;
}

/**
 * Create a button that shows only an icon.
 * @param {string} picture
 * @param {string} label
 * @param {(event: Event) => void} act
 * @param {string} [look]
 */
export function iconButton(picture, label, act, look = "icon quiet") {
  return h("button", { class: look, type: "button", title: label, "aria-label": label, onclick: act }, icon(picture));
}
