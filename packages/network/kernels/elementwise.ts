// Passes over vectors of float32. Addresses are in bytes.

/** out = dy where y > 0 or is NaN, otherwise 0. */
export function rectifiedGradient(y: usize, dy: usize, count: i32, out: usize): void {
  const wide = <usize>(count & ~3) << 2;
  const end = <usize>count << 2;
  const zero = f32x4.splat(0);
  for (let at: usize = 0; at < wide; at += 16) v128.store(out + at, v128.andnot(v128.load(dy + at), f32x4.le(v128.load(y + at), zero)));
  for (let at = wide; at < end; at += 4) store<f32>(out + at, load<f32>(y + at) <= 0 ? 0 : load<f32>(dy + at));
}

/**
 * One step of gradient descent with momentum: g' = g + decay p, v' = momentum v + g', p' = p - rate v', or with Nesterov's
 * momentum p' = p - rate (g' + momentum v').
 */
export function descend(
  parameter: usize, gradient: usize, velocity: usize, count: i32, rate: f32, momentum: f32, decay: f32, isNesterov: i32, outParameter: usize, outVelocity: usize,
): void {
  const wide = <usize>(count & ~3) << 2;
  const end = <usize>count << 2;
  const rates = f32x4.splat(rate), momenta = f32x4.splat(momentum), decays = f32x4.splat(decay);
  for (let at: usize = 0; at < wide; at += 16) {
    const p = v128.load(parameter + at);
    const g = f32x4.add(v128.load(gradient + at), f32x4.mul(decays, p));
    const v = f32x4.add(f32x4.mul(momenta, v128.load(velocity + at)), g);
    const step = isNesterov ? f32x4.add(g, f32x4.mul(momenta, v)) : v;
    v128.store(outVelocity + at, v);
    v128.store(outParameter + at, f32x4.sub(p, f32x4.mul(rates, step)));
  }
  for (let at = wide; at < end; at += 4) {
    const p = load<f32>(parameter + at);
    const g = load<f32>(gradient + at) + decay * p;
    const v = momentum * load<f32>(velocity + at) + g;
    store<f32>(outVelocity + at, v);
    store<f32>(outParameter + at, p - rate * (isNesterov ? g + momentum * v : v));
  }
}

/**
 * One step of Adam: m' = b1 m + rest1 g, s' = b2 s + rest2 g^2, p' = keep p - rate m' / (sqrt(inverse s') + epsilon).
 * The correction of m' for its start at 0 is in the rate, that of s' in the inverse.
 */
export function descendAdaptively(
  parameter: usize, gradient: usize, first: usize, second: usize, count: i32,
  rate: f32, beta1: f32, rest1: f32, beta2: f32, rest2: f32, epsilon: f32, keep: f32, inverse: f32, outParameter: usize, outFirst: usize, outSecond: usize,
): void {
  const wide = <usize>(count & ~3) << 2;
  const end = <usize>count << 2;
  for (let at: usize = 0; at < wide; at += 16) {
    const g = v128.load(gradient + at);
    const m = f32x4.add(f32x4.mul(f32x4.splat(beta1), v128.load(first + at)), f32x4.mul(f32x4.splat(rest1), g));
    const s = f32x4.add(f32x4.mul(f32x4.splat(beta2), v128.load(second + at)), f32x4.mul(f32x4.splat(rest2), f32x4.mul(g, g)));
    const root = f32x4.add(f32x4.sqrt(f32x4.mul(s, f32x4.splat(inverse))), f32x4.splat(epsilon));
    v128.store(outFirst + at, m);
    v128.store(outSecond + at, s);
    v128.store(outParameter + at, f32x4.sub(f32x4.mul(f32x4.splat(keep), v128.load(parameter + at)), f32x4.div(f32x4.mul(f32x4.splat(rate), m), root)));
  }
  for (let at = wide; at < end; at += 4) {
    const g = load<f32>(gradient + at);
    const m = beta1 * load<f32>(first + at) + rest1 * g;
    const s = beta2 * load<f32>(second + at) + rest2 * (g * g);
    store<f32>(outFirst + at, m);
    store<f32>(outSecond + at, s);
    store<f32>(outParameter + at, keep * load<f32>(parameter + at) - (rate * m) / (sqrt<f32>(s * inverse) + epsilon));
  }
}
