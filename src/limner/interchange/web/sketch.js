// A p5.js sketch: the model draws, and begins anew when it is done. Click to begin anew at once.
// A model that is told classes draws the one that is named: limner.draw(model, { label: "cat" }).

let model, limner, points, pen;

async function setup() {
  createCanvas(600, 600);
  limner = await import("./limner.js");
  model = limner.loadModel(await (await fetch("model.json")).json());
  begin();
}

function begin() {
  background(250, 247, 240);
  points = limner.draw(model);
  pen = { x: 300, y: 300, down: false };
}

function draw() {
  if (!points) return; // the model is still on its way
  const { value, done } = points.next();
  if (done) return void setTimeout(begin, 1500, (points = null));
  const [dx, dy, , lift] = value;
  const zoom = 400 / model.card.extent;
  const next = { x: pen.x + dx * zoom, y: pen.y + dy * zoom, down: !lift };
  stroke(34, 32, 29);
  strokeWeight(3);
  if (pen.down) line(pen.x, pen.y, next.x, next.y);
  pen = next;
}

function mousePressed() {
  if (model) begin();
}
