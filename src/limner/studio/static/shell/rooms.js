// The rooms of the page.
//
// A room is a folder `rooms/NAME` with an `index.js` that exports
//
//     export function mount(place, studio) { ...; return { show, hide, receive }; }
//
// `place` is an empty <section> for the room alone, `studio` is described in types.js (`Studio`), and what is
// given back in `Room`. `mount` is called once, when the room is first visited. A room's style sheet is
// `rooms/NAME/NAME.css`; all of its selectors begin with `.room-NAME`, the class of the section. Then it gets
// one line below. All rooms are fetched at the start, so that they open while the server is away.

/** @type {import("./types.js").RoomEntry[]} */
export const ROOMS = [
  { name: "draw", title: "Draw", icon: "pen", load: () => import("../rooms/draw/index.js") },
  { name: "morph", title: "Morph", icon: "morph", load: () => import("../rooms/morph/index.js") },
  { name: "map", title: "Map", icon: "map", load: () => import("../rooms/map/index.js") },
  { name: "keep", title: "Keep", icon: "keep", load: () => import("../rooms/keep/index.js") },
  { name: "scan", title: "Scan", icon: "scan", load: () => import("../rooms/scan/index.js") },
  { name: "runs", title: "Runs", icon: "runs", load: () => import("../rooms/runs/index.js"), when: (facts) => facts.runs },
];
