/**
 * Elements at several places are read through as many views of an array. They are equally long, so that V8 finds an
 * index right for all of them once it is for one, and adds the place to the address, where it costs nothing.
 */
export const VIEWS = `\
// Views of an array that begin at these places and are equally long: one index, checked once, serves them all.
const views = (array, places) => {
  const length = array.length - Math.max(...places);
  return places.map((place) => array.subarray(place, place + length));
};`;
