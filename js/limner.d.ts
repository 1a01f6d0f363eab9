/** A row of stroke-5: an offset in the corpus's units (y grows downward), and whether the pen stays down after it,
 * lifts, or the drawing is over. */
export type Point = [dx: number, dy: number, down: number, lift: number, end: number];

/** A polyline, in absolute coordinates. */
export type Stroke = [x: number, y: number][];

/** A source of random numbers from 0 (included) to 1 (excluded). */
export type Random = () => number;

export type Convention = "paper" | "magenta" | "js" | "steady";

/** How boldly points are sampled. What is not given is as the model's card says. */
export interface Sampling {
  /** From just above 0 (careful) to 1 (as learned); beyond 1 wild. */
  temperature?: number;
  /** Of offsets alone; that of all unless given. */
  offsetTemperature?: number;
  convention?: Convention;
  /** Sample among the likeliest components and pen states that together have this probability. */
  topP?: number;
  /** How far to move towards the class; 0: not at all. */
  guidance?: number;
  /** Points that a drawing has before it may end, those of the prefix included. */
  minPoints?: number;
}

export interface DrawOptions extends Sampling {
  /** The class, for a model that is told classes; "anything", or the first one, unless given. */
  label?: string;
  /** Rows to go on from. */
  prefix?: Point[];
  /** Points at most, those of the prefix included. */
  maxPoints?: number;
  /** What a conditional model draws; encoded from the prefix, or at random, unless given. */
  z?: Float32Array;
  random?: Random;
}

/** A configuration as the sampler uses it. */
export interface SamplingRule {
  /** Divisor of logits. */
  softness: number;
  /** Factor of sigmas. */
  spread: number;
  topP: number;
  guidance: number;
  minPoints: number;
}

/** What a model knows of itself: model.json's card. */
export interface Card {
  /** Longest side of a usual drawing, in the corpus's units. */
  extent: number;
  /** First point of a usual drawing. */
  start: [number, number];
  /** Tolerance at which drawings were simplified. */
  tolerance: number;
  n_max: number;
  scale_factor: number;
  classes: string[];
  licence: string;
  sampling?: Record<string, unknown>;
  [name: string]: unknown;
}

/** The distribution of the next point, in model units. */
export interface Mixture {
  piLogits: ArrayLike<number>;
  penLogits: ArrayLike<number>;
  muX: ArrayLike<number>;
  muY: ArrayLike<number>;
  sigmaX: ArrayLike<number>;
  sigmaY: ArrayLike<number>;
  rho: ArrayLike<number>;
  readonly pi: Float64Array;
  readonly pen: Float64Array;
}

export type State = Record<string, Float32Array>;

export interface Model {
  readonly card: Card;
  readonly conditional: boolean;
  readonly latentSize: number;
  /** Names of the classes that the model is told; empty if it is told none. */
  readonly classes: string[];
  /** The corpus's units in one model unit. */
  readonly unit: number;
  /** The state before the first point. Throws a RangeError for a class that the model does not know. */
  begin(z?: Float32Array, label?: string): State;
  /** Take a point in model units; give the distribution of the next one, and the new state. */
  step(point: Point, state: State): [Mixture, State];
  /** Give z of rows in the corpus's units; conditional models only. */
  encode(rows: Point[]): Float32Array;
}

/** The point before the first one. */
export const START: Point;

/** Make a model of the document that `limner export MODEL --to web` writes as model.json. */
export function loadModel(document: unknown): Model;

/** Yield points until the drawing ends. */
export function draw(model: Model, options?: DrawOptions): Generator<Point, void, undefined>;

/** How a model draws best. */
export function defaultSampling(model: Model): Sampling;
export function resolveSampling(sampling?: Sampling): SamplingRule;
export function probabilities(logits: ArrayLike<number>, rule: Pick<SamplingRule, "softness" | "topP">): Float64Array;
export function logDensity(mixture: Mixture, offset: [number, number]): number;
export function guide(told: Mixture, untold: Mixture, guidance: number): Mixture;
export function choosePoint(mixture: Mixture, rule: SamplingRule, random: Random, ends?: boolean): Point;

/** The same random numbers for the same seed. */
export function chance(seed: number): Random;
export function normal(random: Random): number;
/** A z for a conditional model, from N(0, 1). */
export function randomZ(model: Model, random?: Random): Float32Array;
/** Go from one z to another along the arc between them; share from 0 to 1. */
export function slerp(a: Float32Array, b: Float32Array, share: number): Float32Array;

/** Rows to strokes, from an origin on. */
export function toStrokes(rows: Iterable<number[]>, origin?: [number, number]): Stroke[];
/** Strokes to rows, from an origin on. */
export function toRows(strokes: Stroke[], origin?: [number, number]): Point[];
/** Leave out points that lie within a tolerance of the line without them (Ramer-Douglas-Peucker). */
export function simplify(stroke: Stroke, tolerance: number): Stroke;
