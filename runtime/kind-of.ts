/** `Float32Array`, `Array`, `Null`, `Number`: also right for what comes from another frame, unlike `instanceof`. */
export const kindOf = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1);
