/** A picture to try filters on: sun, hills, a house and a fence, with soft slopes and hard edges. */
export function scenery(width: number, height: number): Uint8Array {
  const pixels = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) pixels.set(colourAt(x / width, y / height), 3 * (y * width + x));
  return pixels;
}

type Colour = readonly [red: number, green: number, blue: number];

/** Both coordinates go from 0 to 1, `y` downwards. What is nearest comes first. */
function colourAt(x: number, y: number): Colour {
  const isPost = (x * 40) % 1 < 0.3 && y > 0.84;
  const isRail = y > 0.88 && y < 0.91;
  if (isPost || isRail) return [236, 226, 205];

  const [houseX, houseY] = [(x - 0.58) / 0.2, (y - 0.56) / 0.2];
  const isRoof = houseY > -0.5 && houseY <= 0 && Math.abs(houseX - 0.5) < 0.65 * (1 + 2 * houseY) + 0.02;
  if (isRoof) return [150, 52, 40];
  if (houseX > 0 && houseX < 1 && houseY > 0 && houseY < 1) return houseColour(houseX, houseY);

  const meadow = 0.74 + 0.03 * Math.sin(7 * x + 1);
  if (y > meadow) return shade([74, 148, 60], 0.75 + 0.6 * (y - meadow) + 0.12 * Math.sin(90 * x + 160 * y));
  const hills = 0.55 + 0.09 * Math.sin(5 * x) + 0.03 * Math.sin(17 * x);
  if (y > hills) return shade([70, 108, 128], 0.8 + 0.7 * (y - hills));

  const fromSun = Math.hypot(1.33 * (x - 0.22), y - 0.24);
  if (fromSun < 0.1) return [255, 226, 120];
  const glow = Math.max(0, 0.45 - fromSun);
  return [120 + 150 * y + 160 * glow, 170 + 60 * y + 90 * glow, 235];
}

/** Windows with crosses, a door, boards. */
function houseColour(x: number, y: number): Colour {
  const isDoor = x > 0.42 && x < 0.6 && y > 0.45;
  if (isDoor) return [92, 60, 38];
  const [u, v] = [((x * 2.5 + 0.25) % 1.5) - 0.5, y * 3 - 0.6];
  const isWindow = u > 0 && u < 0.7 && v > 0 && v < 0.8;
  const isCross = Math.abs(u - 0.35) < 0.04 || Math.abs(v - 0.4) < 0.05;
  if (isWindow) return isCross ? [245, 245, 245] : [58, 84, 110];
  return (y * 12) % 1 < 0.12 ? [196, 178, 140] : [224, 206, 168];
}

const shade = ([red, green, blue]: Colour, light: number): Colour => {
  const of = (value: number) => Math.max(0, Math.min(255, value * light));
  return [of(red), of(green), of(blue)];
};
